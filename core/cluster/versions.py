"""What must be the same on a node as on the server, or a run could not go on elsewhere as if it had stayed."""

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.text import Message

_CORE = Path(__file__).parents[1]


def versions() -> dict[str, str]:
    """The versions of Python, TensorFlow, Keras and this product, which is known by the digest of its sources."""
    tensorflow = _installed("tensorflow") or _installed("tensorflow-cpu")
    return {
        "Python": platform.python_version(),
        "TensorFlow": tensorflow,
        "Keras": _installed("keras"),
        "Digit Lab": _sources(),
    }


def difference(node: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> Message | None:
    """Why a node cannot train this server's runs, None if it can."""
    for name, needed in ours.items():
        if (other := theirs.get(name, "")) != needed:
            if name == "Digit Lab":
                return Message("cluster.other_product", node=node)
            return Message("cluster.other_version", node=node, package=name, theirs=other or "–", ours=needed)
    return None


@cache
def _sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(_CORE.rglob("*.py")):
        digest.update(f"{path.relative_to(_CORE).as_posix()}\n".encode())
        # in the same form whatever line ends a checkout has
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
