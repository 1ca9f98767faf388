"""Bundles larger than any run: refused before memory is allocated for them."""

import io
import struct
import zipfile

import pytest

from core.bundle.format import MADE_HERE
from tests.bundled import files, packed, refusal

resource = pytest.importorskip("resource", reason="only Unix measures memory this way")

ENTRY = b"PK\x01\x02" + bytes(24) + struct.pack("<3H", 1, 0, 0) + bytes(12) + b"x"
MILLION = 1_000_000


def highest_memory():
    """Peak memory of this process in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def ending(said, length, *, large):
    """The end of a zip that claims `said` files in a list of this length."""
    small = min(said, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, small, small, min(length, 0xFFFFFFFF), 0, 0)
    if not large:
        return end
    whole = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, said, said, length, 0)
    return whole + struct.pack("<4sLQL", b"PK\x06\x07", 0, length, 1) + end


@pytest.mark.parametrize("large", [True, False], ids=["zip64", "zip"])
@pytest.mark.parametrize("said", [MILLION, 3, 0])
def test_a_million_files_are_not_listed(runs_dir, large, said):
    content = ENTRY * MILLION + ending(said, MILLION * len(ENTRY), large=large)
    before = highest_memory()
    refusal(content, runs_dir)
    # the list itself would take half a gigabyte
    assert highest_memory() - before < 120_000


def test_a_zip_within_a_zip_is_refused(runs_dir):
    inner = packed({"run.json": bytes(50_000_000)}, compression=zipfile.ZIP_DEFLATED)
    assert "no part of a run" in refusal(packed({**files(), "inner.digitlab.zip": inner}), runs_dir)


@pytest.mark.parametrize("name", [*(name for name in files() if not name.startswith(("check", "pred"))), *MADE_HERE])
def test_a_zip_bomb_in_place_of_any_file_is_refused(runs_dir, name):
    """It grows a thousandfold, which no such file does."""
    bomb = packed({**files(), name: bytes(60_000_000)}, compression=zipfile.ZIP_DEFLATED)
    before = highest_memory()
    sentence = refusal(bomb, runs_dir)
    assert name in sentence
    assert io.BytesIO(bomb).getbuffer().nbytes < 20_000_000
    assert highest_memory() - before < 120_000
