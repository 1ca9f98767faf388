"""Without MNIST, pages open with available digits, and never call a model's training digits its test."""

import pytest

from core.config.presets import PRESETS
from core.data import datasets
from tests.pages.actions import complete, turn
from tests.pages.shown import sheet, texts, widget

OFFLINE = "cnn-quick-5k"
MISSING = "MNIST is not available."


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def sample(without_mnist, cache, monkeypatch):  # noqa: ARG001 sets another cache
    """The sample, prepared once for all tests."""
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(cache))
    return datasets.load("mnist-5k")


def shown_run(test, name="view.run"):
    return widget(test, "selectbox", name).value


@pytest.mark.parametrize("page", ["results", "mistakes", "inside", "learn"])
def test_a_page_opens_a_run_whose_digits_are_available(app, page):
    test = app(page, lesson="step", digit=8)
    assert shown_run(test) == OFFLINE
    assert MISSING not in texts(test)
    assert page != "inside" or "Test image 8, label " in texts(test)
    assert page != "learn" or sheet(test, "lessons.batch")
    # other pages keep the run
    assert shown_run(turn(test, "results")) == OFFLINE


def test_an_own_run_with_available_digits_precedes_newer_ones(app, make_run):
    own = make_run("finished", errors={1: 20, 3: 10})
    make_run("finished", config=PRESETS["mlp-512"].replace(dataset="mnist"))
    assert shown_run(app("results")) == own.id


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("train", {}),
        ("results", {"run": "cnn-16-36"}),
        ("mistakes", {"run": "cnn-16-36"}),
        ("runs", {"runs": "cnn-16-36,mlp-512"}),
        ("learn", {"lesson": "step", "run": "mlp-512"}),
    ],
)
def test_missing_mnist_is_reported_in_one_line(app, settled, page, parameters):
    test = settled(lambda: app(page, **parameters))
    assert texts(test).count(MISSING) == 1
    assert [button.key for button in test.button if button.key == "data.retry"] == ["data.retry"]
    assert not test.warning
    assert not test.info


@pytest.mark.parametrize("run", ["mlp-512", "cnn-16-36", "handwriting"])
def test_training_digits_are_not_called_test_digits(app, run):
    test = app("inside", run=run, digit=8)
    assert "This network was trained on it, so this is not a test." in texts(test)
    assert "test image" not in texts(test).lower()
    mistakes = app("inside", run=run, subject="mistake")
    assert "The images of its mistakes are not available" in texts(mistakes)
    assert "test image" not in texts(mistakes).lower()


@pytest.mark.parametrize(("run", "kind"), [("mlp-512", "training images"), (OFFLINE, "test images")])
def test_the_map_names_training_or_test_digits(app, run, kind):
    assert f"1,000 {kind} as" in texts(complete(app("inside", run=run, part="map")))


def test_a_test_digit_is_read_by_a_model_not_trained_on_it(app, sample):
    test = app("draw", source="test", index=8)
    assert shown_run(test, "view.model") == OFFLINE
    assert f"Test digit 8 of MNIST sample (5,000), a {int(sample.test_labels[8])}" in texts(test)
    assert "Not a test for cnn-16-36, mlp-512: trained on this digit." in texts(test).replace("\\", "")
    # a drawing is new to all models
    test = app("draw")
    assert shown_run(test, "view.model") == "handwriting"
    assert "trained on this digit" not in texts(test)
