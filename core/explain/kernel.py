"""Kernels that were not trained: typed, preset or random."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from core.array_types import Floats
from core.errors import UnusableKernel

SIDES = (3, 5)
LARGEST = 100.0
RANDOM_SIDE = 5


def _kernel(*rows: tuple[float, ...]) -> Floats:
    kernel = np.array(rows, np.float32)
    kernel.flags.writeable = False
    return kernel


PRESETS: Mapping[str, Floats] = MappingProxyType(
    {
        "edge": _kernel((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
        "vertical": _kernel((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        "blur": _kernel(*[(1 / 9,) * 3] * 3),
        "sharpen": _kernel((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    }
)
"""Float32 (3, 3) by name."""


def random_kernel(seed: int) -> Floats:
    """An initial 5×5 kernel: Glorot uniform for one channel and one filter (Glorot and Bengio, 2010).

    float32 (5, 5), rounded to hundredths for reading.
    """
    limit = math.sqrt(6 / (2 * RANDOM_SIDE**2))
    drawn = np.random.default_rng(seed).uniform(-limit, limit, (RANDOM_SIDE, RANDOM_SIDE))
    return np.round(drawn, 2).astype(np.float32)


def read_kernel(text: str) -> Floats:
    """Parse a typed kernel, float32 (3, 3) or (5, 5): rows end with a line or semicolon, spaces or commas separate.

    Raises UnusableKernel for anything else, including numbers beyond ±100.
    """
    # people type minus signs in several ways
    lines = [line.strip(" \t\r,") for line in re.split(r"[;\n]", text.replace("−", "-"))]
    rows = [re.split(r"[\s,]+", line) for line in lines if line]
    if not rows:
        raise UnusableKernel("inside_convolution.bad.empty")
    for word in (word for row in rows for word in row):
        value = _number(word)
        if value is None:
            raise UnusableKernel("inside_convolution.bad.number", word=word[:20])
        if abs(value) > LARGEST:
            raise UnusableKernel("inside_convolution.bad.large", word=word[:20], limit=LARGEST)
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        other = next(place for place, length in enumerate(lengths) if length != lengths[0])
        raise UnusableKernel("inside_convolution.bad.ragged", first=lengths[0], row=other + 1, other=lengths[other])
    if len(rows) != lengths[0]:
        raise UnusableKernel("inside_convolution.bad.oblong", rows=len(rows), columns=lengths[0])
    if len(rows) not in SIDES:
        kind = "even" if len(rows) % 2 == 0 else "side"
        raise UnusableKernel(f"inside_convolution.bad.{kind}", side=len(rows))
    return np.array([[float(word) for word in row] for row in rows], np.float32)


def written(kernel: Floats) -> str:
    """A kernel as one line of text for `read_kernel`, rounded to hundredths."""
    rows = np.round(kernel.astype(np.float64), 2) + 0.0  # turns -0 into 0
    return "; ".join(" ".join(f"{value:g}" for value in row) for row in rows)


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
