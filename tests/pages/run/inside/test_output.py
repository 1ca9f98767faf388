"""Look inside: softmax and loss with the digit's own numbers."""

import numpy as np
import pytest

from core import formatting as figures
from core.data import datasets
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.pages.conftest import figure, texts, widget

RUN = "cnn-16-36-5k"


@pytest.fixture
def inside(app):
    datasets.load("mnist-5k")  # ready before the page asks

    def open_part(**parameters):
        test = app("inside", **({"part": "output", "run": RUN, "digit": 8} | parameters))
        assert not test.exception
        return test

    return open_part


def own():
    data = datasets.load("mnist-5k")
    image = data.test_images[8].astype(np.float32) / 255
    return load(RunFolder(SHIPPED_DIR / RUN)).probabilities(image[None])[0].astype(np.float64), data.test_labels[8]


def test_probabilities_and_loss(inside):
    test = inside()
    probabilities, label = own()
    (table,) = (element.proto.body for element in test.get("html") if "<table" in element.proto.body)
    for probability in probabilities:
        assert figures.percent(probability) in table
    assert f"**p({label})**" in texts(test)
    loss = -np.log(probabilities[label])
    said = float(texts(test).rpartition("**Loss**")[2].split("**")[1].replace("·10⁻", "e-").translate(SUPERSCRIPTS))
    assert said == pytest.approx(loss, rel=0.01, abs=1e-5)


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def test_the_answers_logit_is_taken_apart_and_another_can_be_chosen(inside):
    test = inside()
    probabilities, _ = own()
    answer = int(probabilities.argmax())
    logits = {}
    for digit in (answer, 3):
        (bars,) = figure(test)
        assert sum(bars["x"][:-1]) == pytest.approx(bars["x"][-1])
        logits[digit] = bars["x"][-1]
        widget(test, "segmented_control", "view.map").set_value(3).run()
        assert not test.exception
    assert logits[answer] - logits[3] == pytest.approx(np.log(probabilities[answer] / probabilities[3]), abs=1e-3)
    assert test.query_params["layer"] == "output"
    assert test.query_params["map"] == "3"


def test_the_sum_of_the_tutorials_parameters(app):
    test = app("inside", part="output", run="mlp-512")
    assert "406,528 weights + 522 biases = 407,050 parameters" in [expander.label for expander in test.expander]
    assert "784 × 512 + 512 × 10 = **406,528** weights" in texts(test)


def test_a_link_to_a_class_that_is_none(inside):
    test = inside(layer="output", map=40)
    assert "There is no class 40; this is 9." in texts(test)


def test_of_a_drawing_a_person_says_what_it_is(inside, monkeypatch):
    inside()
    rgba = np.full((84, 84, 4), 255, np.uint8)
    rgba[20:64, 40:46, :3] = 0
    monkeypatch.setattr("pages.run.inside.subject.latest_picture", lambda: rgba)
    test = inside(subject="drawing")
    (asked,) = (box for box in test.selectbox if (box.key or "").startswith("inside.true."))
    read = int(asked.options[0].partition(",")[0])
    assert asked.options[0] == f"{read}, as the network reads it"
    assert f"**p({read})**" in texts(test)
    asked.set_value((read + 1) % 10).run()
    assert f"**p({(read + 1) % 10})**" in texts(test)
    # the other parts know it too
    widget(test, "segmented_control", "view.part").set_value("occlusion").run()
    assert not test.exception
    assert f"{(read + 1) % 10}" in next(box.value for box in test.caption if box.value.startswith("Red:"))
