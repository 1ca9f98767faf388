"""Colored images of three classes, as a person might bring them, go the whole way through the real worker."""

import io
import json
import re
import shutil
import zipfile

import keras
import numpy as np
import pytest

from core.analysis.confusion import confusion_matrix, per_class
from core.bundle.open import open_bundle
from core.bundle.write import write_bundle
from core.data.datasets import load
from core.errors import DigitLabError
from core.explain.occlusion import occlusion
from core.export.keras_files import keras_model
from core.export.report.document import html_report
from core.inference.classifier import load as read_classifier
from core.runs.exposure import exposure
from core.runs.first_updates import read_steps
from core.runs.folder import RunFolder
from core.runs.predictions import images_of, read_answers, read_history
from core.training.build import build
from core.training.worker import run as train
from tests.brought import bring
from tests.core.training.conftest import Trainer

CLASSES = ("leaf", "stone & <b>moss</b>", "water")
SETTINGS = {
    "layers": "conv(8,3x3,relu,same) pool(2) flatten dense(16,relu)",
    "augmentation": "light",
    "validation": "last-20",
    "batch_size": 8,
    "learning_rate": 0.01,
    "loss": "categorical_crossentropy",
}


@pytest.fixture(scope="module")
def brought(tmp_path_factory):
    """The folder of data, with a data set that has been trained on, its description, and the run."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("data")
        patch.setenv("DIGIT_LAB_DATA", str(folder))
        description = bring(folder, "scenes", classes=CLASSES, training=300)
        trainer = Trainer(tmp_path_factory.mktemp("scenes") / "runs")
        changes = (part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}"))
        code, line, err = trainer.run("--dataset", "scenes", "--preset", "layers", "--epochs", "1", *changes)
        assert code == 0, err
        yield folder, description, RunFolder(trainer.runs_dir / line.rpartition("/")[2])


def test_its_answers_are_those_of_the_network_that_it_keeps(brought):
    _, description, folder = brought
    manifest, data = folder.manifest(), load("scenes")
    config = manifest.config
    assert config.data == data.description == description
    assert [row.output_shape for row in config.layer_table][-1] == (3,)
    answers = read_answers(folder, config, 1, "test")
    images = images_of(data, "test") / np.float32(255)
    np.testing.assert_allclose(read_classifier(folder).probabilities(images), answers.probabilities, atol=2e-3)
    assert exposure(manifest, data) == "unseen"
    table = per_class(confusion_matrix(answers))
    assert table["support"].tolist() == [10, 10, 10]
    # three plain colors are distinguished after one epoch
    assert answers.accuracy > 0.6
    assert read_history(folder, config, (0, 1), "validation").classes == 3
    steps = read_steps(folder)
    assert steps.images.shape[2:] == (12, 10, 3)


def test_the_place_that_matters_is_found_by_covering_it(brought):
    *_, folder = brought
    image = load("scenes").test_images[0] / np.float32(255)
    found = occlusion(read_classifier(folder).probabilities, image, patch=4, step=1)
    assert found.covered.shape == (12, 10, 3)
    assert np.abs(found.change(0)).max() > 0


def test_its_model_opens_in_keras(brought, tmp_path):
    *_, folder = brought
    (tmp_path / "scenes.keras").write_bytes(keras_model(folder, 1))
    model = keras.models.load_model(tmp_path / "scenes.keras")
    images = load("scenes").test_images[:5] / np.float32(255)
    np.testing.assert_allclose(model(images), read_classifier(folder).probabilities(images), atol=1e-5)


def test_its_report_names_the_classes(brought):
    *_, folder = brought
    manifest, images = folder.manifest(), load("scenes").test_images
    answers = read_answers(folder, manifest.config, 1, "test")
    page = html_report(folder, manifest, folder.status(), answers, images, 1)
    assert page.count("stone &amp; &lt;b&gt;moss&lt;/b&gt;") > 3
    assert "<b>moss</b>" not in page
    assert re.search(r"guessing gives 1\.0", page)
    assert "scenes" in page


def test_its_bundle_reads_without_the_data_and_says_what_it_needs(brought, tmp_path, monkeypatch):
    _, description, folder = brought
    file = io.BytesIO()
    write_bundle(folder, file)
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "elsewhere"))
    file.seek(0)
    opened = RunFolder(tmp_path / open_bundle(file, tmp_path, build=build).run_id)
    manifest = opened.manifest()
    assert manifest.config.data == description
    assert manifest.data_digest == description.digest
    for epoch in (0, 1):
        theirs = read_answers(folder, manifest.config, epoch, "test")
        np.testing.assert_array_equal(read_answers(opened, manifest.config, epoch, "test").labels, theirs.labels)
    assert read_classifier(opened).probabilities(np.zeros((1, 12, 10, 3), np.float32)).shape == (1, 3)
    with pytest.raises(DigitLabError):
        load("scenes")


def test_a_bundle_whose_arrays_do_not_fit_its_description_is_refused(brought, tmp_path):
    *_, folder = brought
    file = io.BytesIO()
    write_bundle(folder, file)
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == "run.json":
                values = json.loads(content)
                values["config"]["data"]["classes"].append("sky")
                content = json.dumps(values).encode()
            target.writestr(entry, content)
    changed.seek(0)
    with pytest.raises(DigitLabError, match="epoch-0000"):
        open_bundle(changed, tmp_path, build=build)


def test_a_run_is_not_resumed_on_data_that_have_changed(brought, tmp_path, monkeypatch):
    *_, folder = brought
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    bring(tmp_path / "data", "scenes", classes=CLASSES, training=301)
    copy = RunFolder(tmp_path / folder.id)
    shutil.copytree(folder.path, copy.path)
    assert str(train(copy).message) == "scenes has changed since this run was queued or started. Start a new run."
