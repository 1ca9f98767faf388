"""The number format to train in on this machine."""

import platform
from pathlib import Path

import tensorflow as tf

# processors with one of these multiply bfloat16 in hardware; on others it is slower than float32
_BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def choose_precision(wanted: str) -> str:
    """`float32` or `bfloat16`: the wanted one or, for `auto`, the fastest on this processor or GPU."""
    if wanted != "auto":
        return wanted
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        capability = tf.config.experimental.get_device_details(gpus[0]).get("compute_capability", (0, 0))
        return "bfloat16" if capability >= (8, 0) else "float32"
    return "bfloat16" if _BFLOAT16_FLAGS & _processor_flags() else "float32"


def processor_name() -> str:
    """The processor's own name."""
    for line in _processor_lines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _processor_flags() -> frozenset[str]:
    for line in _processor_lines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def _processor_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
