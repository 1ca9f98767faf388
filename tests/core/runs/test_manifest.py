"""What run.json says about a run; an invalid one is unreadable."""

import json
from dataclasses import replace

import pytest

from core.config.network import OtherNetwork
from core.config.presets import PRESETS
from core.errors import UnreadableRun
from core.runs.folder import RunFolder
from core.runs.manifest import Group
from core.runs.model_file import InputForm, ModelFile
from core.runs.status import Status
from core.text import languages, speaking


@pytest.mark.parametrize("change", [{"created": 1e300}, {"created": -1}, {"config": {}}, {"name": None}], ids=str)
def test_an_implausible_manifest_is_unreadable(make_run, change):
    folder = make_run()
    values = json.loads((folder.path / "run.json").read_text(encoding="utf-8"))
    (folder.path / "run.json").write_text(json.dumps(values | change), encoding="utf-8")
    with pytest.raises(UnreadableRun):
        folder.manifest()


def test_a_run_remembers_its_group(tmp_path):
    group = Group("ladder", "0a1b")
    folder = RunFolder.create(tmp_path, PRESETS["mlp-512"], Status(state="queued"), group=group)
    assert folder.manifest().group == group


@pytest.mark.parametrize(
    "group", ["x", {}, {"kind": "ladder"}, {"kind": "<b>", "id": "a"}, {"kind": "x", "id": "../a"}]
)
def test_an_invalid_group_makes_the_run_unreadable(make_run, group):
    folder = make_run()
    values = folder.read_json("run.json") | {"group": group}
    (folder.path / "run.json").write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(UnreadableRun):
        folder.manifest()


MODEL = ModelFile("net.keras", "keras", "0" * 64, InputForm((28, 28, 1), "bytes", True, -255.0, 255.0), "logits")


def test_a_run_remembers_the_file_of_its_network(make_run):
    folder = make_run()
    folder.write_manifest(replace(folder.manifest(), model=MODEL))
    assert folder.manifest().model == MODEL


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "pickle"},
        {"digest": "x"},
        {"name": 3},
        {"outputs": "text"},
        {"form": {}},
        {"form": {**MODEL.to_json()["form"], "shape": [10**9, 10**9]}},
        {"form": {**MODEL.to_json()["form"], "padding": [10**9, 0]}},
        {"form": {**MODEL.to_json()["form"], "scale": float("nan")}},
    ],
)
def test_an_invalid_model_file_makes_the_run_unreadable(make_run, changes):
    folder = make_run()
    values = folder.read_json("run.json") | {"model": {**MODEL.to_json(), **changes}}
    (folder.path / "run.json").write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(UnreadableRun):
        folder.manifest()


def test_a_network_of_which_only_the_size_is_known_needs_its_file(make_run):
    folder = make_run()
    other = folder.manifest().config.replace(network=OtherNetwork(7))
    folder.write_manifest(replace(folder.manifest(), config=other))
    with pytest.raises(UnreadableRun):
        folder.manifest()
    (folder.path / "run.json").write_text(json.dumps(folder.read_json("run.json") | {"model": MODEL.to_json()}))
    assert folder.manifest().config.network == OtherNetwork(7)


@pytest.mark.parametrize("tag", languages())
def test_a_run_of_another_program_keeps_its_name_in_every_language(make_run, tag):
    manifest = replace(make_run().manifest(), name="training.csv")
    elsewhere = replace(manifest, config=manifest.config.replace(network=OtherNetwork(7)), model=MODEL)
    with speaking(tag):
        assert elsewhere.worded_name == "training.csv"
