"""Our settings of Keras and TensorFlow override the user's files and variables."""

import inspect
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.child_process import environment
from core.keras_settings import OWN_HOME, settle

KERAS = Path(find_spec("keras").submodule_search_locations[0]) / "src" / "backend" / "config.py"
HOSTILE = {
    "KERAS_HOME": "/home/me/keras",
    "KERAS_BACKEND": "torch",
    "KERAS_NNX_ENABLED": "1",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "many",
    "TF_USE_LEGACY_KERAS": "1",
    "TF2_BEHAVIOR": "0",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_FUNCTION_JIT_COMPILE_DEFAULT": "1",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2",
    "XLA_FLAGS": "--no_such_flag",
    "ONEDNN_DEFAULT_FPMATH_MODE": "BF16",
    "NVIDIA_TF32_OVERRIDE": "0",
    "HDF5_USE_FILE_LOCKING": "TRUE",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_variable_that_changes_results_is_overridden(name):
    neutral, given = {}, {name: HOSTILE[name]}
    settle(neutral)
    settle(given)
    del neutral["DIGIT_LAB_KERAS_HOME"], given["DIGIT_LAB_KERAS_HOME"]
    assert given == neutral


def test_logging_threads_memory_and_devices_keep_the_users_settings():
    kept = {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_GPU_ALLOCATOR": "cuda_malloc_async",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "CUDA_VISIBLE_DEVICES": "1",
        "XLA_FLAGS": "--xla_gpu_cuda_data_dir=/opt/cuda",
    }
    given = kept | {"XLA_FLAGS": f"--no_such_flag {kept['XLA_FLAGS']}"}
    settle(given)
    assert kept.items() <= given.items()


def test_everything_that_keras_reads_on_import_is_set():
    """If a new release reads more, add its key to our keras.json, or its variable to those removed."""
    source = KERAS.read_text(encoding="utf-8")
    keys = set(re.findall(r'_config\.get\("(\w+)"', source))
    own = json.loads((OWN_HOME / "keras.json").read_text(encoding="utf-8"))
    assert keys == set(own)
    defaults = dict(re.findall(r'^_(FLOATX|EPSILON|IMAGE_DATA_FORMAT|BACKEND) = "?([\w-]+)', source, re.MULTILINE))
    assert {name: type(own[name.lower()])(value) for name, value in defaults.items()} == {
        name: own[name.lower()] for name in defaults
    }
    assert len(defaults) == 4
    variables = set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', source)) - {"TF_FORCE_GPU_ALLOW_GROWTH"}
    assert variables >= {"KERAS_HOME", "KERAS_BACKEND", "KERAS_MAX_EPOCHS"}
    given = dict.fromkeys(variables, "hostile")
    settle(given)
    assert "hostile" not in {given.get(name) for name in variables}


@pytest.mark.parametrize("home", ["keras", "~/keras", ""])
def test_the_worker_finds_mnist_in_the_users_keras_folder(tmp_path, home):
    there = tmp_path / (Path(home).name or ".keras") / "datasets" / "mnist.npz"
    there.parent.mkdir(parents=True)
    there.touch()
    script = (
        "import os, core.training; from core.data.sources import local_mnist;"
        "print(local_mnist()); print(os.environ['KERAS_HOME'])"
    )
    settings = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "DIGIT_LAB_MNIST": "", "KERAS_HOME": home}
    # a child of the worker finds the same
    for variables in (settings, settings | {"KERAS_HOME": str(OWN_HOME), "DIGIT_LAB_KERAS_HOME": home}):
        printed = subprocess.check_output(
            [sys.executable, "-c", script], cwd=tmp_path, env=environment(variables), text=True
        )
        assert printed.splitlines() == [str(there), str(OWN_HOME)]


def test_importing_the_worker_always_applies_its_settings_first():
    source = inspect.getsource(sys.modules.get("core.training") or __import__("core.training").training)
    assert re.search(r"^settle\(\)$", source, re.MULTILINE)
    assert os.environ["KERAS_HOME"] == str(OWN_HOME)
