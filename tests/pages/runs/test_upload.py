"""A run that a visitor uploads as a file."""

import io
import json

import numpy as np
import pytest

from core.bundle.open import Opened
from core.bundle.open_logs import open_logs
from core.bundle.open_model import Wish
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.store import RunStore
from pages.run.results.downloads import file_name
from pages.shared.run_header import Looked
from pages.state.server_state import store
from tests.bundled import SMALL, bundled, copy_network, open_alone, packed, with_files
from tests.finished_models import h5_file, keras_file, lay_litert, lay_model, layer, sequential
from tests.kept_logs import ALL, EVENTS, EVENTS_OF_VALIDATION, TABLE, content, opened
from tests.pages.shown import component, sentences, texts

NAME = "mlp-512.digitlab.zip"


@pytest.fixture(autouse=True)
def without_tensorflow(monkeypatch):
    """The network of each opened run is copied instead of built."""
    monkeypatch.setattr("pages.runs.upload.build_network", copy_network(SMALL))


def bring(test, content, name=NAME):
    """Upload a file; each upload replaces the uploader."""
    return bring_all(test, [(name, content)])


def bring_all(test, files):
    """Upload files, each with its name, at once."""
    (uploader,) = test.file_uploader
    uploader.set_value([(name, content, "application/zip") for name, content in files]).run(timeout=120)
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
        pytest.param(b"", NAME, "it is not a run", marks=pytest.mark.slow),
        (packed({"metadata.json": b"{}", "config.json": b"{}"}), "model.keras", "it does not describe a Keras model"),
        (with_files({"<b>evil</b>": b""}), NAME, "“<b>evil</b>” is not part of a run"),
    ],
)
def test_a_rejected_file_gives_one_error_and_the_next_one_opens(app, content, name, reason, runs_dir):
    test = bring(app("runs"), content, name)
    (sentence,) = sentences(test)
    assert sentence.startswith(f"The file was not opened: {reason}")
    assert not said(test)
    assert test.query_params == {}
    assert not list(runs_dir.glob(".opening*"))
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


@pytest.fixture
def evaluations(monkeypatch):
    """Instead of being evaluated, a model becomes a run by `lay_model`; collects what was asked for."""
    asked = []

    def open_model(file, name, runs_dir, wish, *, beside, sign, progress):  # noqa: ARG001 as the function it replaces
        asked.append((name, wish, beside.epoch))
        progress(0.5)
        # faster than any evaluation, so that the page would not look at the folder again
        store().changes += 1
        return Opened(lay_model(runs_dir, name).id, known=False)

    monkeypatch.setattr("pages.runs.model_choice.open_model", open_model)
    return asked


def test_an_uploaded_model_is_evaluated_on_the_chosen_data_and_shows_its_results(app, evaluations):
    test = bring(app("runs"), keras_file(), "my **net**.keras")
    assert "Keras model, input 28×28×1, 10 classes" in texts(test)
    (dataset,) = (box for box in test.selectbox if box.label == "Data set")
    dataset.select("mnist-5k")
    (held_out,) = (box for box in test.checkbox if "last 20\xa0%" in box.label)
    held_out.check()
    (evaluate,) = (button for button in test.button if button.label == "Evaluate")
    evaluate.click().run(timeout=60)
    assert evaluations == [("my **net**.keras", Wish("mnist-5k", "last-20"), 1)]
    assert not sentences(test)
    assert test.query_params["tab"] == "results"
    assert test.metric


def test_a_model_with_logs_is_evaluated_at_the_epoch_that_a_person_says(app, evaluations):
    test = bring_all(app("runs"), [("net.keras", keras_file()), (TABLE, content(TABLE))])
    assert "10 classes, curves of 4 epochs." in texts(test)
    (epoch,) = test.number_input
    assert (epoch.value, epoch.max) == (4, 4)
    epoch.set_value(3)
    (evaluate,) = (button for button in test.button if button.label == "Evaluate")
    evaluate.click().run(timeout=60)
    assert [(name, epoch) for name, _, epoch in evaluations] == [("net.keras", 3)]


def test_a_model_that_fits_no_data_set_is_refused(app):
    content = h5_file(
        sequential(layer("Flatten", name="f"), layer("Dense", name="o", units=7)),
        {"o": {"kernel": np.zeros((784, 7)), "bias": np.zeros(7)}},
    )
    (sentence,) = sentences(bring(app("runs"), content, "seven.h5"))
    assert "No data set here fits: the network takes 28×28×1 and has 7 classes" in sentence


@pytest.mark.parametrize("page", ["curves", "results", "mistakes", "inside", "settings", "runs", "draw"])
def test_the_run_of_a_model_can_be_looked_at_like_any_other_but_not_trained(app, page, runs_dir):
    run = lay_model(runs_dir, "my **net**.keras")
    test = app(page, **{{"runs": "runs", "draw": "model"}.get(page, "run"): run.id})
    assert not sentences(test)
    assert not [button for button in test.button if (button.key or "").startswith(("new_runs", "watch."))]
    if page in ("curves", "results", "inside"):
        caption = "From my **net**.keras. The network takes pixels from 0 to 255, inverted."
        assert caption in texts(test).replace("\\", "")
    if page == "settings":
        assert "cannot be trained again, continued or forked" in texts(test)


def test_the_list_has_no_settings_of_a_model(app, runs_dir, table):
    run = lay_model(runs_dir, "net.keras")
    test = app("runs", columns="learning_rate,optimizer,epochs,seed,dataset,test_accuracy", runs=f"{run.id},mlp-512")
    cells = table(test).rows[run.id]
    assert [cells[name]["text"] for name in ("learning_rate", "optimizer", "epochs", "seed")] == ["–"] * 4
    assert cells["dataset"]["text"] == "MNIST"
    assert cells["test_accuracy"]["text"] == "97.94\xa0%"


@pytest.mark.parametrize("page", ["curves", "results", "mistakes", "inside", "settings", "runs", "draw"])
def test_a_network_that_is_not_a_list_of_layers_has_everything_but_an_inside(app, page, runs_dir):
    run = lay_litert(runs_dir)
    test = app(page, **{{"runs": "runs", "draw": "model"}.get(page, "run"): run.id})
    assert [sentence for sentence in sentences(test) if "Inside" not in sentence] == []
    assert ("nothing to look at inside" in texts(test)) == (page == "inside")
    if page in ("results", "mistakes"):
        assert len(texts(test)) > 100


@pytest.fixture
def logged(runs_dir):
    """The run of the kept logs."""
    (one,) = open_logs(opened(*ALL), runs_dir)
    return RunFolder(runs_dir / one.run_id)


def test_the_logs_of_one_training_dropped_together_become_one_run_and_show_its_curves(app, runs_dir):
    test = bring_all(app("runs"), [(name, content(name)) for name in (TABLE, EVENTS, EVENTS_OF_VALIDATION)])
    assert not sentences(test)
    (run,) = RunStore(runs_dir).runs()[:1]
    assert (test.query_params["tab"], test.query_params["run"]) == ("curves", run.id)
    assert "Trained elsewhere · 4 epochs" in [element.text for element in test.get("progress")]
    (loss,) = (trace for trace in component(test, "live_chart_watch_loss")["traces"] if trace["role"] == "validation")
    assert len(loss["x"]) == 4


def test_logs_of_two_trainings_are_selected_side_by_side(app, table):
    other = ("other.csv", b"epoch,loss,acc\n0,1,0.5\n1,0.5,0.8\n")
    test = bring_all(app("runs"), [(TABLE, content(TABLE)), other])
    assert said(test) == ["Opened 2 trainings from these files."]
    assert len(table(test).data["chosen"]) == 2


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([("history.pkl", b"\x80\x04.")], "history.pkl: it is a pickle, which can run code when it is opened"),
        ([("a.csv", b"epoch,loss\n0,1\n"), (NAME, b"PK")], f"{NAME} is a whole run; open it by itself"),
    ],
)
def test_a_file_that_is_not_a_log_is_refused_in_one_sentence(app, files, reason, runs_dir):
    (sentence,) = sentences(bring_all(app("runs"), files))
    assert sentence.startswith(f"The file was not opened: {reason}")
    assert not list(runs_dir.glob("[!.]*"))


@pytest.mark.parametrize("page", ["curves", "results", "mistakes", "inside", "settings", "runs", "draw"])
def test_the_run_of_logs_can_be_looked_at_like_any_other_with_fewer_parts(app, page, logged):
    test = app(page, **({} if page == "draw" else {"runs" if page == "runs" else "run": logged.id}))
    problems = [sentence for sentence in sentences(test) if "Logs have no predictions" not in sentence]
    assert not problems
    assert not [button for button in test.button if (button.key or "").startswith(("new_runs", "watch."))]
    if page in ("results", "mistakes", "inside"):
        assert "Logs have no predictions and no weights." in texts(test)
    if page == "curves":
        assert "Still improving" in texts(test)
        assert "Judged by the shape of the curves alone" in texts(test)
    if page == "settings":
        tables = "".join(element.proto.body for element in test.get("html"))
        assert tables.count(">unknown<") == 4
        assert "MNIST" not in tables
    if page == "draw":
        assert not [box for box in test.selectbox if any("training" in option for option in box.options)]


def test_in_a_comparison_a_run_of_logs_has_what_its_files_tell(app, logged, table):
    both = f"{logged.id},mlp-512"
    test = app("runs", runs=both, columns="learning_rate,epochs,seconds,dataset,network,best_epoch")
    cells = table(test).rows[logged.id]
    shown = [cells[name]["text"] for name in ("learning_rate", "epochs", "seconds", "dataset", "network", "best_epoch")]
    assert shown == ["–", "4", "3.1 s", "–", "–", "4"]
    for against, missing in (("seconds", False), ("update", True)):
        test = app("runs", runs=both, against=against)
        assert ("Not shown for training: the logs do not tell" in texts(test)) is missing
