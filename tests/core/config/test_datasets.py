"""What a run knows of its data set: built in, brought by a person, or read from the run alone."""

import json
import shutil

import pytest

from core.config.datasets import (
    ABOUT_FILE,
    BUILT_IN,
    CLASS_LENGTH,
    MOST_CLASSES,
    DataDescription,
    dataset_title,
    describe,
    known_names,
)
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import InvalidSetting
from tests.brought import bring


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder of data sets that a person brought."""
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path))
    return tmp_path


def test_a_set_that_a_person_brought_is_described_and_listed_after_the_built_in_ones(folder):
    brought = bring(folder, "scenes")
    assert describe("scenes") == brought
    assert known_names() == [*BUILT_IN, "scenes"]
    assert not brought.is_digits
    assert describe("mnist-5k").is_digits


def test_a_set_is_called_by_its_title(folder):
    bring(folder, "scenes")
    assert [str(dataset_title(name)) for name in ("mnist", "scenes", "gone")] == ["MNIST", "scenes", "gone"]
    about = json.loads((folder / "scenes" / ABOUT_FILE).read_text())
    (folder / "scenes" / ABOUT_FILE).write_text(json.dumps(about | {"title": "Scenes\nof a walk"}))
    assert str(dataset_title("scenes")) == "Scenes of a walk"


def test_an_unknown_set_is_an_error_that_names_the_built_in_ones():
    for name in ("letters", "../mnist", "", "x" * 200):
        with pytest.raises(InvalidSetting, match="mnist, mnist-5k, handwriting") as raised:
            RunConfig(dataset=name)
        assert raised.value.field == "dataset"


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [7, 28, 1]},
        {"shape": [28, 129, 1]},
        {"shape": [28, 28, 2]},
        {"shape": [28, 28]},
        {"shape": [28.0, 28, 1]},
        {"classes": ["only"]},
        {"classes": ["x"] * (MOST_CLASSES + 1)},
        {"classes": "ab"},
        {"classes": [1, 2]},
        {"training": 0},
        {"test": True},
        {"digest": "f" * 63},
        {"digest": None},
    ],
    ids=str,
)
def test_a_description_that_no_network_can_use_is_refused(changes):
    with pytest.raises(InvalidSetting):
        DataDescription.from_json(BUILT_IN["mnist"].to_json() | changes)


@pytest.mark.parametrize("values", [None, [], "mnist", {}, {"shape": None}])
def test_an_invalid_description_is_refused(values):
    with pytest.raises(InvalidSetting):
        DataDescription.from_json(values)


def test_names_of_classes_are_one_short_line():
    names = ["x" * 10_000, "a\nb\u202ec", "<b>", " \0 "]
    described = DataDescription.from_json(BUILT_IN["mnist"].to_json() | {"classes": names})
    assert len(described.classes[0]) == CLASS_LENGTH
    assert described.classes[1:] == ("a b c", "<b>", "3")


def test_a_run_is_read_without_its_data(folder):
    brought = bring(folder, "scenes", classes=("leaf", "stone", "water"))
    config = PRESETS["cnn"].replace(dataset="scenes", validation="last-20")
    written = json.loads(json.dumps(config.to_json()))
    shutil.rmtree(folder / "scenes")
    read = RunConfig.from_json(written)
    assert read == config
    assert read.data == brought
    assert (read.training_images, read.validation_images) == (48, 12)
    assert read.layer_table[0].input_shape == (12, 10, 3)
    assert read.layer_table[-1].output_shape == (3,)
    # a change keeps what the run knows, as long as its data set stays
    assert read.replace(seed=2).data == brought
    assert read.replace(dataset="mnist").data == BUILT_IN["mnist"]
    with pytest.raises(InvalidSetting):
        read.replace(dataset="scenes-2")


def test_a_run_of_an_earlier_version_has_the_built_in_description():
    written = PRESETS["mlp-512"].to_json()
    del written["data"]
    assert RunConfig.from_json(written) == PRESETS["mlp-512"]


def test_a_network_that_does_not_fit_the_images_is_refused(folder):
    bring(folder, "scenes")
    with pytest.raises(InvalidSetting, match="its 5×5 window is larger than its 4×3 input"):
        PRESETS["layers"].replace(dataset="scenes", layers="pool(3) conv(8,5x5) flatten")


def test_an_output_layer_in_a_text_must_match_the_classes(folder):
    bring(folder, "scenes")
    config = PRESETS["layers"].replace(dataset="scenes", layers="flatten dense(3,softmax)")
    assert [layer.name for layer in config.all_layers] == ["flatten_1", "output"]
    with pytest.raises(InvalidSetting, match="the output layer has 10 units, but the data set has 3 classes"):
        PRESETS["layers"].replace(dataset="scenes", layers="flatten dense(10,softmax)")
