"""Every layout of an .npz gives the same images; none is unpickled, and none is believed."""

import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.readers.npz import NpzSource
from core.data.readers.source import UnreadableData


def layouts(images, labels):
    color = np.repeat(images[..., None], 3, axis=3)
    one_hot = np.eye(3)[labels]
    return {
        "plain": ({"x": images, "y": labels}, images),
        "sklearn": ({"data": np.zeros((12, 64)), "target": labels}, np.zeros((12, 8, 8))),
        "channel last": ({"x": images[..., None], "y": labels[:, None]}, images),
        "channel first": ({"x": images[:, None], "y": labels.astype(np.float32)}, images),
        "color": ({"images": color, "labels": labels.astype(np.uint8)}, color),
        "color first": ({"images": color.transpose(0, 3, 1, 2), "labels": labels}, color),
        "one-hot": ({"X": images, "Y": one_hot}, images),
        "columns first": ({"x": np.asfortranarray(images), "y": labels}, images),
        "floats": ({"x": images / 255, "y": labels}, images / 255),
    }


@pytest.mark.parametrize("layout", layouts(np.zeros((12, 9, 8), np.uint8), np.arange(12) % 3))
def test_every_layout_gives_the_images_and_their_labels(layout, twelve, read, tmp_path):
    arrays, images = layouts(*twelve)[layout]
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    found = read(tmp_path / "a.npz")
    assert found["kind"] == "npz"
    assert np.array_equal(np.stack(found["images"]), images)
    assert found["labels"] == twelve[1].tolist()
    assert found["count"] == 12
    assert set(found["parts"]) == {""}


@pytest.mark.parametrize(
    "names",
    [("x_train", "y_train", "x_test", "y_test"), ("train_images", "train_labels", "test_images", "test_labels")],
)
def test_the_parts_of_keras_and_medmnist_are_known_and_unused_arrays_are_reported(names, twelve, read, tmp_path):
    images, labels = twelve
    arrays = dict(zip(names, (images[:9], labels[:9], images[9:], labels[9:]), strict=True))
    np.savez(tmp_path / "a.npz", **arrays, extra=np.zeros(3), class_names=np.array(["ant", "bee", "cat"]))
    found = read(tmp_path / "a.npz")
    assert found["parts"] == ["train"] * 9 + ["test"] * 3
    assert found["labels"] == labels.tolist()
    assert found["names"] == ("ant", "bee", "cat")
    assert found["notes"] == ["Not used: extra."]


def test_unusable_rows_of_one_hot_labels_have_no_label(twelve, read, tmp_path):
    rows = np.eye(3)[twelve[1]]
    rows[4], rows[5] = 0, 1
    np.savez(tmp_path / "a.npz", x=twelve[0], y=rows)
    labels = read(tmp_path / "a.npz")["labels"]
    assert labels[4:6] == [-1, -1]
    assert labels[:4] == twelve[1][:4].tolist()


class Trap:
    """Fails the test that unpickles it."""

    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"x": np.array([Trap()] * 3, object), "y": np.arange(3)}, "never read"),
        ({"x": np.zeros((3, 8, 8)), "y": np.array([Trap()] * 3, object)}, "never read"),
        ({"x": np.zeros((3, 8, 8)), "y": np.arange(4)}, "x has 3 images, but y has 4 labels"),
        ({"x": np.zeros((3, 8, 8)), "y": np.float32(1)}, "but y has 1 labels"),
        ({"x": np.zeros((3, 8, 8, 4)), "y": np.arange(3)}, "3 × 8 × 8 × 4"),
        ({"x": np.zeros((3, 50)), "y": np.arange(3)}, "3 × 50"),
        ({"x": np.full((3, 8, 8), "a"), "y": np.arange(3)}, "no type of pixels"),
        ({"x": np.zeros((3, 8, 8)), "y": np.zeros((3, 2, 2))}, "one-hot rows"),
        ({"x": np.zeros((3, 8, 8)), "y": np.zeros(3, "datetime64[s]")}, "numbers or names are needed"),
        ({"x": np.zeros((3, 8, 8)), "y": np.full((3, 4), 0.25)}, "not one-hot"),
        ({"x": np.full((3, 8, 8), np.nan), "y": np.arange(3)}, "not numbers"),
        ({"weights": np.zeros(3)}, "it has weights"),
        ({"x": np.zeros((0, 8, 8)), "y": np.zeros(0)}, "no arrays x_train"),
    ],
)
def test_an_unusable_npz_is_reported_in_one_sentence(arrays, sentence, read, tmp_path):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(UnreadableData, match=sentence):
        read(tmp_path / "a.npz")


def test_a_header_that_promises_more_than_the_file_has_is_damage(tmp_path, read):
    # 60,000 images of 4,096 × 4,096 would take a terabyte
    header = (
        b"\x93NUMPY\x01\x00v\x00"
        + b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000, 28, 28), }".ljust(117)
        + b"\n"
    )
    labels = header.replace(b"(1000, 28, 28)", b"(1000,)       ")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", header + bytes(100))
        archive.writestr("y.npy", labels + bytes(1000))
    with pytest.raises(UnreadableData, match="damaged or incomplete"):
        read(tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("x.npy", header.replace(b"(1000, 28, 28)", b"(10**9,28, 28)"))
        archive.writestr("y.npy", labels)
    with pytest.raises(UnreadableData, match=r"damaged|larger"):
        read(tmp_path / "b.npz")


@given(data=st.data())
def test_any_change_of_its_bytes_is_read_or_refused_in_words(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("npz") / "a.npz"
    np.savez(path, x=np.arange(5 * 64, dtype=np.uint8).reshape(5, 8, 8), y=np.arange(5))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        with NpzSource(path) as source:
            source.look()
            for piece in source.pieces(64):
                assert len(piece.labels) == len(piece.images)
    except UnreadableData as error:
        assert str(error)


def test_a_pickle_under_the_name_of_an_array_is_not_opened(tmp_path, read):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", pickle.dumps(Trap()))
        archive.writestr("y.npy", pickle.dumps(Trap()))
    with pytest.raises(UnreadableData, match="damaged"):
        read(tmp_path / "a.npz")
