"""Malicious bundles: each is refused with one sentence, in little memory, and leaves no files."""

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest

from core.bundle.format import MADE_HERE, MOST_BYTES
from core.errors import DigitLabError
from tests.bundled import bundled, files, open_alone, packed, refusal
from tests.faults.evidence import highest_memory

PREDICTIONS = "predictions/epoch-0001.npz"
UNKNOWN = (
    *("../evil.json", "../../runs/evil/run.json", "predictions/../../evil.npz", "/etc/cron.d/evil", "/run.json"),
    *("C:\\evil.json", "C:/run.json", "..\\evil.json", "predictions\\epoch-0001.npz", "Run.json", "RUN.JSON"),
    *("run.json ", "run.json\n", "run.json/", "predictions/", "predictions/epoch-00001.npz"),
    *("predictions/epoch-١٢٣٤.npz", "checkpoints/state-0001.weights.h5", "control/1.json", "terms.json", "opened.json"),
    *("worker.log", "projections/epoch-0001.npz", "model.keras.tflite", "__MACOSX/run.json", "a" * 2_000),
    *("<img src=x onerror=alert(1)>", "\u202egnp.nosj", "inner.digitlab.zip"),
)
ENTRY = b"PK\x01\x02" + bytes(24) + struct.pack("<3H", 1, 0, 0) + bytes(12) + b"x"
"""An entry in the list of files at the end of a zip."""
MILLION = 1_000_000
BOMBED = [PREDICTIONS, *(name for name in files() if not name.startswith(("check", "pred"))), *MADE_HERE]


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_file_with_an_unknown_name_is_refused(name, runs_dir):
    assert "is not part of a run" in refusal(packed({**files(), name: b"x"}), runs_dir)


def test_a_name_with_a_null_byte_is_refused(runs_dir):
    # zipfile cuts a name at its first null byte
    content = packed({**files(), "label.json_../../evil": b"{}"}).replace(
        b"label.json_../../evil", b"label.json\0../../evil"
    )
    assert "label.json" in refusal(content, runs_dir)


def test_a_duplicate_name_is_refused(runs_dir):
    with pytest.warns(UserWarning, match="Duplicate"):
        buffer = io.BytesIO(bundled())
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("run.json", b"{}")
    assert "it contains run.json twice" in refusal(buffer.getvalue(), runs_dir)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_device_is_refused(kind, runs_dir):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files().items():
            entry = zipfile.ZipInfo(name)
            if name == "label.json":
                entry.external_attr, entry.create_system = (kind | 0o777) << 16, 3
            archive.writestr(entry, content)
    assert "label.json is a link, not a file" in refusal(buffer.getvalue(), runs_dir)


def flagged(content, field, at_entry, at_list):
    """The zip with two bytes of every entry replaced, in its local header and in the list at the end."""
    content = bytearray(content)
    for signature, at in ((b"PK\x03\x04", at_entry), (b"PK\x01\x02", at_list)):
        place = content.find(signature)
        while place >= 0:
            content[place + at : place + at + 2] = struct.pack("<H", field)
            place = content.find(signature, place + 4)
    return bytes(content)


def test_an_encrypted_file_is_refused(runs_dir):
    assert "protected by a password" in refusal(flagged(packed({"run.json": b"{}"}), 1, 6, 8), runs_dir)


@pytest.mark.parametrize("method", [1, 6, 12, 14, 93, 99])
def test_an_unknown_compression_is_refused(method, runs_dir):
    assert "compressed in an unsupported way" in refusal(flagged(packed({"run.json": b"{}"}), method, 8, 10), runs_dir)


@pytest.mark.parametrize("name", BOMBED)
def test_a_zip_bomb_in_place_of_any_file_is_refused(runs_dir, name):
    bomb = packed({**files(), name: bytes(60_000_000)}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000_000
    before = highest_memory()
    assert f"{name} is too large to be part of a run" in refusal(bomb, runs_dir)
    assert highest_memory() - before < 120_000_000


def test_a_false_declared_size_is_not_trusted(runs_dir):
    content = bytearray(packed({"run.json": bytes(40_000_000)}, compression=zipfile.ZIP_DEFLATED))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(signature)
        content[place + at : place + at + 4] = struct.pack("<L", 100)
    tracemalloc.start()
    refusal(bytes(content), runs_dir)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_files_that_share_their_bytes_count_separately(runs_dir, monkeypatch):
    """The same bytes under many names make a small zip that unpacks to any size."""
    monkeypatch.setattr("core.bundle.unpack.MOST_UNPACKED", 3_000_000)
    weights = {f"checkpoints/epoch-{epoch:04d}.weights.h5": bytes(1_000_000) for epoch in range(5)}
    content = packed({"run.json": files()["run.json"], **weights}, compression=zipfile.ZIP_DEFLATED)
    assert "is too large to be part of a run" in refusal(content, runs_dir)


def ending(count, length, offset=0, *, large):
    """The end of a zip, with a zip64 record if large, that claims a list of `count` files in `length` bytes."""
    small = min(count, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, small, small, min(length, 0xFFFFFFFF), offset, 0)
    if not large:
        return end
    whole = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, offset)
    return whole + struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + length, 1) + end


@pytest.mark.parametrize("large", [True, False], ids=["zip64", "zip"])
@pytest.mark.parametrize("count", [MILLION, 3, 0])
def test_a_million_files_are_not_listed(runs_dir, large, count):
    before = highest_memory()
    sentence = refusal(ENTRY * MILLION + ending(count, MILLION * len(ENTRY), large=large), runs_dir)
    assert large or "more than 3,000 files" in sentence
    # the list itself would take half a gigabyte
    assert highest_memory() - before < 120_000_000


def test_a_contradicting_zip64_end_is_refused(runs_dir):
    whole, end = bundled()[:-22], bundled()[-22:]
    _, _, _, _, count, length, offset, _ = struct.unpack("<4s4H2LH", end)
    assert "it is not a run" in refusal(whole + ending(count, length, offset, large=True), runs_dir)


def test_a_file_above_the_limit_is_refused_unread(runs_dir):
    class Large(io.RawIOBase):
        def seekable(self):
            return True

        def seek(self, *_):
            return MOST_BYTES + 1

        def read(self, *_):
            raise AssertionError("it was read")

    with pytest.raises(DigitLabError, match="larger than 200 MB"):
        open_alone(Large(), runs_dir)


@pytest.mark.parametrize("name", ["model.keras", "deep/model.keras", "x.keras"])
def test_a_keras_file_in_a_bundle_is_refused(name, runs_dir):
    assert f"“{name}” is not part of a run" in refusal(packed({**files(), name: b"PK"}), runs_dir)
