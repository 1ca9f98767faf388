"""What can be done with the selected runs: rename, tag, pin, download, delete and undo."""

import pytest

from core.runs.label import Label
from core.runs.store import RunStore
from pages.runs.actions import packed
from tests.pages.conftest import link
from tests.pages.shown import texts


def click(page, key):
    return page.button(key=key).click().run()


def own():
    return {run.id for run in RunStore().entries() if not run.shipped}


def tags(page, *words):
    """Choose these tags for the selected runs."""
    (field,) = [field for field in page.multiselect if field.key.startswith("runs.tags.")]
    return field.set_value(list(words)).run()


def test_name_and_note_are_shown_as_stored(app, make_run):
    folder = make_run("finished")
    page = app("runs", runs=folder.id)
    page.text_input(key=f"runs.name.{folder.id}").set_value("  my \t best  ").run()
    page.text_area(key=f"runs.note.{folder.id}").set_value("one\n\x07 two ").run()
    assert folder.label() == Label("my best", "one\ntwo")
    assert page.text_input(key=f"runs.name.{folder.id}").value == "my best"
    assert page.text_area(key=f"runs.note.{folder.id}").value == "one\ntwo"
    page.text_input(key=f"runs.name.{folder.id}").set_value(" ").run()
    assert page.text_input(key=f"runs.name.{folder.id}").placeholder == RunStore().find(folder.id).name == "mlp-512"


def test_text_written_by_another_page_is_shown(app, make_run):
    folder = make_run("finished")
    page = app("runs", runs=folder.id)
    page.text_area(key=f"runs.note.{folder.id}").set_value("mine").run()
    folder.write_label(Label("theirs", "also theirs"))
    page.run()
    assert page.text_input(key=f"runs.name.{folder.id}").value == "theirs"
    assert page.text_area(key=f"runs.note.{folder.id}").value == "also theirs"


def test_a_name_that_cannot_be_stored_is_reported_and_kept_in_the_field(app, make_run):
    folder = make_run("finished")
    page = app("runs", runs=folder.id)
    (folder.path / "label.json").mkdir()
    page.text_input(key=f"runs.name.{folder.id}").set_value("mine").run()
    assert "cannot be renamed" in page.toast[0].value
    assert page.text_input(key=f"runs.name.{folder.id}").value == "mine"


def test_tags_are_added_to_and_removed_from_all_selected_runs(app, two):
    two[0].write_label(Label(note="kept", tags=("old", "first")))
    two[1].write_label(Label(tags=("old",)))
    page = app("runs", runs=link(*two))
    tags(page, "old", "to do")
    assert [folder.label().tags for folder in two] == [("old", "first", "to-do"), ("old", "to-do")]
    tags(page, "to-do")
    assert [folder.label().tags for folder in two] == [("first", "to-do"), ("to-do",)]
    assert two[0].label().note == "kept"


def test_runs_are_pinned_together_and_unpinned(app, two):
    page = click(app("runs", runs=link(*two)), "runs.pin")
    assert all(folder.label().pinned for folder in two)
    assert page.button(key="runs.pin").label == "Unpin"
    click(page, "runs.pin")
    assert not any(folder.label().pinned for folder in two)


def test_deleted_runs_are_deselected_and_come_back_by_undo(app, two, make_run):
    kept = make_run("finished")
    page = click(app("runs", runs=link(*two, kept)), "runs.clear")
    page = app("runs", runs=link(*two))
    click(page, "runs.delete")
    assert own() == {kept.id}
    assert not page.query_params
    assert page.button(key="runs.undo").label == "Undo deletion of 2 runs"
    # another visit, such as after a restart, can still undo
    again = click(app("runs"), "runs.undo")
    assert own() == {kept.id, *(folder.id for folder in two)}
    assert "runs.undo" not in {button.key for button in again.button}


def test_deleting_a_pinned_run_asks_first(app, make_run):
    folder = make_run("finished")
    folder.write_label(Label(pinned=True))
    page = click(app("runs", runs=folder.id), "runs.delete")
    assert "**1** of them are pinned" in texts(page)
    click(page, "runs.confirm.keep")
    assert own() == {folder.id}
    click(click(page, "runs.delete"), "runs.confirm.delete_now")
    assert own() == set()


def test_deleting_runs_that_the_filter_hides_asks_first(app, two):
    page = app("runs", runs=link(*two))
    page.text_input(key="runs.filter").set_value("cnn").run()
    click(page, "runs.delete")
    assert "hidden by the filter" in texts(page)
    assert len(own()) == 2


def test_a_run_queued_meanwhile_is_not_deleted(app, make_run):
    folder = make_run("stopped")
    page = app("runs", runs=folder.id)
    page.button(key="runs.delete").click()
    folder.change_status(state="queued")
    page.run()
    assert own() == {folder.id}
    assert "stop or cancel it first" in page.toast[0].value


@pytest.mark.parametrize("state", ["queued", "training", "paused"])
def test_a_run_in_use_can_be_renamed_but_not_deleted_or_downloaded(app, make_run, state):
    folder = make_run(state)
    page = app("runs", runs=folder.id)
    page.text_input(key=f"runs.name.{folder.id}").set_value("busy one").run()
    assert folder.label().name == "busy one"
    assert page.button(key="runs.delete").disabled
    assert "busy one is training or queued; stop or cancel it first" in texts(page)
    assert page.get("download_button")[0].proto.disabled


def test_an_included_example_among_the_selected_disables_what_would_change_it(app, two):
    page = app("runs", runs=f"{two[0].id},cnn-16-36")
    assert page.button(key="runs.delete").disabled
    assert page.button(key="runs.pin").disabled
    assert not page.get("download_button")[0].proto.disabled
    assert texts(page).count("such as cnn\\-16\\-36, cannot be changed or deleted") == 1


def test_an_unreadable_run_shows_its_problem_and_can_be_deleted(app, make_run):
    folder = make_run("finished")
    (folder.path / "run.json").write_text("{", encoding="utf-8")
    page = app("runs", runs=folder.id)
    assert "run.json cannot be read" in texts(page).replace("\\", "")
    click(page, "runs.delete")
    assert own() == set()


def test_runs_of_the_same_name_have_files_of_their_own(two):
    for folder in two:
        folder.write_label(Label("my / best"))
    runs = [RunStore().find(folder.id) for folder in two]
    assert list(packed(runs)) == ["my-best.digitlab.zip", f"my-best-{two[1].id}.digitlab.zip"]
