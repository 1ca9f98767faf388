"""The format of a model's file, found by its content."""

from typing import IO

from core.bundle.unpack import zip_names
from core.runs.model_file import Format

_HDF5, _TFLITE, _ZIP = b"\x89HDF\r\n\x1a\n", b"TFL3", b"PK\x03\x04"


def model_format(file: IO[bytes]) -> Format | None:
    """The format of a model's file, found by its content; None for any other file."""
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(_HDF5):
        return "h5"
    if start[4:8] == _TFLITE:
        return "tflite"
    return "keras" if start.startswith(_ZIP) and "config.json" in zip_names(file) else None


def is_zip(file: IO[bytes]) -> bool:
    """Whether a file's content begins as that of a ZIP."""
    file.seek(0)
    start = file.read(len(_ZIP))
    file.seek(0)
    return start == _ZIP
