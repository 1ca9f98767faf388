"""The training run in one line, on every page except Train."""

from core.runs.folder import Request
from tests.pages.conftest import texts, turn


def test_a_paused_run_shows_no_time_left(app, make_run):
    make_run("paused", batch=12, seconds_left=72.3)
    assert "1:12" not in texts(app("results"))


def test_a_training_run_is_shown_on_every_other_page(app, make_run):
    folder = make_run("training", batch=12, seconds_left=72.3)
    for page in ("results", "mistakes", "runs", "draw"):
        test = app(page)
        assert "**mlp\\-512** · Training · epoch 4 of 5 · 94.00 % · 1:12 left" in texts(test)
    test.button(key="job.stop").click().run()
    assert folder.take_requests() == [Request("stop")]


def test_there_is_no_line_on_train_or_without_a_training_run(app, make_run):
    make_run("finished")
    test = app("results")
    assert "job.stop" not in {button.key for button in test.button}
    make_run("training")
    turn(test, "train")
    assert "job.stop" not in {button.key for button in test.button}


def test_watch_opens_the_run_on_train(app, make_run):
    folder = make_run("training")
    make_run("finished")
    test = app("results")
    test.button(key="job.watch").click().run()
    assert test.title[0].value == "Digit Lab"
    assert test.query_params["run"] in (folder.id, [folder.id])
