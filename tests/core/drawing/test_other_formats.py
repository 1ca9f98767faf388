"""Unsupported files are recognized by their first bytes, and the advice says how to export them."""

import io

import pytest
from PIL import Image

from core.drawing.other_formats import export_advice
from core.drawing.pictures import UnreadablePicture, read_picture


def saved(kind, mode="RGB"):
    file = io.BytesIO()
    Image.new(mode, (60, 60)).save(file, kind)
    return file.getvalue()


def container(*brands):
    """Start of an ISO/IEC 14496-12 file: major brand, version, and compatible brands."""
    major, *compatible = brands
    content = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(content) + 4).to_bytes(4) + content + bytes(200)


FILES = {
    "an iPhone's HEIC": (container(b"heic", b"mif1", b"MiHE", b"heic"), "HEIC photo; export it as JPEG"),
    "a HEIF of another camera": (container(b"mif1", b"mif1", b"heic"), "HEIC"),
    "AVIF": (saved("AVIF"), "AVIF"),
    "AVIF in a general container": (container(b"mif1", b"miaf", b"avif"), "AVIF"),
    "Canon raw": (container(b"crx ", b"isom"), "camera raw"),
    "QuickTime": (container(b"qt  "), "video"),
    "MP4": (container(b"isom", b"iso2", b"avc1"), "video"),
    "WebM": (b"\x1aE\xdf\xa3\x9fB", "video"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "PDF behind a line": (b"\n%PDF-1.4\n", "PDF"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">', "SVG"),
    "SVG with a head": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- Inkscape -->\n<svg width="28">', "SVG"),
    "GIF": (saved("GIF"), "GIF"),
    "TIFF": (saved("TIFF", "I;16"), "TIFF"),
    "BMP": (saved("BMP"), "BMP"),
    "JPEG 2000": (saved("JPEG2000"), "JPEG 2000"),
    "JPEG XL": (b"\xff\x0a\xfa\x7f", "JPEG XL"),
    "Photoshop": (b"8BPS\0\1", "Photoshop"),
    "icon": (saved("ICO"), "icon"),
}


@pytest.mark.parametrize(("content", "word"), FILES.values(), ids=FILES)
def test_each_format_is_named_with_advice(content, word):
    with pytest.raises(UnreadablePicture) as refused:
        read_picture(content)
    sentence = str(refused.value)
    assert word in sentence
    assert any(advice in sentence for advice in ("as PNG", "as JPEG", "screenshot"))
    assert sentence.count(".") == 1


@pytest.mark.parametrize("content", [b"", b"7", b"<html><body>seven", b"BMW builds cars", bytes(3000), b"PK\3\4"])
def test_other_files_have_no_known_format(content):
    assert export_advice(content) is None
