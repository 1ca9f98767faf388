"""Checks that an HDF5 file of weights, or of a model, contains only groups, arrays of plain numbers and texts.

HDF5 can also refer to other files, compute arrays from other arrays and load filters from the machine.
"""

from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

from core.errors import UnreadableRun

_MOST = 2_000
"""Groups and arrays; the deepest networks have a tenth of this."""
_LONGEST_NAME = 100
_MOST_NUMBERS = 20_000_000
"""Of an array of a model's file; its optimizer's arrays are as large as its weights."""
_MOST_IN_ATTRIBUTE = 10_000
"""Texts or numbers; a model's file lists the names of a layer's weights, and one text describes the model."""

Allowed = Callable[[Any], bool]


def check_plain(path: Path, most: int) -> None:
    """Check everything in the file without reading an array, and each link before it is followed.

    `most` is how many numbers an array may have. Raises UnreadableRun for anything that weights do not need.
    """
    name = f"{path.parent.name}/{path.name}"
    _check(path, name, lambda array: array.dtype.kind == "f" and _is_plain_array(array, most), _has_plain_attributes)


def check_model(path: Path) -> None:
    """As `check_plain`, for a model's file, which also has counters and describes itself in texts."""

    def is_plain(array: Any) -> bool:
        return array.dtype.kind in "fiub" and _is_plain_array(array, _MOST_NUMBERS)

    _check(path, path.name, is_plain, _has_texts_or_numbers)


def _check(path: Path, name: str, array: Allowed, attributes: Allowed) -> None:
    import h5py

    try:
        with h5py.File(path, "r", locking=False) as file:
            sound = _is_plain(file, array, attributes)
    except Exception:  # a damaged file fails in a dozen ways
        raise UnreadableRun("runs.file_damaged", file=name) from None
    if not sound:
        raise UnreadableRun("bundles.foreign_weights", file=name)


def _is_plain(file: Any, array: Allowed, attributes: Allowed) -> bool:
    import h5py

    waiting, seen = [file["/"]], 0
    while waiting:
        group = waiting.pop()
        if not attributes(group):
            return False
        for name in group:
            seen += 1
            # following a link opens the other file, so its type is checked first
            link = group.get(name, getlink=True)
            if seen > _MOST or type(link) is not h5py.HardLink:
                return False
            found = group[name]
            if isinstance(found, h5py.Group):
                waiting.append(found)
            elif not isinstance(found, h5py.Dataset) or not (array(found) and attributes(found)):
                return False
    return True


def _is_plain_array(array: Any, most: int) -> bool:
    import h5py

    created = array.id.get_create_plist()
    filters = [created.get_filter(index)[0] for index in range(created.get_nfilters())]
    # HDF5 searches the machine for any other filter
    known = {h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_FLETCHER32}
    layouts = (h5py.h5d.COMPACT, h5py.h5d.CONTIGUOUS, h5py.h5d.CHUNKED)
    return (
        array.dtype.itemsize <= 8
        and array.size is not None
        and array.size <= most
        and prod(array.chunks or ()) <= max(1, array.size)
        and created.get_layout() in layouts
        and created.get_external_count() == 0
        and set(filters) <= known
    )


def _has_plain_attributes(found: Any) -> bool:
    """Only a layer's name, as Keras writes it; no array, and no reference into the file."""
    attributes = found.attrs
    if not set(attributes) <= {"name"}:
        return False
    kinds = [attributes.get_id(name) for name in attributes]
    if any(kind.shape != () or kind.dtype.kind != "O" for kind in kinds):
        return False
    return all(isinstance(text, str) and len(text) <= _LONGEST_NAME for text in attributes.values())


def _has_texts_or_numbers(found: Any) -> bool:
    """No references into the file, and no more than a model needs; nothing is read."""
    import h5py

    attributes = found.attrs
    kinds = [attributes.get_id(name) for name in attributes]
    return all(
        prod(kind.shape) <= _MOST_IN_ATTRIBUTE
        and (kind.dtype.kind in "fiubS" or h5py.check_string_dtype(kind.dtype) is not None)
        for kind in kinds
        if kind.shape is not None
    )
