"""The ladder of learning rates, from the trials of its sweep."""

from core.runs.entries import Run
from core.runs.folder import BATCH_COLUMNS
from core.sweeps.folder import SweepFolder, SweepStore, TrialRecord
from core.sweeps.ladder import RUNGS, best, ladder_sweep, newest, rungs

SWEEP = ladder_sweep("mlp-512", "mnist-5k", 2)


def tried(rate, score=None, state="complete", runs=()):
    scores = () if score is None else (score,)
    return TrialRecord(number=RUNGS.index(rate), state=state, values={"learning_rate": rate}, scores=scores, runs=runs)


def test_the_best_rung_has_the_lowest_loss_once_all_are_tried():
    known = [tried(rate, score) for rate, score in zip(RUNGS[1:], (2.31, 0.4, 0.3, 0.6, 1.9), strict=True)]
    assert best(rungs(SWEEP, known, {})) is None
    found = rungs(SWEEP, [*known, tried(1.0, state="diverged")], {})
    assert [rung.rate for rung in found] == list(RUNGS)
    # no better than guessing among ten classes counts as diverged
    assert [rung.diverged for rung in found] == [True, True, False, False, False, False]
    assert best(found).rate == 0.001


def test_a_stopped_trial_does_not_count_as_tried():
    found = rungs(SWEEP, [tried(rate, 0.5) for rate in RUNGS[:-1]] + [tried(RUNGS[-1], state="stopped")], {})
    assert [rung.tried for rung in found] == [True] * 5 + [False]
    assert best(found) is None


def test_a_rung_has_the_losses_of_its_run(make_run):
    folder = make_run("training")
    lines = [",".join(BATCH_COLUMNS), "1,12,1.0,0.8,900,0.001", "2,12,0.5,0.8,900,0.001"]
    folder.batches_csv.write_text("\n".join(lines) + "\n")
    run = Run(folder=folder, manifest=folder.manifest(), status=folder.status())
    (found,) = [rung for rung in rungs(SWEEP, [tried(0.01, runs=("a",))], {"a": run}) if rung.run]
    assert found.losses() == ([12.0, 37.0], [1.0, 0.5])
    assert rungs(SWEEP, [], {})[0].losses() == ([], [])


def test_a_sweep_of_the_same_trials_is_found_again(runs):
    assert newest(SWEEP, SweepStore(runs).all()) is None
    folder = SweepFolder.create(runs, SWEEP)
    SweepFolder.create(runs, ladder_sweep("mlp-512", "mnist-5k", 1))
    assert newest(SWEEP, SweepStore(runs).all()).id == folder.id
