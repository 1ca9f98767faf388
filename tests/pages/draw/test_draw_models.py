"""Several models read one drawing; an unusable one is named and the others still read."""

import json

import numpy as np
import pytest

from core.drawing.to_mnist import to_mnist
from core.inference import load
from core.runs.owner import Owner
from tests.hand_drawn import DIGITS, on_canvas
from tests.kept_model import kept_model
from tests.pages.draw.conftest import BEST, WEIGHTS, Pen, answer, bars, change, expected, table
from tests.pages.shown import component, sentences, tables, texts, widget

FOUR = DIGITS[4]
DIGIT = to_mnist(on_canvas(FOUR))


def drawn(test):
    """The page with a drawn four."""
    return Pen(test).draw(*FOUR).test


def test_a_model_that_disagrees_is_marked(app, network):
    first = network("first", accuracy=0.9)
    network("same", accuracy=0.8)
    network("turned", turned=3, accuracy=0.7)
    test = drawn(app("draw"))
    assert answer(test) == 4
    assert sorted(table(test)) == [("first, epoch 15", "4"), ("same, epoch 15", "4"), ("turned, epoch 15", "7≠")]
    assert table(test)[0][0].startswith("first")
    # rolling the classes does not change the confidence
    confidence = max(expected(first, DIGIT)[1], key=lambda text: float(text.strip(">\N{NO-BREAK SPACE} %") or 0))
    assert [row[2] for row in tables(test)[0][1:]] == [confidence] * 3


def test_the_default_model_is_the_included_one_for_drawings_or_the_most_accurate(app, network):
    network("good", accuracy=0.99)
    network("turned", turned=1, accuracy=0.9)
    assert answer(drawn(app("draw"))) == 4
    network("handwriting", turned=2, accuracy=0.95, shipped=True)
    assert answer(drawn(app("draw"))) == 6


def test_the_drawing_stays_when_another_model_is_chosen(app, network):
    network("good", accuracy=0.99)
    network("turned", turned=1, accuracy=0.9)
    pen = Pen(app("draw")).draw(*FOUR)
    widget(pen.test, "selectbox", "view.model").set_value("turned")
    pen.run()
    assert table(pen.test) == [("turned, epoch 15", "5"), ("good, epoch 15", "4≠")]
    assert (answer(pen.test), pen.test.query_params["model"]) == (5, "turned")
    widget(pen.test, "multiselect", "view.others").set_value([])
    pen.run()
    assert table(pen.test) == [("turned, epoch 15", "5")]
    assert pen.test.query_params["others"] == "none"


def test_an_epoch_can_be_chosen_by_link_and_by_slider(app, network):
    folder = network("reader", epochs={0: 5, 3: 2})
    test = drawn(app("draw", model="reader", model_epoch=3))
    assert (answer(test), bars(test)) == expected(folder, DIGIT, 3)
    assert answer(test) == 6
    assert "Prediction by reader, epoch 3" in texts(test)
    slider = widget(test, "select_slider", "view.model_epoch")
    assert (slider.value, slider.options) == (3, ["0", "3", str(BEST)])
    for epoch, read in ((0, 9), (BEST, 4)):
        pen = Pen(test)
        widget(test, "select_slider", "view.model_epoch").set_value(epoch)
        pen.run()
        assert answer(test) == read
        assert test.query_params["model_epoch"] == str(epoch)


def test_the_best_epochs_saved_model_is_used_without_its_weights_file(app, network):
    folder = network("reader", epochs={12: 1, 20: 2})
    folder.weights(BEST).unlink()
    (folder.path / "model.tflite").write_bytes(kept_model())
    test = drawn(app("draw"))
    assert answer(test) == 4
    assert "Prediction by reader, epoch 15" in texts(test)
    assert widget(test, "select_slider", "view.model_epoch").options == ["12", "15", "20"]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"model_epoch": 7}, "This run has no epoch 7; epoch 3 is shown."),
        ({"others": "gone,b"}, "There is no run gone; the other models are shown."),
        ({"model": "../../etc"}, "There is no run ../../etc; the other models are shown."),
        ({"source": "dream"}, "source"),
    ],
)
def test_an_invalid_link_is_reported_and_the_drawing_read(app, network, link, said):
    network("a", accuracy=0.9, epochs={3: 0})
    network("b")
    test = app("draw", **link)
    (sentence,) = sentences(test)
    assert said in sentence
    assert answer(drawn(test)) == 4
    assert len(table(test)) == 2


def damage(name, content):
    return lambda folder: (folder.path / name).write_bytes(content)


def change_network(folder):
    config = json.loads((folder.path / "run.json").read_text())["config"]
    change(folder.path / "run.json", config=config | {"blocks": ["8@5-same-max", "36@5-same-max"]})


HARMS = {
    "damaged run.json": damage("run.json", b'{"name": '),
    "damaged network": damage("network.tflite", b"no network"),
    "damaged weights": damage(f"checkpoints/epoch-{BEST:04d}.weights.h5", WEIGHTS.read_bytes()[:2000]),
    "no weights": lambda folder: folder.weights(BEST).unlink(),
    "no network": lambda folder: (folder.path / "network.tflite").unlink(),
    "another network": change_network,
}


SIMILAR = {"damaged weights", "no network"}
"""The page treats them as the other file that is damaged or missing."""


@pytest.mark.parametrize(
    "harm", [pytest.param(name, marks=pytest.mark.slow if name in SIMILAR else ()) for name in HARMS]
)
def test_an_unusable_model_is_named_and_the_others_still_read(app, network, harm):
    network("a", accuracy=0.9)
    network("b")
    harmed = network("harmed")
    HARMS[harm](harmed)
    for accuracy, link in ((0.95, {}), (0.1, {}), (0.1, {"model": "harmed"}), (0.1, {"others": "harmed,b"})):
        change(harmed.path / "status.json", test_accuracy=accuracy)
        test = drawn(app("draw", **link))
        assert answer(test) == 4
        assert [name for name, _ in table(test)] == ["a, epoch 15", "b, epoch 15"]
        assert "harmed" in texts(test).replace("\\", "")
        for text in sentences(test):
            assert text.startswith("harmed cannot be used: ") and text.endswith("The other models are shown.")


def test_no_usable_model_is_reported(app, network):
    assert "No run can be used yet." in texts(app("draw"))
    for name in ("harmed", "spoilt"):
        network(name).weights(BEST).unlink()
    test = drawn(app("draw"))
    assert answer(test) is None
    (said,) = (text for text in sentences(test) if "cannot be used" in text)
    assert "harmed" in said and "spoilt" in said


def test_a_run_that_has_just_started_is_not_used(app, network):
    network("reader")
    begun = network("begun", accuracy=0.99)
    begun.change_status(state="training", owner=Owner.this(), epoch=0, best_epoch=None, test_accuracy=None)
    (begun.path / "network.tflite").unlink()
    test = drawn(app("draw"))
    assert (answer(test), table(test), sentences(test)) == (4, [("reader, epoch 15", "4")], [])


def test_the_maps_of_the_first_two_convolutions_are_shown(app, network):
    folder = network("reader")
    test = drawn(app("draw"))
    maps = load(folder).activations(DIGIT)
    for name, shape in (("conv_1", "28×28"), ("conv_2", "14×14")):
        count = maps[name].shape[-1]
        labels = [digit["label"] for digit in component(test, f"maps.{name}")["digits"]]
        assert labels == [str(number + 1) for number in range(count)]
        assert f"{name}: {count} maps of {shape}" in texts(test)
    assert np.isfinite(maps["conv_1"]).all()
