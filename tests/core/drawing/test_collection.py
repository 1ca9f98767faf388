"""Drawings are stored completely and read unchanged from a folder that may hold other files."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.drawing.collection import Collection
from core.drawing.to_mnist import to_mnist
from core.errors import EmptyDrawing
from research.handwriting.strokes import render

ONE = [np.array([(0, 0), (3, 100)], np.float32)]
SEVEN = [np.array([(0, 0), (60, 2), (20, 100)], np.float32)]


def drawn(strokes=SEVEN, size=180, place=(140, 140)):
    return render(strokes, size, place, 20, side=280)


def on_white(rgba, ink=(0, 0, 0)):
    share = rgba[..., 3:].astype(np.float64) / 255
    colors = np.rint(np.array(ink) * share + 255 * (1 - share)).astype(np.uint8)
    return np.dstack([colors, np.full(rgba.shape[:2], 255, np.uint8)])


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "drawings"


def ids(kept):
    return [one.id for one in kept]


@pytest.mark.parametrize(
    "rgba",
    [
        drawn(),
        on_white(drawn()),
        on_white(drawn(), ink=(200, 30, 30)),
        255 - on_white(drawn()) | np.array([0, 0, 0, 255], np.uint8),
        drawn() | np.array([0, 0, 90, 0], np.uint8),
        drawn(size=270),
        render(ONE, 20, (14, 14), 3, side=28),
        render(SEVEN, 700, (800, 900), 40, side=1600),
    ],
    ids=["clear", "white", "colored", "inverted", "blue", "to the edge", "smallest", "largest"],
)
def test_a_kept_drawing_is_read_unchanged(folder, rgba):
    kept = Collection(folder).add(rgba, 7)
    (read,) = Collection(folder).drawings()
    assert (read.id, read.label, read.created) == (kept.id, 7, kept.created)
    assert np.array_equal(read.digit, to_mnist(rgba))
    assert np.array_equal(kept.digit, read.digit)
    with Image.open(folder / f"{kept.id}.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGBA")), rgba)


@settings(max_examples=60)
@given(
    strokes=st.lists(
        st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=5), min_size=1, max_size=3
    ),
    size=st.floats(10, 250),
    pen=st.floats(4, 80),
    background=st.sampled_from([(0, 0, 0, 0), (255, 255, 255, 0), (255, 255, 255, 255), (0, 40, 90, 255)]),
    ink=st.tuples(*[st.integers(0, 255)] * 3),
)
def test_trimming_the_background_does_not_change_the_digit(tmp_path_factory, strokes, size, pen, background, ink):
    alpha = render([np.array(stroke, np.float32) for stroke in strokes], size, (140, 140), pen, side=280)[..., 3:] / 255
    inked = np.array([*ink, 255])
    rgba = np.rint(alpha * inked + (1 - alpha) * np.array(background)).astype(np.uint8)
    folder = tmp_path_factory.mktemp("drawn")
    try:
        Collection(folder).add(rgba, 0)
    except EmptyDrawing:
        assert not any(folder.iterdir())
        return
    assert np.array_equal(Collection(folder).drawings()[0].digit, to_mnist(rgba))


def test_drawings_are_sorted_newest_first_even_if_copied(folder):
    collection = Collection(folder)
    added = [collection.add(drawn(), label).id for label in range(6)]
    assert ids(collection.drawings()) == ids(Collection(folder).drawings()) == added[::-1]
    (folder / f"{added[0]}.png").rename(folder / "20240229-120000-0-abcdef.png")
    last = collection.drawings()[-1]
    assert (last.id, last.created) == ("20240229-120000-0-abcdef", 1709208000)


def test_a_drawing_without_ink_is_rejected_and_leaves_no_file(folder):
    with pytest.raises(EmptyDrawing):
        Collection(folder).add(np.full((280, 280, 4), 255, np.uint8), 3)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("rgba", "label"),
    [
        (drawn(), 10),
        (drawn(), -1),
        (drawn()[..., :3], 1),
        (drawn().astype(float), 1),
        (drawn()[:20], 1),
        (np.zeros((1601, 280, 4), np.uint8), 1),
    ],
)
def test_an_invalid_drawing_or_label_is_rejected(folder, rgba, label):
    with pytest.raises(ValueError):
        Collection(folder).add(rgba, label)
    assert not folder.exists()


def test_a_file_is_read_again_only_after_a_change(folder):
    collection = Collection(folder)
    kept = collection.add(drawn(), 7)
    assert collection.drawings()[0] is kept is collection.drawings()[0]
    Image.fromarray(drawn(ONE)).save(folder / f"{kept.id}.png")
    assert np.array_equal(collection.drawings()[0].digit, to_mnist(drawn(ONE)))


def test_the_data_set_has_all_drawings_oldest_first(folder):
    collection = Collection(folder)
    sevens, ones = drawn(), drawn(ONE)
    collection.add(sevens, 7)
    collection.add(ones, 1)
    images, labels = collection.digits()
    assert (images.dtype, labels.dtype, labels.tolist()) == (np.float32, np.uint8, [7, 1])
    assert np.array_equal(images, [to_mnist(sevens), to_mnist(ones)])
    with np.load(io.BytesIO(collection.to_npz()), allow_pickle=False) as data:
        assert set(data.files) == {"x", "y"}
        assert (data["x"].dtype, data["y"].dtype, data["y"].tolist()) == (np.uint8, np.uint8, [7, 1])
        assert np.array_equal(data["x"], np.rint(255 * images))


def test_the_zip_names_drawings_by_label(folder):
    collection = Collection(folder)
    rgba = on_white(drawn(), ink=(10, 90, 30))
    kept = [collection.add(rgba, 7), collection.add(drawn(ONE), 1)]
    with zipfile.ZipFile(io.BytesIO(collection.to_png_zip())) as archive:
        assert archive.namelist() == [f"7-{kept[0].id}.png", f"1-{kept[1].id}.png"]
        with Image.open(archive.open(archive.namelist()[0])) as picture:
            assert picture.format == "PNG"
            assert np.array_equal(np.asarray(picture.convert("RGBA")), rgba)


def test_a_missing_folder_has_no_drawings(folder):
    collection = Collection(folder)
    assert collection.drawings() == []
    collection.delete(["20260102-030405-7-000000"])
    images, labels = collection.digits()
    assert (images.shape, labels.shape) == ((0, 28, 28), (0,))
    with np.load(io.BytesIO(collection.to_npz())) as data:
        assert (data["x"].shape, data["y"].shape) == ((0, 28, 28), (0,))
    assert zipfile.ZipFile(io.BytesIO(collection.to_png_zip())).namelist() == []
    assert not folder.exists()
