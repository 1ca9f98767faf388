"""The benchmark of pages, run as a visitor without a browser."""

import re

import pytest

from benchmarks.analysis import Memory, copies
from benchmarks.visiting import Visit, rest, visitable
from core.runs.folder import RunFolder
from core.runs.predictions import predicted_epochs
from core.runs.store import SHIPPED_DIR, RunStore

SHIPPED = RunFolder(SHIPPED_DIR / "cnn-16-36")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmark")
    runs_dir = copies(SHIPPED, folder / "opened", 2, whole=True)
    with visitable(folder, runs_dir) as started:
        yield started


def test_copies_are_independent_runs_complete_or_reduced(tmp_path):
    for whole in (True, False):
        runs = RunStore(copies(SHIPPED, tmp_path / str(whole), 3, whole=whole), tmp_path / "none").runs()
        assert [run.id for run in runs] == ["copy-000000", "copy-000001", "copy-000002"]
        assert all(run.status.state == "finished" for run in runs)
        created = [run.manifest.created for run in runs]
        assert [created[0] - time for time in created] == [0, 60, 120]
        assert {len(predicted_epochs(run.folder)) for run in runs} == {21 if whole else 0}


@pytest.mark.slow  # tests/pages opens and chooses as well
def test_a_visitor_opens_pages_and_chooses_as_in_a_browser(server):
    visit = Visit(server)
    assert visit.open("run", tab="results", epoch="3") > 0
    assert visit.element("view.epoch")["value"] == "3"
    at_three = visit.element("confusion-matrix.0")["data"]["spec"]["data"]
    assert visit.choose("view.epoch", "4") > 0
    assert visit.element("view.epoch")["value"] == "4"
    assert visit.element("confusion-matrix.0")["data"]["spec"]["data"] != at_three
    with pytest.raises(RuntimeError, match=r"no mistakes\.sheet"):
        visit.element("mistakes.sheet")
    with pytest.raises(RuntimeError, match="refuses"):
        visit.choose("view.epoch", "no such epoch")


def test_a_server_becomes_idle_with_plausible_memory(server):
    rest(server)
    memory = Memory.of(server)
    assert 50 < memory.unique <= memory.resident < 2_000
    assert memory.proportional is None or memory.unique <= memory.proportional <= memory.resident


@pytest.mark.slow
def test_every_row_is_measured(printed):
    table = printed("benchmarks", "--quick", "--only", "analysis")
    rows = re.findall(r"^\| (\S.*?) \(\d+\) +\| ([\d,.]+) (ms|s|MB) ", table, re.MULTILINE)
    units = [unit for _, _, unit in rows]
    assert units[:7] == ["ms"] * 5 + ["s"] * 2 and len(units) >= 9 and set(units[7:]) == {"MB"}
    names = [name for name, *_ in rows]
    assert re.fullmatch(r"Epoch slider to the matrix, (10,000|1,000) digits", names[0])
    assert names[1:3] == ["Sheet of 48 digits, sorted anew", "Sheet of 48 digits, page turned"]
    assert "Runs page, 1,000 runs, first opened after Train" in names
