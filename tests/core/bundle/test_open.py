"""A run opened from a file."""

import io
import json
import os
import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from core.bundle.format import MADE_HERE
from core.bundle.open import open_bundle
from core.errors import DigitLabError
from core.inference import load
from core.models.sandbox import try_out
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.status import Status
from core.runs.store import RunStore
from core.text import one_line, say
from tests.bundled import bundled, copy_network, crashing_network, files, open_alone, opened, with_files, with_json

EARLIER = ROOT / "tests" / "kept" / "mlp-8.digitlab.zip"
"""A bundle of a version that packed the network file and the architecture."""


def refusal(content, runs_dir, **options):
    """The sentence that refuses a file; nothing of it is left."""
    with pytest.raises(DigitLabError) as refused:
        open_alone(io.BytesIO(content), runs_dir, **options)
    assert list(runs_dir.iterdir()) == []
    sentence = str(refused.value)
    assert sentence.startswith("The file was not opened: ")
    assert sentence.endswith(".")
    return sentence


def test_an_opened_run_appears_in_the_list_of_runs(tmp_path):
    before = time.time()
    folder = opened(bundled(), tmp_path)
    run = RunStore(tmp_path, tmp_path / "none").find(folder.id)
    assert (run.name, run.opened) == ("mlp-512", True)
    assert before <= json.loads((folder.path / "opened.json").read_text())["opened"] <= time.time()
    assert [path.name for path in tmp_path.iterdir()] == [folder.id]


def test_only_the_same_content_gives_the_same_run_even_if_recompressed(tmp_path):
    first = open_alone(io.BytesIO(bundled()), tmp_path)
    again = open_alone(io.BytesIO(with_files({}, compression=8)), tmp_path)
    assert (first.known, again.known, again.run_id) == (False, True, first.run_id)
    RunStore(tmp_path, tmp_path / "none").delete(first.run_id)
    assert open_alone(io.BytesIO(bundled()), tmp_path) == first
    assert opened(with_json("label.json", note="other"), tmp_path).id != first.run_id


def test_the_owner_is_recorded_before_the_run_appears(tmp_path):
    seen = []

    def sign(folder):
        seen.append(folder.id)
        (folder.path / "terms.json").write_text("{}")

    folder = opened(bundled(), tmp_path, sign=sign)
    assert seen[0].startswith(".")
    assert (folder.path / "terms.json").exists()


@pytest.mark.parametrize("process", ["trial", "build"])
def test_nothing_is_left_if_a_process_fails(process, tmp_path):
    def fail(_):
        raise DigitLabError("errors.as_written", text="it ended early.")

    assert refusal(bundled(), tmp_path, **{process: fail}) == "The file was not opened: it ended early."


def test_nothing_is_left_if_a_check_has_a_bug(tmp_path):
    def fail(_):
        raise ZeroDivisionError

    assert "it is not a run" in refusal(bundled(), tmp_path, trial=fail)


def test_a_full_disk_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("core.bundle.open.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10**6}))
    assert "the server cannot store it (No space left on device)" in refusal(bundled(), tmp_path)


def test_old_drafts_of_another_server_are_removed(tmp_path):
    for name, age in (("old", 7_200), ("new", 10)):
        (tmp_path / f".opening-{name}").mkdir()
        os.utime(tmp_path / f".opening-{name}", (time.time() - age,) * 2)
    folder = opened(bundled(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {".opening-new", folder.id}


def test_the_owner_on_the_other_machine_is_dropped(tmp_path):
    status = json.loads(files()["status.json"])
    content = with_json("status.json", owner={"host": "x", "pid": 1, "started": 2}, heartbeat=9e8, rank=7.0)
    assert opened(content, tmp_path).status() == replace(Status.from_json(status), heartbeat=0.0)


def test_facts_about_the_machine_are_filtered_and_cut(tmp_path):
    there = {"processor": "x" * 900, "cores": 2, "gpus": -1, "keras": ["3"], "host": "h", "python": "3.11\u202e\n#"}
    content = with_json("run.json", environment=there, name="a" * 10_000)
    manifest = opened(content, tmp_path).manifest()
    assert manifest.environment == {"processor": "x" * 80, "cores": 2, "python": "3.11 #"}
    assert manifest.name == "a" * 80


LONG = "x" * 5_000


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (None, "As it was.\u202e"),
        ({"key": "training.stopped_early", "values": {"epoch": 3}}, say("training.stopped_early", epoch=3)),
        ({"key": "training.unexpected", "values": {"kind": LONG}}, say("training.unexpected", kind="x" * 200)),
        ({"key": "training.unknown", "values": {}}, "As it was.\u202e"),
        ({"key": "training.stopped_early", "values": {"epoch": "{0.__class__}", "more": 1}}, "As it was.\u202e"),
        ({"key": "training.stopped_early", "values": {"epoch": 10**400}}, "As it was.\u202e"),
        ({"key": ["training.stopped_early"], "values": {}}, "As it was.\u202e"),
        ("training.keyboard", "As it was.\u202e"),
    ],
)
def test_a_status_message_needs_a_known_key_and_short_values_or_its_text_is_shown(said, shown, tmp_path):
    status = opened(with_json("status.json", said=said, message="As it was.\u202e"), tmp_path).status()
    assert str(status.message) == one_line(shown)


@pytest.mark.parametrize("state", ["queued", "starting", "training", "paused", "evaluating"])
def test_a_run_that_had_not_ended_is_refused(state, tmp_path):
    assert "had not ended" in refusal(with_json("status.json", state=state), tmp_path)


ORIGIN = {"run": "mlp", "name": "first\u202e" + "x" * 300, "epoch": 4, "optimizer_kept": False}


def test_the_origin_of_a_fork_is_kept_and_its_name_cut(tmp_path):
    origin = opened(with_json("run.json", origin=ORIGIN), tmp_path).manifest().origin
    assert (origin.run, origin.name, origin.epoch) == ("mlp", "first " + "x" * 74, 4)


@pytest.mark.parametrize(
    ("file", "changes", "reason"),
    [
        ("status.json", {"state": "done"}, "status.json does not have a run's status"),
        ("status.json", {"epoch": 900}, "status.json does not have a run's status"),
        ("status.json", {"best_epoch": 900}, "status.json does not have a run's status"),
        ("status.json", {"test_accuracy": 99.0}, "status.json does not have a run's status"),
        ("status.json", {"test_loss": float("nan")}, "status.json does not have a run's status"),
        ("status.json", {"message": ["x"]}, "status.json does not have a run's status"),
        ("run.json", {"config": None}, "run.json: "),
        ("run.json", {"config": {"kind": "cnn", "blocks": ["1@999-same-max"]}}, "run.json: "),
        ("run.json", {"config": {"kind": []}}, "run.json: Kind of network"),
        ("run.json", {"created": -1}, "run.json does not describe a run"),
        ("run.json", {"created": 1e300}, "run.json does not describe a run"),
        ("run.json", {"environment": []}, "run.json does not describe a run"),
        ("run.json", {"origin": {**ORIGIN, "epoch": 5}}, "run.json does not describe a run"),
        ("run.json", {"origin": {**ORIGIN, "run": "../../x"}}, "run.json does not describe a run"),
        ("label.json", {"name": 3}, "label.json is not a run's name and note"),
        ("label.json", {"note": None}, "label.json is not a run's name and note"),
    ],
)
def test_values_that_no_run_has_are_refused(file, changes, reason, tmp_path):
    assert reason in refusal(with_json(file, **changes), tmp_path)


@pytest.mark.parametrize("file", ["run.json", "status.json", "label.json"])
@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"a": ' + "[" * 90_000, '"x"', "1" * 9_000, b"\xff\xfe\x00", "null"]
)
def test_malformed_json_is_refused(file, content, tmp_path):
    assert file in refusal(with_files({file: content}), tmp_path)


def test_only_run_and_status_are_required(tmp_path):
    assert "it is not a run" in refusal(with_files({"run.json": None}), tmp_path)
    assert "status.json is missing" in refusal(with_files({"status.json": None}), tmp_path)
    few = {name: None for name in files() if name not in ("run.json", "status.json")}
    assert opened(with_files(few), tmp_path).manifest().name == "mlp-512"


EPOCHS = files()["epochs.csv"].decode()
HEADER, FIRST = EPOCHS.splitlines()[:2]


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "epoch,loss\n1,2\n",
        f"{HEADER}\n=HYPERLINK(1),1,1,1,1,1,1\n",
        f"{HEADER}\n{FIRST}\n{FIRST}\n",
        f"{HEADER}\n0,1,1,,,0.1,1\n",
        f"{HEADER}\n99,1,1,,,0.1,1\n",
        f"{HEADER}\n1.5,1,1,,,0.1,1\n",
        f"{HEADER}\nnan,1,1,,,0.1,1\n",
        f"{HEADER}\n1,1,-1,,,0.1,1\n",
        f"{HEADER}\n1,1,1,,,0.1,1e300\n",
        f"{HEADER}\n1,1,1,,,0.1,inf\n",
        f"{HEADER}\n1,1,1,,,0.1,1",
    ],
)
def test_a_malformed_table_is_refused(rows, tmp_path):
    assert "epochs.csv is not a table of a run" in refusal(with_files({"epochs.csv": rows}), tmp_path)


def test_a_diverged_training_can_be_opened(tmp_path):
    folder = opened(with_files({"epochs.csv": f"{HEADER}\n1,nan,0.1,,,0.1,1\n2,inf,0.1,,,0.1,1\n"}), tmp_path)
    assert folder.epochs_csv.read_text().count("\n") == 3


def test_files_of_epochs_after_the_last_are_refused(tmp_path):
    for form in ("predictions/epoch-{:04d}.npz", "checkpoints/epoch-{:04d}.weights.h5"):
        first, late = form.format(1), form.format(900)
        assert f"{late} belongs to an epoch" in refusal(with_files({late: files()[first]}), tmp_path)


def test_a_bundle_of_an_earlier_version_opens_with_a_network_built_here(tmp_path):
    content = EARLIER.read_bytes()
    folder = RunFolder(tmp_path / "runs" / open_bundle(io.BytesIO(content), tmp_path / "runs").run_id)
    # the id that earlier versions gave it, so opening it again finds the same run
    assert folder.id == "mlp-93946261fa7327420e58"
    assert (folder.manifest().name, folder.status().state) == ("eight units", "finished")
    earlier = RunFolder(tmp_path / "earlier")
    with zipfile.ZipFile(EARLIER) as archive:
        archive.extractall(earlier.path)
    images = np.random.default_rng(1).random((3, 28, 28), np.float32)
    for epoch in (0, 1):
        ours, theirs = load(folder, epoch).probabilities(images), load(earlier, epoch).probabilities(images)
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert json.loads(folder.architecture.read_text())["config"]["layers"][2]["config"]["units"] == 8


@pytest.mark.parametrize("network", [crashing_network(), b"", b"TFL3"])
def test_a_strangers_network_and_architecture_are_never_opened(network, tmp_path):
    seen = []

    def build(folder):
        seen.extend(name for name in MADE_HERE if (folder.path / name).exists())
        copy_network("mlp-512")(folder)

    evil = json.dumps({"class_name": "Lambda", "module": "os"})
    content = with_files({"network.tflite": network, "model.tflite": network, "architecture.json": evil})
    folder = opened(content, tmp_path, trial=try_out, build=build)
    assert seen == []
    assert not (folder.path / "model.tflite").exists()
    for name in MADE_HERE:
        assert (folder.path / name).read_bytes() == (ROOT / "cached_models" / "mlp-512" / name).read_bytes()
