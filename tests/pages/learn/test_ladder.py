"""The lesson on learning rates: runs start on request only, and finished ones are used again."""

from core.explain.lessons.ladder import RUNGS, ladder_config, ladder_group
from core.runs.folder import RunFolder
from tests.pages.conftest import figure, texts, widget


def waiting(runs_dir):
    folders = [RunFolder(path) for path in runs_dir.iterdir() if path.is_dir()] if runs_dir.is_dir() else []
    return [folder for folder in folders if folder.status().state == "queued"]


def test_runs_start_only_when_the_button_is_pressed(lesson, runs_dir):
    test = lesson("ladder")
    assert not waiting(runs_dir)
    test.button(key="ladder.try").click().run()
    assert not test.exception
    queued = {folder.manifest().config.learning_rate: folder.manifest() for folder in waiting(runs_dir)}
    assert set(queued) == set(RUNGS)
    expected = ladder_config("mlp-512", "mnist-5k", 2)
    for rate, manifest in queued.items():
        assert manifest.config == expected.replace(learning_rate=rate)
        assert manifest.name.endswith(", mlp-512")
    # lists show them as one
    assert {manifest.group.kind for manifest in queued.values()} == {"ladder"}
    assert len({manifest.group for manifest in queued.values()}) == 1
    test.button(key="ladder.cancel").click().run()
    assert not waiting(runs_dir)
    assert test.button(key="ladder.try").label == "Train at 6 learning rates"


def rung(make_run, rate, losses, state="finished", **settings):
    config = ladder_config("mlp-512", "mnist-5k", 2).replace(learning_rate=rate)
    rows = [(epoch, 0.5, 0.9, loss, 0.9, rate, 1) for epoch, loss in enumerate(losses, start=1)]
    return make_run(state, config=config, epochs=rows, **settings)


def test_finished_runs_are_reused_and_the_best_rate_named(lesson, make_run):
    for rate, loss in zip(RUNGS, (24.5, 0.9, 0.31, 0.25, 0.4, 1.2), strict=True):
        rung(make_run, rate, (2, loss))
    test = lesson("ladder")
    assert "**Best learning rate: 0.001**, with the lowest validation loss, 0.25." in texts(test)
    assert [trace["name"] for trace in figure(test)] == ["1", "0.01", "0.003", "0.001", "0.0003", "0.0001"]
    assert not [button for button in test.button if button.key and button.key.startswith("ladder.")]
    # other settings have other runs
    widget(test, "button_group", "view.passes").set_value(1).run()
    assert "Best learning rate" not in texts(test)


def test_a_diverged_run_counts_as_tried_and_a_stopped_one_does_not(lesson, make_run, runs_dir):
    rung(make_run, 1.0, (), state="failed", batch=12, message="The loss became NaN.")
    rung(make_run, 0.01, (9, 2.4))
    for rate in (0.003, 0.001, 0.0003):
        rung(make_run, rate, (1, rate))
    rung(make_run, 0.0001, (1,), state="stopped")
    test = lesson("ladder")
    assert "Best learning rate" not in texts(test)
    test.button(key="ladder.try").click().run()
    assert [folder.manifest().config.learning_rate for folder in waiting(runs_dir)] == [0.0001]
    assert waiting(runs_dir)[0].manifest().group == ladder_group(ladder_config("mlp-512", "mnist-5k", 2))
