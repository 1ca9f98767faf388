"""A sweep's runs, from the first to the last, whatever is stopped, killed or deleted meanwhile."""

import threading
from pathlib import Path
from types import SimpleNamespace

import optuna
import psutil
import pytest

from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.manifest import Group
from core.runs.status import ACTIVE
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.folder import best_trial
from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.judged import Judged
from tests.core.sweeps.pretended import Held, Processes, Threads, final_loss, in_a_process
from tests.core.training.conftest import wait_until


def runs_of(runs, folder):
    return [run for run in runs.runs() if run.manifest.group == Group("sweep", folder.id)]


def loaded(folder):
    """The study as any script of a person opens it."""
    backend = optuna.storages.journal.JournalFileBackend(str(folder.study))
    return optuna.load_study(study_name="sweep", storage=optuna.storages.JournalStorage(backend))


def test_each_trial_is_a_run_and_the_best_is_trained_again_with_new_seeds(make_driver, runs):
    driver = make_driver(a_sweep("learning_rate=0.0001..0.1:log", "batch_size=64,128", trials=5, confirm=2))
    status = driver.run()
    assert (status.state, status.message, status.epoch) == ("finished", None, 5)
    *trials, again = driver.folder.trials()
    made = {run.id: run for run in runs_of(runs, driver.folder)}
    assert [trial.number for trial in trials] == list(range(5))
    for trial in trials:
        (run,) = trial.runs
        config = made[run].manifest.config
        assert {name: getattr(config, name) for name in trial.values} == trial.values
        assert trial.scores == (pytest.approx(final_loss(config), rel=1e-6),)
    best = best_trial(driver.folder.sweep(), trials)
    assert best.scores[0] == min(trial.scores[0] for trial in trials)
    configs = [made[run].manifest.config for run in (best.runs[0], *again.runs)]
    assert [config.seed for config in configs] == [1, 2, 3]
    assert len({config.recipe for config in configs}) == 1
    assert again.tests == tuple(made[run].status.test_accuracy for run in again.runs)
    assert len(made) == 7
    # Optuna's own files
    study = loaded(driver.folder)
    assert study.best_trial.number == best.number
    assert study.metric_names == ["val_loss"]
    assert study.best_trial.user_attrs["runs"] == list(best.runs)


def test_a_trial_of_several_runs_counts_by_their_mean(make_driver, runs):
    driver = make_driver(a_sweep(trials=2, seeds=3, objective="val_accuracy"))
    driver.run()
    for trial in driver.folder.trials():
        found = [runs.find(run).manifest.config for run in trial.runs]
        assert [config.seed for config in found] == [1, 2, 3]
        assert trial.scores == (pytest.approx(1 - sum(map(final_loss, found)) / 3, rel=1e-6),)


@pytest.mark.parametrize("pruner", ["median", pytest.param("hyperband", marks=pytest.mark.slow)])
@pytest.mark.parametrize("objective", ["val_loss", pytest.param("val_accuracy", marks=pytest.mark.slow)])
def test_a_beaten_trial_is_a_stopped_run_that_says_by_what(make_driver, runs, pruner, objective, monkeypatch):
    # the best rates come first, since a grid is shuffled by its seed
    driver = make_driver(
        a_sweep("learning_rate=0.002,0.003,0.004,0.005,0.006,0.007,0.08,0.09", sampler="grid", sampler_seed=57,
                trials=8, pruner=pruner, objective=objective),
        launcher=Judged(monkeypatch),
    )  # fmt: skip
    driver.run()
    trials = driver.folder.trials()
    pruned = [trial for trial in trials if trial.state == "pruned"]
    assert pruned
    assert {trial.state for trial in trials} == {"complete", "pruned"}
    for trial in pruned:
        run = runs.find(trial.runs[0])
        assert (run.status.state, run.status.message) == ("stopped", trial.reason)
        assert str(trial.reason).startswith("Pruned after epoch ")
        # the run itself may have trained on until it saw the request
        assert trial.reason.values["epoch"] < 3
        rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
        sign = -1 if objective == "val_accuracy" else 1
        reported = loaded(driver.folder).trials[trial.number].intermediate_values
        assert {epoch: sign * value for epoch, value in reported.items()}.items() <= {
            row[0]: row[3] for row in rows
        }.items()


def test_a_loss_that_becomes_nan_ends_a_trial_and_in_all_of_them_the_sweep_with_a_sentence(make_driver):
    some = make_driver(a_sweep("learning_rate=0.01,2", sampler="grid"))
    assert some.run().state == "finished"
    assert sorted(trial.state for trial in some.folder.trials()) == ["complete", "diverged"]
    every = make_driver(a_sweep("learning_rate=2..9", trials=4))
    status = every.run()
    assert (status.state, str(status.message)[:43]) == ("failed", "None of the 4 trials has a result; lower th")


def test_settings_that_cannot_be_trained_are_skipped_and_do_not_count(make_driver, runs):
    driver = make_driver(a_sweep("hidden_units=8192,8192;8", "batch_size=32,64,96", sampler="grid", trials=3))
    assert driver.run().state == "finished"
    states = [trial.state for trial in driver.folder.trials()]
    assert states.count("complete") == 3
    assert len(runs_of(runs, driver.folder)) == 3
    skipped = [trial for trial in driver.folder.trials() if trial.state == "untrainable"]
    assert all("8192,8192" in trial.values["hidden_units"] and "parameters" in str(trial.reason) for trial in skipped)


def test_three_failures_in_a_row_end_the_sweep_with_their_reason(make_driver):
    class Broken(Threads):
        def launch(self, folder):  # noqa: ARG002 as the queue calls it
            raise OSError(12, "no memory")

    status = make_driver(a_sweep(trials=9), launcher=Broken()).run()
    assert status.state == "failed"
    assert str(status.message) == "3 trials in a row failed: Cannot allocate memory."


def test_a_sweep_is_paused_goes_on_is_extended_and_stopped(make_driver, runs):
    driver = make_driver(a_sweep(trials=2))
    driver.folder.files.control.ask("pause")
    assert str(driver.run().message) == "Paused. Resume to make the remaining trials."
    assert driver.folder.trials() == []
    first = make_driver(driver.folder)
    assert first.run().state == "finished"
    driver.folder.extend(4)
    assert make_driver(driver.folder).run().epoch == 4
    launcher = Held()
    held = make_driver(a_sweep(trials=9), launcher=launcher)
    thread = threading.Thread(target=held.run)
    thread.start()
    wait_until(lambda: [run.status.state for run in runs_of(runs, held.folder)] == ["training"])
    (run,) = runs_of(runs, held.folder)
    held.folder.files.control.ask("stop")
    wait_until(lambda: run.folder.control.pending)
    launcher.go.set()
    thread.join(20)
    assert held.folder.files.status().state == "stopped"
    (trial,) = held.folder.trials()
    assert (trial.state, runs.find(trial.runs[0]).status.state) == ("stopped", "stopped")


def test_a_deleted_run_fails_its_trial_and_the_sweep_goes_on(make_driver, runs):
    launcher = Held()
    driver = make_driver(a_sweep(trials=2), launcher=launcher)
    thread = threading.Thread(target=driver.run)
    thread.start()
    wait_until(lambda: [run for run in runs_of(runs, driver.folder) if run.status.state == "training"])
    (run,) = runs_of(runs, driver.folder)
    # as a list of runs deletes it
    run.folder.path.rename(run.folder.path.with_name(".deleted-0"))
    launcher.go.set()
    thread.join(20)
    first, second = driver.folder.trials()
    assert (first.state, str(first.reason)) == ("failed", "The run was deleted.")
    assert second.state == "complete"


def test_no_trial_starts_after_the_minutes_are_up(make_driver, monkeypatch):
    class FortySeconds(Threads):
        def launch(self, folder):
            seconds.append(40)
            return super().launch(folder)

    seconds = []
    monkeypatch.setattr("core.sweeps.driver.time", SimpleNamespace(monotonic=lambda: sum(seconds)))
    driver = make_driver(a_sweep(trials=9, minutes=2), launcher=FortySeconds())
    status = driver.run()
    assert (status.state, str(status.message)) == ("finished", "The 2.0 minutes are up.")
    assert len(driver.folder.trials()) == 3


@pytest.mark.parametrize("second", ["parameters", "seconds", "bytes"])
def test_two_objectives_give_trials_that_nothing_beats_in_both(make_driver, runs, second, monkeypatch):
    if second == "bytes":
        written = RunFolder.create.__func__

        def create(cls, *given, **named):
            folder = written(cls, *given, **named)
            (folder.path / "model.tflite").write_bytes(b"x" * folder.manifest().config.parameters)
            return folder

        monkeypatch.setattr(RunFolder, "create", classmethod(create))
    driver = make_driver(
        a_sweep("learning_rate=0.001..0.1:log", "hidden_units.1=4..64", second=second, trials=4, sampler="nsga2")
    )
    assert driver.run().state == "finished"
    for trial in driver.folder.trials():
        run = runs.find(trial.runs[0])
        expected = run.status.seconds if second == "seconds" else run.manifest.config.parameters
        assert trial.scores == (pytest.approx(final_loss(run.manifest.config), rel=1e-6), expected)
    assert loaded(driver.folder).best_trials


def test_a_study_cut_in_its_last_line_goes_on_and_another_is_refused_with_a_sentence(make_driver):
    driver = make_driver(a_sweep(trials=2))
    driver.run()
    whole = driver.folder.study.read_bytes()
    driver.folder.study.write_bytes(whole[:-9])
    driver.folder.extend(3)
    assert make_driver(driver.folder).run().state == "finished"
    assert len(driver.folder.trials()) == 3
    for broken in (
        b"\x00" * 99 + b"\n",
        whole[:200] + b"\n" + whole[200:],
        whole.replace(b'"digit_lab":1', b'"digit_lab":2'),
    ):
        driver.folder.study.write_bytes(broken)
        status = make_driver(driver.folder).run()
        assert status.state == "failed"
        assert "study" in str(status.message) or "another version" in str(status.message)


def test_a_second_sweep_waits_until_the_first_has_ended(make_driver):
    launcher = Held()
    first = make_driver(a_sweep(trials=2), launcher=launcher)
    second = make_driver(a_sweep(trials=1))
    thread = threading.Thread(target=first.run)
    thread.start()
    wait_until(lambda: first.folder.files.status().state in ACTIVE)
    waited = []

    def waiting():
        waited.append(first.folder.files.status().state)
        launcher.go.set()

    second.run(waiting)
    thread.join(20)
    assert waited
    assert set(waited) <= ACTIVE
    assert second.folder.trials()[0].state == "complete"


def test_a_visitors_runs_have_their_terms_and_wait_for_a_place_in_the_queue(make_driver, runs):
    terms = Terms("a" * 64, 120.0)
    full = make_driver(a_sweep(trials=1), settings=Settings(most_runs_each=1, most_minutes=2), terms=terms)
    other = full._queue.submit(a_sweep().config, terms=terms)
    thread = threading.Thread(target=full.run)
    thread.start()
    wait_until(lambda: full._queue.tick() or runs.find(other).status.state == "finished")
    thread.join(30)
    (run,) = runs_of(runs, full.folder)
    assert run.folder.terms() == terms


def test_a_killed_driver_and_a_killed_worker_lose_no_trial_and_train_none_twice(make_driver, runs):
    driver = make_driver(a_sweep(trials=4, confirm=1), launcher=Processes(pause=0.2), slots=2)
    process = in_a_process(Path(__file__).with_name("driven.py"), driver.folder, 0.2, 2)
    wait_until(lambda: len(runs_of(runs, driver.folder)) == 2 and runs_of(runs, driver.folder)[0].status.epoch >= 1)
    process.kill()
    process.wait()
    assert driver.folder.files.status().state == "interrupted"
    thread = threading.Thread(target=driver.run)
    thread.start()
    wait_until(lambda: [run for run in runs_of(runs, driver.folder) if run.status.epoch == 1 and run.status.owner])
    for run in runs_of(runs, driver.folder):
        if run.status.owner and run.status.state == "training":
            psutil.Process(run.status.owner.pid).kill()
    thread.join(60)
    assert driver.folder.files.status().state == "finished"
    *trials, again = driver.folder.trials()
    assert [trial.state for trial in trials] == ["complete"] * 4
    assert len({run for trial in (*trials, again) for run in trial.runs}) == 5
    assert len(runs_of(runs, driver.folder)) == 5
    for run in runs_of(runs, driver.folder):
        assert [row[0] for row in CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()] == [1, 2, 3]
    # what was tried is what an undisturbed sweep tries
    undisturbed = make_driver(a_sweep(trials=4, confirm=1))
    undisturbed.run()
    assert [trial.values for trial in undisturbed.folder.trials()] == [trial.values for trial in driver.folder.trials()]
