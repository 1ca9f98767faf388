"""Each training of a script: what Keras would be given, as far as it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.text import Message
from core.tutorials.departures import note_departures
from core.tutorials.networks import Chain, chain, problem_of
from core.tutorials.notes import Notes
from core.tutorials.optimizers import Optimizer, compiled_optimizer, read_loss
from core.tutorials.trainings import Training
from core.tutorials.values import Array, Batches, Made, Unknown
from core.tutorials.versions import Version


@dataclass(frozen=True, slots=True)
class Validation:
    """What a training validates on: the last share of its images, the test set, or images held out before."""

    kind: str
    """`split`, `test`, `held_out` or `unknown`."""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """A Keras callback and its arguments."""

    name: str
    arguments: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Fit:
    """One training; None where a value cannot be read, except for batch size and validation."""

    line: int
    chain: Chain | None
    optimizer: Optimizer | None
    loss: str | None
    loss_arguments: Mapping[str, Any]
    batch_size: int | None
    """None also where Keras's default holds."""
    epochs: int | None
    validation: Validation | None
    dataset: str | None
    images: Array | None
    augmented: bool
    callbacks: tuple[Callback, ...]
    problem: Message | None = None
    """Why the network cannot be read, as far as one of its parts says it."""
    called: bool = True
    """Whether there is a call of `fit`; without one, batch size and epochs are not known."""

    def to_json(self) -> dict[str, Any]:
        """The training in Keras 3's terms."""
        return {
            "line": self.line,
            "layers": [{"class": each.kind, **each.arguments} for each in self.chain.layers] if self.chain else [],
            "input_shape": list(self.chain.input_shape) if self.chain and self.chain.input_shape else None,
            "parameters": self.chain.parameters if self.chain else None,
            "optimizer": self.optimizer.name if self.optimizer else None,
            "learning_rate": self.optimizer.learning_rate if self.optimizer else None,
            "loss": self.loss,
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "validation": _validation(self.validation),
            "dataset": self.dataset,
        }


def _validation(validation: Validation | None) -> dict[str, Any] | None:
    return None if validation is None else {"kind": validation.kind, "share": validation.share}


def read_fit(training: Training, version: Version, notes: Notes) -> Fit:
    """A training with every argument that can be read; notes say what cannot."""
    given, line = training.arguments, training.line
    x = given.get("x")
    images = x.images if isinstance(x, Batches) else x
    found = chain(training.network, training.layers, images, notes, line, last=version.channels_last)
    optimizer, loss = None, None
    loss_arguments: Mapping[str, Any] = {}
    problem = problem_of(training.network, training.layers)
    if training.compiled is None and training.stands_alone and problem is None:
        notes.unread(Message("tutorials.not_compiled"), line)
    elif training.compiled is not None:
        optimizer = compiled_optimizer(training.compiled, version, notes)
        loss, loss_arguments = read_loss(training.compiled.loss, notes, training.compiled.line)
    if "**" in given:
        notes.unread(Message("tutorials.argument_unknown", name="**", why=given["**"].why), line)
    batch = given.get("batch_size", x.batch_size if isinstance(x, Batches) else None)
    epochs = given.get("epochs", 1) if training.stands_alone else None
    array = images if isinstance(images, Array) else None
    if array is None and training.stands_alone:
        why = images.why if isinstance(images, Unknown) else Message("tutorials.not_constant")
        notes.unread(Message("tutorials.images_unknown", why=why), line)
    if array is not None:
        _check_labels(x.labels if isinstance(x, Batches) else given.get("y"), training, notes)
    note_departures(training, array, found, batch, notes)
    return Fit(
        line=line,
        chain=found,
        optimizer=optimizer,
        loss=loss,
        loss_arguments=loss_arguments,
        batch_size=_whole("batch_size", batch, notes, line),
        epochs=_whole("epochs", epochs, notes, line),
        validation=_read_validation(given, array, notes, line),
        dataset=array.dataset if array else None,
        images=array,
        augmented=isinstance(x, Batches) and x.augmented,
        callbacks=_callbacks(given.get("callbacks"), notes, line),
        problem=problem.why if problem else None,
        called=training.stands_alone,
    )


def _check_labels(labels: Any, training: Training, notes: Notes) -> None:
    guessed = any(each.said.key == "tutorials.labels_made" for each in notes.all)
    if isinstance(labels, Unknown) and training.stands_alone and not guessed:
        notes.unread(Message("tutorials.labels_unknown", why=labels.why), labels.line or training.line)


def _whole(name: str, value: Any, notes: Notes, line: int) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    why = value.why if isinstance(value, Unknown) else Message("tutorials.not_constant")
    notes.unread(Message("tutorials.argument_unknown", name=name, why=why), line)
    return None


def _read_validation(given: Mapping[str, Any], images: Array | None, notes: Notes, line: int) -> Validation | None:
    data, share = given.get("validation_data"), given.get("validation_split")
    if data is None:
        if not share:
            return None
        if isinstance(share, int | float):
            return Validation("split", float(share))
        why = share.why if isinstance(share, Unknown) else Message("tutorials.not_constant")
        notes.unread(Message("tutorials.argument_unknown", name="validation_split", why=why), line)
        return Validation("unknown")
    first = data.images if isinstance(data, Batches) else data[0] if isinstance(data, list | tuple) and data else data
    if not isinstance(first, Array):
        why = first.why if isinstance(first, Unknown) else Message("tutorials.not_constant")
        notes.unread(Message("tutorials.argument_unknown", name="validation_data", why=why), line)
        return Validation("unknown")
    if first.part == "test":
        count = first.shape[0]
        if count is not None and first.loaded is not None and count < first.loaded:
            said = Message("tutorials.some_validation", count=f"{count:,}", total=f"{first.loaded:,}")
            notes.guess(said, line)
        return Validation("test")
    counts = (first.shape[0], images.shape[0] if images else None)
    held, kept = counts
    return Validation("held_out", held / (held + kept) if held and kept else None)


def _callbacks(value: Any, notes: Notes, line: int) -> tuple[Callback, ...]:
    found: list[Callback] = []
    for each in value if isinstance(value, list | tuple) else [] if value is None else [value]:
        if isinstance(each, Made) and (each.path.startswith("keras.callbacks") or "." not in each.path):
            named = dict(zip(_ORDER.get(each.name, ()), each.arguments, strict=False)) | dict(each.named)
            found.append(Callback(each.name, named, each.line))
        elif isinstance(each, Unknown):
            notes.unread(Message("tutorials.callback_unknown", why=each.why), each.line or line)
        else:
            notes.unread(Message("tutorials.own_callback"), line)
    return tuple(found)


_ORDER = {
    "EarlyStopping": ("monitor", "min_delta", "patience", "verbose", "mode"),
    "ReduceLROnPlateau": ("monitor", "factor", "patience"),
    "ModelCheckpoint": ("filepath", "monitor", "verbose", "save_best_only"),
    "CSVLogger": ("filename",),
}
