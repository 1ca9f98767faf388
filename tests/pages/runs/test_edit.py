"""Naming, annotating and deleting a run."""

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.folder import Label
from core.runs.store import RunStore


def app() -> None:
    import streamlit as st

    from pages.runs.edit import run_edit
    from pages.state.server_state import store

    run = next((run for run in store().entries() if run.id == st.session_state.run_id), None)
    if run is None:
        st.markdown("gone")
    else:
        run_edit(run)


@pytest.fixture
def edit(runs_dir):  # noqa: ARG001 sets the folder of the runs
    def open_page(run_id):
        test = AppTest.from_function(app, default_timeout=20)
        test.session_state["run_id"] = run_id
        return test.run()

    return open_page


def write(page, field, text):
    """Type into this field."""
    kind = page.text_input if field == "name" else page.text_area
    kind(key=f"run_edit.{field}.{page.session_state.run_id}").set_value(text).run()
    assert not page.exception
    return page


def shown(page, field):
    kind = page.text_input if field == "name" else page.text_area
    return kind(key=f"run_edit.{field}.{page.session_state.run_id}").value


def click(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return page


def test_name_and_note_are_shown_as_stored(edit, make_run):
    folder = make_run("finished")
    page = write(edit(folder.id), "name", "  my \t best  ")
    write(page, "note", "one\n\x07 two ")
    assert folder.label() == Label("my best", "one\ntwo")
    assert (shown(page, "name"), shown(page, "note")) == ("my best", "one\ntwo")


def test_clearing_the_name_restores_the_original(edit, make_run, runs_dir):
    folder = make_run("finished")
    page = write(edit(folder.id), "name", "mine")
    write(page, "name", " ")
    assert RunStore(runs_dir).find(folder.id).name == "mlp-512"
    assert shown(page, "name") == ""
    assert page.text_input(key=f"run_edit.name.{folder.id}").placeholder == "mlp-512"


def test_text_written_by_another_page_is_shown(edit, make_run):
    folder = make_run("finished")
    page = write(edit(folder.id), "note", "mine")
    folder.write_label(Label("theirs", "also theirs"))
    page.run()
    assert (shown(page, "name"), shown(page, "note")) == ("theirs", "also theirs")


def test_a_name_that_cannot_be_stored_is_reported_and_kept_in_the_field(edit, make_run):
    folder = make_run("finished")
    page = edit(folder.id)
    (folder.path / "label.json").mkdir()
    write(page, "name", "mine")
    assert "cannot be renamed" in page.toast[0].value
    assert shown(page, "name") == "mine"


def test_deleting_a_run_needs_confirmation(edit, make_run):
    folder = make_run("finished")
    page = click(edit(folder.id), f"run_edit.delete.{folder.id}")
    assert "cannot be undone" in page.markdown[0].value
    click(page, "run_edit.keep")
    assert folder.path.exists()
    click(click(page, f"run_edit.delete.{folder.id}"), "run_edit.delete_now")
    assert not folder.path.exists()
    assert page.run().markdown[0].value == "gone"


def test_a_run_queued_during_the_question_is_not_deleted(edit, make_run):
    folder = make_run("stopped")
    page = click(edit(folder.id), f"run_edit.delete.{folder.id}")
    folder.change_status(state="queued")
    click(page, "run_edit.delete_now")
    assert folder.path.exists()
    assert "stop or cancel it first" in page.toast[0].value


@pytest.mark.parametrize("state", ["queued", "training", "paused"])
def test_a_run_in_use_can_be_renamed_but_not_deleted(edit, make_run, state):
    folder = make_run(state)
    page = write(edit(folder.id), "name", "busy one")
    assert folder.label().name == "busy one"
    delete = page.button(key=f"run_edit.delete.{folder.id}")
    assert delete.disabled
    assert "stop or cancel it first" in delete.help


def test_an_unreadable_run_shows_its_problem_and_can_be_deleted(edit, make_run):
    folder = make_run("finished")
    (folder.path / "run.json").write_text("{", encoding="utf-8")
    page = edit(folder.id)
    assert "run.json cannot be read" in page.warning[0].value.replace("\\", "")
    click(page, f"run_edit.delete.{folder.id}")
    click(page, "run_edit.delete_now")
    assert not folder.path.exists()
