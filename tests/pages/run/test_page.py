"""A run's page: one header, and a tab for each part, of which only the open one is drawn."""

import pytest

from core.data import datasets
from tests.pages.actions import turn
from tests.pages.conftest import TABS
from tests.pages.shown import sentences, sheet, texts, widget

MARKS = {
    "curves": lambda test: "Validation loss" in texts(test) or test.get("progress"),
    "results": lambda test: [one for one in test.toggle if (one.key or "").startswith("view.shares.")],
    "mistakes": lambda test: sheet(test, "mistakes.sheet"),
    "inside": lambda test: [one for one in test.get("button_group") if (one.key or "").startswith("view.part.")],
    "settings": lambda test: test.code,
}
"""What only this tab draws."""


@pytest.fixture(autouse=True, scope="module")
def sample():
    """The digits of the sample, which a page would otherwise prepare behind its first answer."""
    datasets.load("mnist-5k")


@pytest.mark.parametrize("tab", TABS)
def test_only_the_open_tab_is_drawn(app, tab):
    test = app("run", run="cnn-16-36-5k", tab=tab)
    assert [name for name, drawn in MARKS.items() if drawn(test)] == [tab]
    assert test.title[0].value == "cnn\\-16\\-36\\-5k"
    assert not sentences(test)


def test_run_epoch_and_digits_are_chosen_once_for_all_tabs(app, make_run):
    first = make_run("finished", errors={1: 30, 3: 10})
    make_run("finished", errors={1: 50, 3: 20}, seed=1)
    test = app("run", run=first.id)
    for tab in ("results", "mistakes", "results"):
        turn(test, tab)
        if tab == "mistakes":
            widget(test, "button_group", "view.images").set_value("validation").run()
            widget(test, "select_slider", "view.epoch").set_value(1).run()
    assert test.query_params == {"tab": "results", "run": first.id, "epoch": "1", "images": "validation"}
    assert widget(test, "select_slider", "view.epoch").value == 1


def test_an_unknown_tab_shows_the_curves_with_a_sentence(app):
    test = app("run", run="mlp-512", tab="weights")
    assert sentences(test) == ["The link's tab is weights; use one of curves, results, mistakes, inside, settings."]
    assert MARKS["curves"](test)


def test_a_run_that_cannot_be_read_is_named_and_another_shown(app, make_run):
    broken = make_run("finished")
    (broken.path / "run.json").write_text("{")
    test = app("run", run=broken.id, tab="results")
    assert len(sentences(test)) == 1
    assert f"The run {broken.id} cannot be read: run.json" in sentences(test)[0]
    assert MARKS["results"](test)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"tab": "mistakes", "run": "cnn-16-36-5k", "digit": 9999}, "Image 9999 does not exist"),
        ({"tab": "inside", "run": "cnn-16-36-5k", "digit": 9999}, "Image 9999 does not exist"),
        ({"tab": "inside", "run": "mlp-512", "part": "convolution", "layer": "conv_2"}, "no convolution"),
        ({"tab": "results", "run": "mlp-best", "epoch": 3}, "This run has no epoch 3; epoch 60 is shown."),
        ({"tab": "results", "run": "mlp-512", "images": "validation"}, "test images are shown"),
    ],
)
def test_a_value_of_another_run_shows_the_nearest_with_a_sentence(app, link, said):
    test = app("run", **link)
    assert said in "\n".join([texts(test), *sentences(test)])
    assert len(sentences(test)) <= 1
    assert MARKS[link["tab"]](test)


@pytest.mark.parametrize("page", ["train", "curves"])
def test_the_charts_are_given_a_height(app, page):
    styles = [element.proto.body for element in app(page, run="mlp-512").get("html")]
    assert any("st-key-live_chart" in style and "clamp(" in style for style in styles)
