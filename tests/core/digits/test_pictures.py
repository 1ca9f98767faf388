"""Whatever file a person brings, it is a picture or one sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.digits.pictures import KEPT, UnreadablePicture, read_picture


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_that_claims(width, height):
    """A PNG of some bytes only, whatever size it says it has."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


GREY = np.add.outer(np.arange(40), np.arange(50)).astype(np.uint8)
WHOLE = saved(Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)))


def test_colours_and_transparency_are_as_they_were():
    rgba = np.random.default_rng(1).integers(0, 256, (30, 40, 4), np.uint8)
    np.testing.assert_array_equal(read_picture(saved(Image.fromarray(rgba))), rgba)


def test_a_grey_picture_and_one_of_16_bits_give_the_same():
    eight = read_picture(saved(Image.fromarray(GREY)))
    sixteen = read_picture(saved(Image.fromarray(GREY.astype(np.uint16) * 257)))
    np.testing.assert_array_equal(eight[..., 0], GREY)
    np.testing.assert_array_equal(sixteen, eight)


def test_a_palette_with_transparency_keeps_it():
    palette = Image.fromarray(GREY % 2).convert("P")
    assert set(read_picture(saved(palette, transparency=0))[..., 3].ravel()) == {0, 255}


def test_four_inks_are_read_as_colours():
    red = read_picture(saved(Image.new("CMYK", (30, 30), (0, 255, 255, 0)), "JPEG"))[15, 15]
    assert red[0] > 200
    assert red[1:3].max() < 60


def test_a_photo_stands_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: to be turned clockwise by a quarter
    lying = Image.new("RGB", (60, 40))
    lying.paste((255, 255, 255), (0, 0, 60, 10))
    upright = read_picture(saved(lying, "JPEG", exif=exif, quality=95))
    assert upright.shape == (60, 40, 4)
    assert upright[:, 35:, 0].min() > 200
    assert upright[:, :25, 0].max() < 50


def test_a_photo_of_a_phone_is_reduced():
    photo = read_picture(saved(Image.new("RGB", (8160, 6120), "white"), "JPEG"))
    assert photo.shape == (1200, KEPT, 4)


UNREADABLE = {
    "nothing": (b"", "no picture"),
    "text": (b"a digit, honestly", "no picture"),
    "another format": (saved(Image.fromarray(GREY), "GIF"), "no picture"),
    "one point": (saved(Image.new("RGB", (1, 1))), "1 × 1"),
    "too low": (saved(Image.new("RGB", (400, 27))), "400 × 27"),
    "too narrow": (saved(Image.new("RGB", (3000, 30))), "too narrow"),
    "10,000 × 10,000": (png_that_claims(10_000, 10_000), "too large"),
    "a bomb": (png_that_claims(60_000, 60_000), "too large"),
    "5,000 × 5,000": (png_that_claims(5_000, 5_000), "too large"),
    "a JPEG of 10,000 × 30": (saved(Image.new("L", (10_000, 30)), "JPEG"), "too large"),
    "no pixels": (png_that_claims(100, 100), "damaged"),
    "half of it": (WHOLE[: len(WHOLE) // 2], "damaged"),
    "a broken header": (WHOLE[:20], "damaged"),
    "moving": (
        saved(Image.new("L", (30, 30)), save_all=True, append_images=[Image.new("L", (30, 30), 255)]),
        "animated",
    ),
    "a huge file": (WHOLE + bytes(30_000_000), "30 MB"),
}


@pytest.mark.parametrize(("content", "word"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_cannot_be_read_is_told_in_a_sentence(content, word):
    with pytest.raises(UnreadablePicture, match=word) as told:
        read_picture(content)
    assert str(told.value).endswith(".")
    assert "\n" not in str(told.value)


def readable(content):
    try:
        picture = read_picture(content)
    except UnreadablePicture:
        return
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 4
    assert min(picture.shape[:2]) >= 28


@given(st.binary(max_size=400), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", WHOLE[:60]]))
def test_any_bytes_at_all(content, start):
    readable(start + content)


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_with_wrong_bytes(place, wrong):
    readable(WHOLE[:place] + wrong + WHOLE[place + len(wrong) :])
