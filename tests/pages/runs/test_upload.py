"""A run that a visitor uploads as a file."""

import io
import json

import pytest

from core.runs.folder import Label, RunFolder
from core.runs.store import RunStore
from pages.run.results.downloads import file_name
from pages.shared.run_header import Looked
from tests.bundled import SMALL, bundled, copy_network, open_alone, packed, with_files
from tests.pages.conftest import sentences, texts

NAME = "mlp-512.digitlab.zip"
WEIGHTS = "checkpoints/epoch-0001.weights.h5"


@pytest.fixture(autouse=True)
def without_tensorflow(monkeypatch):
    """The network of each opened run is copied instead of built."""
    monkeypatch.setattr("pages.runs.upload.build_network", copy_network(SMALL))


def bring(test, content, name=NAME):
    """Upload a file; each upload replaces the uploader."""
    (uploader,) = test.file_uploader
    uploader.set_value((name, content, "application/zip")).run(timeout=120)
    assert not test.exception
    return test


def said(test):
    return [element.value.replace("\\", "") for element in test.success]


def test_an_uploaded_run_is_selected_in_the_table(app, runs_dir, table):
    test = bring(app("runs"), bundled())
    (folder,) = (RunFolder(path) for path in runs_dir.iterdir() if not path.name.startswith("."))
    assert said(test) == ["Opened “mlp-512” from the file."]
    assert test.query_params == {"runs": folder.id}
    assert not sentences(test)
    assert table(test).names.count("mlp-512") == 2
    assert table(test).data["chosen"] == [folder.id]
    assert table(test).rows[folder.id]["badges"] == ["from a file"]


def test_uploading_the_same_file_again_selects_the_same_run(app, runs_dir):
    test = bring(bring(app("runs"), bundled()), bundled(), "another-name.zip")
    assert said(test) == ["“mlp-512” was already opened from this file."]
    assert len([path for path in runs_dir.iterdir() if (path / "run.json").exists()]) == 1


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", NAME, "it is not a run"),
        (b"\x89PNG", "picture.zip", "it is not a run"),
        (packed({"metadata.json": b"{}", "config.json": b"{}"}), "model.keras", "Keras files can contain code"),
        (with_files({WEIGHTS: b"HDF"}), NAME, f"{WEIGHTS} cannot be read"),
        (with_files({"<b>evil</b>": b""}), NAME, "“<b>evil</b>” is not part of a run"),
    ],
)
def test_a_rejected_file_gives_one_error_and_the_next_one_opens(app, content, name, reason, runs_dir):
    test = bring(app("runs"), content, name)
    (sentence,) = sentences(test)
    assert sentence.startswith(f"The file was not opened: {reason}")
    assert not said(test)
    assert test.query_params == {}
    assert not [path for path in runs_dir.iterdir() if path.name.startswith(".opening")]
    bring(test, bundled())
    assert not sentences(test)
    assert said(test)


def test_the_message_disappears_when_the_selection_changes(app, table):
    test = bring(app("runs"), bundled())
    assert said(test)
    rows = table(test)
    rows.choose("cnn-16-36")
    assert not said(rows.test)


def test_a_name_in_an_uploaded_run_is_shown_as_text(app):
    label = json.dumps({"name": "<script>x</script> **b** \u202e", "note": "[a](http://b)"})
    test = bring(app("runs"), with_files({"label.json": label}))
    assert said(test) == ["Opened “<script>x</script> **b**” from the file."]
    (shown,) = test.success
    assert r"\*\*b\*\*" in shown.value


@pytest.mark.parametrize("page", ["results", "mistakes", "inside", "runs"])
def test_pages_show_an_opened_run_like_any_other(app, runs_dir, page):
    opened = open_alone(io.BytesIO(bundled("cnn-16-36-5k")), runs_dir, build=copy_network("cnn-16-36-5k"))
    test = app(page, **{"runs" if page == "runs" else "run": opened.run_id})
    assert not sentences(test)
    shipped = app(page, **{"runs" if page == "runs" else "run": "cnn-16-36-5k"})
    if page == "results":
        assert [metric.value for metric in test.metric] == [metric.value for metric in shipped.metric]
        assert test.metric
    assert len(texts(test)) > 100


def test_the_download_has_the_runs_name(runs_dir):
    opened = open_alone(io.BytesIO(bundled()), runs_dir)
    run = RunStore(runs_dir).find(opened.run_id)
    run.folder.write_label(Label("my / best"))
    run = RunStore(runs_dir).find(opened.run_id)
    looked = Looked.__new__(Looked)
    object.__setattr__(looked, "run", run)
    assert file_name(looked, "whole", "digitlab.zip") == "my-best.digitlab.zip"
