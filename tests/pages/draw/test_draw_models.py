"""Several models read one drawing; an unusable one is named and the others still read."""

import json

import numpy as np
import pytest

from core.drawing.to_mnist import to_mnist
from core.inference import load
from core.runs.owner import Owner
from tests.hand_drawn import DIGITS, on_canvas
from tests.kept_model import kept_model
from tests.pages.conftest import sentences, texts, widget
from tests.pages.draw.conftest import BEST, Pen, answer, bars, change, expected, network, table  # noqa: F401 a fixture

FOUR = DIGITS[4]
DIGIT = to_mnist(on_canvas(FOUR))


def drawn(test):
    """The page with a drawn four."""
    return Pen(test).draw(*FOUR).test


def test_a_model_that_disagrees_is_marked(app, network):  # noqa: F811
    first = network("first", accuracy=0.9)
    network("same", accuracy=0.8)
    network("turned", turned=3, accuracy=0.7)
    test = drawn(app("draw"))
    assert answer(test) == 4
    assert sorted(table(test)) == [("first, epoch 15", "4"), ("same, epoch 15", "4"), ("turned, epoch 15", "7≠")]
    assert table(test)[0][0].startswith("first")
    # rolling the classes does not change the confidence
    assert test.table[0].value.iloc[:, 2].tolist() == [max(expected(first, DIGIT)[1], key=shares)] * 3


def shares(text):
    return float(text.removesuffix(" %"))


def test_the_default_model_is_the_included_one_for_drawings_or_the_most_accurate(app, network):  # noqa: F811
    network("good", turned=1, accuracy=0.99)
    network("poor", accuracy=0.9)
    assert answer(drawn(app("draw"))) == 5
    network("handwriting", turned=2, accuracy=0.95, shipped=True)
    assert answer(drawn(app("draw"))) == 6


def test_the_drawing_stays_when_another_model_is_chosen(app, network):  # noqa: F811
    network("good", accuracy=0.99)
    network("turned", turned=1, accuracy=0.9)
    pen = Pen(app("draw")).draw(*FOUR)
    assert answer(pen.test) == 4
    widget(pen.test, "selectbox", "view.model").set_value("turned")
    pen.run()
    assert answer(pen.test) == 5
    assert table(pen.test) == [("turned, epoch 15", "5"), ("good, epoch 15", "4≠")]
    assert pen.test.query_params["model"] == "turned"
    widget(pen.test, "multiselect", "view.others").set_value([])
    pen.run()
    assert table(pen.test) == [("turned, epoch 15", "5")]
    assert pen.test.query_params["others"] == "none"


def test_an_epoch_can_be_chosen_by_link_and_by_slider(app, network):  # noqa: F811
    folder = network("reader", epochs={0: 5, 3: 2})
    test = drawn(app("draw", model="reader", model_epoch=3))
    assert (answer(test), bars(test)) == expected(folder, DIGIT, 3)
    assert answer(test) == 6
    assert "Read by reader, epoch 3." in texts(test)
    slider = widget(test, "select_slider", "view.model_epoch")
    assert (slider.value, slider.options) == (3, ["0", "3", str(BEST)])
    for epoch, read in ((0, 9), (BEST, 4)):
        pen = Pen(test)
        widget(test, "select_slider", "view.model_epoch").set_value(epoch)
        pen.run()
        assert answer(test) == read
        assert test.query_params["model_epoch"] == str(epoch)


def test_the_best_epochs_saved_model_is_used_without_its_weights_file(app, network):  # noqa: F811
    folder = network("reader", epochs={12: 1, 20: 2})
    folder.weights(BEST).unlink()
    (folder.path / "model.tflite").write_bytes(kept_model())
    test = drawn(app("draw"))
    assert answer(test) == 4
    assert "Read by reader, epoch 15." in texts(test)
    assert widget(test, "select_slider", "view.model_epoch").options == ["12", "15", "20"]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"model_epoch": 7}, "There is no epoch 7 in this run; this is epoch 3."),
        ({"model_epoch": "none"}, "epoch"),
        ({"model": "gone"}, "There is no run gone here; the others go on."),
        ({"others": "gone,b"}, "There is no run gone here; the others go on."),
        ({"model": "../../etc"}, "There is no run ../../etc here; the others go on."),
        ({"source": "dream"}, "source"),
    ],
)
def test_an_invalid_link_is_reported_and_the_drawing_read(app, network, link, said):  # noqa: F811
    network("a", accuracy=0.9, epochs={3: 0})
    network("b")
    test = app("draw", **link)
    (sentence,) = sentences(test)
    assert said in sentence
    assert answer(drawn(test)) == 4
    assert len(table(test)) == 2


def damage_list(folder):
    (folder.path / "run.json").write_text('{"name": ')


def damage_network(folder):
    (folder.path / "network.tflite").write_bytes(b"no network")


def damage_weights(folder):
    folder.weights(BEST).write_bytes(folder.weights(BEST).read_bytes()[:2000])


def remove_weights(folder):
    folder.weights(BEST).unlink()


def remove_network(folder):
    (folder.path / "network.tflite").unlink()


def another_network(folder):
    config = json.loads((folder.path / "run.json").read_text())["config"]
    change(folder.path / "run.json", config=config | {"blocks": ["8@5-same-max", "36@5-same-max"]})


@pytest.mark.parametrize(
    "harm", [damage_list, damage_network, damage_weights, remove_weights, remove_network, another_network]
)
@pytest.mark.parametrize(
    ("link", "accuracy"),
    [({}, 0.95), ({}, 0.1), ({"model": "harmed"}, 0.1), ({"others": "harmed,b"}, 0.1)],
    ids=["by itself", "beside by itself", "first", "beside"],
)
def test_an_unusable_model_is_named_and_the_others_still_read(app, network, harm, link, accuracy):  # noqa: F811
    network("a", accuracy=0.9)
    network("b")
    harm(network("harmed", accuracy=accuracy))
    test = drawn(app("draw", **link))
    assert answer(test) == 4
    assert [name for name, _ in table(test)] == ["a, epoch 15", "b, epoch 15"]
    assert "harmed" in texts(test).replace("\\", "")
    assert all(
        text.startswith("harmed cannot read: ") and text.endswith("The others go on.") for text in sentences(test)
    )


def test_no_usable_model_is_reported(app, network):  # noqa: F811
    assert "No run can read here." in texts(app("draw"))
    harmed = network("harmed")
    remove_weights(harmed)
    test = drawn(app("draw"))
    assert answer(test) is None
    assert "harmed cannot read" in texts(test)


def test_a_run_that_has_just_started_is_not_used(app, network):  # noqa: F811
    network("reader")
    begun = network("begun", accuracy=0.99)
    begun.change_status(state="training", owner=Owner.this(), epoch=0, best_epoch=None, test_accuracy=None)
    (begun.path / "network.tflite").unlink()
    test = drawn(app("draw"))
    assert (answer(test), table(test), sentences(test)) == (4, [("reader, epoch 15", "4")], [])


def test_the_maps_of_the_first_two_convolutions_are_shown(app, network):  # noqa: F811
    folder = network("reader")
    test = drawn(app("draw"))
    sheets = {element.key: json.loads(element.proto.json) for element in test.get("bidi_component") if element.key}
    maps = load(folder).activations(DIGIT)
    for name, shape in (("conv_1", "28×28"), ("conv_2", "14×14")):
        count = maps[name].shape[-1]
        assert [digit["label"] for digit in sheets[f"maps.{name}"]["digits"]] == [str(n + 1) for n in range(count)]
        assert f"{name}: {count} maps of {shape}" in texts(test)
    assert np.isfinite(maps["conv_1"]).all()
