"""A run on a hundred named classes of colored images, which were brought by a person, on every page that shows it."""

import shutil
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.analysis.confusion import confusion_matrix, similarity_order
from core.charts.confusion import confusion_figure
from core.charts.palette import LIGHT
from core.config.presets import PRESETS
from core.data.datasets import load
from core.runs.entries import Run
from core.runs.predictions import read_answers
from tests.brought import bring
from tests.made_runs import lay_out
from tests.pages.actions import choose
from tests.pages.shown import component, sentences, sheet, texts, widget

CLASSES = tuple(f"class *{label}*" for label in range(100))


@pytest.fixture
def folder(runs_dir, tmp_path, monkeypatch):
    """A finished run whose network always takes a class for the next one, or for itself."""
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    bring(tmp_path / "data", "things", classes=CLASSES, training=200, test=1_000)
    config = PRESETS["layers"].replace(dataset="things", validation="none", layers="pool(2) flatten")
    run = lay_out(runs_dir, "finished", config=config)
    true = load("things").test_labels
    run.predictions(3).parent.mkdir()
    for epoch, share in ((0, 0.1), (3, 0.5)):
        random = np.random.default_rng(epoch)
        predicted = np.where(random.random(len(true)) < share, true, (true + 1) % 100)
        logits = random.normal(0, 0.5, (len(true), 100))
        logits[np.arange(len(true)), predicted] += 6
        logs = (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float16)
        np.savez(run.predictions(epoch), test=logs)
    np.savez(run.labels, test=true)
    return run


def test_results_name_the_classes_and_find_one_by_its_name(app, folder):
    test = app("results", run=folder.id)
    assert len(component(test, "digit-table.classes")["rows"]) == 100
    picker = widget(test, "selectbox", "view.true")
    assert picker.options[8] == "class *7*"
    picker.set_value(7).run()
    widget(test, "selectbox", "view.predicted").set_value(8).run()
    told = next(text for text in texts(test).splitlines() if text.startswith("**class") and "predicted as" in text)
    assert told.startswith(r"**class \*7\* predicted as class \*8\*: ")
    assert sheet(test, "confusion.sheet")
    assert component(test, "confusion.sheet")["as_is"]
    widget(test, "toggle", "view.similar").set_value(True).run()
    assert not sentences(test)


def test_mistakes_show_the_most_probable_classes_and_open_an_image(app, folder):
    test = app("mistakes", run=folder.id, true=7)
    shown = sheet(test, "mistakes.sheet")
    choose(test, "mistakes.sheet", shown[-1])
    assert rf"**Image {shown[-1]}** has the label **class \*7\***" in texts(test)
    bars = next(element.proto.body for element in test.get("html") if 'role="img"' in element.proto.body)
    assert bars.count("class *") <= 14
    assert "class *8*" in bars


def test_without_the_data_only_the_images_are_missing(app, folder, tmp_path):
    shutil.rmtree(tmp_path / "data")
    test = app("results", run=folder.id)
    assert len(component(test, "digit-table.classes")["rows"]) == 100
    assert "things is not available" in texts(test)


def test_a_link_to_a_class_that_the_data_lack_is_reported(app, folder):
    test = app("results", run=folder.id, true=100)
    assert sentences(test) == ["The link's true is 100; use a whole number from 0 to 99."]


def test_the_run_does_not_read_drawings(app, folder):
    test = app("draw", model=folder.id)
    assert "was not trained on drawings of digits" in " ".join(sentences(test)).replace("\\", "")
    assert folder.id not in widget(test, "selectbox", "view.model").options


@pytest.mark.usefixtures("folder")
def test_the_form_offers_the_data_and_shapes_the_network_by_it(app):
    test = app("train", preset="cnn", dataset="things")
    assert "things" in test.selectbox(key="form.dataset").options
    assert not test.error
    test.session_state["form.open.code"] = True
    assert "keras.Input((12, 10, 3))" in "".join(code.value for code in test.run().code)
    test.selectbox(key="form.augmentation").set_value("light").run()
    assert "chosen for handwritten digits. Turn" in texts(test)


def subject_page():
    import streamlit as st

    from pages.run.inside.subject import subject
    from pages.run.inside.view import InsideView

    st.session_state["found"] = subject(st.session_state["run"], 3, InsideView(subject="drawing"))


def test_a_picture_is_made_to_fit_as_the_images_of_the_data_were(folder):
    run = Run(folder=folder, manifest=folder.manifest(), status=folder.status(), label=folder.label())
    test = AppTest.from_function(subject_page, default_timeout=20)
    test.session_state["run"] = run
    test.run()
    # without a picture, an image of the data is shown
    assert test.session_state["found"].index == 0
    red = np.zeros((60, 60, 4), np.uint8)
    red[..., 0], red[..., 3] = 250, 255
    png = BytesIO()
    Image.fromarray(red).save(png, "PNG")
    test.file_uploader(key="inside.file").set_value(("red.png", png.getvalue(), "image/png")).run()
    found = test.session_state["found"]
    assert (found.image.shape, found.label) == ((12, 10, 3), None)
    assert found.image[6, 5] == pytest.approx([250 / 255, 0, 0], abs=0.01)
    test.file_uploader(key="inside.file").set_value(("text.png", b"no picture", "image/png")).run()
    assert test.warning


@pytest.mark.slow
def test_a_matrix_of_a_hundred_classes_is_made_in_a_fraction_of_the_time_of_a_redraw(folder):
    answers = read_answers(folder, folder.manifest().config, 3, "test")
    began = time.process_time()
    matrix = confusion_matrix(answers)
    order = similarity_order(matrix)
    confusion_figure(
        matrix, classes=CLASSES, shares=True, chosen=(1, 2), colors=LIGHT, height=700, order=order
    ).to_json()
    assert time.process_time() - began < 0.15
