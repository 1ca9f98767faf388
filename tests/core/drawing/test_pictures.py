"""Any uploaded file gives either a picture or a clear error."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.drawing.ink import find_ink
from core.drawing.pictures import KEPT, UnreadablePicture, read_picture
from core.errors import EmptyDrawing


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(header, content):
    """A PNG with this header and content, valid or not."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", *header, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")


def png_that_claims(width, height):
    """A PNG of a few bytes that claims the given size."""
    return png((width, height, 8, 0), b"0")


def deep_png(values):
    """Integers (h, w, 1 to 4 channels) as a 16-bit PNG, which Pillow cannot write in color."""
    height, width, channels = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return png((width, height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels]), rows)


def webp_that_claims(width, height):
    """A lossless WebP of a few bytes that claims this size."""
    content = bytearray(saved(Image.new("RGB", (40, 40), "white"), "WEBP", lossless=True))
    start = content.index(b"VP8L") + 9
    (bits,) = struct.unpack_from("<I", content, start)
    struct.pack_into("<I", content, start, bits >> 28 << 28 | (height - 1) << 14 | width - 1)
    return bytes(content)


GRAY = np.add.outer(np.arange(40), np.arange(50)).astype(np.uint8)
COLORS = Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8))
WHOLE = saved(COLORS)
MOVING = {"save_all": True, "append_images": [Image.new("L", (60, 60), 255)]}
FORMATS = {
    "PNG": WHOLE,
    "PNG of 16 bits": deep_png(np.arange(3600).reshape(60, 60, 1)),
    "PNG of 16 bits in color": deep_png(np.arange(14400).reshape(60, 60, 4)),
    "PNG with a palette": saved(COLORS.quantize(16), transparency=0),
    "JPEG": saved(COLORS, "JPEG"),
    "JPEG of four inks": saved(COLORS.convert("CMYK"), "JPEG"),
    "JPEG with Exif": saved(COLORS, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"),
    "WebP": saved(COLORS, "WEBP"),
    "WebP without loss": saved(COLORS.convert("RGBA"), "WEBP", lossless=True),
    "moving WebP": saved(COLORS, "WEBP", **MOVING),
    "MPO": saved(COLORS, "MPO", **MOVING),
}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_colors_and_transparency_are_preserved(kind):
    rgba = np.random.default_rng(1).integers(0, 256, (30, 40, 4), np.uint8)
    rgba[..., 3] = np.maximum(rgba[..., 3], 1)
    np.testing.assert_array_equal(read_picture(saved(Image.fromarray(rgba), kind, lossless=True)), rgba)


def test_8_bit_and_16_bit_gray_give_the_same_picture():
    eight = read_picture(saved(Image.fromarray(GRAY)))
    sixteen = read_picture(saved(Image.fromarray(GRAY.astype(np.uint16) * 257)))
    np.testing.assert_array_equal(eight[..., 0], GRAY)
    np.testing.assert_array_equal(sixteen, eight)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_gray_of_any_depth_in_a_16_bit_file_gets_full_contrast(bits):
    top = 2**bits - 1
    values = np.round(np.linspace(0.2, 1, 1600).reshape(40, 40, 1) * top)
    read = read_picture(deep_png(values))[..., 0]
    assert (read.min(), read.max()) == (0, 255)
    np.testing.assert_allclose(read, np.linspace(0, 255, 1600).reshape(40, 40), atol=2)


@pytest.mark.parametrize("channels", [2, 3, 4])
def test_12_bit_colors_and_opacity_are_read(channels):
    values = np.full((40, 40, channels), 4095)
    values[10:30, 18:22, : channels - 1 if channels % 2 == 0 else channels] = 400
    read = read_picture(deep_png(values))
    assert read[0, 0].tolist() == [255, 255, 255, 255]
    assert read[20, 20].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize("light", [0.05, 1])
def test_16_bit_pictures_show_faint_ink_but_not_the_grain_of_an_empty_sheet(light):
    grain = np.random.default_rng(2).normal(0, 60 * light, (60, 60, 1))
    sheet = np.round(50_000 * light + grain)
    inked = sheet.copy()
    inked[15:45, 28:33] -= 3_000 * light
    with pytest.raises(EmptyDrawing):
        find_ink(read_picture(deep_png(sheet)))
    assert find_ink(read_picture(deep_png(inked)))[30, 30] > 0.8


def test_a_palette_keeps_its_transparency():
    palette = Image.fromarray(GRAY % 2).convert("P")
    assert set(read_picture(saved(palette, transparency=0))[..., 3].ravel()) == {0, 255}


def test_cmyk_is_converted_to_rgb():
    red = read_picture(saved(Image.new("CMYK", (30, 30), (0, 255, 255, 0)), "JPEG"))[15, 15]
    assert red[0] > 200
    assert red[1:3].max() < 60


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_photo_is_rotated_by_its_exif_orientation(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # taken in portrait: rotate 90° clockwise
    lying = Image.new("RGB", (60, 40))
    lying.paste((255, 255, 255), (0, 0, 60, 10))
    upright = read_picture(saved(lying, kind, exif=exif, quality=95))
    assert upright.shape == (60, 40, 4)
    assert upright[:, 35:, 0].min() > 200
    assert upright[:, :25, 0].max() < 50


def test_a_phone_photo_is_reduced():
    photo = read_picture(saved(Image.new("RGB", (8160, 6120), "white"), "JPEG"))
    assert photo.shape == (1200, KEPT, 4)


UNREADABLE = {
    "nothing": (b"", "not an image"),
    "text": (b"a digit, honestly", "not an image"),
    "another format": (saved(Image.fromarray(GRAY), "GIF"), "GIF"),
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
    "moving": (saved(Image.new("L", (60, 60)), **MOVING), "animated"),
    "a moving WebP": (saved(Image.new("RGB", (60, 60)), "WEBP", **MOVING), "animated"),
    "a WebP of 5,000 × 5,000": (webp_that_claims(5_000, 5_000), "too large"),
    "a WebP of 13,000 × 13,000": (webp_that_claims(13_000, 13_000), "too large"),
    "a bomb of a WebP": (webp_that_claims(16_383, 16_383), "too large"),
    "half of a WebP": (FORMATS["WebP"][: len(FORMATS["WebP"]) // 2], "damaged"),
    "a huge file": (WHOLE + bytes(30_000_000), "30 MB"),
}


@pytest.mark.parametrize(("content", "word"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_unreadable_file_is_reported(content, word):
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


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning", "ignore::UserWarning")
@pytest.mark.parametrize("kind", FORMATS)
@given(st.data())
@settings(max_examples=40)
def test_a_corrupted_or_truncated_picture_gives_a_picture_or_an_error(kind, data):
    content = FORMATS[kind]
    # headers are short and matter more than the rest
    place = data.draw(st.integers(0, 200) | st.integers(0, len(content) - 1))
    wrong = data.draw(st.binary(max_size=4))
    end = data.draw(st.just(len(content)) | st.integers(place, len(content)))
    readable((content[:place] + wrong + content[place + len(wrong) :])[:end])
