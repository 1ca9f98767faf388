"""Network files that were made before: a conversion takes as long as an epoch of a small network.

A run's network file has no weights, so runs that differ in other settings have the same one.
"""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import keras
import tensorflow as tf

from core.data.cache import cache_folder
from core.files import replacing

MOST = 200
"""Files kept; the oldest go first."""
_EXPORT = Path(__file__).with_name("export.py")


def cached_network(network: keras.Model, convert: Callable[[], bytes]) -> bytes:
    """The network file of a network's architecture, as `convert` gives it; a damaged cache is ignored."""
    made_of = "\n".join((tf.__version__, keras.__version__, _EXPORT.read_text(encoding="utf-8"), network.to_json()))
    key = hashlib.sha256(made_of.encode()).hexdigest()[:32]
    folder = cache_folder() / "networks"
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{key}-*.tflite"):
            content = path.read_bytes()
            if path.name == _name(key, content):
                return content
    content = convert()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / _name(key, content)) as draft:
            draft.write_bytes(content)
        newest = sorted(folder.glob("*.tflite"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in newest[MOST:]:
            path.unlink(missing_ok=True)
    return content


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()[:16]}.tflite"
