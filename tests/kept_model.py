"""`model.tflite` of a shipped run, which is not shipped with it."""

from functools import cache

from core.export.tflite import tflite
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR


@cache
def kept_model() -> bytes:
    """`model.tflite` of epoch 15, made once in a process with TensorFlow."""
    return tflite(RunFolder(SHIPPED_DIR / "cnn-16-36"), 15)
