"""What functions of NumPy, pandas and TensorFlow make of a data set's arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials import arrays
from core.tutorials.data_calls import DataCalls
from core.tutorials.library_call import NOT_FOLLOWED, Handler, LibraryCall
from core.tutorials.values import Array, Made, Numbers, Symbol, Unknown

_SAME = {
    *("array", "asarray", "float32", "float64", "cast", "convert_to_tensor", "constant", "copy", "ascontiguousarray"),
    *("asfarray", "Tensor", "Variable", "identity", "stack", "to_float", "DataFrame", "Series", "as_tensor"),
}
"""Functions that return their first argument's digits."""
_STORED = (Array, Unknown, Symbol, list, tuple, range, int, float)
_SIGNS = {"divide": "/", "true_divide": "/", "multiply": "*", "subtract": "-", "add": "+"}
_METHODS = ("transpose", "squeeze", "repeat", "flip", "fliplr", "flipud", "roll", "rot90")
"""Functions that do what an array's method of this name does."""
_MOST_NUMBERS = 100


class ArrayCalls(DataCalls):
    """Functions that take an array and return one, or a number of it."""

    def _same(self, call: LibraryCall) -> Any:
        """The first argument, where a function only changes what it is stored in."""
        first = call.first
        if call.name not in _SAME or not isinstance(first, _STORED):
            return NOT_FOLLOWED
        if isinstance(first, list) and first and all(isinstance(each, Array) for each in first):
            return arrays.stacked(first, call.named.get("axis", 0)) if call.name == "stack" else first[0]
        unread = next((each for each in first if isinstance(each, Unknown)), None) if isinstance(first, list) else None
        if unread is not None:
            return unread
        own = call.path.startswith(("numpy", "tensorflow", "pandas"))
        return Numbers(first) if own and isinstance(first, list | tuple | range) else first

    def _arange(self, call: LibraryCall) -> Any:
        counts = call.path.startswith("numpy") and _counts(call.given, call.named)
        return Numbers(range(*call.given)) if counts else NOT_FOLLOWED

    def _linspace(self, call: LibraryCall) -> Any:
        start, stop, count = call.argument("start", 0), call.argument("stop", 1), call.argument("num", 2, 50)
        plain = all(type(each) in (int, float) for each in (start, stop)) and type(count) is int
        if not call.path.startswith("numpy") or not plain or not 1 < count <= _MOST_NUMBERS:
            return NOT_FOLLOWED
        step = (stop - start) / (count - 1)
        return Numbers([*(start + place * step for place in range(count - 1)), float(stop)])

    def _measure(self, call: LibraryCall) -> Any:
        """The shape of an array, or what follows from it."""
        return arrays.attribute(call.first, call.name) if isinstance(call.first, Array) else NOT_FOLLOWED

    def _expand_dims(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Array):
            return NOT_FOLLOWED
        found = arrays.expanded(call.first, call.argument("axis", 1, -1))
        self._mark_rotation(found.shape[1:], call.node)
        return found

    def _reshape(self, call: LibraryCall) -> Any:
        shape = call.argument("newshape", 1, call.named.get("shape"))
        if not isinstance(call.first, Array) or shape is None:
            return NOT_FOLLOWED
        found = arrays.reshape(call.first, shape)
        written = next((each.value for each in call.node.keywords if each.arg in ("newshape", "shape")), None)
        if isinstance(found, Array) and (written or len(call.node.args) > 1):
            self._mark_rotation(found.shape[1:], written or call.node.args[1])
        return found

    def _positions(self, call: LibraryCall) -> Any:
        """Where a condition holds that is not known."""
        if isinstance(call.first, Unknown) and len(call.given) < 3:
            return call.first
        if call.name == "isin" and isinstance(call.first, Array):
            return self.unknown(call.node, Message("tutorials.condition"))
        return NOT_FOLLOWED

    def _convert_image_dtype(self, call: LibraryCall) -> Any:
        # of whole numbers, as every data set here has them
        whole = isinstance(call.first, Array) and call.first.scale == 1
        return arrays.scaled(call.first, "/", 255) if whole else NOT_FOLLOWED

    def _clip(self, call: LibraryCall) -> Any:
        return call.first if isinstance(call.first, Array) else NOT_FOLLOWED

    def _pad(self, call: LibraryCall) -> Any:
        return (
            arrays.padded(call.first, call.argument("pad_width", 1)) if isinstance(call.first, Array) else NOT_FOLLOWED
        )

    def _array_method(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Array):
            return NOT_FOLLOWED
        found = arrays.method(call.first, call.name, call.given[1:], call.named)
        return self.unknown(call.node, Message("tutorials.not_constant")) if found is None else found

    def _extreme(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Array):
            return NOT_FOLLOWED
        found = arrays.method(call.first, call.name.removeprefix("a"), (), {})
        return self.unknown(call.node, Message("tutorials.not_constant")) if found is None else found

    def _colors(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Array):
            return NOT_FOLLOWED
        return replace(call.first, shape=(*call.first.shape[:-1], 3 if call.name.endswith("rgb") else 1))

    def _resize(self, call: LibraryCall) -> Any:
        if not call.path.startswith("tensorflow.image") or not isinstance(call.first, Array):
            return NOT_FOLLOWED
        return arrays.resized(call.first, call.argument("size", 1))

    def _concatenate(self, call: LibraryCall) -> Any:
        parts, axis = call.first, call.argument("axis", 1, 0)
        several = parts if isinstance(parts, list | tuple) else []
        if unread := next((each for each in several if isinstance(each, Unknown)), None):
            return unread
        if not several or not all(isinstance(each, Array) for each in several):
            return self.unknown(call.node, Message("tutorials.not_constant"))
        if not isinstance(axis, int) or not -len(parts[0].shape) <= axis < len(parts[0].shape):
            return self.unknown(call.node, Message("tutorials.not_constant"))
        return arrays.joined(parts, axis)

    def _scaled(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Array) or len(call.given) < 2:
            return NOT_FOLLOWED
        return arrays.scaled(call.first, _SIGNS[call.name], call.given[1])

    def _eye(self, call: LibraryCall) -> Any:
        made = Made(call.path, tuple(call.given), call.named, call.node.lineno)
        return made if call.path.startswith("numpy") else NOT_FOLLOWED

    def _one_hot(self, call: LibraryCall) -> Any:
        if not isinstance(call.first, Array):
            return NOT_FOLLOWED
        return arrays.one_hot(call.first, call.named.get("depth", call.argument("num_classes", 1)))


ARRAY_CALLS: Mapping[str, Handler] = {
    "arange": ArrayCalls._arange,
    "linspace": ArrayCalls._linspace,
    **dict.fromkeys(("shape", "ndim", "size"), ArrayCalls._measure),
    "expand_dims": ArrayCalls._expand_dims,
    "reshape": ArrayCalls._reshape,
    **dict.fromkeys(("where", "isin", "nonzero", "flatnonzero", "argwhere", "logical_or", "logical_and"),
                    ArrayCalls._positions),
    "convert_image_dtype": ArrayCalls._convert_image_dtype,
    "clip": ArrayCalls._clip,
    "pad": ArrayCalls._pad,
    **dict.fromkeys(_METHODS, ArrayCalls._array_method),
    **dict.fromkeys(("max", "amax", "min", "amin", "unique"), ArrayCalls._extreme),
    **dict.fromkeys(("grayscale_to_rgb", "rgb_to_grayscale"), ArrayCalls._colors),
    **dict.fromkeys(("resize", "resize_with_pad"), ArrayCalls._resize),
    **dict.fromkeys(("concatenate", "vstack", "concat"), ArrayCalls._concatenate),
    **dict.fromkeys(_SIGNS, ArrayCalls._scaled),
    "eye": ArrayCalls._eye,
    **dict.fromkeys(("one_hot", "get_dummies"), ArrayCalls._one_hot),
}  # fmt: skip


def _counts(given: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether these arguments of `arange` give few whole numbers, as for a loop."""
    whole = not named and 0 < len(given) <= 3 and all(type(each) is int for each in given)
    return whole and 0 not in given[2:] and len(range(*given)) <= _MOST_NUMBERS
