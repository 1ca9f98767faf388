"""The run that trains, in one line on every page but its own."""

from core.runs.folder import Request
from tests.pages.conftest import texts, turn


def test_a_paused_run_has_no_time_left_to_say(app, make_run):
    make_run("paused", batch=12, seconds_left=72.3)
    assert "1:12" not in texts(app("results"))


def test_a_run_under_way_is_in_sight_on_every_other_page(app, make_run):
    folder = make_run("training", batch=12, seconds_left=72.3)
    for page in ("results", "mistakes", "runs", "draw"):
        test = app(page)
        assert not test.exception
        assert "**mlp\\-512** · Training · epoch 4 of 5 · 94.00 % · 1:12 left" in texts(test)
    test.button(key="job.stop").click().run()
    assert folder.take_requests() == [Request("stop")]


def test_on_its_own_page_and_where_nothing_trains_there_is_no_such_line(app, make_run):
    make_run("finished")
    test = app("results")
    assert "job.stop" not in {button.key for button in test.button}
    make_run("training")
    turn(test, "train")
    assert "job.stop" not in {button.key for button in test.button}


def test_watch_leads_to_it(app, make_run):
    folder = make_run("training")
    make_run("finished")
    test = app("results")
    test.button(key="job.watch").click().run()
    assert test.title[0].value == "Digit Lab"
    assert test.query_params["run"] in (folder.id, [folder.id])
