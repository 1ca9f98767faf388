"""The lesson on first updates: the recorded numbers, and runs whose record is missing or damaged."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.proto.Metric_pb2 import Metric

from core.config.presets import PRESETS
from core.data.datasets import load
from core.runs.first_updates import Steps, Watched, steps_file, write_steps
from tests.pages.shown import sentences, sheet, texts


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


def test_a_runs_first_updates_can_be_stepped_through(lesson, make_run):
    folder = make_run("finished")
    steps = steps_of(folder)
    test = lesson("step", run=folder.id)
    assert "**Update 1** of 5" in texts(test)
    assert len(sheet(test, "lessons.batch")) == 8
    # the output layer's weight comes first
    assert rf"g = {steps.gradients[0, 2]:.4g}" in latex(test)
    assert rf"\mathbf{{{steps.weights[1, 2]:.4g}}}" in latex(test)
    test.button(key="player.next").click().run()
    assert test.query_params == {"lesson": "step", "run": folder.id, "step": "2"}
    assert rf"\mathbf{{{steps.weights[2, 2]:.4g}}}" in latex(test)
    assert test.metric[0].value == f"{steps.after[1]:.4g}"
    falling = test.metric[0].proto
    assert (falling.color, falling.direction) == (Metric.GREEN, Metric.DOWN)
    test.button(key="player.previous").click().run()
    assert test.button(key="player.previous").disabled


def test_missing_foreign_and_damaged_records_leave_a_sentence(lesson, make_run):
    older, folder = make_run("finished"), make_run("finished")
    steps = steps_of(folder)
    test = lesson("step", run=older.id)
    assert "was trained before runs recorded their first updates" in texts(test)
    assert test.latex
    write_steps(folder, replace(steps, labels=(steps.labels + 1) % 10))
    test = lesson("step", run=folder.id)
    assert sheet(test, "lessons.batch") is None
    assert any("other" in sentence for sentence in sentences(test))
    steps_file(folder).write_bytes(b"PK\x03\x04 no more")
    test = lesson("step", run=folder.id)
    assert ["steps.npz" in sentence for sentence in sentences(test)] == [True]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"optimizer": "nadam"}, "Updates by Nadam are not worked out here"),
        ({"clipping": "value"}, "This run clips its gradients."),
    ],
)
def test_updates_that_are_not_worked_out_are_shown_as_recorded(lesson, make_run, changes, said):
    folder = make_run("finished", config=PRESETS["mlp-512"].replace(**changes))
    steps = steps_of(folder)
    test = lesson("step", run=folder.id)
    assert said in texts(test)
    assert rf"g = {steps.gradients[0, 2]:.4g}" in latex(test)
    assert "Recorded after the update" in texts(test)


def test_labels_replace_missing_images(lesson, make_run, without_mnist, settled):  # noqa: ARG001
    folder = make_run("finished", config=PRESETS["mlp-512"])
    steps_of(folder)
    test = settled(lambda: lesson("step", run=folder.id))
    assert sheet(test, "lessons.batch") is None
    assert "Labels: " + " ".join(map(str, load("mnist-5k").train_labels[:8])) in texts(test)
