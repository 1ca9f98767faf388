"""The scalars of an event file are read as far as it is whole."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from core.logs.events import _masked, is_event_file, read_events
from core.logs.files import read_file
from tests.kept_logs import EVENTS, content


def field(number, kind, payload):
    """A field of a message in the wire format: 0 a number, 1 eight bytes, 2 with its length, 5 four bytes."""
    length = bytes([len(payload)]) if kind == 2 else b""
    return bytes([number << 3 | kind]) + length + payload


def record(payload):
    length = struct.pack("<Q", len(payload))
    return length + struct.pack("<I", _masked(length)) + payload + struct.pack("<I", _masked(payload))


def scalar(tag, step, value, at=1.0):
    """A record as TensorFlow 1 wrote it: the value in `simple_value`."""
    summary = field(1, 2, field(1, 2, tag.encode()) + field(2, 5, struct.pack("<f", value)))
    return record(field(1, 1, struct.pack("<d", at)) + field(2, 0, bytes([step])) + field(5, 2, summary))


def test_the_checksum_is_that_of_tensorflow():
    assert is_event_file(content(EVENTS))
    assert read_events(content(EVENTS)).skipped == 0
    assert not is_event_file(b"epoch,loss\n0,1\n")


def test_a_file_of_keras_2_has_training_and_validation_together():
    old = b"".join(scalar(tag, step, 0.5 - 0.1 * step) for step in (0, 1) for tag in ("loss", "val_acc", "lr", "other"))
    (training,) = read_file("events", old)
    assert set(training.metrics) == {"loss", "val_accuracy", "learning_rate"}
    assert tuple(training.metrics["loss"]) == (1, 2)
    assert list(training.left_out) == ["other"]


def test_values_by_batch_are_not_taken_for_those_of_epochs():
    both = b"".join([*(scalar("batch_loss", step, 9) for step in range(5)), scalar("epoch_loss", 0, 1)])
    (training,) = read_file("events", both)
    assert training.metrics == {"loss": {1: 1.0}}


def test_a_damaged_record_is_skipped_and_a_cut_file_read_up_to_there():
    records = [scalar("loss", step, step) for step in range(4)]
    damaged = bytearray(records[1])
    damaged[20] ^= 0xFF
    found = read_events(records[0] + bytes(damaged) + records[2] + records[3][:-5])
    assert [step for step, *_ in found.points["loss"]] == [0, 2]
    assert found.skipped == 1
    lost = bytearray(records[1])
    lost[0] ^= 0xFF
    found = read_events(records[0] + bytes(lost) + records[2])
    assert ([step for step, *_ in found.points["loss"]], found.skipped) == ([0], 1)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(content(EVENTS)) - 1), st.integers(1, 255))
def test_a_changed_byte_changes_no_value_unnoticed(place, change):
    whole = content(EVENTS)
    changed = bytearray(whole)
    changed[place] ^= change
    found, right = read_events(bytes(changed)), read_events(whole)
    for tag, points in found.points.items():
        assert set(points) <= set(right.points[tag])
    lost = sum(map(len, right.points.values())) - sum(map(len, found.points.values()))
    assert not lost or found.skipped
