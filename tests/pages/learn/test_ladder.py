"""The lesson on learning rates: a sweep starts on request only, and a finished one is used again."""

import pytest

from core.runs.store import RunStore
from core.sweeps.folder import SweepFolder, SweepStore, TrialRecord
from core.sweeps.ladder import RUNGS, ladder_sweep
from tests.pages.shown import figure, texts, widget

SWEEP = ladder_sweep("mlp-512", "mnist-5k", 2)


@pytest.fixture
def made(runs_dir):
    """The sweeps that there are."""
    return lambda: SweepStore(RunStore(runs_dir)).all()


@pytest.fixture
def put(runs_dir, make_run):
    """Puts the lesson's sweep there with these losses by rate; None for a trial that was stopped."""

    def put_there(losses):
        folder = SweepFolder.create(RunStore(runs_dir), SWEEP)
        folder.files.change_status(state="finished")
        trials = []
        for number, (rate, loss) in enumerate(losses.items()):
            run = make_run("finished", config=SWEEP.config_of({"learning_rate": rate})).id
            state, scores = ("stopped", ()) if loss is None else ("complete", (loss,))
            values = {"learning_rate": rate}
            trials.append(TrialRecord(number=number, state=state, values=values, scores=scores, runs=(run,)))
        folder.write_trials(trials)
        return folder

    return put_there


def test_a_sweep_starts_only_when_the_button_is_pressed_and_is_cancelled(lesson, made):
    test = lesson("ladder")
    assert test.button(key="ladder.try").label == "Train at 6 learning rates"
    assert not made()
    test.button(key="ladder.try").click().run()
    (listed,) = made()
    assert (listed.sweep, listed.name, listed.status.state) == (SWEEP, "Learning rates, mlp-512", "queued")
    assert "0 of 6 runs are done" in texts(test)
    test.button(key="ladder.cancel").click().run()
    assert made()[0].status.state == "stopped"
    # what it has not tried yet
    assert test.button(key="ladder.try").label == "Train the missing 6"
    test.button(key="ladder.try").click().run()
    assert [each.status.state for each in made()] == ["queued"]


def test_a_finished_sweep_is_used_again_and_the_best_rate_named(lesson, put):
    put(dict(zip(RUNGS, (24.5, 0.9, 0.31, 0.25, 0.4, 1.2), strict=True)))
    test = lesson("ladder")
    assert "**Best learning rate: 0.001**, with the lowest validation loss, 0.25." in texts(test)
    assert [trace["name"] for trace in figure(test)] == ["1", "0.01", "0.003", "0.001", "0.0003", "0.0001"]
    assert not [button for button in test.button if button.key and button.key.startswith("ladder.")]
    # other settings have another sweep
    widget(test, "button_group", "view.passes").set_value(1).run()
    assert "Best learning rate" not in texts(test)


def test_after_a_trial_was_stopped_all_are_trained_again(lesson, put, made):
    put({**dict.fromkeys(RUNGS[:-1], 0.5), RUNGS[-1]: None})
    test = lesson("ladder")
    assert "Best learning rate" not in texts(test)
    assert test.button(key="ladder.try").label == "Train at 6 learning rates"
    test.button(key="ladder.try").click().run()
    assert sorted(each.status.state for each in made()) == ["finished", "queued"]
