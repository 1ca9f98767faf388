"""The trainings in a `history.history` of Keras, as JSON, as pandas writes it, or as Python prints it."""

import ast
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.errors import UnreadableRun
from core.logs.training import Training, Values, first_is_one, metric_of, plausible

_WRAPPED = re.compile(r"\b(?:np|numpy)\.float\d{2}\(([^()]{1,40})\)")
_NO_NUMBER = re.compile(r"(?<![\w'\"])-?(?:nan|inf)\b")


def read_history(name: str, text: str) -> list[Training]:
    """The trainings in JSON, one object or one for each line; none where it is not about metrics.

    Raises UnreadableRun for a text that is not complete.
    """
    training, held = Training(name), list[Any]()
    try:
        held = [json.loads(text)]
    except (ValueError, RecursionError):
        if not (held := _printed(text)):
            held = [_lines(text, training)]
    found = [each for value in held for each in _trainings(value, name)]
    for each in found:
        each.skipped += training.skipped
    return found


def _lines(text: str, training: Training) -> list[Any]:
    """The objects in lines of JSON."""
    found = list[Any]()
    for line in text.splitlines():
        try:
            if line.strip():
                found.append(json.loads(line))
        except (ValueError, RecursionError):
            training.skipped += 1
    if not any(isinstance(each, dict) for each in found):
        raise UnreadableRun("logs.cut_json")
    return found


def _printed(text: str) -> list[Any]:
    """A dictionary as Python prints it; none for anything else."""
    # an infinite number is written as one that is too large, and NaN is shown as that
    plain = _NO_NUMBER.sub("1e999", _WRAPPED.sub(r"\1", text.strip()))
    try:
        return [ast.literal_eval(plain)] if plain.startswith("{") else []
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []


def _trainings(value: Any, name: str) -> list[Training]:
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return [_of_rows(value, name)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("history"), dict):
        return _trainings({"epoch": value.get("epoch"), **value["history"]}, name)
    if any(metric_of(str(key)) for key in value):
        if all(_single(each) is not None for each in value.values()):
            return [_of_rows([value], name)]
        return [_of_lists(value, name)]
    # several histories by name, as of several networks
    inner = [(key, each) for key, each in value.items() if isinstance(each, dict)]
    return [training for _, each in inner for training in _flat(each, name)]


def _flat(value: Mapping[str, Any], name: str) -> list[Training]:
    if isinstance(value.get("history"), dict):
        value = value["history"]
    return [_of_lists(value, name)] if any(metric_of(str(key)) for key in value) else []


def _of_lists(value: Mapping[str, Any], name: str) -> Training:
    """One list of values for each metric, or one object that has them by place."""
    series = {str(key): _series(each) for key, each in value.items()}
    longest = max((len(each) for each in series.values()), default=0)
    counted = [_single(each) for each in value["epoch"]] if isinstance(value.get("epoch"), list) else []
    epochs = [int(each) for each in counted if each is not None and each.is_integer() and 0 <= each < 10**9]
    if len(epochs) != longest or len(set(epochs)) != longest:
        epochs = list(range(longest))
    series.pop("epoch", None)
    return _training(name, series, epochs)


def _of_rows(rows: Sequence[Mapping[str, Any]], name: str) -> Training:
    """One object for each epoch."""
    names = dict.fromkeys(str(key) for row in rows for key in row)
    counted = [_single(row.get("epoch")) for row in rows]
    epochs = [int(each) for each in counted if each is not None and each.is_integer() and 0 <= each < 10**9]
    if len(epochs) != len(rows):
        epochs = list(range(len(rows)))
    series = {key: [_single(row.get(key)) for row in rows] for key in names if key != "epoch"}
    return _training(name, series, epochs)


def _training(name: str, series: Mapping[str, Sequence[float | None]], epochs: Sequence[int]) -> Training:
    numbers = first_is_one(epochs)
    metrics = dict[str, Values]()
    for key, values in series.items():
        if (ours := metric_of(key)) and ours not in metrics:
            pairs = zip(epochs, values, strict=False)
            metrics[ours] = {numbers[epoch]: value for epoch, value in pairs if value is not None}
    found = Training(name, metrics=plausible(metrics))
    found.left_out = dict.fromkeys(key for key in series if metric_of(key) not in found.metrics)
    return found


def _series(value: Any) -> list[float | None]:
    if isinstance(value, Mapping):
        value = list(value.values())
    return [_single(each) for each in value] if _is_listed(value) else []


def _is_listed(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


def _single(value: Any) -> float | None:
    """A number, also one that was written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan if isinstance(value, int) else None
