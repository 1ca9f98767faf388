"""What the Train page says of a run that failed, diverged or was stopped, and how it can go on."""

import pytest

from core.config.presets import PRESETS
from core.runs.store import RunStore
from pages.state.plain_text import plain_text
from tests.pages.shown import chart, keys, texts


@pytest.mark.parametrize("state", ["failed", "interrupted"])
def test_a_failed_run_shows_its_error_and_its_log_in_an_expander(app, make_run, state):
    folder = make_run(state, message="The disk is full: make room, then resume.")
    folder.log.write_text("Traceback: OSError\n", encoding="utf-8")
    test = app()
    assert [error.value for error in test.error] == [plain_text("The disk is full: make room, then resume.")]
    assert "Traceback: OSError" in test.code[-1].value
    assert "watch.resume_run" in keys(test)
    assert "Traceback" not in texts(test)


def test_a_run_that_ended_before_its_first_batch_has_no_chart_to_set(app, make_run):
    curves, none = make_run("failed"), make_run("failed", epochs=[], epoch=0)
    for run, offered in ((curves, True), (none, False)):
        assert any(toggle.key == "log_loss" for toggle in app(run=run.id).toggle) is offered


def exploded(make_run, **status):
    config = PRESETS["mlp"].replace(dataset="mnist-5k", learning_rate=3, optimizer="sgd")
    folder = make_run("failed", config=config, epochs=[], epoch=0, exploded=0.28, learning_rate=3, **status)
    losses = (2.5, 29, 1e6, 3e12)
    rows = [f"1,{batch},{loss},,\n" for batch, loss in enumerate(losses, start=1)]
    folder.batches_csv.write_text("epoch,batch,loss,accuracy,images_per_second\n" + "".join(rows), encoding="utf-8")
    return folder, losses


def test_a_diverged_run_is_drawn_up_to_nan_and_retried_with_a_third_of_the_rate(app, make_run, runs_dir):
    make_run("training")
    folder, losses = exploded(make_run, message="The loss became NaN in epoch 1, batch 7.")
    test = app(run=folder.id)
    drawn = chart(test, "loss")
    assert drawn["Batches"]["y"] == list(losses)
    assert (drawn["NaN"]["x"], drawn["NaN"]["y"]) == ([0.28], [losses[-1]])
    assert "watch.resume_run" not in keys(test)
    assert test.button(key="watch.retry").label == "Retry with learning rate 1"
    test.button(key="watch.retry").click().run()
    assert not test.exception
    again = next(run for run in RunStore(runs_dir).runs() if run.status.state == "queued")
    assert again.manifest.config == folder.manifest().config.replace(learning_rate=1)
    assert test.query_params["run"] == again.id


def test_a_rate_set_by_hand_can_be_lowered_or_resumed(app, make_run):
    exploded(make_run, rate_by_hand=3.0)
    test = app()
    # a resume starts the epoch with the rate it had, which may be low enough
    assert {"watch.retry", "watch.resume_run"} <= keys(test)


def test_a_stopped_run_can_be_resumed(app, make_run, runs_dir):
    active, stopped = make_run("training"), make_run("stopped", message="Stopped after epoch 3.")
    test = app(run=stopped.id)
    test.button(key="watch.resume_run").click().run()
    assert RunStore(runs_dir).find(stopped.id).status.state == "queued"
    assert RunStore(runs_dir).find(active.id).status.state == "training"
