"""Labels as written become numbers from 0, and classes get their names."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.array_types import Bytes
from core.config.datasets import FEWEST_CLASSES, MOST_CLASSES, class_name
from core.data.readers.source import Labels, UnreadableData

NONE = -1
"""The code of an image without a usable label."""


class LabelEncoder:
    """Gives each label a code in the order of their appearance, then the classes in the order of their names."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        """`names` are those of the labels 0, 1, …, if they are known."""
        self._names = tuple(names)
        self._codes = dict[str | int, int]()

    def codes(self, labels: Labels) -> NDArray[np.int16]:
        """A code for each label, NONE for one that cannot be used; raises UnreadableData for too many classes."""
        if isinstance(labels, np.ndarray):
            found, inverse = np.unique(labels, return_inverse=True)
            each: list[Any] = found.tolist()
        else:
            seen = dict[Any, int]()
            inverse = np.array([seen.setdefault(label, len(seen)) for label in labels], int)
            each = list(seen)
        if len(each) > 50 * MOST_CLASSES:
            raise UnreadableData("data_add.many_classes", most=MOST_CLASSES)
        table = np.array([self._code(label) for label in each], np.int16)
        return table[inverse.ravel()] if len(each) else np.empty(0, np.int16)

    def classes(self) -> tuple[tuple[str, ...], Bytes]:
        """The classes' names in order, and the label of each code, uint8; raises UnreadableData for too few."""
        written = sorted(self._codes, key=_in_order)
        if self._names and all(isinstance(label, int) and label < len(self._names) for label in written):
            names, places = [*self._names], {label: int(label) for label in written}
        else:
            names, places = [str(label) for label in written], {label: at for at, label in enumerate(written)}
        if len(names) < FEWEST_CLASSES:
            raise UnreadableData("data_add.one_class", name=class_name(names[0], 0) if names else "–")
        if len(names) > MOST_CLASSES:
            raise UnreadableData("data_add.many_classes", most=MOST_CLASSES)
        return _unlike(names), np.array([places[label] for label in self._codes], np.uint8)

    def _code(self, label: Any) -> int:
        usable = _usable(label)
        if usable is None:
            return NONE
        if usable not in self._codes and len(self._codes) == MOST_CLASSES:
            raise UnreadableData("data_add.many_classes", most=MOST_CLASSES)
        return self._codes.setdefault(usable, len(self._codes))


def _usable(label: Any) -> str | int | None:
    """The label as a number or a name; None for negative numbers and empty names."""
    if isinstance(label, int):
        return label if label >= 0 else None
    if not isinstance(label, str) or not label.strip() or label.strip().lower() == "nan":
        return None
    text = label.strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text) and text == str(int(text)) else text


def _in_order(label: str | int) -> tuple[Any, ...]:
    """Numbers by value, then names as people sort them: `item 2` before `item 10`."""
    if isinstance(label, int):
        return (0, label)
    parts = re.split(r"(\d{1,9})", label.casefold()[:200])
    return (1, *((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts), label)


def _unlike(names: Sequence[str]) -> tuple[str, ...]:
    """Names as they can be shown, no two alike."""
    taken = list[str]()
    for label, name in enumerate(names):
        shown = class_name(name, label)
        if shown in taken:
            ending = f" ({label})"
            shown = class_name(f"{shown[: 40 - len(ending)]}{ending}", label)
        taken.append(shown)
    return tuple(taken)
