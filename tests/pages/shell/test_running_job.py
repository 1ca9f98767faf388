"""The training run in one line, in the same place on every page."""

from core.runs.control import Request
from tests.pages.shown import texts


def test_a_paused_run_shows_no_time_left(app, make_run):
    make_run("paused", batch=12, seconds_left=72.3)
    (line,) = links(app("results"))
    assert line.label.endswith("Paused · epoch 4 of 5 · 94.00\xa0%")


def links(test):
    return [link.proto for link in test.get("page_link") if link.proto.label.startswith(":blue[●] **")]


def test_a_training_run_is_shown_on_every_page(app, make_run):
    folder = make_run("training", batch=12, seconds_left=72.3)
    for page in ("train", "results", "runs", "draw"):
        test = app(page)
        (line,) = links(test)
        assert line.label.endswith("**mlp\\-512** · epoch 4 of 5 · 94.00\xa0% · 1:12 left")
        assert (line.page, line.query_string) == ("run", f"run={folder.id}")
    test.button(key="job.stop").click().run()
    assert folder.control.take() == [Request("stop")]


def test_the_queue_is_counted(app, make_run):
    make_run("queued", epochs=[])
    test = app("data")
    assert "1 waiting" in texts(test)
    assert not links(test)


def test_there_is_no_line_without_a_training_run(app, make_run):
    make_run("finished")
    test = app("results")
    assert "job.stop" not in {button.key for button in test.button}
    assert not links(test)
