"""The command: what it prints, and what it says of wrong values."""

import pytest

from core.cluster import keeper
from core.runs.store import RunStore
from core.sweeps import __main__ as command
from core.sweeps.folder import SweepStore
from tests.core.sweeps.pretended import Threads

BASE = ["--preset", "mlp-512", "--dataset", "mnist-5k", "--epochs", "3", "--set", "validation=last-20"]
VARY = ["--vary", "learning_rate=0.0001..0.1:log", "--vary", "batch_size=64,128"]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs the command with a pretended worker; returns its status, its last line and what it said."""
    monkeypatch.setattr(keeper, "Launcher", lambda *_, **__: Threads())

    def run_with(*arguments):
        code = command.main([*arguments, "--runs-dir", str(tmp_path / "runs")])
        out, err = capsys.readouterr()
        return code, out.strip(), err

    return run_with


def test_a_sweep_prints_its_best_settings_and_as_the_last_line_the_folder_of_the_best_run(run, tmp_path):
    code, line, err = run(*BASE, *VARY, "--trials", "4", "--confirm", "2", "--sampler", "random", "--name", "mine")
    assert code == 0
    (listed,) = SweepStore(RunStore(tmp_path / "runs")).all()
    *trials, again = listed.folder.trials()
    best = min(trials, key=lambda trial: trial.scores[0])
    assert line == str(tmp_path / "runs" / best.runs[0])
    assert (listed.name, len(trials), len(again.runs)) == ("mine", 4, 2)
    assert f"Best: trial {best.number} with " in err
    assert "Trained again with 2 new seeds: validation loss " in err


def test_a_sweep_is_resumed_by_its_folder_for_more_trials(run, tmp_path):
    run(*BASE, *VARY, "--trials", "2", "--confirm", "0")
    (listed,) = SweepStore(RunStore(tmp_path / "runs")).all()
    assert run("--resume", str(listed.folder.path), "--trials", "3")[0] == 0
    assert len(listed.folder.trials()) == 3
    code, _, err = run("--resume", listed.id, *VARY)
    assert (code, "leave out --preset, --set and --vary" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (VARY, "validation is none; set it to last-20"),
        ([*BASE], "Nothing is varied"),
        ([*BASE, "--vary", "batch_size=64"], "has only the value 64"),
        ([*BASE, *VARY, "--trials", "many"], "Trials (sweep_trials) is many"),
        ([*BASE, *VARY, "--pruner", "asha"], "Pruner (sweep_pruner) is asha"),
        ([*BASE, *VARY, "--set", "learning_rate=0"], "Learning rate (learning_rate) is 0"),
        (["--resume", "nothing"], "There is no sweep nothing here"),
    ],
)
def test_a_wrong_value_is_refused_with_one_line_and_makes_no_sweep(run, tmp_path, arguments, said):
    code, line, err = run(*arguments)
    assert (code, line) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert SweepStore(RunStore(tmp_path / "runs")).all() == []


def test_combinations_that_cannot_be_trained_are_reported_before_the_start(run):
    code, _, err = run(
        *BASE, "--set", "kind=mlp", "--vary", "hidden_units=8;8192,8192", "--trials", "1", "--confirm", "0"
    )
    assert code == 0
    assert "1 of 2 combinations cannot be trained and will be skipped" in err
