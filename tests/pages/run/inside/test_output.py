"""Look inside: softmax and loss in the digit's own numbers."""

from html import escape

import numpy as np
import pytest

from core import formatting as figures
from tests.pages.run.inside.conftest import network, shown_digit
from tests.pages.shown import figure, texts, widget

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@pytest.fixture
def page(inside):
    return lambda **parameters: inside(part="output", **parameters)


def probabilities():
    return network()[2]["output"].astype(np.float64)


def test_probabilities_and_loss_are_the_networks(page):
    test, label = page(), shown_digit()[1]
    table = next(element.proto.body for element in test.get("html") if "<table" in element.proto.body)
    for probability in probabilities():
        assert escape(figures.probability(probability)) in table
    assert f"**p({label})**" in texts(test)
    loss = float(texts(test).rpartition("**Loss**")[2].split("**")[1].replace("·10⁻", "e-").translate(SUPERSCRIPTS))
    assert loss == pytest.approx(-np.log(probabilities()[label]), rel=0.01, abs=1e-5)


def test_the_terms_of_a_logit_add_up(page):
    test = page()
    answer = int(probabilities().argmax())
    logits = {}
    for digit in (answer, 3):
        (bars,) = figure(test)
        assert sum(bars["x"][:-1]) == pytest.approx(bars["x"][-1])
        logits[digit] = bars["x"][-1]
        widget(test, "segmented_control", "view.map").set_value(3).run()
        assert not test.exception
    ratio = probabilities()[answer] / probabilities()[3]
    assert logits[answer] - logits[3] == pytest.approx(np.log(ratio), abs=1e-3)
    assert test.query_params["layer"] == "output"
    assert test.query_params["map"] == "3"


def test_the_parameters_are_summed(page):
    test = page(run="mlp-512")
    assert "406,528 weights + 522 biases = 407,050 parameters" in [expander.label for expander in test.expander]
    assert "784 × 512 + 512 × 10 = **406,528** weights" in texts(test)


def test_a_link_to_an_unknown_class_shows_the_last(page):
    assert "Class 40 does not exist; 9 is shown." in texts(page(layer="output", map=40))


def test_the_visitor_says_what_a_drawing_is(page, monkeypatch):
    page()
    rgba = np.full((84, 84, 4), 255, np.uint8)
    rgba[20:64, 40:46, :3] = 0
    monkeypatch.setattr("pages.run.inside.subject.latest_picture", lambda: rgba)
    test = page(subject="drawing")
    (asked,) = (box for box in test.selectbox if (box.key or "").startswith("inside.true."))
    predicted = int(asked.options[0].partition(",")[0])
    assert asked.options[0] == f"{predicted}, the prediction"
    assert f"**p({predicted})**" in texts(test)
    other = (predicted + 1) % 10
    asked.set_value(other).run()
    assert f"**p({other})**" in texts(test)
    # shared by the other parts
    widget(test, "segmented_control", "view.part").set_value("occlusion").run()
    assert not test.exception
    assert f"{other}" in next(box.value for box in test.caption if box.value.startswith("Red:"))
