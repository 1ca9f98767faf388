"""What happens to a data set's arrays on their way to `fit`: parts, shapes and scaling."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any, Literal

from core.text import Message
from core.tutorials.data_sets import classes
from core.tutorials.values import Array, Part, Unknown

_SHUFFLED = re.compile(r"permutation|arange|argsort|shuffle|randperm")
"""Functions whose indices leave no image out."""
_KEPT = {
    *("astype", "copy", "to_numpy", "as_matrix", "numpy", "view", "fillna", "reset_index", "to", "tolist"),
    *("float", "clip", "cpu", "detach"),
}
"""Methods of arrays that change neither the digits nor their order in a way that matters here."""


def attribute(array: Array, name: str) -> Any:
    """An attribute of an array or a table; None where it is a method."""
    match name:
        case "shape":
            return array.shape
        case "ndim":
            return len(array.shape)
        case "size":
            return prod(side or 0 for side in array.shape)
        case "values" | "iloc" | "loc" | "ix" | "data" | "real":
            return array
        case "T":
            return replace(array, shape=array.shape[::-1])
        case "label" if array.content == "table":
            return column(array, "label")
        case "label_names" | "columns" | "dtype" | "index" | "dtypes":
            return Unknown(Message("tutorials.not_constant"), 0)
    return None


def column(array: Array, name: object) -> Any:
    """One column of a table: its labels."""
    if array.content == "table" and isinstance(name, str) and name.lower() in ("label", "labels", "class", "target"):
        return replace(array, content="labels", shape=array.shape[:1])
    return Unknown(Message("tutorials.not_constant"), 0)


def method(array: Array, name: str, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """What a method of an array returns; None for one that is not known."""
    if name == "sample":
        return _sampled(array, named.get("n", given[0] if given else None), named.get("frac"))
    if name in _KEPT:
        return array
    match name:
        case "reshape" | "resize":
            return reshape(array, given[0] if len(given) == 1 and isinstance(given[0], tuple | list) else tuple(given))
        case "flatten" | "ravel" | "squeeze":
            if name == "squeeze":
                return replace(array, shape=tuple(side for side in array.shape if side != 1))
            return replace(array, shape=(size(array.shape),)) if array.content == "images" else array
        case "flip" | "fliplr" | "flipud" | "roll" | "rot90":
            return array
        case "repeat" if given and isinstance(given[0], int):
            axis = named.get("axis", given[1] if len(given) > 1 else None)
            if not isinstance(axis, int) or not -len(array.shape) <= axis < len(array.shape):
                return None
            shape = list(array.shape)
            side = shape[axis]
            shape[axis] = side * given[0] if side is not None else None
            return replace(array, shape=tuple(shape))
        case "transpose":
            axes = given[0] if len(given) == 1 and isinstance(given[0], tuple | list) else given
            if axes and all(isinstance(axis, int) and -len(array.shape) <= axis < len(array.shape) for axis in axes):
                return replace(array, shape=tuple(array.shape[axis] for axis in axes))
            return replace(array, shape=array.shape[::-1])
        case "drop" | "pop" if array.content == "table":
            if name == "pop":
                return column(array, given[0] if given else None)
            rows, columns = array.shape[0], array.shape[-1]
            return replace(array, content="images", shape=(rows, columns - 1 if columns == 785 else columns))
        case "max" | "min" if array.content == "images" and array.scale is not None and array.offset is not None:
            return (255.0 if name == "max" else 0.0) * array.scale + array.offset
        case "max" if array.content == "labels" and not array.one_hot and (count := classes(array.dataset)):
            return count - 1
        case "unique" | "nunique" if found := unique(array):
            return found if name == "unique" else found.shape[0]
        case "get" if array.content == "table":
            return column(array, given[0] if given else None)
        case "head" | "tail":
            return replace(array, shape=(named.get("n", given[0] if given else 5), *array.shape[1:]))
    return None


def _sampled(array: Array, count: Any, share: Any) -> Array:
    """The rows that pandas picks: as many as given, or a share of them."""
    rows = array.shape[0]
    if isinstance(share, int | float):
        count = round(share * rows) if rows is not None else None
    return replace(array, shape=(count if isinstance(count, int) else 1, *array.shape[1:]))


def unique(array: Array) -> Array | None:
    """The classes among labels; None for anything else."""
    count = classes(array.dataset)
    return replace(array, shape=(count,)) if array.content == "labels" and not array.one_hot and count else None


def reshape(array: Array, sides: Any) -> Array | Unknown:
    """The array with another shape, of which one side may be -1; Unknown if it does not fit."""
    if isinstance(sides, int):
        sides = (sides,)
    if not isinstance(sides, tuple | list) or not all(isinstance(side, int) or side is None for side in sides):
        return Unknown(Message("tutorials.not_constant"), 0)
    shape = tuple(sides)
    total = size(array.shape)
    known = prod(side for side in shape if side not in (-1, None))
    if -1 in shape:
        found = total // known if total is not None and known else None
        shape = tuple(found if side == -1 else side for side in shape)
    elif array.part != "all" and total is not None and known and None not in shape and known != total:
        one = size(array.shape[1:])
        # one image's shape, where a function is mapped over images
        if one is not None and known == one:
            return replace(array, shape=(array.shape[0], *shape))
        # a tutorial's script may count the images of a data set that was since cut
        shape = (total // prod(shape[1:]) if prod(shape[1:]) else None, *shape[1:])
    content = "images" if array.content == "table" else array.content
    return replace(array, shape=shape, content=content)


def size(shape: Sequence[int | None]) -> int | None:
    """The number of values, None if a side is not known."""
    sides = [side for side in shape if side is not None]
    return prod(sides) if len(sides) == len(shape) else None


def padded(array: Array, widths: Any) -> Array:
    """The array with a margin; a side is None where the margin's width is not known."""
    if isinstance(widths, int):
        widths = [(widths, widths)] * len(array.shape)
    elif isinstance(widths, tuple | list) and len(widths) == 2 and all(isinstance(each, int) for each in widths):
        widths = [widths] * len(array.shape)
    known = isinstance(widths, tuple | list) and len(widths) == len(array.shape)
    sides = [
        side + sum(each)
        if side is not None and isinstance(each, tuple | list) and all(isinstance(width, int) for width in each)
        else None
        for side, each in zip(array.shape, widths if known else [None] * len(array.shape), strict=True)
    ]
    return replace(array, shape=tuple(sides))


def resized(array: Array, size: Any) -> Array:
    """The images with another height and width."""
    at = len(array.shape) - 3
    known = isinstance(size, tuple | list) and len(size) == 2 and all(isinstance(side, int) for side in size)
    rows, columns = size if known else (None, None)
    return replace(array, shape=(*array.shape[:at], rows, columns, *array.shape[at + 2 :])) if at >= 0 else array


def stacked(parts: Sequence[Array], axis: Any) -> Array:
    """The arrays along a new axis."""
    first = parts[0]
    at = axis if isinstance(axis, int) and axis >= 0 else len(first.shape) + 1 + (axis if isinstance(axis, int) else -1)
    return replace(first, shape=(*first.shape[:at], len(parts), *first.shape[at:]))


def joined(parts: Sequence[Array], axis: int) -> Array:
    """The arrays one after another along an axis that they have."""
    first, shape = parts[0], list(parts[0].shape)
    counts = [each.shape[axis] for each in parts]
    shape[axis] = None if None in counts else sum(count for count in counts if count is not None)
    several = len({each.part for each in parts}) > 1
    return replace(first, part="all" if several else first.part, shape=tuple(shape))


def expanded(array: Array, axis: Any) -> Array:
    """The array with an axis of one added."""
    if not isinstance(axis, int):
        axis = -1
    place = axis if axis >= 0 else len(array.shape) + 1 + axis
    return replace(array, shape=(*array.shape[:place], 1, *array.shape[place:]))


def one_hot(labels: Array, count: Any) -> Array:
    """The labels, each as a vector with a one."""
    number = count if isinstance(count, int) else classes(labels.dataset)
    return replace(labels, content="labels", shape=(labels.shape[0], number), one_hot=True)


def compared(one: Any, other: Any) -> Array | None:
    """The one-hot vectors that `labels == arange(10)` makes of labels in a column; None for anything else."""
    labels, numbers = (one, other) if isinstance(one, Array) else (other, one)
    column = isinstance(labels, Array) and labels.content == "labels" and labels.shape[1:] == (1,)
    counts = isinstance(numbers, list | range) and list(numbers) == list(range(len(numbers)))
    return one_hot(labels, len(numbers)) if column and counts and len(numbers) > 1 else None


def pick(array: Array, key: Any) -> Any:
    """The array indexed by one key or a tuple of keys."""
    keys = key if isinstance(key, tuple) else (key,)
    if isinstance(key, str):
        return column(array, key)
    if Ellipsis in keys:
        at = keys.index(Ellipsis)
        fill = len(array.shape) - sum(each not in (None, Ellipsis) for each in keys)
        keys = (*keys[:at], *[slice(None)] * max(fill, 0), *keys[at + 1 :])
    if any(isinstance(each, Unknown) and not _SHUFFLED.search(str(each.why.values.get("name"))) for each in keys):
        array = replace(array, chosen=True)
    shape: list[int | None] = []
    content = array.content
    sides = iter(array.shape)
    for place, each in enumerate(keys):
        if each is None:
            shape.append(1)
            continue
        side = next(sides, None)
        if isinstance(each, slice):
            if array.content == "table" and place == 1:
                content = _columns(each, side)
            shape.append(_cut(each, side))
        elif isinstance(each, int):
            if array.content == "table" and place == 1:
                content = "labels"
        else:
            shape.append(None)
    return replace(array, shape=(*shape, *sides), content=content)


def _columns(each: slice, side: int | None) -> Literal["images", "labels", "table"]:
    start, stop = each.start or 0, each.stop
    if start == 0 and stop == 1:
        return "labels"
    return "images" if start == 1 or stop in (-1, 784) or side == 784 else "table"


def _cut(each: slice, side: int | None) -> int | None:
    bounds = (each.start, each.stop, each.step)
    if any(bound is not None and not isinstance(bound, int) for bound in bounds):
        return None
    if side is None:
        return each.stop if isinstance(each.stop, int) and each.stop > 0 and not each.start else None
    return len(range(*each.indices(side))) if each.step != 0 else None


def split(array: Any, share: Any) -> tuple[Any, Any]:
    """The two parts that scikit-learn's `train_test_split` makes."""
    if not isinstance(array, Array):
        return array, array
    count = array.shape[0]
    held = None
    if isinstance(share, int) and not isinstance(share, bool) and share >= 1:
        held = share
    elif isinstance(share, float) and count is not None:
        held = round(count * share)
    kept = count - held if count is not None and held is not None else None
    second: Part = "test" if array.part == "all" else "validation"
    first: Part = "train" if array.part == "all" else array.part
    if array.part == "all":
        array = replace(array, loaded=None)
    return replace(array, part=first, shape=(kept, *array.shape[1:])), replace(
        array, part=second, shape=(held, *array.shape[1:])
    )


def scaled(array: Array, operator: str, number: Any, *, reverse: bool = False) -> Array:
    """The array after an operation with a number on every value."""
    if array.content == "labels":
        return array
    if array.scale is None or array.offset is None or not isinstance(number, int | float):
        return replace(array, scale=None, offset=None)
    match operator:
        case "/" if number and not reverse:
            return replace(array, scale=array.scale / number, offset=array.offset / number)
        case "*":
            return replace(array, scale=array.scale * number, offset=array.offset * number)
        case "+":
            return replace(array, offset=array.offset + number)
        case "-" if reverse:
            return replace(array, scale=-array.scale, offset=number - array.offset)
        case "-":
            return replace(array, offset=array.offset - number)
    return replace(array, scale=None, offset=None)
