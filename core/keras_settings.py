"""The settings of Keras and TensorFlow in all our processes, whatever the user's files and variables say.

Keras 3.15 reads `keras.json` in its home folder and the variables KERAS_* once, on import
(keras/src/backend/config.py); TensorFlow reads its variables when it first needs them. `core.training` calls `settle`
before it can import either.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

from core.places import place

OWN_HOME = Path(__file__).parent / "training" / "keras_home"
"""Keras's home folder in our processes, because an invalid keras.json of the user would make the import fail."""

_GIVEN_HOME = "DIGIT_LAB_KERAS_HOME"
"""Stores the user's KERAS_HOME, where MNIST may be."""

_NEEDED = {
    "KERAS_HOME": str(OWN_HOME),
    # the same as in our keras.json, in case Keras no longer reads the file
    "KERAS_BACKEND": "tensorflow",
    # network folders may refuse HDF5's locks; a run has one writer, and readers only see complete files
    "HDF5_USE_FILE_LOCKING": "FALSE",
}

_CHANGING = ("KERAS_", "TF_", "TF2_", "TENSORFLOW_", "XLA_", "AUTOGRAPH_", "ONEDNN_", "DNNL_", "NVIDIA_TF32_")
"""Prefixes of variables that change results (rounding, kernels, TF 1 behavior), cap epochs or steps, or fail the
import. They are removed by prefix, because new releases may add some."""

_HARMLESS = (
    "TF_CPP_",  # logging
    "TF_NUM_",  # threads: a server's limit
    "TF_GPU_",
    "TF_FORCE_",  # memory of GPUs
    "TF_PER_DEVICE_MEMORY_LIMIT_MB",
    "TF_PLUGGABLE_DEVICE_LIBRARY_PATH",  # location of a GPU driver
)
"""Exceptions: logging, threads, memory and devices."""

_CUDA_FOLDER = "--xla_gpu_cuda_data_dir="


def settle(environment: MutableMapping[str, str] = os.environ) -> None:
    """Apply our settings to this process; call it before importing Keras."""
    if environment.get("KERAS_HOME") != str(OWN_HOME):
        environment[_GIVEN_HOME] = environment.get("KERAS_HOME", "")
    where = [flag for flag in environment.get("XLA_FLAGS", "").split() if flag.startswith(_CUDA_FOLDER)]
    for name in list(environment):
        if name.startswith(_CHANGING) and not name.startswith(_HARMLESS):
            del environment[name]
    environment.update(_NEEDED)
    if where:
        environment["XLA_FLAGS"] = " ".join(where)


def user_home() -> Path:
    """The user's own Keras home folder, even after `settle`."""
    home = os.environ.get("KERAS_HOME")
    if home == str(OWN_HOME):
        home = os.environ.get(_GIVEN_HOME)
    return place(home or "~/.keras")
