"""Resolution of the paths that users give in variables, options and arguments."""

import re
import subprocess

import pytest

from core import child_process
from core.data.cache import cache_folder
from core.data.sources import local_handwriting, local_mnist
from core.drawing.collection import default_drawings_dir
from core.errors import DigitLabError
from core.keras_settings import user_home
from core.places import ROOT, place
from core.runs.store import RunStore, default_runs_dir

VARIABLES = {
    "DIGIT_LAB_RUNS": default_runs_dir,
    "DIGIT_LAB_DRAWINGS": default_drawings_dir,
    "DIGIT_LAB_CACHE": cache_folder,
    "DIGIT_LAB_MNIST": local_mnist,
    "DIGIT_LAB_HANDWRITING": local_handwriting,
    "KERAS_HOME": user_home,
}


@pytest.fixture
def standing(tmp_path, monkeypatch):
    """A home folder and a current folder in it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(here)
    return here


@pytest.mark.parametrize(("text", "expected"), [("~/there", "there"), ("there", "here/there"), ("../there", "there")])
@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_can_hold_a_home_or_relative_path(standing, monkeypatch, variable, text, expected):
    there = standing.parent / expected
    there.touch()
    monkeypatch.setenv(variable, text)
    found = VARIABLES[variable]()
    assert found.is_absolute()
    assert found.resolve() == there


def test_the_home_folder_of_an_unknown_user_is_a_relative_path(standing):
    assert place("~nobody-of-this-name/runs") == standing / "~nobody-of-this-name/runs"


def test_a_run_can_be_given_by_folder_or_id(standing, monkeypatch):
    for folder in (standing / "mine", standing.parent / "kept", standing / "runs" / "by-id"):
        folder.mkdir(parents=True)
        (folder / "run.json").touch()
    monkeypatch.setenv("DIGIT_LAB_RUNS", "runs")
    assert RunStore().folder("mine").path == standing / "mine"
    assert RunStore().folder("~/kept").path == standing.parent / "kept"
    assert RunStore().folder("by-id").path == standing / "runs" / "by-id"
    with pytest.raises(DigitLabError):
        RunStore().folder("~/nowhere")


def test_a_child_process_finds_core_and_the_users_paths_from_any_folder(standing):
    # modules in the user's folder must not be imported as ours
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


def test_every_child_process_has_the_users_current_folder():
    sources = [path for folder in ("core", "pages") for path in (ROOT / folder).rglob("*.py")]
    starts = [path for path in sources if re.search(r"subprocess\.(?:Popen|run)\(", path.read_text(encoding="utf-8"))]
    assert starts
    for path in starts:
        source = path.read_text(encoding="utf-8")
        assert re.search(r"env=(child_process\.)?environment\(", source), path
        assert "cwd=" not in source, path
