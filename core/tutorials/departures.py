"""Where a training departs from going through all images of a data set with new weights, as runs here do."""

from collections.abc import Sequence
from typing import Any

from core.text import Message
from core.tutorials.networks import Chain
from core.tutorials.notes import Notes
from core.tutorials.trainings import Training
from core.tutorials.values import Array, Batches


def note_departures(
    training: Training, images: Array | None, network: Chain | None, batch_size: Any, notes: Notes
) -> None:
    """Note images that do not fit or are left out, epochs other than one pass over them, and weights trained before."""
    if training.continues:
        notes.guess(Message("tutorials.goes_on"), training.line)
    if images is None:
        return
    count, held = images.shape[0], _held_out(training, images)
    # batches may have gone through functions that were not followed
    whole = not isinstance(training.arguments.get("x"), Batches)
    if whole and network is not None and network.input_shape is not None and not _fits(images.shape[1:], network):
        given, taken = ("×".join(map(str, each)) for each in (images.shape[1:], network.input_shape))
        notes.unread(Message("tutorials.shapes_differ", given=given, taken=taken), training.line)
    if images.chosen:
        notes.guess(Message("tutorials.chosen_images"), training.line)
    elif count is not None and images.loaded is not None and count + held < images.loaded:
        said = Message("tutorials.some_images", count=f"{count:,}", total=f"{images.loaded:,}")
        notes.guess(said, training.line)
    steps = _steps(training, batch_size)
    if steps is not None and count is not None and abs(steps - count / _size(batch_size)) > 1:
        notes.guess(Message("tutorials.steps", steps=f"{steps:,.0f}"), training.line)


def _fits(given: Sequence[int | None], network: Chain) -> bool:
    """Whether Keras takes images of this shape; it adds and drops an axis of one."""
    taken = network.input_shape or ()
    if None in given:
        return True
    shapes: set[tuple[int | None, ...]] = {taken}
    if network.rotated:
        # the script's own order; Theano's data sets had the channels first, too
        shapes.add((*taken[-1:], *taken[:-1]))
    shown = tuple(given)
    return bool({shown, (*shown, 1), shown[:-1] if shown[-1:] == (1,) else shown} & shapes)


def _held_out(training: Training, images: Array) -> int:
    """How many images of the same part the training validates on."""
    data = training.arguments.get("validation_data")
    first = data.images if isinstance(data, Batches) else data[0] if isinstance(data, tuple | list) and data else None
    if not isinstance(first, Array) or first.part == "test" or first.dataset != images.dataset:
        return 0
    # an unknown number leaves nothing to say
    return images.loaded or 0 if first.shape[0] is None else first.shape[0]


def _steps(training: Training, batch_size: Any) -> float | None:
    """The batches of an epoch, if the script counts them; Keras 1 counts images."""
    samples = training.arguments.get("samples_per_epoch")
    if isinstance(samples, int | float):
        return samples / _size(batch_size)
    steps = training.arguments.get("steps_per_epoch")
    return steps if isinstance(steps, int | float) else None


def _size(batch_size: Any) -> int:
    return batch_size if isinstance(batch_size, int) and batch_size > 0 else 32
