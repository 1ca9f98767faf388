"""The kept drawings: sheet, scores, downloads and deletion."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from core.analysis.interval import wilson
from core.drawing.collection import Collection
from pages.draw.own_drawings import PER_PAGE
from research.handwriting.strokes import render

STROKES = [np.array([(0, 0), (60, 2), (20, 100)], np.float32)]
PAGE = Path(__file__).with_name("own_drawings_page.py")


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


def opened(**state):
    page = AppTest.from_file(str(PAGE), default_timeout=20)
    for name, value in state.items():
        page.session_state[name] = value
    return run(page)


def run(page):
    page.run()
    assert not page.exception
    return page


def click(page, name):
    page.button(key=f"own_drawings.{name}").click()
    return run(page)


def sheet(page):
    element = next(element for element in page.get("bidi_component") if element.key == "own_drawings.sheet")
    return element.proto.id, json.loads(element.proto.json)


def captions(page):
    return [digit["caption"] for digit in sheet(page)[1]["digits"]]


def choose(page, place):
    """Click on the digit at this place in the sheet."""
    mounted, data = sheet(page)
    event = json.dumps([{"event": "choice", "value": data["digits"][place]["index"]}])
    states = page._tree.get_widget_states()
    states.widgets.append(WidgetState(id=_make_trigger_id(mounted, "events"), json_trigger_value=event))
    page._run(states)
    assert not page.exception
    return page


def said(page):
    return "\n".join(
        element.value.replace("\\", "") for kind in ("caption", "markdown") for element in getattr(page, kind)
    )


def table(page):
    rows = page.table[0].value.to_numpy().tolist()
    return [[cell.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows]


def test_an_empty_collection_explains_itself(collection):
    page = opened()
    assert [caption.value for caption in page.caption] == [
        "Nothing is kept yet. Keep a drawing with the digit that it is, and it stands here: test digits of your own, "
        "read by every network, to take along as a data set."
    ]
    assert not page.button
    assert not page.get("bidi_component")
    assert not collection.folder.exists()


def test_drawings_are_newest_first_with_the_first_models_errors_marked(collection):
    keep(collection, 7, 1, 7)
    page = opened()
    assert captions(page) == ["7", "1 → 7", "7"]
    digits = sheet(page)[1]["digits"]
    assert [digit["wrong"] for digit in digits] == [False, True, False]
    assert {digit["detail"] for digit in digits} == {"91.00 %"}
    assert all(digit["index"] < 2**53 for digit in digits)
    assert table(page) == [["always_7", "2 of 3"], ["always-1", "1 of 3"]]
    assert "From 10 digits on" in said(page)


def test_ten_drawings_have_an_interval(collection):
    keep(collection, *[7] * 8, 1, 2)
    page = opened()
    low, high = (f"{100 * share:.0f}" for share in wilson(8, 10))
    assert table(page)[0] == ["always_7", "8 of 10", f"{low} to {high} %"]
    assert (low, high) == ("49", "94")
    assert "From 10 digits on" not in said(page)


def test_without_a_model_only_labels_are_shown(collection):
    keep(collection, 7, 1)
    page = opened(networks=[])
    assert captions(page) == ["1", "7"]
    assert not any(digit["wrong"] or digit["detail"] for digit in sheet(page)[1]["digits"])
    assert not page.table


def test_a_model_that_fails_is_reported(collection):
    keep(collection, 7)
    page = opened(networks=[("broken", None)])
    assert "broken reads none of them: Nothing is known of 1 digits; train a run." in (
        page.warning[0].value.replace("\\", "")
    )
    assert captions(page) == ["7"]


def test_a_model_runs_again_only_when_the_drawings_change(collection):
    keep(collection, 7, 1)
    page = run(opened())
    assert page.session_state.asked == [(7, 2, "float32", (28, 28)), (1, 2, "float32", (28, 28))]
    keep(collection, 2)
    run(page)
    assert [count for _, count, *_ in page.session_state.asked] == [2, 2, 3, 3]
    assert captions(page) == ["2 → 7", "1 → 7", "7"]


def test_a_chosen_drawing_shows_every_models_prediction(collection):
    keep(collection, 7, 1)
    page = choose(opened(), 0)
    assert sheet(page)[1]["chosen"] == sheet(page)[1]["digits"][0]["index"]
    assert "A **1**, drawn " in said(page)
    assert "✗ always_7 reads 7 (91.00 %)" in said(page)
    assert "✓ always-1 reads 1 (91.00 %)" in said(page)
    keep(collection, 3)
    assert "A **1**" in said(run(page))


def test_deleting_a_drawing_needs_confirmation(collection):
    ids = keep(collection, 7, 1, 3)
    page = click(choose(opened(), 1), "delete")
    assert re.search(r"Your \*\*1\*\* of .* goes for good", said(page))
    click(page, "keep")
    assert len(collection.drawings()) == 3
    run(click(click(page, "delete"), "delete_now"))
    assert [kept.id for kept in collection.drawings()] == [ids[2], ids[0]]
    assert captions(page) == ["3 → 7", "7"]
    assert "own_drawings.delete" not in [button.key for button in page.button]


def test_deleting_all_spares_drawings_added_since_the_question(collection):
    keep(collection, 7, 1)
    page = click(opened(), "delete_all")
    assert "All **2** drawings go for good." in said(page)
    (late,) = keep(collection, 5)
    click(page, "delete_now")
    assert [kept.id for kept in collection.drawings()] == [late]


def test_a_failed_deletion_is_reported(collection, monkeypatch):
    keep(collection, 7)
    page = click(opened(), "delete_all")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    click(page, "delete_now")
    assert "cannot be deleted: Permission denied" in page.toast[0].value.replace("\\", "")


def test_a_large_collection_has_pages(collection):
    (first,) = keep(collection, 4)
    content = (collection.folder / f"{first}.png").read_bytes()
    for number in range(PER_PAGE):
        (collection.folder / f"20260102-030405-7-{number:06x}.png").write_bytes(content)
    page = opened()
    assert captions(page) == ["4 → 7"] + ["7"] * (PER_PAGE - 1)
    assert table(page)[0][1] == f"{PER_PAGE} of {PER_PAGE + 1}"
    page = opened(**{"own_drawings.page": 2})
    assert captions(page) == ["7"]
    collection.delete([first])
    assert len(captions(run(page))) == PER_PAGE


def test_the_collection_can_be_downloaded_in_two_formats(collection):
    keep(collection, 7, 1)
    page = opened()
    labels = {button.proto.label for button in page.get("download_button")}
    assert labels == {"Data set", "Drawings"}
    assert all(button.proto.ignore_rerun for button in page.get("download_button"))


def test_other_files_in_the_folder_are_counted_and_left_alone(collection):
    keep(collection, 7)
    (collection.folder / "notes.txt").write_text("mine", encoding="utf-8")
    page = opened()
    assert "1 other file in the folder of drawings cannot be read as such and is left alone." in said(page)


def test_an_unreadable_folder_is_an_error(collection):
    collection.folder.write_bytes(b"a file")
    page = opened()
    assert "cannot be read: Not a directory" in page.error[0].value.replace("\\", "")
    assert not page.caption
