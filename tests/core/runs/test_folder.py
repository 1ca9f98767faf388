"""The run folder as a protocol: what is written reads back, damage is reported."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.network import OtherNetwork
from core.config.presets import PRESETS
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.runs.folder import Group, Label, Request, RunFolder
from core.runs.model_file import InputForm, ModelFile
from core.runs.status import Status
from core.text import languages, speaking


def test_a_run_reads_back_and_its_json_is_readable_text(tmp_path):
    status = Status(state="finished", epoch=20, best_epoch=17, test_accuracy=0.9926)
    folder = RunFolder.create(tmp_path, PRESETS["cnn-16-36"], status, "数字 ✎")
    assert folder.manifest().config == PRESETS["cnn-16-36"]
    assert folder.manifest().name == "数字 ✎"
    assert "数字" in (folder.path / "run.json").read_text(encoding="utf-8")
    assert folder.status() == status
    assert [path.name for path in tmp_path.iterdir()] == [folder.id]


@pytest.mark.parametrize("file", ["run.json", "status.json"])
@pytest.mark.parametrize(
    "content", [None, "", "{", "null", "[]", "[" * 100_000, '{"state": "dancing"}', '{"config": {"epochs": -1}}']
)
def test_a_damaged_file_makes_the_run_unreadable(make_run, file, content):
    folder = make_run()
    if content is None:
        (folder.path / file).unlink()
    else:
        (folder.path / file).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableRun) as error:
        folder.manifest()
        folder.status()
    assert str(error.value)


@pytest.mark.parametrize("change", [{"created": 1e300}, {"created": -1}, {"config": {}}, {"name": None}], ids=str)
def test_an_implausible_manifest_is_unreadable(make_run, change):
    folder = make_run()
    values = json.loads((folder.path / "run.json").read_text(encoding="utf-8"))
    (folder.path / "run.json").write_text(json.dumps(values | change), encoding="utf-8")
    with pytest.raises(UnreadableRun):
        folder.manifest()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["state", "owner", "epoch", "message", "pid", "host"]) | st.text(), x)
        ),
    )
)
def test_reading_any_status_raises_only_unreadable_run(values):
    with contextlib.suppress(UnreadableRun):
        Status.from_json(values)


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path):
    target = tmp_path / "status.json"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="disk"), replacing(target) as draft:
        draft.write_text("half", encoding="utf-8")
        raise OSError("disk")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_requests_are_taken_in_order_and_once(make_run):
    folder = make_run("training")
    folder.ask("pause")
    folder.ask("learning_rate", 0.003)
    folder.ask("stop")
    (folder.control / "00-foreign.json").write_text("{", encoding="utf-8")
    assert folder.take_requests() == [Request("pause"), Request("learning_rate", 0.003), Request("stop")]
    assert folder.take_requests() == []


def test_a_request_is_not_taken_before_it_is_complete(make_run):
    folder = make_run("training")
    with replacing(folder.control / "1.json") as draft:
        folder.control.mkdir()
        draft.write_text('{"command": "stop", "value": null}', encoding="utf-8")
        assert not folder.has_requests
        assert folder.take_requests() == []
    assert folder.has_requests
    assert folder.take_requests() == [Request("stop")]


def test_an_unknown_command_is_refused(make_run):
    with pytest.raises(DigitLabError, match="explode"):
        make_run("training").ask("explode")


def test_the_log_tail_holds_the_last_lines(make_run):
    folder = make_run("failed")
    folder.log.write_text("\n".join(f"line {n}" for n in range(5000)), encoding="utf-8")
    assert folder.log_tail(lines=3).splitlines() == ["line 4997", "line 4998", "line 4999"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  a\t b\n c ", "a b c"),
        ("\x00a\x1bb\x7f", "a b"),
        ("abc\u202edef", "abc def"),
        ("\ud800half", "half"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("x" * 200, "x" * 80),
        ("x" * 79 + " y", "x" * 79),
    ],
)
def test_a_name_is_one_line_of_visible_characters(make_run, text, name):
    folder = make_run()
    folder.write_label(Label(name=text))
    assert folder.label().name == name


def test_a_note_keeps_its_lines_and_at_most_1000_characters():
    assert Label(note=" a  b \r\n\x07c\u2028d\n\n").note == "a b\nc\nd"
    assert Label(note="x\n" * 5000).note == ("x\n" * 500).strip()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "5", '{"name": 5, "note": ""}', '{"name": ["a"], "note": ""}', "[" * 100_000]
)
def test_a_damaged_label_is_empty_and_the_run_stays_readable(make_run, content):
    folder = make_run()
    (folder.path / "label.json").write_text(content, encoding="utf-8")
    assert folder.label() == Label()
    assert folder.manifest().name


def test_tags_are_single_words_none_twice(make_run):
    folder = make_run()
    folder.write_label(Label(tags=(" to  do ", "a,b", "", "Thesis", "thesis", "\x07", "x" * 50)))
    assert folder.label().tags == ("to-do", "a-b", "Thesis", "x" * 24)


@pytest.mark.parametrize("tags", [None, "thesis", {"a": 1}, [1, None]])
def test_a_label_without_readable_tags_has_none(make_run, tags):
    folder = make_run()
    (folder.path / "label.json").write_text(json.dumps({"name": "mine", "note": "", "tags": tags}), encoding="utf-8")
    assert folder.label() == Label("mine")


@given(st.text(), st.text(), st.lists(st.text()))
def test_cleaning_a_label_twice_changes_nothing(name, note, tags):
    label = Label(name, note, tags=tuple(tags))
    assert Label(label.name, label.note, tags=label.tags) == label
    assert len(label.name) <= 80
    assert len(label.note) <= 1000


def test_a_run_remembers_its_group(tmp_path):
    group = Group("ladder", "0a1b")
    folder = RunFolder.create(tmp_path, PRESETS["mlp-512"], Status(state="queued"), group=group)
    assert folder.manifest().group == group


@pytest.mark.parametrize(
    "group", ["x", {}, {"kind": "ladder"}, {"kind": "<b>", "id": "a"}, {"kind": "x", "id": "../a"}]
)
def test_a_group_that_none_can_be_makes_the_run_unreadable(make_run, group):
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
def test_a_file_that_none_can_be_makes_the_run_unreadable(make_run, changes):
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
