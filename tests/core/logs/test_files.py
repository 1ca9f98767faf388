"""A log's metrics by epoch, whichever program and version wrote it; anything else is refused in one sentence."""

import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import UnreadableRun
from core.logs.files import read_file
from core.logs.training import METRICS, metric_of
from tests.kept_logs import EVENTS, EVENTS_OF_VALIDATION, HISTORY, LOSS, PRINTED, TABLE, VAL_ACCURACY, content

EPOCHS = (1, 2, 3, 4)


def only(name, text):
    """The one training in a text."""
    (training,) = read_file(name, text if isinstance(text, bytes) else text.encode())
    return training


def series(training, metric):
    return list(training.metrics[metric].values())


@pytest.mark.parametrize("name", [TABLE, HISTORY, PRINTED])
def test_every_kind_of_log_of_one_training_has_the_same_epochs_and_values(name):
    training = only(name, content(name))
    assert tuple(training.metrics["loss"]) == EPOCHS
    assert series(training, "loss") == pytest.approx(LOSS, abs=1e-4)
    assert series(training, "val_accuracy") == pytest.approx(VAL_ACCURACY, abs=1e-4)


def test_kerass_event_files_have_training_in_one_and_validation_in_the_other():
    training, validation = only(EVENTS, content(EVENTS)), only(EVENTS_OF_VALIDATION, content(EVENTS_OF_VALIDATION))
    assert training.metrics.keys() == {"loss", "accuracy", "learning_rate"}
    assert validation.metrics.keys() == {"val_loss", "val_accuracy"}
    assert series(training, "loss") == pytest.approx(LOSS, abs=1e-6)
    assert series(validation, "val_accuracy") == pytest.approx(VAL_ACCURACY, abs=1e-6)
    assert tuple(training.times) == EPOCHS


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("acc", "accuracy"),
        ("val_acc", "val_accuracy"),
        ("val_sparse_categorical_accuracy", "val_accuracy"),
        ("lr", "learning_rate"),
        ("learning rate", "learning_rate"),
        ("train_loss", "loss"),
        ("Validation_Loss", "val_loss"),
        ("accuracy_1", "accuracy"),
        ("top_k", ""),
        ("val_lr", ""),
    ],
)
def test_a_metric_of_another_name_is_ours(name, ours):
    assert metric_of(name) == ours


def test_a_table_in_any_order_with_another_separator_missing_values_and_nan():
    text = "\ufeffepoch;acc;f1;lr;val_loss;loss\n0;0.1;1;0.01;NA;2\n1;0.2;1;0.005;1.5;nan\n2;0.3;1;0.0"
    training = only("log.csv", text)
    assert series(training, "accuracy") == [0.1, 0.2]
    assert training.metrics["val_loss"] == {2: 1.5}
    assert training.metrics["loss"][1] == 2
    assert math.isnan(training.metrics["loss"][2])
    assert (list(training.left_out), training.skipped) == (["f1"], 1)


def test_a_table_that_was_appended_to_has_two_trainings_and_one_that_was_resumed_has_one():
    twice = read_file("log.csv", b"epoch,loss\n0,2\n1,1\n0,1.9\n1,0.9\n2,0.8\n")
    assert [series(training, "loss") for training in twice] == [[2, 1], [1.9, 0.9, 0.8]]
    resumed = only("log.csv", "epoch,loss\n0,3\n1,2\n2,1\n1,2.5\n2,1.5\n")
    assert series(resumed, "loss") == [3, 2.5, 1.5]


def test_a_table_of_pandas_has_its_index_as_the_epoch_and_percent_become_a_share():
    training = only("h.csv", ",train_loss,train_acc\n0,2,50\n1,1,75\n")
    assert training.metrics == {"loss": {1: 2, 2: 1}, "accuracy": {1: 0.5, 2: 0.75}}
    assert tuple(only("h.csv", "epoch,loss\n1,2\n2,1\n").metrics["loss"]) == (1, 2)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"acc": [0.5, 0.75], "loss": [2, 1]}),
        json.dumps({"epoch": [0, 1], "history": {"loss": [2, 1], "acc": [0.5, 0.75]}, "params": {"epochs": 2}}),
        json.dumps({"loss": {"0": 2, "1": 1}, "acc": {"0": 0.5, "1": 0.75}}),
        json.dumps([{"loss": 2, "acc": 0.5}, {"loss": 1, "acc": 0.75}]),
        json.dumps({"loss": ["2.0", "1.0"], "acc": ["0.5", "0.75"]}),
        '{"epoch": 0, "loss": 2, "acc": 0.5}\n{"epoch": 1, "loss": 1, "acc": 0.75}\n',
        "{'loss': [np.float64(2.0), 1.0], 'acc': [0.5, np.float32(0.75)]}",
    ],
)
def test_a_history_as_json_as_pandas_writes_it_line_by_line_or_as_python_prints_it(text):
    assert only("history.json", text).metrics == {"loss": {1: 2, 2: 1}, "accuracy": {1: 0.5, 2: 0.75}}


def test_a_text_of_windows_is_read_whatever_its_encoding():
    table = "epoch,loss\r\n0,2\r\n1,1\r\n"
    for encoding in ("utf-16", "utf-8-sig", "ascii"):
        assert only("log.csv", table.encode(encoding)).metrics == {"loss": {1: 2, 2: 1}}


def test_a_history_may_have_nan_and_several_networks_and_lose_its_last_line():
    assert math.isnan(only("h.json", '{"loss": [NaN, 1], "acc": [0.1, Infinity]}').metrics["loss"][1])
    both = read_file("h.json", json.dumps({"mlp": {"loss": [2]}, "cnn": {"loss": [1]}, "seed": 1}).encode())
    assert [series(training, "loss") for training in both] == [[2], [1]]
    cut = only("h.json", '{"epoch": 0, "loss": 2}\n{"epoch": 1, "lo')
    assert (series(cut, "loss"), cut.skipped) == ([2], 1)


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("h.csv", b"", "it is empty"),
        (
            "model.ckpt.data-00000-of-00001",
            b"\0\1",
            "it is a checkpoint of TensorFlow or PyTorch",
        ),
        ("digits.pth", b"PK", "save the model: model.save"),
        ("h.json", b" \n", "it is empty"),
        ("history", pickle.dumps({"loss": [1.0]}), "it is a pickle, which can run code"),
        ("history.npy", b"\x93NUMPY\x01", "save the history as JSON: json.dump(history.history"),
        ("h.json", b'{"loss": [1, 0.5', "it is not complete JSON"),
        ("h.json", b'{"lose": [1, 0.5]}', "it is not a log"),
        ("h.csv", b"a,b\n1,2\n", "it is not a log"),
        ("h.csv", b"epoch,loss\n", "it is not a log"),
        ("h.bin", b"\0\1\2" * 9, "it is not a log"),
        ("h.csv", b"epoch,accuracy\n0,-3\n", "it has no loss or accuracy"),
    ],
)
def test_another_file_is_refused_in_one_sentence(name, given, reason):
    with pytest.raises(UnreadableRun) as raised:
        read_file(name, given)
    assert str(raised.value).startswith(reason) or reason in str(raised.value)


NUMBERS = st.one_of(st.floats(), st.integers(-(10**30), 10**30), st.none(), st.text(max_size=4), st.booleans())
JSON = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["loss", "acc", "epoch", "history", "val_loss", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)
CELLS = st.one_of(st.sampled_from(["epoch", "loss", "acc", "nan", "1e400", '"', "-1", ""]), st.floats().map(str))
TABLES = st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=6).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=60), TABLES.map(str.encode), JSON.map(lambda value: json.dumps(value).encode())))
@example(content(TABLE)[:150])
@example(content(EVENTS)[:2000])
def test_any_bytes_are_a_plausible_training_or_one_sentence(given_bytes):
    try:
        found = read_file("anything", given_bytes)
    except UnreadableRun as error:
        assert str(error)
        return
    for training in found:
        assert training.metrics.keys() <= set(METRICS)
        assert min(training.epochs) >= 1
        for name, values in training.metrics.items():
            shown = np.array([value for value in values.values() if not math.isnan(value)])
            assert np.isfinite(shown).all()
            assert not name.endswith("accuracy") or ((shown >= 0) & (shown <= 1)).all()
