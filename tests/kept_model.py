"""The file that the worker writes for the epoch it keeps, of the shipped run, which comes without."""

from functools import cache

from core.export.tflite import tflite
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR


@cache
def kept_model() -> bytes:
    """`model.tflite` of epoch 15; takes a process with TensorFlow, once."""
    return tflite(RunFolder(SHIPPED_DIR / "cnn-16-36"), 15)
