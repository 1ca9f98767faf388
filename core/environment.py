"""The machine and software that the product runs on: versions, processor, memory."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

_PACKAGES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
    "Keras": ("keras",),
    "LiteRT": ("ai-edge-litert",),
    "Streamlit": ("streamlit",),
    "Plotly": ("plotly",),
    "NumPy": ("numpy",),
    "pandas": ("pandas",),
    "scikit-learn": ("scikit-learn",),
}


def versions() -> dict[str, str]:
    """Versions of Python and the relevant packages by name; empty for one that is not installed."""
    found = {"Python": platform.python_version()}
    return found | {name: next(filter(None, map(_version, packages)), "") for name, packages in _PACKAGES.items()}


def system() -> str:
    """The operating system and its processor architecture."""
    return f"{platform.system()} {platform.machine()}"


def processor() -> str:
    """The processor's model name."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> tuple[float, float]:
    """Total memory, and that of this process, in GB."""
    gigabyte = 2**30
    return psutil.virtual_memory().total / gigabyte, psutil.Process().memory_info().rss / gigabyte


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
