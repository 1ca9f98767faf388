"""Reading arrays from files, and a digest that does not depend on the format."""

import gzip

import numpy as np
import pytest

from core.data.arrays import read_idx, read_npz


def test_idx_files_and_npz_give_the_same_arrays(tmp_path, small):
    paths = [tmp_path / f"{n}.gz" for n in range(4)]
    for path, content in zip(paths, small.idx_files, strict=True):
        path.write_bytes(content)
    from_npz = read_npz(small.save(tmp_path / "mnist.npz"))
    for one, other in zip([read_idx(path) for path in paths], from_npz, strict=True):
        assert one.dtype == np.uint8
        assert (one == other).all()
    assert from_npz.digest() == small.digest


def test_one_pixel_changes_the_digest(small):
    images = small.arrays.test_images.copy()
    images[3, 4, 5] ^= 1
    assert small.arrays._replace(test_images=images).digest() != small.digest


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", b"\0\0\x0d\1\0\0\0\1\0", b"\0\0\x08\1\0\0\0\2\0", b"\0\0\x08\3\0\0", b"<html>"],
    ids=["empty", "short", "floats", "cut", "half-header", "html"],
)
def test_an_invalid_idx_file_is_rejected(tmp_path, content):
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(ValueError, match=r"file\.gz|buffer|size"):
        read_idx(path)
