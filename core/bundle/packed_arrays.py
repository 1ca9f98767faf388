"""The headers of a stranger's `.npz`, read before any array is loaded."""

import zipfile
from collections.abc import Mapping
from math import prod
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from core.errors import UnreadableRun

Shape = tuple[int, ...]
_MOST = 32
_LONGEST_HEADER = 1_000
_KINDS = "uifU"


def headers(path: Path, most_bytes: int) -> Mapping[str, tuple[np.dtype, Shape]]:
    """Type and shape of each array of plain numbers or short texts, which together have at most so many bytes.

    A header can claim a trillion numbers, and NumPy would allocate them; here the claim must match the file. Raises
    UnreadableRun.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST or sum(entry.file_size for entry in entries) > most_bytes:
                raise ValueError("it is too large")
            found = {entry.orig_filename: _header(archive, entry) for entry in entries}
    except Exception:  # zip, NumPy and Python's own parser report a damaged file in any of a dozen ways
        raise UnreadableRun("runs.file_damaged", file=path.name) from None
    if len(found) < len(entries):
        raise UnreadableRun("runs.file_damaged", file=path.name)
    return {name.removesuffix(".npy"): header for name, header in found.items()}


def _header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[np.dtype, Shape]:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or not entry.filename.endswith(".npy"):
        raise ValueError("NumPy does not pack like this")
    with archive.open(entry) as file:
        if npy.read_magic(file) != (1, 0):
            raise ValueError("no run has this version")
        shape, _, kind = npy.read_array_header_1_0(file, max_header_size=_LONGEST_HEADER)
        rest = entry.file_size - file.tell()
        # the size in the zip's list may differ from what comes out
        whole = len(file.read(rest + 1)) == rest
    if kind.kind not in _KINDS or kind.itemsize > 400 or kind.itemsize * prod(shape) != rest or not whole:
        raise ValueError("the header does not match the content")
    return kind, shape
