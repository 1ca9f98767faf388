"""The trainings in a file of any kind of log, which its content shows."""

import re

from core.errors import UnreadableRun
from core.logs.events import Scalars, is_event_file, read_events
from core.logs.histories import read_history
from core.logs.tables import read_table
from core.logs.training import Training, Values, first_is_one, metric_of, plausible
from core.tutorials.log import read_log

_PICKLE = re.compile(rb"\x80[\x00-\x05]")
_CHECKPOINT = re.compile(r"\.ckpt\b|\.data-\d{5}-of-\d{5}$|\.index$|^checkpoint$|\.pth?$", re.IGNORECASE)
"""Of TensorFlow, in several files, and of PyTorch."""
_NUMPY = b"\x93NUMPY"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OF_EVENTS, _OF_TEXT = 1, 2
"""Event files have numbers of 32 bits, printed logs a few digits."""
_VALIDATION = re.compile(r"evaluation_\w+_vs_iterations")
_BY_BATCH = re.compile(r"batch_|evaluation_")


def read_file(name: str, content: bytes) -> list[Training]:
    """The trainings in it; raises UnreadableRun, which says what it is instead."""
    if _CHECKPOINT.search(name):
        raise UnreadableRun("logs.checkpoint")
    if not content.strip():
        raise UnreadableRun("logs.empty")
    if _PICKLE.match(content) or content.startswith(_NUMPY) or name.lower().endswith((".pkl", ".pickle", ".npy")):
        raise UnreadableRun("logs.pickle")
    found = _of_events(name, read_events(content)) if is_event_file(content) else _of_text(name, _text(content))
    whole = [each for each in found if each.epochs]
    if not whole:
        raise UnreadableRun("logs.no_metrics")
    return whole


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    if "\0" in text:
        raise UnreadableRun("logs.unknown")
    return text


def _of_text(name: str, text: str) -> list[Training]:
    if text.lstrip()[:1] in ("{", "["):
        found = read_history(name, text)
    else:
        found = read_table(name, text) or _printed(name, text)
    if not found:
        raise UnreadableRun("logs.unknown")
    return found


def _printed(name: str, text: str) -> list[Training]:
    """What Keras printed while it trained."""
    found = list[Training]()
    for printed in read_log(text):
        if not printed.epochs:
            # a result alone has no curve
            continue
        named = {metric: dict(zip(printed.epochs, values, strict=True)) for metric, values in printed.metrics.items()}
        found.append(Training(name, _OF_TEXT, plausible(named)))
    return found


def _of_events(name: str, scalars: Scalars) -> list[Training]:
    """The one training of an event file; Keras writes one for the training and one for the validation."""
    prefix = "val_" if any(_VALIDATION.fullmatch(tag) for tag in scalars.points) else ""
    found = Training(name, _OF_EVENTS, began=scalars.began, skipped=scalars.skipped)
    metrics = dict[str, Values]()
    steps = sorted({step for tag in scalars.points if not _BY_BATCH.match(tag) for step, *_ in scalars.points[tag]})
    numbers = first_is_one(step for step in steps if step >= 0)
    # by Keras's name first, where a program wrote others besides
    for tag in sorted(scalars.points, key=lambda tag: not tag.startswith("epoch_")):
        if _BY_BATCH.match(tag):
            continue
        plain = metric_of(tag.removeprefix("epoch_"))
        ours = f"{prefix}{plain}" if plain in ("loss", "accuracy") else plain
        if not ours or ours in metrics:
            found.left_out[tag] = None
            continue
        points = [point for point in scalars.points[tag] if point[0] in numbers]
        metrics[ours] = {numbers[step]: value for step, value, _ in points}
        found.times |= {numbers[step]: at for step, _, at in points}
    found.metrics = plausible(metrics)
    return [found]
