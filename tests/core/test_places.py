"""Where a path leads that a person gives in a variable, an option or an argument."""

import re
import subprocess
from pathlib import Path

import pytest

from core import child_process
from core.data.cache import cache_folder
from core.data.sources import local_handwriting, local_mnist
from core.drawing.collection import default_drawings_dir
from core.errors import DigitLabError
from core.keras_settings import persons_home
from core.places import ROOT, place
from core.runs.store import RunStore, default_runs_dir

VARIABLES = {
    "DIGIT_LAB_RUNS": default_runs_dir,
    "DIGIT_LAB_DRAWINGS": default_drawings_dir,
    "DIGIT_LAB_CACHE": cache_folder,
    "DIGIT_LAB_MNIST": local_mnist,
    "DIGIT_LAB_HANDWRITING": local_handwriting,
    "KERAS_HOME": persons_home,
}


@pytest.fixture
def standing(tmp_path, monkeypatch):
    """A person's home folder, and the folder in it where they stand."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(here)
    return here


@pytest.mark.parametrize(("text", "expected"), [("~/there", "there"), ("there", "here/there"), ("../there", "there")])
@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_takes_home_and_relative_paths(standing, monkeypatch, variable, text, expected):
    there = standing.parent / expected
    there.touch()
    monkeypatch.setenv(variable, text)
    found = VARIABLES[variable]()
    assert found.is_absolute()
    assert found.resolve() == there


def test_the_home_folder_of_nobody_is_a_relative_path(standing):
    assert place("~nobody-of-this-name/runs") == standing / "~nobody-of-this-name/runs"


def test_a_run_is_named_by_its_folder_or_its_id(standing, monkeypatch):
    for folder in (standing / "mine", standing.parent / "kept", standing / "runs" / "by-id"):
        folder.mkdir(parents=True)
        (folder / "run.json").touch()
    monkeypatch.setenv("DIGIT_LAB_RUNS", "runs")
    assert RunStore().folder("mine").path == standing / "mine"
    assert RunStore().folder("~/kept").path == standing.parent / "kept"
    assert RunStore().folder("by-id").path == standing / "runs" / "by-id"
    with pytest.raises(DigitLabError):
        RunStore().folder("~/nowhere")


def test_no_path_of_a_person_is_read_in_another_way():
    sources = [path for folder in ("core", "pages", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    other = re.compile(r"type=Path\b|Path\((?:os\.environ|given|options\.)|\.expanduser\(\)|Path\.home\(\)")
    assert [str(path) for path in sources if other.search(path.read_text(encoding="utf-8"))] == []


def test_a_child_process_finds_core_and_the_persons_paths_from_any_folder(standing):
    # what a person's folder has must not be taken for ours
    for name in ("core", "numpy"):
        (standing / name).mkdir()
        (standing / name / "__init__.py").write_text("raise ImportError('not this one')", encoding="utf-8")
    ended = subprocess.run(
        child_process.command("core.data", "mnist-5k", "--npz", "~/digits.npz"),
        env=child_process.environment({"DIGIT_LAB_CACHE": "cache"}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert (standing / "cache" / "mnist-5k" / "meta.json").is_file()
    assert (standing.parent / "digits.npz").is_file()


def test_every_child_process_stands_where_the_person_stands():
    sources = [path for folder in ("core", "pages") for path in (ROOT / folder).rglob("*.py")]
    starts = [path for path in sources if re.search(r"subprocess\.(?:Popen|run)\(", path.read_text(encoding="utf-8"))]
    assert starts
    for path in starts:
        source = path.read_text(encoding="utf-8")
        assert re.search(r"env=(child_process\.)?environment\(", source), path
        assert "cwd=" not in source, path


def test_the_root_is_the_folder_of_the_product():
    assert (Path(ROOT) / "app.py").is_file()
