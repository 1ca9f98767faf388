"""Data sets of five kinds go the whole way: added, looked at, trained on, examined, reported, and opened elsewhere."""

import gzip
import io
from dataclasses import fields

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from core.analysis.confusion import confusion_matrix
from core.analysis.mistakes import select
from core.bundle.open import open_bundle
from core.bundle.write import write_bundle
from core.config.datasets import describe
from core.data.adding import Texts, add, add_known
from core.data.datasets import load
from core.data.importing import Choices
from core.data.known import KNOWN
from core.export.report.document import html_report
from core.inference.classifier import load as read_classifier
from core.runs.exposure import exposure
from core.runs.folder import RunFolder
from core.runs.predictions import read_answers
from core.training.build import build
from tests.core.training.conftest import Trainer
from tests.pages.shown import component, sentences, sheet, texts

COLORS = ("leaf", "stone & <b>moss", "water")
LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
NETWORK = "conv(8,3x3,relu,same) pool(2) flatten dense(32,relu)"


def soft(classes, each, *, side=28, channels=0):
    """Images uint8 of soft patterns, one a class, with noise; and their labels in turn."""
    random = np.random.default_rng(classes)
    coarse = random.integers(0, 200, (classes, 4, 4, *(channels,) * bool(channels)))
    patterns = coarse.repeat(side // 4, axis=1).repeat(side // 4, axis=2)
    labels = np.tile(np.arange(classes), each)
    noise = random.integers(0, 56, (len(labels), *patterns.shape[1:]))
    return (patterns[labels] + noise).astype(np.uint8), labels.astype(np.uint8)


def fashion(monkeypatch):
    """Made images and labels of both parts; the known set is told to be as small."""
    images, labels = soft(10, 60)
    known = KNOWN["fashion-mnist"]
    values = {field.name: getattr(known, field.name) for field in fields(known)} | {"training": 500, "test": 100}
    monkeypatch.setitem(KNOWN, "fashion-mnist", type(known)(**values))
    return {"train": (images[:500], labels[:500]), "test": (images[500:], labels[500:])}


def fashion_csv(folder, monkeypatch):
    header = ",".join(["label", *(f"pixel{number}" for number in range(1, 785))])
    for part, (images, labels) in fashion(monkeypatch).items():
        table = np.column_stack([labels, images.reshape(len(images), -1)])
        np.savetxt(folder / f"fashion-mnist_{part}.csv", table, "%d", ",", header=header, comments="")
    return add_known("fashion-mnist", [folder], lambda *_: None)


def fashion_idx(folder, monkeypatch):
    for part, (images, labels) in fashion(monkeypatch).items():
        start = {"train": "train", "test": "t10k"}[part]
        for name, array in ((f"{start}-images-idx3-ubyte", images), (f"{start}-labels-idx1-ubyte", labels)):
            header = bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes()
            (folder / f"{name}.gz").write_bytes(gzip.compress(header + array.tobytes()))
    return add_known("fashion-mnist", [folder], lambda *_: None)


def colored_folder(folder, monkeypatch):  # noqa: ARG001 as the others
    images, labels = soft(3, 60, side=24, channels=3)
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = folder / COLORS[label] / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(image).resize([(24, 24), (30, 20), (16, 28)][number % 3]).save(path)
    return add("colors", [folder], Choices(), Texts(), lambda *_: None)


def letters(folder, monkeypatch):  # noqa: ARG001 as the others
    images, labels = soft(62, 20)
    np.savez(folder / "letters.npz", x=images, y=labels, class_names=np.array(LETTERS))
    return add("letters", [folder / "letters.npz"], Choices(), Texts(), lambda *_: None)


def eight_by_eight(folder, monkeypatch):  # noqa: ARG001 as the others
    digits = load_digits()
    np.savez(folder / "digits.npz", x=digits.images, y=digits.target)
    return add("digits", [folder / "digits.npz"], Choices(), Texts(), lambda *_: None)


@pytest.mark.parametrize(
    ("bring", "shape", "classes", "told"),
    [
        # two kinds at each run of the tests; the others take as long again
        pytest.param(fashion_csv, (28, 28, 1), KNOWN["fashion-mnist"].classes, "", marks=pytest.mark.slow),
        pytest.param(fashion_idx, (28, 28, 1), KNOWN["fashion-mnist"].classes, "", marks=pytest.mark.slow),
        (colored_folder, (24, 24, 3), COLORS, "3 different sizes"),
        pytest.param(letters, (28, 28, 1), LETTERS, "248 for the test", marks=pytest.mark.slow),
        pytest.param(
            eight_by_eight,
            (8, 8, 1),
            tuple("0123456789"),
            "The values went from 0 to 16",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_data_set_goes_the_whole_way(bring, shape, classes, told, app, runs_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    (tmp_path / "files").mkdir()
    about = bring(tmp_path / "files", monkeypatch)
    name = next((tmp_path / "data").glob("*/about.json")).parent.name
    assert (about.description.shape, about.description.classes) == (shape, classes)
    assert told in " ".join(str(finding.message) for finding in about.findings)
    test = app("data", dataset=name, aspect="sets")
    assert f"{about.description.training:,}" in texts(test)

    settings = {"layers": NETWORK, "validation": "last-20", "batch_size": 16, "optimizer": "adam"}
    changes = (part for key, value in settings.items() for part in ("--set", f"{key}={value}"))
    code, line, err = Trainer(runs_dir).run("--dataset", name, "--preset", "layers", "--epochs", "2", *changes)
    assert code == 0, err
    folder, data = RunFolder(runs_dir / line.rpartition("/")[2]), load(name)
    manifest = folder.manifest()
    config, epoch = manifest.config, folder.status().best_epoch
    assert config.data == describe(name)
    assert exposure(manifest, data) == "unseen"

    answers = read_answers(folder, config, epoch, "test")
    assert np.array_equal(answers.labels, data.test_labels)
    assert answers.accuracy > min(0.6, 3 / len(classes))
    assert confusion_matrix(answers).shape == (len(classes),) * 2
    test = app("results", run=folder.id)
    assert len(component(test, "digit-table.classes")["rows"]) == len(classes)
    assert not sentences(test)

    wrong = select(answers)
    test = app("mistakes", run=folder.id)
    shown = sheet(test, "mistakes.sheet") or []
    assert bool(shown) == bool(len(wrong))
    assert shown == wrong[: len(shown)].tolist()

    # a mistake if there is one, else the most doubtful image
    index = int(wrong[0] if len(wrong) else np.argmin(answers.margin))
    image = data.test_images[index] / np.float32(255)
    network = read_classifier(folder)
    outputs = network.activations(image)
    np.testing.assert_allclose(list(outputs.values())[-1], answers.probabilities[index], atol=5e-3)
    assert not sentences(app("inside", run=folder.id, digit=index))

    report = html_report(folder, manifest, folder.status(), answers, data.test_images, epoch)
    assert "<b>moss" not in report
    assert name in report

    bundle = io.BytesIO()
    write_bundle(folder, bundle)
    bundle.seek(0)
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "elsewhere"))
    opened = RunFolder(tmp_path / "there" / open_bundle(bundle, tmp_path / "there", build=build).run_id)
    assert opened.manifest().config.data == about.description
    np.testing.assert_array_equal(read_answers(opened, config, epoch, "test").probabilities, answers.probabilities)
    np.testing.assert_array_equal(
        read_classifier(opened).probabilities(image[None]), network.probabilities(image[None])
    )
