"""A run's notebook: what is in it, and that it runs from top to bottom."""

import ast
import json
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from core.config.keras_script import keras_sections
from core.config.presets import PRESETS
from core.data.datasets import DIGESTS, load
from core.export.notebook import missing_data, notebook
from core.runs.manifest import Manifest, Origin
from core.runs.status import Status
from tests.brought import bring
from tests.core.config.test_keras_script import AVERAGED, EVERYTHING, NETWORKS
from tests.core.export.executed_notebook import TEST
from tests.core.training.conftest import start

FINISHED = Status(state="finished", test_accuracy=0.9798, best_epoch=5)


def written(config, name="a run"):
    return nbformat.reads(notebook(name, Manifest(name, 0, config), FINISHED).decode(), as_version=4)


def code(document):
    return [cell.source for cell in document.cells if cell.cell_type == "code"]


def test_it_runs_from_top_to_bottom(tmp_path):
    path = tmp_path / "run.ipynb"
    config = PRESETS["mlp-512"].replace(hidden_units="16", epochs=2, validation="last-20")
    path.write_bytes(notebook("a run", Manifest("a run", 0, config), FINISHED))
    process = start("tests.core.export.executed_notebook", str(path))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    found = json.loads(out.splitlines()[-1])
    matrix = np.array(found["matrix"])
    assert matrix.sum() == TEST
    assert np.trace(matrix) / TEST == pytest.approx(found["accuracy"])
    assert f"{TEST - np.trace(matrix)} of {TEST} test images are misclassified" in out
    # training and validation, loss and accuracy, two epochs each
    assert found["curves"] == [2, 2, 2, 2]
    assert found["pictures"] == min(24, TEST - np.trace(matrix))


@pytest.mark.parametrize("config", [*NETWORKS.values(), AVERAGED], ids=[*NETWORKS, "averaged"])
def test_it_needs_nothing_but_keras_numpy_and_matplotlib(config):
    document = written(config)
    nbformat.validate(document)
    nodes = [
        node for node in ast.walk(ast.parse("\n".join(code(document)))) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    names = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in names} <= {"keras", "tensorflow", "numpy", "matplotlib", "math"}


def test_it_explains_each_part_and_marks_what_differs():
    config = PRESETS["mlp-512"].replace(learning_rate=0.003)
    text = "\n".join(cell.source for cell in written(config, "*my* <b>run</b>").cells if cell.cell_type == "markdown")
    heads = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    sections = ["Settings", "Data", "Network", "Training", "Evaluation", "Confusion matrix", "Misclassified images"]
    assert heads == [r"\*my\* \<b\>run\</b\>", *sections]
    assert "| Learning rate | **0.003** |" in text
    assert "| Batch size | 128 |" in text
    assert "97.98\xa0% after epoch 5" in text


def test_the_notebook_of_a_fork_says_that_it_starts_over():
    origin = Origin("mlp-512", "mlp-512", 3, optimizer_kept=False)
    document = notebook("a fork", Manifest("a fork", 0, PRESETS["mlp-512"], origin=origin), FINISHED).decode()
    assert "starts with random weights" in document
    assert "starts with random weights" not in str(written(PRESETS["mlp-512"]))


def test_its_code_is_formatted_as_by_ruff():
    source = "\n\n\n".join(code(written(EVERYTHING))) + "\n"
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    done = subprocess.run(ruff, input=source, capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line] == [line for line in source.splitlines() if line]


def test_the_notebook_of_brought_data_loads_its_file_and_names_its_classes(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path))
    bring(tmp_path, "scenes", classes=("leaf", 'a "stone"', "water"))
    config = PRESETS["layers"].replace(dataset="scenes")
    document = written(config)
    source = "\n\n\n".join(code(document)) + "\n"
    assert 'with np.load("scenes.npz") as file:' in source
    assert "keras.Input((12, 10, 3))" in source
    assert 'layers.Dense(3, activation="softmax", name="output")' in source
    assert "axis.imshow(x_test[place])" in source
    assert 'classes = ["leaf", "a \\"stone\\"", "water"]' in source
    ast.parse(source)
    assert "60 images to train on and 30 to test with, 12×10×3 values each, in 3 classes" in str(document.cells)
    assert "python -m core.data export scenes scenes.npz" in str(missing_data(config, {}, here=True))


@pytest.mark.mnist
def test_the_sample_of_mnist_is_made_from_what_keras_downloads():
    mnist, sample = load("mnist"), load("mnist-5k")
    digits = (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels)
    keras = SimpleNamespace(datasets=SimpleNamespace(mnist=SimpleNamespace(load_data=lambda: digits)))
    names = {"keras": keras, "np": np}
    exec(keras_sections(AVERAGED)["data"], names)
    np.testing.assert_array_equal(np.round(255 * names["x_train"][..., 0]), sample.train_images)
    np.testing.assert_array_equal(names["y_test"], sample.test_labels)


@pytest.mark.parametrize(
    ("dataset", "digest", "here", "key"),
    [
        ("mnist", DIGESTS["mnist"], True, None),
        ("mnist-5k", None, True, None),
        ("mnist", "0" * 64, True, "notebook.other_digits"),
        ("handwriting", None, True, "notebook.not_in_keras"),
        ("handwriting", None, False, "notebook.gone"),
    ],
)
def test_it_says_which_digits_are_missing(dataset, digest, here, key):
    environment = {"dataset_digest": digest} if digest else {}
    message = missing_data(PRESETS["cnn"].replace(dataset=dataset), environment, here=here)
    assert (message and message.key) == key
    if dataset == "handwriting":
        assert "python -m core.data handwriting --npz handwriting.npz" in str(message)
        assert str(message) in str(written(PRESETS["cnn"].replace(dataset=dataset)).cells) or not here
