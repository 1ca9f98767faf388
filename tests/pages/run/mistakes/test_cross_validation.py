"""Suspected labels of the training set: a cross-validation from start to result."""

import numpy as np
import pytest

from core.data import datasets
from core.runs.cross_validation import FILE, CrossValidation, write_out_of_sample
from core.runs.owner import Owner
from core.runs.store import RunStore
from core.text import Message
from tests.pages.shown import sentences, sheet, texts

LINK = {"show": "labels", "labels_of": "training"}
SHEET = "mistakes.sheet"


@pytest.fixture
def job(folder, runs_dir):
    """The job of the run after its start."""

    def find():
        (found,) = RunStore(runs_dir).jobs()
        assert found.task.run == folder.id
        return found

    return find


def press(test, name):
    test.button(key=f"cross_validation.{name}").click().run()
    assert not test.exception


def links(test):
    return [link.proto.label.replace("\\", "") for link in test.get("page_link")]


def test_a_cross_validation_is_started_followed_stopped_and_resumed(app, folder, job):
    test = app("mistakes", run=folder.id, **LINK)
    assert "train this network 3 more times" in texts(test)
    press(test, "start")
    assert job().status.state == "queued"
    assert "Waiting in the queue: 0 before it" in texts(test)
    assert f"1. Cross-validation of {folder.manifest().name}" in links(app("train"))
    press(test, "cancel")
    assert sentences(test) == ["Cancelled before it started."]
    press(test, "resume")
    # 3 folds of 3 epochs
    job().folder.change_status(state="training", owner=Owner.this(), epoch=4, batch=0, seconds_left=75.0)
    test.run()
    assert "Fold 2 of 3 · epoch 2 of 3 · 1:15 left" in texts(test)
    # on any other page, in the place of the running job
    line = f"Cross-validating {folder.manifest().name} · Fold 2 of 3 · epoch 2 of 3 · 1:15 left"
    assert line in links(app("data"))
    press(test, "stop")
    assert job().folder.control.pending
    message = Message("cross_validation.stopped", done=1, folds=3)
    job().folder.change_status(state="stopped", owner=None, message=message)
    test.run()
    assert sentences(test) == ["Stopped with 1 of 3 folds finished; they are kept."]
    press(test, "discard")
    assert "train this network 3 more times" in texts(test)


def test_suspected_training_labels_are_shown_with_their_out_of_sample_probabilities(app, folder):
    data = datasets.load("mnist-5k")
    labels = np.array(data.train_labels[:3200])
    logits = np.full((3200, 10), -6.0, np.float32)
    logits[np.arange(3200), labels] = 2
    for place, (index, other) in enumerate({7: 1, 300: 2, 3000: 3}.items()):
        logits[index] = -6
        logits[index, (labels[index] + other) % 10] = 3 + place
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    write_out_of_sample(folder.path / FILE, logs.astype(np.float16), labels, CrossValidation("any", (0.001,)))
    test = app("mistakes", run=folder.id, **LINK)
    assert "**3 of 3,200 labels may be wrong.** Check these yourself." in texts(test)
    assert sheet(test, SHEET) == [3000, 300, 7]
    label, other = labels[3000], (labels[3000] + 3) % 10
    said = (
        f"**Training image 3000** has the label **{label}**. A network that was not trained on it predicts **{other}**"
    )
    assert said in texts(test)
    # what is known only of evaluated digits is not shown, nor an epoch that changes nothing
    assert not test.select_slider
    assert "Over the epochs" not in texts(test)
    test.button(key="opened.next").click().run()
    assert test.query_params["digit"] == "300"


def test_a_damaged_result_is_reported_and_can_be_made_again(app, folder):
    (folder.path / FILE).write_bytes(b"damaged")
    test = app("mistakes", run=folder.id, **LINK)
    assert sentences(test) == [
        "The result of the cross-validation cannot be used: cross_validation.npz cannot be read. Run it again."
    ]
    press(test, "start")


@pytest.mark.usefixtures("without_mnist")
def test_without_its_data_a_run_is_not_cross_validated(app, settled):
    test = settled(lambda: app("mistakes", run="cnn-16-36", **LINK))
    assert "The training labels cannot be checked, because MNIST is not available." in texts(test)
    assert "cross_validation.start" not in [button.key for button in test.button]
