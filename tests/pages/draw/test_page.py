"""Draw: predictions, preprocessing, undo, uploads and test digits."""

import io
import json
import time

import numpy as np
import pytest
from PIL import Image

from core.data import datasets
from core.drawing.collection import Collection
from core.drawing.to_mnist import ALL_STEPS, Steps, prepare, to_mnist
from core.formatting import percent
from core.inference.__main__ import main
from core.places import ROOT
from tests.hand_drawn import DIGITS, as_png, on_canvas
from tests.pages.conftest import lay_out, sentences, texts, turn, widget
from tests.pages.draw.conftest import Pen, answer, bars, expected, network  # noqa: F401 a fixture

SEVEN, FOUR = DIGITS[7], DIGITS[4]
PICTURES = ROOT / "tests/pictures"
FRAME = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


@pytest.fixture
def run(network):  # noqa: F811
    return network("reader")


@pytest.fixture
def pen(app, run):  # noqa: ARG001 laid out before
    """A pen on the open page."""
    return Pen(app("draw"))


def source(test, name):
    widget(test, "button_group", "view.source").set_value(name).run()
    assert not test.exception
    return test


def upload(test, content, name="digit.png"):
    test.file_uploader(key="draw.file").set_value((name, content, "image/png")).run()
    assert not test.exception
    return test


def usable(test, name):
    return not test.button(key=f"draw.{name}").disabled


def test_an_empty_canvas_has_no_prediction(pen):
    assert answer(pen.test) is None
    assert bars(pen.test) == []
    assert "Draw a digit: it is read as soon as you lift the pen." in texts(pen.test)
    assert not usable(pen.test, "undo")
    assert not usable(pen.test, "clear")


def test_a_canvas_without_ink_has_no_prediction(pen):
    pen.draw(SEVEN[0])
    pen.strokes = []  # as the component's own Clear does
    pen.run()
    assert answer(pen.test) is None
    assert not usable(pen.test, "clear")
    assert answer(pen.press("undo").test) == 7


@pytest.mark.parametrize("digit", DIGITS)
def test_the_prediction_is_the_models_for_the_same_picture(pen, run, digit):
    pen.draw(*DIGITS[digit])
    assert (answer(pen.test), bars(pen.test)) == expected(run, to_mnist(on_canvas(DIGITS[digit])))
    assert answer(pen.test) == digit
    assert "Read by reader, epoch 15." in texts(pen.test)


def test_each_stroke_updates_the_prediction(pen, run):
    for strokes in ([FOUR[0]], FOUR):
        pen.draw(strokes[-1])
        assert (answer(pen.test), bars(pen.test)) == expected(run, to_mnist(on_canvas(strokes)))


@pytest.mark.parametrize("step", ["polarity", "crop", "center"])
def test_turning_a_step_off_gives_the_prediction_shown_beside_it(pen, run, step):
    pen.draw(*SEVEN)
    without = prepare(on_canvas(SEVEN), Steps(**{step: False})).digit
    digit, figures = expected(run, without)
    assert f"Without this step: {digit}, {figures[digit]}" in texts(pen.test)
    pen.test.toggle(key=f"draw.step.{step}").set_value(False)
    pen.run()
    assert (answer(pen.test), bars(pen.test)) == (digit, figures)
    assert "Read with a step left out, see below." in texts(pen.test)
    pen.test.toggle(key=f"draw.step.{step}").set_value(True)
    pen.run()
    assert bars(pen.test) == expected(run, prepare(on_canvas(SEVEN), ALL_STEPS).digit)[1]
    assert "Read with a step left out, see below." not in texts(pen.test)


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


def test_drawing_and_prediction_survive_a_visit_to_another_page(pen):
    pen.draw(*FOUR)
    before = bars(pen.test)
    for page in ("mistakes", "draw"):
        turn(pen.test, page)
    assert (answer(pen.test), bars(pen.test)) == (4, before)
    # and the canvas gets its strokes again
    assert len(pen.test.session_state["drawing"].begins_with["objects"]) == len(FOUR)
    pen.canvas = None
    pen.draw(FRAME)
    assert len(pen.strokes) == 3
    assert bars(pen.test) != before
    assert bars(pen.press("undo").test) == before


def test_the_drawing_survives_a_change_of_source(pen):
    pen.draw(*FOUR)
    before = bars(pen.test)
    source(pen.test, "upload")
    assert answer(pen.test) is None
    source(pen.test, "draw")
    assert (answer(pen.test), bars(pen.test)) == (4, before)


def test_an_uploaded_picture_is_read_and_kept_until_removed(app, run):
    test = source(app("draw"), "upload")
    light_on_dark = on_canvas(DIGITS[3], size=120, place=(200, 80))
    light_on_dark = np.dstack([255 - light_on_dark[..., :3], light_on_dark[..., 3]])
    upload(test, as_png(light_on_dark))
    assert (answer(test), bars(test)) == expected(run, to_mnist(light_on_dark))
    assert answer(test) == 3
    for page in ("runs", "draw"):
        turn(test, page)
    assert answer(test) == 3
    upload(test, as_png(on_canvas(DIGITS[5])))
    assert answer(test) == 5
    test.file_uploader(key="draw.file").set_value(None).run()
    assert answer(test) is None


def test_a_picture_without_ink_is_reported(app, run):  # noqa: ARG001 laid out before
    test = upload(source(app("draw"), "upload"), as_png(np.full((60, 60, 4), 255, np.uint8)))
    assert answer(test) is None
    assert "There is no ink here" in texts(test)


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


GRAY = Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8))
BAD = {
    "one point": (saved(Image.new("L", (1, 1))), "1 × 1"),
    "too large": (saved(Image.new("1", (10_000, 10_000))), "too large"),
    "no image": (b"a digit, honestly", "not a picture"),
    "nothing": (b"", "not a picture"),
    "another format": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "export it as JPEG"),
    "truncated": (saved(GRAY)[:1000], "damaged"),
    "moving": (saved(GRAY, save_all=True, append_images=[Image.new("L", (60, 60))]), "animated"),
    "a strip": (saved(Image.new("L", (3000, 30))), "too narrow"),
}


@pytest.mark.parametrize(("content", "word"), BAD.values(), ids=BAD)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_unreadable_picture_replaces_the_previous_one_with_an_error(app, run, content, word):  # noqa: ARG001
    test = upload(source(app("draw"), "upload"), as_png(on_canvas(DIGITS[3])))
    assert answer(test) == 3
    upload(test, content)
    assert answer(test) is None
    (sentence,) = sentences(test)
    assert word in sentence
    assert sentence.count(".") == 1
    upload(test, as_png(on_canvas(DIGITS[8])))
    assert (answer(test), sentences(test)) == (8, [])


@pytest.mark.parametrize("mode", ["CMYK", "I;16"])
def test_unusual_color_modes_are_read(app, run, mode):  # noqa: ARG001 laid out before
    gray = np.asarray(Image.fromarray(on_canvas(DIGITS[3])).convert("L"))
    if mode == "CMYK":
        content = saved(Image.fromarray(gray).convert("RGB").convert("CMYK"), "JPEG", quality=95)
    else:
        content = saved(Image.fromarray(gray.astype(np.uint16) * 257))
    assert answer(upload(source(app("draw"), "upload"), content)) == 3


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*_*.*")), ids=lambda path: path.name)
def test_the_page_and_the_command_agree_on_a_picture(app, capfd, path):
    test = upload(source(app("draw"), "upload"), path.read_bytes(), path.name)
    main(["handwriting", str(path), "--json"])
    (said,) = json.loads(capfd.readouterr().out)
    assert answer(test) == said["digit"]
    if said["digit"] is None:
        assert any(said["declined"] in element.proto.body for element in test.get("html"))
    else:
        assert bars(test)[said["digit"]] == percent(said["probability"])
    assert (answer(test) is None) == (path.stem in ("figure_with_axes_7", "two_digits"))


def test_the_uploader_accepts_any_file_type(app, run):  # noqa: ARG001 laid out before
    uploader = source(app("draw"), "upload").file_uploader(key="draw.file")
    assert list(uploader.proto.type) == []


def test_a_test_digit_gets_about_the_models_own_prediction(app, run, without_mnist):  # noqa: ARG001
    data = datasets.load("mnist-5k")
    for index in (0, 3, 999):
        test = app("draw", source="test", index=index)
        label = int(data.test_labels[index])
        assert f"Digit {index} of MNIST sample (5,000), a {label}" in texts(test)
        assert answer(test) == label
        # preprocessing its tenfold enlargement restores the digit
        digit, figures = expected(run, data.test_images[index].astype(np.float32) / 255)
        assert abs(float(bars(test)[digit][:-1]) - float(figures[digit][:-1])) < 1
    test.button(key="draw.another").click().run()
    assert not test.exception
    assert answer(test) is not None


def test_test_digits_are_prepared_automatically(app, run, without_mnist):  # noqa: ARG001
    test = app("draw", source="test")
    assert answer(test) is None
    deadline = time.monotonic() + 60
    while datasets.status("mnist-5k").state != "ready":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert answer(test.run()) == datasets.load("mnist-5k").test_labels[0]


def test_an_index_out_of_range_shows_the_last_test_digit(app, run, without_mnist):  # noqa: ARG001
    last = datasets.load("mnist-5k").test_labels[-1]
    test = app("draw", source="test", index=5000)
    assert sentences(test) == ["There is no digit 5000 here; this is the last one, 999."]
    assert answer(test) == last


def test_a_kept_drawing_joins_the_collection(pen):
    pen.draw(*FOUR)
    widget(pen.test, "button_group", "draw.label").set_value(9)
    pen.run()
    pen.press("keep")
    assert [toast.value for toast in pen.test.toast] == ["Kept as a 9."]
    (kept,) = Collection().drawings()
    assert kept.label == 9
    np.testing.assert_array_equal(kept.digit, to_mnist(on_canvas(FOUR)))
    assert "1 kept on the machine" in texts(pen.test)
    scores = pen.test.table[-1].value
    assert scores.iloc[0, :2].tolist() == ["reader", "0\u00a0of\u00a01"]


def test_a_mistake_can_be_drawn_over(app, runs_dir, network, without_mnist):  # noqa: F811, ARG001
    network("reader", accuracy=0.99)
    mistaken = lay_out(runs_dir, "finished", errors={3: 20})
    data = datasets.load("mnist-5k")
    test = app("mistakes", run=mistaken.id, digit=7)
    test.button(key="opened.draw_over").click().run()
    assert not test.exception
    drawing = test.session_state["drawing"]
    np.testing.assert_array_equal(drawing.now.under, data.test_images[7])
    # the mistake's run has no weights, so another one reads
    assert "cannot read" in "".join(sentences(test))
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
