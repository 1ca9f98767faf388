"""The machine that the figures were measured on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil


def machine() -> str:
    """Processor, cores, memory and relevant versions in one line."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(
        [f"Python {platform.python_version()}"] + [f"{name} {_version(package)}" for name, package in _PACKAGES.items()]
    )
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}; {versions}"


_PACKAGES = {"TensorFlow": "tensorflow", "Keras": "keras", "Streamlit": "streamlit"}


def _version(package: str) -> str:
    for name in (package, f"{package}-cpu"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "missing"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
