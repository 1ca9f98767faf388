"""Where a run that has ended leads."""

import pytest

from tests.made_runs import stored
from tests.pages.shown import texts


def steps(test):
    """The links' labels, each with its page and parameters."""
    links = [link.proto for link in test.get("page_link")]
    return {
        link.label: f"{link.page}?{link.query_string}"
        for link in links
        if link.label.startswith(("See", "Draw", "Comp"))
    }


@pytest.mark.parametrize(("page", "mark"), [("train", ""), ("curves", "&linked=1")])
def test_a_finished_run_leads_to_its_mistakes_to_draw_and_to_a_comparison(app, make_run, page, mark):
    run = make_run("finished", errors={1: 30, 3: 10}, test_accuracy=0.9)
    (folder := run.path / "checkpoints").mkdir(exist_ok=True)
    (folder / "epoch-0003.weights.h5").touch()
    true, probabilities = stored(run, 3)
    wrong = int((probabilities.argmax(axis=1) != true).sum())
    assert steps(app(page, run=run.id)) == {
        f"See its {wrong} mistakes": f"run?tab=mistakes&run={run.id}{mark}",
        "Draw for it": f"draw?model={run.id}",
        "Compare with CNN 16\\-36": f"runs?runs={run.id}%2Ccnn-16-36-5k",
    }


def test_nothing_is_offered_that_a_run_does_not_have(app, make_run):
    run = make_run("stopped", epochs=[], message="Stopped before the first epoch.")
    test = app("curves", run=run.id)
    assert "Stopped before the first epoch" in texts(test)
    assert steps(test) == {}
    assert "there are no curves" in texts(test)


def test_a_run_that_goes_on_has_only_its_verdict(app, make_run):
    run = make_run("training", errors={3: 10})
    test = app("curves", run=run.id)
    assert "Still improving" in texts(test)
    assert steps(test) == {}
