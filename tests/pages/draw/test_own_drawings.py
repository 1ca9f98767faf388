"""The kept drawings: sheet, scores, downloads and deletion."""

import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.analysis.interval import wilson
from core.drawing.collection import Collection
from pages.draw.own_drawings import PER_PAGE
from research.handwriting.strokes import render
from tests.pages.actions import choose
from tests.pages.shown import component, sentences, tables, texts

STROKES = [np.array([(0, 0), (60, 2), (20, 100)], np.float32)]
SHEET = "own_drawings.sheet"


def with_models():
    """The kept drawings, and fake models: each predicts one digit for every image, or fails."""
    from functools import partial

    import numpy as np
    import streamlit as st

    from core.errors import DigitLabError
    from pages.draw.own_drawings import own_drawings

    def reads(digit, images):
        if digit is None:
            raise DigitLabError("errors.as_written", text=f"Nothing is known of {len(images)} digits; train a run.")
        st.session_state.asked.append((digit, len(images), images.dtype.name, images.shape[1:]))
        return np.where(np.arange(10) == digit, 0.91, 0.01) * np.ones((len(images), 1), np.float32)

    if "classifiers" not in st.session_state:
        # the same objects at each rerun, as a page's loaded networks are
        st.session_state.classifiers = [(name, partial(reads, digit)) for name, digit in st.session_state.models]
    own_drawings(st.session_state.classifiers)


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """The collection, read independently of the page."""
    monkeypatch.setenv("DIGIT_LAB_DRAWINGS", str(tmp_path / "drawings"))
    st.cache_resource.clear()
    yield Collection()
    st.cache_resource.clear()


def keep(collection, *labels):
    """Add a drawing with each of these labels, oldest first."""
    return [collection.add(render(STROKES, 180, (140, 140), 20, side=280), label).id for label in labels]


def opened(*, models=(("always_7", 7), ("always-1", 1)), page=1):
    test = AppTest.from_function(with_models, default_timeout=20)
    for name, value in {"models": models, "asked": [], "own_drawings.page": page}.items():
        test.session_state[name] = value
    return test.run()


def click(page, name):
    return page.button(key=f"own_drawings.{name}").click().run()


def digits(page):
    return component(page, SHEET)["digits"]


def captions(page):
    return [digit["caption"] for digit in digits(page)]


def said(page):
    return texts(page).replace("\\", "")


def table(page):
    """The models' scores, without the column heads."""
    return [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in tables(page)[0][1:]]


def test_an_empty_collection_explains_itself(collection):
    page = opened()
    (caption,) = page.caption
    assert caption.value.startswith("No drawings yet.")
    assert not page.button
    assert component(page, SHEET) is None
    assert not collection.folder.exists()


def test_drawings_are_newest_first_with_errors_marked_and_scores(collection):
    keep(collection, 7, 1, 7)
    (collection.folder / "notes.txt").write_text("mine", encoding="utf-8")
    page = opened()
    assert captions(page) == ["7", "1 → 7", "7"]
    assert [digit["wrong"] for digit in digits(page)] == [False, True, False]
    assert {digit["detail"] for digit in digits(page)} == {"91.00\xa0%"}
    assert all(digit["index"] < 2**53 for digit in digits(page))
    assert table(page) == [["always_7", "2 of 3"], ["always-1", "1 of 3"]]
    assert "needs 10 or more drawings" in said(page)
    assert "1 file in the folder of drawings is not a drawing. It is ignored." in said(page)
    downloads = page.get("download_button")
    assert {button.proto.label for button in downloads} == {"Data set", "Drawings"}
    assert all(button.proto.ignore_rerun for button in downloads)
    keep(collection, *[7] * 6, 2)
    low, high = (f"{100 * share:.0f}" for share in wilson(8, 10))
    assert table(page.run())[0] == ["always_7", "8 of 10", f"{low} to {high} %"]
    assert (low, high) == ("49", "94")
    assert "needs 10 or more drawings" not in said(page)


def test_a_model_that_fails_is_reported_and_leaves_labels_only(collection):
    keep(collection, 7, 1)
    page = opened(models=[("broken", None)])
    assert sentences(page) == ["broken cannot be used: Nothing is known of 2 digits; train a run."]
    assert captions(page) == ["1", "7"]
    assert not any(digit["wrong"] or digit["detail"] for digit in digits(page))
    assert not tables(page)


def test_a_model_runs_again_only_when_the_drawings_change(collection):
    keep(collection, 7, 1)
    page = opened().run()
    assert page.session_state.asked == [(7, 2, "float32", (28, 28)), (1, 2, "float32", (28, 28))]
    keep(collection, 2)
    page.run()
    assert [count for _, count, *_ in page.session_state.asked] == [2, 2, 3, 3]
    assert captions(page) == ["2 → 7", "1 → 7", "7"]


def test_a_chosen_drawing_shows_every_models_prediction_and_can_be_deleted(collection):
    ids = keep(collection, 7, 1)
    page = opened()
    choose(page, SHEET, digits(page)[0]["index"])
    assert component(page, SHEET)["chosen"] == digits(page)[0]["index"]
    assert "A **1**, drawn " in said(page)
    assert "✗ always_7: 7 (91.00\xa0%)" in said(page)
    assert "✓ always-1: 1 (91.00\xa0%)" in said(page)
    ids += keep(collection, 3)
    click(page, "delete")
    assert re.search(r"Your \*\*1\*\* of .* will be permanently deleted", said(page))
    click(page, "keep")
    assert len(collection.drawings()) == 3
    click(click(page, "delete"), "delete_now").run()
    assert [kept.id for kept in collection.drawings()] == [ids[2], ids[0]]
    assert captions(page) == ["3 → 7", "7"]
    assert "own_drawings.delete" not in [button.key for button in page.button]


def test_deleting_all_spares_drawings_added_since_the_question_and_reports_a_failure(collection, monkeypatch):
    keep(collection, 7, 1)
    page = click(opened(), "delete_all")
    assert "All **2** drawings will be permanently deleted." in said(page)
    (late,) = keep(collection, 5)
    click(page, "delete_now")
    assert [kept.id for kept in collection.drawings()] == [late]

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    click(click(page.run(), "delete_all"), "delete_now")
    assert "cannot be deleted: Permission denied" in page.toast[0].value.replace("\\", "")


def test_a_large_collection_has_pages(collection):
    (first,) = keep(collection, 4)
    content = (collection.folder / f"{first}.png").read_bytes()
    for number in range(PER_PAGE):
        (collection.folder / f"20260102-030405-7-{number:06x}.png").write_bytes(content)
    page = opened()
    assert captions(page) == ["4 → 7"] + ["7"] * (PER_PAGE - 1)
    assert table(page)[0][1] == f"{PER_PAGE} of {PER_PAGE + 1}"
    page = opened(page=2)
    assert captions(page) == ["7"]
    collection.delete([first])
    assert len(captions(page.run())) == PER_PAGE


def test_an_unreadable_folder_is_an_error(collection):
    collection.folder.write_bytes(b"a file")
    page = opened()
    (sentence,) = sentences(page)
    assert "cannot be read: Not a directory" in sentence
    assert not page.caption
