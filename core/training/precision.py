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
    return "float32" if _BFLOAT16_FLAGS.isdisjoint(_cpuinfo("flags").split()) else "bfloat16"


def processor_name() -> str:
    """The processor's own name."""
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _cpuinfo(field: str) -> str:
    """The first processor's value of a field; empty where the system or the field has none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(field)), "")
