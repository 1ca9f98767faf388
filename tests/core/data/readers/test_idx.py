"""IDX files, zipped or not, in any order and by themselves."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.readers.idx import IdxSource
from core.data.readers.source import UnreadableData

TYPES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def idx(array, kind="u1"):
    sizes = np.array(array.shape, ">u4").tobytes()
    return bytes((0, 0, TYPES[kind], array.ndim)) + sizes + array.astype(f">{kind}").tobytes()


@pytest.fixture
def four(twelve, tmp_path):
    """The four files of a data set, two of them zipped."""
    images, labels = twelve
    contents = {
        "train-images-idx3-ubyte.gz": gzip.compress(idx(images[:8])),
        "train-labels-idx1-ubyte": idx(labels[:8]),
        "t10k-images.idx3-ubyte": idx(images[8:]),
        "t10k-labels.idx1-ubyte.gz": gzip.compress(idx(labels[8:])),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


def test_four_files_their_folder_and_one_of_them_are_the_same_data_set(four, twelve, read, tmp_path):
    for paths in (four[::-1], [tmp_path], four[:1]):
        found = read(*paths)
        assert found["kind"] == "idx"
        assert np.array_equal(np.stack(found["images"]), twelve[0])
        assert found["labels"] == twelve[1].tolist()
        assert found["parts"] == ["train"] * 8 + ["test"] * 4


@pytest.mark.parametrize("kind", ["i2", "i4", "f4", "f8"])
def test_other_types_of_numbers_are_read(kind, twelve, read, tmp_path):
    (tmp_path / "a-images-idx3").write_bytes(idx(twelve[0] * 0.5, kind))
    (tmp_path / "a-labels-idx1").write_bytes(idx(twelve[1], kind))
    found = read(tmp_path / "a-images-idx3", tmp_path / "a-labels-idx1")
    assert np.array_equal(np.stack(found["images"]), (twelve[0] * 0.5).astype(kind))
    assert found["parts"] == [""] * 12


def test_emnists_rows_and_columns_are_exchanged(twelve, tmp_path, read):
    (tmp_path / "emnist-letters-train-images-idx3-ubyte").write_bytes(idx(twelve[0].swapaxes(1, 2)))
    (tmp_path / "emnist-letters-train-labels-idx1-ubyte").write_bytes(idx(twelve[1]))
    assert np.array_equal(np.stack(read(tmp_path)["images"]), twelve[0])


def test_unusable_files_are_reported_in_one_sentence(four, tmp_path, read):
    with pytest.raises(UnreadableData, match=r"labels that belong to train-images-idx3-ubyte\.gz are missing"):
        read(four[0], four[2], four[3])
    with pytest.raises(UnreadableData, match="labels but no images"):
        read(four[1], four[3])
    four[1].write_bytes(idx(np.arange(7)))
    with pytest.raises(UnreadableData, match="has 8 images, but train-labels-idx1-ubyte has 7 labels"):
        read(*four)
    four[1].write_bytes(idx(np.arange(8) % 3)[:-1])
    with pytest.raises(UnreadableData, match="train-labels-idx1-ubyte is damaged"):
        read(*four)
    (tmp_path / "other-train-images-idx3-ubyte").write_bytes(idx(np.zeros((8, 9, 8))))
    (tmp_path / "other-train-labels-idx1-ubyte").write_bytes(idx(np.zeros(8)))
    with pytest.raises(UnreadableData, match="several data sets"):
        read(tmp_path)


@given(header=st.binary(min_size=0, max_size=40), rest=st.binary(max_size=400), packed=st.booleans())
def test_any_bytes_are_read_or_refused_in_words(header, rest, packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("idx")
    content = b"\0\0\x08\x03" + header + rest
    (folder / "a-images-idx3").write_bytes(gzip.compress(content)[: 40 + len(rest)] if packed else content)
    (folder / "a-labels-idx1").write_bytes(b"\0\0\x08\x01\0\0\0\2\0\1")
    try:
        with IdxSource(sorted(folder.iterdir())) as source:
            source.look()
            assert sum(len(piece.images) for piece in source.pieces(64)) == 2
    except UnreadableData as error:
        assert str(error)
