"""The settings that Keras and TensorFlow have in every process of ours, whatever files and variables say.

Keras 3.15 reads `keras.json` in its home folder and the variables KERAS_* once, when it is imported
(keras/src/backend/config.py); TensorFlow reads its variables when it first needs them. `core.training` calls `settle`
before anything in it can import either.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

from core.places import place

OWN_HOME = Path(__file__).parent / "training" / "keras_home"
"""Keras's home folder in our processes. An invalid keras.json fails the import, so a person's must not be read."""

_GIVEN_HOME = "DIGIT_LAB_KERAS_HOME"
"""Keeps the person's KERAS_HOME, where MNIST may be."""

_NEEDED = {
    "KERAS_HOME": str(OWN_HOME),
    # the same as in our keras.json, for a Keras that no longer reads the file
    "KERAS_BACKEND": "tensorflow",
    # network folders may refuse the locks that HDF5 asks for; a run has one writer, and readers see whole files only
    "HDF5_USE_FILE_LOCKING": "FALSE",
}

_CHANGING = ("KERAS_", "TF_", "TF2_", "TENSORFLOW_", "XLA_", "AUTOGRAPH_", "ONEDNN_", "DNNL_", "NVIDIA_TF32_")
"""Prefixes of variables that change results (rounding, kernels, TF 1 behavior), cap epochs or steps, or fail the
import. They are removed by prefix, since a new release may add to them."""

_HARMLESS = (
    "TF_CPP_",  # what is logged
    "TF_NUM_",  # threads: a server's limit
    "TF_GPU_",
    "TF_FORCE_",  # memory of GPUs
    "TF_PER_DEVICE_MEMORY_LIMIT_MB",
    "TF_PLUGGABLE_DEVICE_LIBRARY_PATH",  # where a GPU's driver is
)
"""What stays: how much is logged, and which threads, memory and devices may be used."""

_CUDA_FOLDER = "--xla_gpu_cuda_data_dir="


def settle(environment: MutableMapping[str, str] = os.environ) -> None:
    """Give this process the settings that our networks are made, trained and converted with; call it before Keras."""
    if environment.get("KERAS_HOME") != str(OWN_HOME):
        environment[_GIVEN_HOME] = environment.get("KERAS_HOME", "")
    where = [flag for flag in environment.get("XLA_FLAGS", "").split() if flag.startswith(_CUDA_FOLDER)]
    for name in list(environment):
        if name.startswith(_CHANGING) and not name.startswith(_HARMLESS):
            del environment[name]
    environment.update(_NEEDED)
    if where:
        environment["XLA_FLAGS"] = " ".join(where)


def persons_home() -> Path:
    """Keras's home folder as the person has it, also after `settle`."""
    home = os.environ.get("KERAS_HOME")
    if home == str(OWN_HOME):
        home = os.environ.get(_GIVEN_HOME)
    return place(home or "~/.keras")
