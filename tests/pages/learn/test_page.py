"""The lessons: first visit, invalid links, and buttons."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.proto.Metric_pb2 import Metric

from core.config.presets import PRESETS
from core.data.datasets import load
from core.explain.lessons.descent import IMAGES, MOMENTS, PASSES, Problem, descend
from core.explain.lessons.ladder import RUNGS, ladder_config
from core.runs.first_updates import Steps, Watched, steps_file, write_steps
from core.runs.folder import RunFolder
from tests.pages.conftest import figure, sentences, sheet, texts, turn, widget

LESSONS = ("descent", "step", "batch", "ladder")


def steps_of(folder, *, updates=5, count=3):
    """Write first updates of an MLP with RMSprop, as training does."""
    random, data = np.random.default_rng(3), load("mnist-5k")
    gradients = random.normal(0, 0.01, (updates, count)).astype(np.float32)
    weights, states = [random.normal(0, 0.1, count)], [np.zeros(count)]
    for gradient in gradients:
        states.append(0.9 * states[-1] + 0.1 * gradient**2)
        weights.append(weights[-1] - 0.001 * gradient / np.sqrt(states[-1] + 1e-7))
    steps = Steps(
        loss=np.linspace(2.3, 1.9, updates, dtype=np.float32),
        before=np.linspace(2.3, 1.9, updates, dtype=np.float32),
        after=np.linspace(2.1, 1.7, updates, dtype=np.float32),
        sizes=np.full(updates, 128),
        places=np.arange(updates * 8, dtype=np.int32).reshape(updates, 8),
        images=np.zeros((updates, 0, 28, 28), np.uint8),
        labels=np.asarray(data.train_labels[: updates * 8]).reshape(updates, 8),
        rates=np.full(updates, 0.001, np.float32),
        watched=(
            Watched("dense_1", "kernel", (406, 7)),
            Watched("dense_1", "bias", (5,)),
            Watched("output", "kernel", (28, 1)),
        ),
        weights=np.array(weights, np.float32),
        gradients=gradients,
        slots=("velocity",),
        states=np.array(states, np.float32)[:, None],
    )
    write_steps(folder, steps)
    return steps


def latex(test):
    return test.latex[0].value


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_has_content_at_the_first_visit(app, lesson):
    load("mnist-5k")
    test = app("learn", lesson=lesson)
    assert not sentences(test)
    assert test.title[0].value == "Learn"
    assert test.get("plotly_chart")
    assert widget(test, "button_group", "view.lesson").value == lesson


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"lesson": "magic"}, "The link's lesson is magic; use one of descent, step, batch, ladder."),
        ({"rate": "fast"}, "The link's rate is fast; use a number from 0.0001 to 10, for example 0.1."),
        ({"rate": "5"}, "The link's rate is 5, and here it goes from 0.003 to 3; this is 3."),
        ({"batch": "1"}, "The link's batch is 1, and here it goes from 2 to 999; this is 2."),
        ({"batch": "0"}, "The link's batch is 0; use a whole number from 1 to 60,000."),
        ({"step": "101"}, "The link's step is 101, and here it goes from 0 to 100; this is 100."),
        ({"lesson": "step", "step": "9"}, "The link's step is 9, and here it goes from 1 to 5; this is 5."),
        ({"lesson": "step", "run": "nowhere"}, "There is no run nowhere here; this is another one."),
        (
            {"lesson": "batch", "network": "resnet"},
            "The link's network is resnet; use one of mlp-512, lenet-20-50, cnn-16-36.",
        ),
        (
            {"lesson": "batch", "network": "cnn-16-36", "batch": "50000"},
            "The link's batch is 50000, and here it goes from 1 to 48000; this is 48000.",
        ),
        ({"lesson": "ladder", "dataset": "cats"}, "A ladder cannot be tried on cats; this is mnist-5k."),
        ({"lesson": "ladder", "passes": "3"}, "The link's passes is 3; use a whole number from 1 to 2."),
    ],
)
def test_an_invalid_link_shows_the_nearest_state_and_one_warning(app, make_run, link, sentence):
    steps_of(make_run("finished"))
    test = app("learn", **link)
    assert sentences(test) == [sentence]
    assert test.get("plotly_chart")


def test_the_paths_are_drawn_as_computed(app):
    data = load("mnist-5k")
    found = descend(Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES]), rate=0.3, batch_size=64)
    test = app("learn", rate=0.3, batch=64, step=40)
    images = IMAGES * PASSES * 40 // MOMENTS
    drawn = [trace for trace in figure(test, 1) if trace.get("name")]
    assert len(drawn) == 3
    for trace, path in zip(drawn, found.paths, strict=True):
        seen = path.images <= images
        assert trace["x"] == path.images[seen].tolist()
        np.testing.assert_allclose(trace["y"], path.loss[seen], rtol=1e-5)
    (table,) = (element.proto.body for element in test.get("html") if "<table" in element.proto.body)
    for path in found.paths:
        assert f">{path.updates[path.images <= images][-1]:,}</td>" in table


def test_stepping_through_the_descent_updates_the_link(app):
    test = app("learn")
    assert test.button(key="lessons.next").disabled
    test.button(key="lessons.before").click().run()
    assert test.query_params == {"step": "99"}
    widget(test, "slider", "view.step").set_value(0).run()
    assert test.query_params == {"step": "0"}
    assert test.button(key="lessons.before").disabled
    test.button(key="lessons.next").click().run()
    assert test.query_params == {"step": "1"}


def test_play_advances_and_pause_stops(app):
    test = app("learn", step=96)
    test.button(key="lessons.play").click().run()
    assert test.button(key="lessons.next").disabled
    test.button(key="lessons.pause").click().run()
    assert not test.exception
    moment = int(test.query_params["step"])
    assert 96 < moment < MOMENTS
    assert test.run().query_params == {"step": str(moment)}


def test_another_rate_gives_other_paths(app):
    test = app("learn")
    before = figure(test, 1)
    widget(test, "select_slider", "view.rate").set_value(0.01).run()
    assert test.query_params == {"rate": "0.01"}
    assert figure(test, 1) != before


def test_a_runs_first_updates_can_be_stepped_through(app, make_run):
    folder = make_run("finished")
    steps = steps_of(folder)
    test = app("learn", lesson="step", run=folder.id)
    assert "**Update 1** of the first 5" in texts(test)
    assert len(sheet(test, "lessons.batch")) == 8
    # the output layer's weight comes first
    assert rf"g = {steps.gradients[0, 2]:.4g}" in latex(test)
    assert rf"\mathbf{{{steps.weights[1, 2]:.4g}}}" in latex(test)
    test.button(key="lessons.next").click().run()
    assert test.query_params == {"lesson": "step", "run": folder.id, "step": "2"}
    assert rf"\mathbf{{{steps.weights[2, 2]:.4g}}}" in latex(test)
    assert test.metric[0].value == f"{steps.after[1]:.4g}"
    falling = test.metric[0].proto
    assert (falling.color, falling.direction) == (Metric.GREEN, Metric.DOWN)
    test.button(key="lessons.before").click().run()
    assert test.button(key="lessons.before").disabled


def test_a_run_without_first_updates_is_replaced_with_a_note(app, make_run):
    older, newer = make_run("finished"), make_run("finished")
    steps_of(newer)
    test = app("learn", lesson="step", run=older.id)
    assert "was trained before runs kept their first updates" in texts(test)
    assert test.latex


def test_labels_replace_missing_images(app, make_run, without_mnist, settled):  # noqa: ARG001
    folder = make_run("finished", config=PRESETS["mlp-512"])
    steps_of(folder)
    test = settled(lambda: app("learn", lesson="step", run=folder.id))
    assert sheet(test, "lessons.batch") is None
    assert "Labels: " + " ".join(map(str, load("mnist-5k").train_labels[:8])) in texts(test)


def test_images_that_do_not_match_their_labels_are_not_shown(app, make_run):
    folder = make_run("finished")
    steps = steps_of(folder)
    write_steps(folder, replace(steps, labels=(steps.labels + 1) % 10))
    test = app("learn", lesson="step", run=folder.id)
    assert sheet(test, "lessons.batch") is None
    assert any("other" in sentence for sentence in sentences(test))


def test_damaged_first_updates_are_reported(app, make_run):
    folder = make_run("finished")
    steps_file(folder).write_bytes(b"PK\x03\x04 no more")
    test = app("learn", lesson="step", run=folder.id)
    assert len(sentences(test)) == 1
    assert "steps.npz" in sentences(test)[0]


@pytest.mark.parametrize(
    ("network", "size", "said"),
    [
        ("mlp-512", 128, "60,000 images ÷ 128 in a batch = 469 updates an epoch, × 5 epochs = 2,345"),
        ("lenet-20-50", 32, "60,000 images ÷ 32 in a batch = 1,875 updates an epoch, × 2 epochs = 3,750"),
        ("cnn-16-36", 48000, "48,000 images ÷ 48,000 in a batch = 1 updates an epoch, × 20 epochs = 20"),
    ],
)
def test_the_tutorials_update_counts_are_shown(app, network, size, said):
    test = app("learn", lesson="batch", network=network, batch=size)
    assert said in texts(test)


def test_the_cards_show_the_last_batch_and_memory(app):
    test = app("learn", lesson="batch")
    cards = {metric.label: metric.value for metric in test.metric}
    assert cards["Updates an epoch"] == "469"
    assert cards["Images in the last batch"] == "96"
    # 784 + 512 + 10 numbers of 4 bytes per image
    assert cards["Memory for one batch"] == f"{4 * 128 * (784 + 512 + 10) / 1e6:.1f} MB"
    # each weight, its gradient and RMSprop's moving average
    assert cards["Memory for the weights"] == f"{3 * 4 * 407_050 / 1e6:.1f} MB"


def waiting(runs_dir):
    folders = [RunFolder(path) for path in runs_dir.iterdir() if path.is_dir()] if runs_dir.is_dir() else []
    return [folder for folder in folders if folder.status().state == "queued"]


def test_runs_start_only_when_the_button_is_pressed(app, runs_dir):
    test = app("learn", lesson="ladder")
    assert not waiting(runs_dir)
    test.button(key="ladder.try").click().run()
    assert not test.exception
    queued = {folder.manifest().config.learning_rate: folder.manifest() for folder in waiting(runs_dir)}
    assert set(queued) == set(RUNGS)
    expected = ladder_config("mlp-512", "mnist-5k", 2)
    for rate, manifest in queued.items():
        assert manifest.config == expected.replace(learning_rate=rate)
        assert manifest.name.startswith("Ladder mlp-512")
    test.button(key="ladder.cancel").click().run()
    assert not waiting(runs_dir)
    assert test.button(key="ladder.try").label == "Try a ladder of 6 runs"


def rung(make_run, rate, losses, state="finished", **settings):
    config = ladder_config("mlp-512", "mnist-5k", 2).replace(learning_rate=rate)
    rows = [(epoch, 0.5, 0.9, loss, 0.9, rate, 1) for epoch, loss in enumerate(losses, start=1)]
    return make_run(state, config=config, epochs=rows, **settings)


def test_finished_runs_are_reused_and_the_best_rate_named(app, make_run):
    for rate, loss in zip(RUNGS, (24.5, 0.9, 0.31, 0.25, 0.4, 1.2), strict=True):
        rung(make_run, rate, (2, loss))
    test = app("learn", lesson="ladder")
    assert "**Best rung: 0.001**, with the lowest validation loss, 0.25." in texts(test)
    assert [trace["name"] for trace in figure(test)] == ["1", "0.01", "0.003", "0.001", "0.0003", "0.0001"]
    assert not [button for button in test.button if button.key and button.key.startswith("ladder.")]
    # other settings have other runs
    widget(test, "button_group", "view.passes").set_value(1).run()
    assert "Best rung" not in texts(test)


def test_a_diverged_run_counts_as_tried_and_a_stopped_one_does_not(app, make_run, runs_dir):
    rung(make_run, 1.0, (), state="failed", batch=12, message="The loss became NaN.")
    rung(make_run, 0.01, (9, 2.4))
    for rate in (0.003, 0.001, 0.0003):
        rung(make_run, rate, (1, rate))
    rung(make_run, 0.0001, (1,), state="stopped")
    test = app("learn", lesson="ladder")
    assert "Best rung" not in texts(test)
    test.button(key="ladder.try").click().run()
    assert [folder.manifest().config.learning_rate for folder in waiting(runs_dir)] == [0.0001]


@pytest.mark.parametrize("other", ["results", "train"])
def test_the_lesson_survives_a_visit_to_another_page(app, other):
    test = app("learn")
    widget(test, "button_group", "view.lesson").set_value("batch").run()
    assert test.query_params == {"lesson": "batch"}
    turn(test, other)
    turn(test, "learn")
    assert widget(test, "button_group", "view.lesson").value == "batch"
