"""What a training printed, as Keras 1, 2 and 3 print it: one history for each training."""

import ast
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.tutorials.matrices import read_matrices
from core.tutorials.scores import read_score

# some pages show colors without their first character
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\[(?:0|1|3[0-7])m")
_FULL_WIDTH = str.maketrans("：％＝，．", ":%=,.")
_JOINED = re.compile(r"(?<=\S)[ \t]+(?=Epoch \d{1,5}/\d{1,5}\b|(?:Test|test) (?:loss|score|acc\w*)\s*:)")
"""Where a page that lost its line breaks had one."""
_OVERWRITTEN = re.compile(r"[\b\r]+")
_EPOCH = re.compile(r"^\s*Epoch\s+(\d{1,5})\s*(?:/\s*(\d{1,5}))?\s*(.*)$")
_PLANNED_EPOCH = re.compile(r"^[^{}\"']{1,60}?[\s\]]Epoch\s+(\d{1,5})\s*/\s*(\d{1,5})\b\s*(.*)$")
"""Behind a date, or words."""
_HISTORY = re.compile(r"\{[^{}]*['\"]loss['\"]\s*:\s*\[[^{}]*\}")
"""What `print(history.history)` shows."""
_BAR = re.compile(r"(\d{1,9})/(\d{1,9}|Unknown)\s*(?:\[[=>.\s]*\]|[━╸\s]+(?=[\d\s])|-|\s)")
_METRIC = re.compile(r"([A-Za-z_][\w/.-]*?)\s*:\s*(nan|[-+]?inf|[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?)(?![\w.]*[a-zA-Z/])")
_EPOCH_BAR = re.compile(r"(\d{1,5})/(\d{1,5}) \[[^\]]*epoch(?:/s)?, ([^\]]*)\]")
"""Of tqdm's callback, which names the metrics in its brackets."""
_ASSIGNED = re.compile(r"^\s*[A-Za-z_]\w*\s*=")
"""Code, not a result, where nothing was trained yet: `losses = [0.1, 0.5]`."""
_START = re.compile(r"^\s*Train on \d+ (samples|steps)")
_NAMES = {"acc": "accuracy", "sparse_categorical_accuracy": "accuracy", "categorical_accuracy": "accuracy"}
_NAMES |= {f"val_{old}": f"val_{new}" for old, new in _NAMES.items()} | {"lr": "learning_rate"}
_KEPT = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
_MOST_EPOCHS = 10_000


@dataclass(slots=True)
class Printed:
    """A training's history, one value for each epoch, and the test result printed after it."""

    epochs: list[int] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    planned: int | None = None
    """The number of epochs in `Epoch 1/20`."""
    test_loss: float | None = None
    test_accuracy: float | None = None
    matrix: list[list[int]] | None = None
    """Rows are the true classes."""

    def to_json(self) -> dict[str, Any]:
        """The history as Keras names it; NaN becomes null."""
        values = {name: [_number(value) for value in series] for name, series in self.metrics.items()}
        test = {"loss": self.test_loss, "accuracy": self.test_accuracy}
        found: dict[str, Any] = {"epochs": self.epochs, **values}
        if any(value is not None for value in test.values()):
            found["test"] = {name: _number(value) for name, value in test.items()}
        if self.matrix is not None:
            found["matrix"] = self.matrix
        return found


def read_log(text: str) -> list[Printed]:
    """The trainings that a text shows, in its order; incomplete epochs and other text are left out."""
    reader = _Reader()
    for line in _lines(text):
        reader.read(line)
    reader.close_epoch()
    found = [each for each in reader.trainings if each.epochs or each.test_accuracy is not None]
    if not any(each.epochs for each in found) and (shown := list(_histories(text))):
        # the result that was printed beside a history is that of its training
        shown[-1].test_loss, shown[-1].test_accuracy = next(
            ((each.test_loss, each.test_accuracy) for each in found), (None, None)
        )
        found = shown
    matrix = next(iter(read_matrices(_lines(text))), None)
    if matrix is not None:
        found = found or [Printed()]
        found[-1].matrix = matrix
    return found


def _histories(text: str) -> Iterator[Printed]:
    """The histories that a text shows as Python writes a dictionary."""
    for shown in _HISTORY.finditer(text):
        try:
            values = ast.literal_eval(re.sub(r"\b(?:nan|inf)\b", "None", shown[0]))
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        series = {_NAMES.get(str(name), str(name)): each for name, each in values.items() if isinstance(each, list)}
        kept = {name: [_value(value) for value in each] for name, each in series.items() if name in _KEPT}
        count = len(kept["loss"])
        if 0 < count <= _MOST_EPOCHS and all(len(each) == count for each in kept.values()):
            yield Printed(list(range(1, count + 1)), kept, count)


def _values(line: str) -> dict[str, float]:
    return {_NAMES.get(name, name): float(value) for name, value in _METRIC.findall(line)}


def _value(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _lines(text: str) -> Iterator[str]:
    """The lines as they were written, one for each time that a progress bar was drawn."""
    plain = _OVERWRITTEN.sub("\n", _ESCAPES.sub("", text.replace("\r\n", "\n"))).translate(_FULL_WIDTH)
    plain = _JOINED.sub("\n", plain)
    for line in plain.split("\n"):
        yield line.rstrip()


class _Reader:
    def __init__(self) -> None:
        self.trainings: list[Printed] = []
        self._epoch: int | None = None
        self._values: dict[str, float] = {}
        self._complete = False
        self._total: str | None = None
        self._fresh = True
        """Whether the next epoch begins another training."""
        self._first: dict[str, float] = {}
        """What a bar says before any epoch's name: of `evaluate`, or of an epoch whose beginning was cut off."""

    def read(self, line: str) -> None:
        if _START.match(line):
            self.close_epoch()
            self._fresh = True
            return
        if bar := _EPOCH_BAR.search(line):
            self._epoch_bar(int(bar[1]), int(bar[2]), _values(bar[3].replace("=", ": ")))
            return
        begins = _EPOCH.match(line) or _PLANNED_EPOCH.match(line)
        if begins and begins[3].startswith(":") and "loss" not in dict(_METRIC.findall(begins[3])):
            # a callback's report: "Epoch 00003: val_loss improved from 0.1 to 0.09"
            return
        if begins:
            self._begin(int(begins[1]), int(begins[2]) if begins[2] else None)
            line = begins[3]
        drawn = _BAR.search(line)
        values = _values(line)
        dashed = " - " in f" {line}" or line.lstrip().startswith("- ")
        is_metrics = "loss" in values and (drawn is not None or dashed or begins is not None)
        if drawn is not None:
            self._bar(drawn, values)
        elif is_metrics and self._epoch is not None:
            # verbose=2 of Keras 1 and 2: one line when the epoch is done
            self._values, self._complete = values, True
        elif self._complete and line.lstrip().startswith("- ") and values:
            # the end of a line that a page has broken
            self._values |= values
        elif not is_metrics:
            self._score(line)

    def close_epoch(self) -> None:
        """Keep the epoch that was read, if it came to its end."""
        if self._epoch is not None and self._complete and self._values:
            training = self.trainings[-1]
            if len(training.epochs) < _MOST_EPOCHS:
                before = len(training.epochs)
                training.epochs.append(self._epoch)
                for name in dict.fromkeys([*training.metrics, *self._values]):
                    if name in _KEPT:
                        series = training.metrics.setdefault(name, [math.nan] * before)
                        series.append(self._values.get(name, math.nan))
        self._epoch, self._values, self._complete, self._total = None, {}, False, None

    def _begin(self, epoch: int, planned: int | None) -> None:
        self.close_epoch()
        last = self.trainings[-1].epochs[-1:] if self.trainings else []
        if self._fresh or not self.trainings or (last and epoch <= last[0]):
            self.trainings.append(Printed(planned=planned))
            self._fresh = False
            self._first_epoch(epoch)
        self._epoch = epoch

    def _first_epoch(self, epoch: int) -> None:
        """What stands before "Epoch 2/20" at a log's start is the end of its epoch 1."""
        first, self._first = self._first, {}
        if first and epoch > 1 and not any(each.epochs for each in self.trainings):
            self.trainings = self.trainings[-1:]
            self._epoch, self._values, self._complete = epoch - 1, first, True
            self.close_epoch()

    def _epoch_bar(self, epoch: int, planned: int, values: dict[str, float]) -> None:
        if epoch and "loss" in values:
            if epoch != self._epoch:
                self._begin(epoch, planned)
            self._values, self._complete = values, True

    def _bar(self, bar: re.Match[str], values: dict[str, float]) -> None:
        done, total = bar[1], bar[2]
        # TensorFlow 2.0 wrote "10000/1" after evaluate
        finished = total == "Unknown" or int(done) >= int(total)
        if self._epoch is None or (self._complete and self._total not in (None, total)):
            if finished and "loss" in values:
                # a bar outside of an epoch is that of evaluate
                self.close_epoch()
                if not any(each.epochs for each in self.trainings):
                    self._first = values
                if "val_loss" not in values:
                    self._result(values.get("loss"), values.get("accuracy"))
            return
        self._total = total
        if finished and "loss" in values:
            self._values, self._complete = self._values | values, True

    def _score(self, line: str) -> None:
        """A printed test result."""
        if _ASSIGNED.match(line) and not any(each.epochs for each in self.trainings) and self._epoch is None:
            return
        if (score := read_score(line)) is not None:
            self.close_epoch()
            self._result(*score)

    def _result(self, loss: float | None, accuracy: float | None) -> None:
        if not self.trainings:
            self.trainings.append(Printed())
        training = self.trainings[-1]
        training.test_loss = loss if loss is not None else training.test_loss
        training.test_accuracy = accuracy if accuracy is not None else training.test_accuracy
        self._fresh = True


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
