"""Draw: predictions, preprocessing, undo, uploads and test digits."""

import json
import re
import time

import numpy as np
import pytest

from core.data import datasets
from core.drawing.collection import Collection
from core.drawing.to_mnist import ALL_STEPS, Steps, prepare, to_mnist
from core.formatting import probability
from core.inference.__main__ import main
from core.places import ROOT
from tests.hand_drawn import DIGITS, as_png, on_canvas
from tests.made_runs import lay_out
from tests.pages.actions import turn
from tests.pages.draw.conftest import Pen, answer, bars, expected
from tests.pages.shown import component, sentences, tables, texts, widget

SEVEN, FOUR = DIGITS[7], DIGITS[4]
PICTURES = sorted((ROOT / "tests/pictures").glob("*_*.*"))
FRAME = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


@pytest.fixture
def run(network):
    return network("reader")


@pytest.fixture
def pen(app, run):  # noqa: ARG001 laid out before
    """A pen on the open page."""
    return Pen(app("draw"))


def upload(test, content, name="digit.png"):
    return test.file_uploader(key="draw.file").set_value((name, content, "image/png")).run()


def usable(test, name):
    return not test.button(key=f"draw.{name}").disabled


def test_a_canvas_without_ink_has_no_prediction(pen):
    assert (answer(pen.test), bars(pen.test)) == (None, 10 * [""])
    assert "Draw a digit. The prediction appears when you lift the pen." in texts(pen.test)
    assert not usable(pen.test, "undo") and not usable(pen.test, "clear")
    pen.draw(SEVEN[0])
    pen.strokes = []  # as the component's own Clear does
    pen.run()
    assert answer(pen.test) is None
    assert not usable(pen.test, "clear")
    assert answer(pen.press("undo").test) == 7


def test_each_stroke_updates_the_prediction_of_the_model(pen, run):
    for digit, strokes in DIGITS.items():
        for count, stroke in enumerate(strokes, 1):
            pen.draw(stroke)
            assert (answer(pen.test), bars(pen.test)) == expected(run, to_mnist(on_canvas(strokes[:count])))
        assert answer(pen.test) == digit
        assert "Prediction by reader, epoch 15" in texts(pen.test)
        pen.press("clear")


def test_the_second_choice_is_shown_and_spoken_where_both_are_likely(pen):
    pen.draw([(0.4, 0.26), (0.53, 0.22), (0.5, 0.78)])
    spoken = component(pen.test, "announcement.answer")["text"]
    assert re.fullmatch(r"Read as 1, \d\d\.\d+\xa0%, or 7 with \d+\.\d+\xa0%\.", spoken)
    pen.press("clear").draw(*SEVEN)
    assert " or " not in component(pen.test, "announcement.answer")["text"]


def test_turning_a_step_off_gives_the_prediction_shown_beside_it(pen, run):
    pen.draw(*SEVEN)
    for step in ("polarity", "crop", "center"):
        without = prepare(on_canvas(SEVEN), Steps(**{step: False})).digit
        digit, figures = expected(run, without)
        assert f"Without this step: {digit}, {figures[digit]}" in texts(pen.test)
        pen.test.toggle(key=f"draw.step.{step}").set_value(False)
        pen.run()
        assert (answer(pen.test), bars(pen.test)) == (digit, figures)
        assert "A preprocessing step is off; see below." in texts(pen.test)
        pen.test.toggle(key=f"draw.step.{step}").set_value(True)
        pen.run()
        assert bars(pen.test) == expected(run, prepare(on_canvas(SEVEN), ALL_STEPS).digit)[1]
        assert "A preprocessing step is off; see below." not in texts(pen.test)


def test_undo_reverts_strokes_and_clearing(pen, run):
    pen.draw(*FOUR)
    whole = bars(pen.test)
    pen.press("undo")
    assert bars(pen.test) == expected(run, to_mnist(on_canvas(FOUR[:1])))[1]
    pen.draw(FOUR[1])
    assert bars(pen.test) == whole
    pen.press("clear")
    assert answer(pen.test) is None
    assert not usable(pen.test, "clear")
    pen.press("undo")
    assert (answer(pen.test), bars(pen.test)) == (4, whole)
    for _ in FOUR:
        pen.press("undo")
    assert answer(pen.test) is None
    assert not usable(pen.test, "undo")


def test_the_drawing_survives_other_sources_and_pages(pen):
    pen.draw(*FOUR)
    before = bars(pen.test)
    for source, read in (("upload", None), ("draw", 4)):
        widget(pen.test, "button_group", "view.source").set_value(source).run()
        assert answer(pen.test) == read
    for page in ("runs", "draw"):
        turn(pen.test, page)
    assert (answer(pen.test), bars(pen.test)) == (4, before)
    # and the canvas gets its strokes again
    assert len(pen.test.session_state["drawing"].begins_with["objects"]) == len(FOUR)
    pen.canvas = None
    pen.draw(FRAME)
    assert len(pen.strokes) == 3
    assert bars(pen.test) != before
    assert bars(pen.press("undo").test) == before


def test_an_uploaded_picture_is_read_and_kept_until_removed(app, run):
    test = app("draw", source="upload")
    assert list(test.file_uploader(key="draw.file").proto.type) == []  # any type, so that the error can name it
    light_on_dark = on_canvas(DIGITS[3], size=120, place=(200, 80))
    light_on_dark = np.dstack([255 - light_on_dark[..., :3], light_on_dark[..., 3]])
    upload(test, as_png(light_on_dark))
    assert (answer(test), bars(test)) == expected(run, to_mnist(light_on_dark))
    for page in ("runs", "draw"):
        turn(test, page)
    assert answer(test) == 3
    upload(test, as_png(np.full((60, 60, 4), 255, np.uint8)))
    assert answer(test) is None
    assert "There is no ink" in texts(test)
    assert answer(upload(test, as_png(on_canvas(DIGITS[5])))) == 5
    test.file_uploader(key="draw.file").set_value(None).run()
    assert answer(test) is None


def test_an_unreadable_picture_replaces_the_previous_one_with_an_error(app, run):  # noqa: ARG001 laid out before
    test = upload(app("draw", source="upload"), as_png(on_canvas(DIGITS[3])))
    assert answer(test) == 3
    for content, word in ((b"a digit, honestly", "not an image"), (as_png(on_canvas(DIGITS[3]))[:1000], "damaged")):
        upload(test, content)
        assert answer(test) is None
        (sentence,) = sentences(test)
        assert word in sentence
        assert sentence.count(".") == 1
    upload(test, as_png(on_canvas(DIGITS[8])))
    assert (answer(test), sentences(test)) == (8, [])


def test_the_page_and_the_command_agree_on_pictures(app, capfd):
    test = app("draw", source="upload")
    for path in PICTURES:
        upload(test, path.read_bytes(), path.name)
        main(["handwriting", str(path), "--json"])
        (said,) = json.loads(capfd.readouterr().out)
        first = said["digits"][0] if said["digits"] else said
        assert answer(test) == first["digit"] == 7, path
        assert bars(test)[7] == probability(first["probability"])


def test_each_digit_of_a_picture_can_be_chosen(app, run):
    test = app("draw", source="upload")
    upload(test, (ROOT / "tests/pictures/two_digits.jpg").read_bytes())
    offered = widget(test, "button_group", "draw.several")
    assert (offered.proto.label, answer(test)) == ("2 digits found", 7)
    offered.set_value(1).run()
    assert answer(test) == 4
    # which Inside shows too
    assert expected(run, to_mnist(test.session_state["draw.chosen_digit"]))[0] == 4


def test_only_the_part_in_a_drawn_rectangle_is_read(app, run):  # noqa: ARG001 laid out before
    test = app("draw", source="upload")
    upload(test, (ROOT / "tests/pictures/two_digits.jpg").read_bytes())
    rectangle = {"type": "Rect", "left": 150, "top": 40, "width": 100, "height": 120, "scaleX": 1, "scaleY": 1}
    key = f"draw.crop.{test.session_state['draw.crop'].version}"
    test.session_state[key] = {"drawing": {"raw": {"objects": [rectangle]}}}
    test.run()
    assert answer(test) == 4
    test.button(key="draw.whole").click().run()
    assert widget(test, "button_group", "draw.several")


def test_test_digits_are_prepared_and_read_about_as_the_model_reads_them(app, run, without_mnist):  # noqa: ARG001
    test = app("draw", source="test")
    assert answer(test) is None
    deadline = time.monotonic() + 60
    while datasets.status("mnist-5k").state != "ready":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    data = datasets.load("mnist-5k")
    assert answer(test.run()) == data.test_labels[0]
    for index in (3, 999):
        test = app("draw", source="test", index=index)
        label = int(data.test_labels[index])
        assert f"Test digit {index} of MNIST sample (5,000), a {label}" in texts(test)
        assert answer(test) == label
        # preprocessing its tenfold enlargement restores the digit
        digit, figures = expected(run, data.test_images[index].astype(np.float32) / 255)
        assert (
            abs(
                float(bars(test)[digit].strip(">\N{NO-BREAK SPACE} %"))
                - float(figures[digit].strip(">\N{NO-BREAK SPACE} %"))
            )
            < 1
        )
    assert answer(test.button(key="draw.another").click().run()) is not None
    test = app("draw", source="test", index=5000)
    assert sentences(test) == ["Image 5000 does not exist; the last one, 999, is shown."]
    assert answer(test) == data.test_labels[-1]


def test_a_kept_drawing_joins_the_collection(pen):
    pen.draw(*FOUR)
    widget(pen.test, "button_group", "draw.label").set_value(9)
    pen.run()
    pen.press("keep")
    assert [toast.value for toast in pen.test.toast] == ["Kept as 9."]
    (kept,) = Collection().drawings()
    assert kept.label == 9
    np.testing.assert_array_equal(kept.digit, to_mnist(on_canvas(FOUR)))
    assert "1 drawing on the machine" in texts(pen.test)
    assert tables(pen.test)[-1][1] == ["reader", "0\u00a0of\u00a01"]


def test_a_mistake_can_be_drawn_over(app, runs_dir, network, without_mnist):  # noqa: ARG001
    network("reader", accuracy=0.99)
    mistaken = lay_out(runs_dir, "finished", errors={3: 20})
    data = datasets.load("mnist-5k")
    test = app("mistakes", run=mistaken.id, digit=7)
    test.button(key="opened.draw_over").click().run()
    np.testing.assert_array_equal(test.session_state["drawing"].now.under, data.test_images[7])
    # the mistake's run has no weights, so another one reads
    assert "cannot be used" in "".join(sentences(test))
    assert answer(turn(test, "draw")) == data.test_labels[7]
    before = bars(test)
    pen = Pen(test).draw(FRAME)
    assert bars(test) != before
    pen.press("undo")
    assert bars(test) == before
    pen.press("clear")
    assert answer(test) is None
    pen.press("undo")
    assert bars(test) == before
