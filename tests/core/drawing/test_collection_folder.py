"""The folder of drawings is shared with other processes and unrelated files."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from PIL import Image

from core.drawing.collection import LARGEST_FILE, Collection
from core.errors import DigitLabError
from tests.hand_drawn import DIGITS, on_canvas

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links and pipes")
ROOT = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")


def drawn(digit=7):
    return on_canvas(DIGITS[digit])


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "drawings"


def copies(folder, count):
    """This many drawings of a seven, as PNG bytes."""
    first = Collection(folder).add(drawn(), 7)
    content = (folder / f"{first.id}.png").read_bytes()
    (folder / f"{first.id}.png").unlink()
    for number in range(count):
        (folder / f"20260102-030405-7-{number:06x}.png").write_bytes(content)
    return content


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def ids(kept):
    return [one.id for one in kept]


def test_only_the_given_drawings_are_deleted(folder):
    collection = Collection(folder)
    added = [collection.add(drawn(), label).id for label in range(4)]
    collection.delete([added[1], added[3], "nothing"])
    assert names(folder) == sorted(f"{one}.png" for one in (added[0], added[2]))
    assert ids(collection.drawings()) == [added[2], added[0]]
    collection.delete([added[1]])


def test_only_drawings_of_this_folder_can_be_deleted(folder):
    collection = Collection(folder)
    collection.add(drawn(), 7)
    damaged = folder / "20260102-030405-7-abcdef.png"
    damaged.write_bytes(b"\x89PNG")
    outside = folder.parent / "20260102-030405-7-abcdef.png"
    outside.write_bytes(b"mine")
    collection.delete([damaged.stem, f"../{outside.stem}", str(outside.with_suffix("")), "", "."])
    assert damaged.exists()
    assert outside.exists()
    assert len(collection.drawings()) == 1


def foreign(folder, content):
    """Files and folders that are not drawings."""
    good = "20260102-030405-7-"
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "seven.png").write_bytes(content)
    (folder / f"{good}aaaaa1.PNG").write_bytes(content)
    (folder / "20261399-030405-7-aaaaaa.png").write_bytes(content)
    (folder / f"{good}000001.png").write_bytes(content[:-200])
    (folder / f"{good}000002.png").write_bytes(b"")
    (folder / f"{good}000003.png").write_bytes(content + bytes(LARGEST_FILE))
    (folder / f"{good}000004.png").mkdir()
    Image.new("RGBA", (280, 280), "white").save(folder / f"{good}000005.png")
    Image.new("L", (1601, 1601)).save(folder / f"{good}000006.png")
    Image.fromarray(drawn()).convert("RGB").save(folder / f"{good}000007.png", "JPEG")
    Image.fromarray(drawn()).save(
        folder / f"{good}000008.png", save_all=True, append_images=[Image.fromarray(drawn(1))]
    )
    return 12


def test_other_files_are_skipped_counted_and_left_alone(folder):
    content = copies(folder, 1)
    count = foreign(folder, content)
    (folder / ".DS_Store").write_bytes(b"hidden")
    before = names(folder)
    collection = Collection(folder)
    assert (len(collection.drawings()), collection.skipped) == (1, count)
    assert (len(collection.drawings()), collection.skipped) == (1, count)
    collection.delete(path.stem for path in folder.iterdir())
    assert names(folder) == [name for name in before if not name.endswith("-000000.png")]
    assert (collection.drawings(), collection.skipped) == ([], count)


@UNIX
def test_links_and_pipes_are_skipped_without_opening_them(folder):
    copies(folder, 1)
    elsewhere = folder.parent / "elsewhere.png"
    elsewhere.write_bytes((folder / "20260102-030405-7-000000.png").read_bytes())
    (folder / "20260102-030405-7-00000a.png").symlink_to(elsewhere)
    (folder / "20260102-030405-7-00000b.png").symlink_to(folder.parent / "nowhere.png")
    os.mkfifo(folder / "20260102-030405-7-00000c.png")
    collection = Collection(folder)
    assert (len(collection.drawings()), collection.skipped) == (1, 3)
    collection.delete(path.stem for path in list(folder.iterdir()))
    assert len(names(folder)) == 3
    assert elsewhere.exists()


def test_a_path_that_is_not_a_folder_is_reported(folder):
    folder.write_bytes(b"a file")
    with pytest.raises(DigitLabError, match="Set DIGIT_LAB_DRAWINGS to a writable folder"):
        Collection(folder).add(drawn(), 7)
    with pytest.raises(DigitLabError, match=r"cannot be read: Not a directory"):
        Collection(folder).drawings()


@ROOT
def test_a_read_only_folder_is_reported_and_still_listed(folder):
    collection = Collection(folder)
    kept = collection.add(drawn(), 7)
    folder.chmod(0o500)
    try:
        with pytest.raises(DigitLabError, match="Permission denied"):
            collection.add(drawn(), 7)
        with pytest.raises(DigitLabError, match="cannot be deleted"):
            collection.delete([kept.id])
        assert ids(collection.drawings()) == [kept.id]
    finally:
        folder.chmod(0o700)


def keep_ten(folder, label):
    """In its own process: add ten drawings and delete every other one."""
    collection = Collection(folder)
    for number in range(10):
        kept = collection.add(drawn(), label)
        collection.drawings()
        if number % 2:
            collection.delete([kept.id])
    return collection.skipped


def test_two_processes_can_add_and_delete_at_the_same_time(folder):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(keep_ten, [folder] * 2, [3, 8])) == [0, 0]
    collection = Collection(folder)
    assert sorted(kept.label for kept in collection.drawings()) == [3] * 5 + [8] * 5
    assert (collection.skipped, len(names(folder))) == (0, 10)
