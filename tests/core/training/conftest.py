"""Runs the worker as users and the queue do: in a separate process."""

import os
import subprocess
import sys
import time

import pytest
from filelock import FileLock

import core.training  # noqa: F401 configures Keras before a test imports it
from core.places import ROOT
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from tests.core.training.forking import FORKS, Forked


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def start(module, *arguments, fresh=not FORKS):
    """A process of `python -m` module, forked from one that has imported TensorFlow.

    A fresh process imports TensorFlow itself, in the environment of the test.
    """
    if not fresh:
        return Forked(f"{module}.__main__" if module == "core.training" else module, arguments)
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Trainer:
    """Runs `python -m core.training` on the embedded data set, with its runs in one folder."""

    def __init__(self, runs_dir, *, fresh=not FORKS):
        self.runs_dir, self.fresh = runs_dir, fresh
        self.started = []

    def start(self, *arguments):
        process = start("core.training", *arguments, "--runs-dir", str(self.runs_dir), fresh=self.fresh)
        self.started.append(process)
        return process

    def run(self, *arguments):
        """(exit code, last line of standard output, standard error)"""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=180)
        return process.returncode, (out.splitlines() or [""])[-1], err

    def train(self, *arguments):
        code, line, err = self.run("--dataset", "mnist-5k", *arguments)
        assert code == 0, err
        return RunFolder(self.runs_dir / line.rpartition("/")[2])

    def begin(self, *arguments):
        """The process and folder of a run that has trained its first epochs."""
        before = set(self.folders())
        process = self.start("--dataset", "mnist-5k", *arguments)
        wait_until(lambda: set(self.folders()) - before or process.poll() is not None)
        (folder,) = set(self.folders()) - before
        wait_until(lambda: len(epochs(folder)) >= 2)
        return process, folder

    def folders(self):
        if not self.runs_dir.is_dir():
            return []
        return [RunFolder(path) for path in self.runs_dir.iterdir() if not path.name.startswith(".")]


def epochs(folder):
    """The rows of epochs.csv as records."""
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    return [dict(zip(EPOCH_COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def trainer(tmp_path):
    trainer = Trainer(tmp_path / "runs")
    yield trainer
    for process in trainer.started:
        process.kill()
        process.communicate()


def trained_once(tmp_path_factory, name, *arguments):
    """The run of one training for all processes that run tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    trainer = Trainer(folder / f"finished-{name}")
    with FileLock(folder / f"finished-{name}.lock"):
        done = [run for run in trainer.folders() if run.status().state == "finished"]
        return done[0] if done else trainer.train(*arguments)


SMALL_CNN = (
    "--preset",
    "cnn",
    "--set",
    "blocks=8@3-same-max,16@3-same-max",
    "--set",
    "dense_units=32",
    "--epochs",
    "2",
)


@pytest.fixture(scope="session")
def finished_cnn(tmp_path_factory):
    """A finished run of a small convolutional network with batch normalization and dropout, two epochs."""
    return trained_once(tmp_path_factory, "cnn", *SMALL_CNN)


@pytest.fixture(scope="session")
def finished_mlp(tmp_path_factory):
    """One epoch of an MLP with batch normalization."""
    settings = ("--set", "hidden_units=64,32", "--set", "batch_normalization=true", "--set", "batch_size=200")
    return trained_once(tmp_path_factory, "mlp", "--preset", "mlp", "--epochs", "1", *settings)


@pytest.fixture(scope="session")
def finished_lenet(tmp_path_factory):
    """One epoch of a small LeNet, trained in bfloat16."""
    settings = ("--set", "blocks=4@5-valid-max,6@5-same-max", "--set", "dense_units=20", "--set", "precision=bfloat16")
    settings = ("--preset", "lenet-20-50", "--epochs", "1", "--set", "batch_size=200", *settings)
    return trained_once(tmp_path_factory, "lenet", *settings)


LAYERS = (
    "rescaling(2,-1) conv(6,3x5,relu,strides=2,l2=0.001) separable(8,3x3,same) leakyrelu(0.1) batchnorm "
    "spatialdropout(0.1) avgpool(2x3) prelu flatten layernorm dense(16,selu,use_bias=false,l1=0.0001)"
)


@pytest.fixture(scope="session")
def finished_layers(tmp_path_factory):
    """One epoch of a list of layers, with a smoothed loss, clipped gradients and an optimizer of Keras's own."""
    settings = {"layers": LAYERS, "loss": "categorical_crossentropy", "label_smoothing": 0.1, "optimizer": "nadam"}
    settings |= {"clipping": "norm", "batch_size": 200}
    changes = (part for name, value in settings.items() for part in ("--set", f"{name}={value}"))
    return trained_once(tmp_path_factory, "layers", "--preset", "layers", "--epochs", "1", *changes)


@pytest.fixture(params=[*(pytest.param(name, marks=pytest.mark.slow) for name in ("mlp", "lenet")), "cnn", "layers"])
def finished(request):
    """A finished run of each kind of network; a list of layers has in it what the first two have."""
    return request.getfixturevalue(f"finished_{request.param}")
