"""Folders and ZIPs of images: classes, parts and groups by their names, and everything that can be wrong with them."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.data.readers.files import ZipFiles
from core.data.readers.recognize import open_source
from core.data.readers.source import UnreadableData
from tests.core.data.readers.conftest import png, zipped

GRAY = np.arange(80, dtype=np.uint8).reshape(8, 10)
COLOR = np.dstack([GRAY, 255 - GRAY, GRAY // 2])


def laid(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_folders_name_classes_parts_and_groups_also_in_a_zip_and_below_another_folder(read, tmp_path):
    files = {
        "pets/train/cat/anna/1.png": png(GRAY),
        "pets/train/cat/bob/2.PNG": png(GRAY + 1),
        "pets/train/dog/3.png": png(GRAY + 2),
        "pets/Valid/dog/4.png": png(GRAY + 3),
        "pets/test/cat/5.png": png(GRAY + 4),
        "pets/readme.txt": b"About my pets.",
        "__MACOSX/pets/train/cat/._1.png": b"no image",
    }
    for place in (laid(tmp_path / "folder", files), zipped(files, tmp_path / "pets.zip")):
        found = read(place)
        assert found["kind"] == "folders"
        by_value = {int(image[0, 0]): at for at, image in enumerate(found["images"])}
        order = [by_value[value] for value in range(5)]
        assert [found["labels"][at] for at in order] == ["cat", "cat", "dog", "dog", "cat"]
        assert [found["parts"][at] for at in order] == ["train", "train", "train", "validation", "test"]
        assert [found["groups"][at] for at in order] == ["anna", "bob", "", "", ""]
        assert not found["skipped"]


def test_without_parts_and_folders_around_the_classes_are_the_top_folders(read, tmp_path):
    found = read(laid(tmp_path / "f", {"a/1.png": png(GRAY), "b/2.png": png(GRAY), "3.png": png(GRAY)}))
    assert found["labels"] == ["a", "b"]
    assert found["notes"] == ["Left out because no folder names their class: 1 images."]
    found = read(laid(tmp_path / "g", {"train/a/1.png": png(GRAY), "train/b/2.png": png(GRAY)}))
    assert (found["labels"], found["parts"]) == (["a", "b"], ["train", "train"])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (png(GRAY), GRAY),
        (png(COLOR), COLOR),
        (png(COLOR, format="BMP"), COLOR),
        (png(COLOR, format="TIFF"), COLOR),
        (png(GRAY.astype(np.uint16) * 257), GRAY),
        (png(GRAY > 40), np.where(GRAY > 40, 255, 0)),
        (png(np.dstack([COLOR, np.zeros_like(GRAY)])), np.full((8, 10, 3), 255)),
        (png(np.dstack([COLOR, np.full_like(GRAY, 255)])), COLOR),
    ],
    ids=["gray", "color", "bmp", "tiff", "16 bits", "1 bit", "transparent", "opaque"],
)
def test_every_common_kind_of_image_gives_its_pixels(content, expected, read, tmp_path):
    found = read(laid(tmp_path / "f", {"a/1.png": content, "b/2.png": content}))
    assert np.array_equal(found["images"][0], expected)


def test_a_photo_is_turned_upright_and_a_large_one_comes_reduced_with_its_own_size(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    # dark above, bright below
    photo = np.repeat(np.linspace(0, 255, 900).astype(np.uint8)[:, None], 1200, axis=1)
    content = png(photo, format="JPEG", exif=exif)
    work = tmp_path / "work"
    work.mkdir()
    with open_source([laid(tmp_path / "f", {"a/1.jpg": content, "b/2.jpg": content})], work) as source:
        assert source.look().sizes == {(1200, 900): 2}
        (piece,) = source.pieces(64)
    assert piece.sizes == [(1200, 900)] * 2
    height, width = piece.images[0].shape
    assert (height, width) == (300, 225)
    assert piece.images[0][:, 0].mean() > piece.images[0][:, -1].mean() + 200


def test_unreadable_files_are_skipped_and_listed(read, tmp_path):
    bomb = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(bomb, "PNG")
    files = {
        "a/1.png": png(GRAY),
        "b/2.png": b"a text, whatever its name says",
        "b/3.png": png(np.random.default_rng(1).integers(0, 256, (40, 40), np.uint8))[:700],
        "b/4.png": bomb.getvalue(),
        "b/5.png": png(GRAY),
    }
    found = read(laid(tmp_path / "f", files))
    assert found["labels"] == ["a", "b"]
    reasons = {skipped.name: str(skipped.reason) for skipped in found["skipped"]}
    unreadable = "not a readable image"
    assert reasons == {"b/2.png": unreadable, "b/3.png": unreadable, "b/4.png": "more than 25 million pixels"}


def test_links_are_not_followed(read, tmp_path):
    root = laid(tmp_path / "f", {"a/1.png": png(GRAY), "b/2.png": png(GRAY)})
    (tmp_path / "secret.png").write_bytes(png(GRAY))
    (root / "a/link.png").symlink_to(tmp_path / "secret.png")
    (root / "b/round").symlink_to(root)
    found = read(root)
    assert found["count"] == 2
    assert found["notes"] == ["Left out because they are links: 2 files."]


def test_too_many_folders_are_refused(read, tmp_path, monkeypatch):
    monkeypatch.setattr("core.data.readers.files.MOST_FOLDERS", 50)
    for number in range(60):
        (tmp_path / f"f/{number}").mkdir(parents=True)
    with pytest.raises(UnreadableData, match="more than 50 folders"):
        read(tmp_path / "f")
    with pytest.raises(UnreadableData, match="more than 12 levels"):
        read(laid(tmp_path / "g", {"x/" * 14 + "1.png": png(GRAY)}))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("../a/1.png", "outside"), ("/etc/1.png", "outside"), ("a\\1.png", "outside"), ("C:/1.png", "outside")],
)
def test_a_zip_with_paths_out_of_it_is_refused(name, sentence, read, tmp_path):
    path = zipped({"b/2.png": png(GRAY), name: png(GRAY)}, tmp_path / "a.zip")
    with pytest.raises(UnreadableData, match=sentence):
        read(path)


def test_a_zip_with_links_passwords_or_too_many_files_is_refused(read, tmp_path, monkeypatch):
    link = zipfile.ZipInfo("a/1.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableData, match="links are not followed"):
        read(tmp_path / "link.zip")
    locked = bytearray(zipped({"a/1.png": png(GRAY)}, tmp_path / "a.zip").read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    with pytest.raises(UnreadableData, match="password"):
        read(tmp_path / "locked.zip")
    monkeypatch.setattr("core.data.readers.files.MOST_ZIPPED", 2)
    with pytest.raises(UnreadableData, match="more than 2 files"):
        read(zipped({f"a/{n}.png": png(GRAY) for n in range(3)}, tmp_path / "many.zip"))
    with pytest.raises(UnreadableData, match="not a complete ZIP"):
        read(laid(tmp_path / "half", {"half.zip": bytes(locked[:60])}) / "half.zip")


def test_a_zip_bomb_takes_no_more_than_its_largest_image(read, tmp_path, monkeypatch):
    monkeypatch.setattr("core.data.readers.files.LARGEST_FILE", 1_000_000)
    files = {"a/1.png": png(GRAY), "b/2.png": png(GRAY), "b/3.png": bytes(50_000_000)}
    found = read(zipped(files, tmp_path / "bomb.zip"))
    assert [skipped.name for skipped in found["skipped"]] == ["b/3.png"]
    monkeypatch.setattr("core.data.readers.recognize._MOST_UNPACKED", 1_000_000)
    with pytest.raises(UnreadableData, match="larger than"):
        read(zipped({"a.csv": b"1," * 1_000_000}, tmp_path / "table.zip"))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"1.png": png(GRAY), "2.png": png(GRAY)}, "lie in no folders"),
        ({"readme.txt": b"nothing here"}, "No images"),
        ({}, "No images"),
    ],
)
def test_a_folder_without_classes_says_how_to_arrange_it(files, sentence, read, tmp_path):
    (tmp_path / "f").mkdir()
    with pytest.raises(UnreadableData, match=sentence):
        read(laid(tmp_path / "f", files))


@given(data=st.data())
def test_any_change_of_a_zips_bytes_is_read_or_refused_in_words(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    content = bytearray(zipped({"a/1.png": png(GRAY), "b/2.png": png(COLOR)}, folder / "a.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "a.zip").write_bytes(bytes(content))
    try:
        files = ZipFiles(folder / "a.zip")
        files.close()
        (folder / "work").mkdir()
        with open_source([folder / "a.zip"], folder / "work") as source:
            source.look()
            for piece in source.pieces(64):
                assert len(piece.images) == len(piece.labels)
    except UnreadableData as error:
        assert str(error)
