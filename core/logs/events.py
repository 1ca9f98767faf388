"""The scalars in a TensorBoard event file, read without TensorFlow.

The file is a sequence of records: length, its checksum, an `Event` of Protocol Buffers, its checksum
(https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/io/record_writer.h). The fields read here are
those of `event.proto`, `summary.proto` and `tensor.proto`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

_HEADER = struct.Struct("<QI")
_CHECKSUM = struct.Struct("<I")
_LONGEST_TAG = 200
_POLYNOMIAL = 0x82F63B78
_SMALL = 4_096
"""Bytes; records of scalars are smaller, and only they are read."""

_FIELDS: dict[str, tuple[tuple[str, int, str, bool], ...]] = {
    "Event": (("wall_time", 1, "double", False), ("step", 2, "int64", False), ("summary", 5, "Summary", False)),
    "Summary": (("value", 1, "Value", True),),
    "Value": (("tag", 1, "bytes", False), ("simple_value", 2, "float", False), ("tensor", 8, "Tensor", False)),
    "Tensor": (
        ("dtype", 1, "int32", False),
        ("shape", 2, "Shape", False),
        ("content", 4, "bytes", False),
        ("floats", 5, "float", True),
        ("doubles", 6, "double", True),
        ("ints", 7, "int32", True),
        ("longs", 10, "int64", True),
    ),
    "Shape": (("dim", 2, "bytes", True),),
}
_NUMBERS = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8"}
"""The types of a tensor that are read, by TensorFlow's number."""


@dataclass(slots=True)
class Scalars:
    """The points of each tag: step, value and time in seconds since 1970, in the order of the file."""

    points: dict[str, list[tuple[int, float, float]]] = field(default_factory=dict)
    began: float | None = None
    """The time of the first record, which TensorFlow writes when it makes the file."""
    skipped: int = 0
    """Damaged records; one more where the rest of the file cannot be read."""


def is_event_file(content: bytes) -> bool:
    """Whether a file begins with a record."""
    if len(content) < _HEADER.size:
        return False
    checksum: int = _HEADER.unpack_from(content)[1]
    return checksum == _masked(content[:8])


def read_events(content: bytes) -> Scalars:
    """The scalars; a damaged record is skipped, and a file that was cut is read up to there."""
    found = Scalars()
    event: Any = _messages()["Event"]()
    for record in _records(content, found):
        event.Clear()
        try:
            event.ParseFromString(record)
        except DecodeError:
            found.skipped += 1
            continue
        found.began = event.wall_time if found.began is None else found.began
        for value in event.summary.value:
            number = value.simple_value if value.HasField("simple_value") else _scalar(value.tensor)
            if number is not None:
                tag = value.tag.decode("utf-8", errors="replace")[:_LONGEST_TAG]
                found.points.setdefault(tag, []).append((event.step, number, event.wall_time))
    return found


def _records(content: bytes, found: Scalars) -> Iterator[bytes]:
    at = 0
    while at + _HEADER.size <= len(content):
        length, checksum = _HEADER.unpack_from(content, at)
        if checksum != _masked(content[at : at + 8]):
            # without the length, nothing says where the next record begins
            found.skipped += 1
            return
        start, end = at + _HEADER.size, at + _HEADER.size + length
        if end + _CHECKSUM.size > len(content):
            # the last record of a training that goes on or was killed
            return
        at = end + _CHECKSUM.size
        # graphs, histograms and images are larger
        if length > _SMALL:
            continue
        record = content[start:end]
        if _CHECKSUM.unpack_from(content, end)[0] == _masked(record):
            yield record
        else:
            found.skipped += 1


def _scalar(tensor: Any) -> float | None:
    kind = _NUMBERS.get(tensor.dtype)
    if kind is None or len(tensor.shape.dim):
        return None
    if tensor.content:
        held = np.dtype(kind).itemsize
        return float(np.frombuffer(tensor.content, kind)[0]) if len(tensor.content) == held else None
    listed = {"<f4": tensor.floats, "<f8": tensor.doubles, "<i4": tensor.ints, "<i8": tensor.longs}[kind]
    return float(listed[0]) if len(listed) == 1 else None


def _masked(data: bytes) -> int:
    """TensorFlow's masked CRC-32C."""
    table, checksum = _table(), 0xFFFFFFFF
    for byte in data:
        checksum = table[(checksum ^ byte) & 0xFF] ^ (checksum >> 8)
    checksum ^= 0xFFFFFFFF
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF


@cache
def _table() -> list[int]:
    table = []
    for byte in range(256):
        checksum = byte
        for _ in range(8):
            checksum = checksum >> 1 ^ (_POLYNOMIAL if checksum & 1 else 0)
        table.append(checksum)
    return table


@cache
def _messages() -> dict[str, Any]:
    """The classes of the messages in an event file, with only the fields that are read."""
    file = descriptor_pb2.FileDescriptorProto(name="digit_lab/events.proto", package="digit_lab", syntax="proto2")
    types = descriptor_pb2.FieldDescriptorProto
    for message, fields in _FIELDS.items():
        described = file.message_type.add(name=message)
        for name, number, kind, repeated in fields:
            label = types.LABEL_REPEATED if repeated else types.LABEL_OPTIONAL
            entry = described.field.add(name=name, number=number, label=label)
            if kind in _FIELDS:
                entry.type, entry.type_name = types.TYPE_MESSAGE, f".digit_lab.{kind}"
            else:
                entry.type = getattr(types, f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"digit_lab.{name}")) for name in _FIELDS}
