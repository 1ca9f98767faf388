"""Recognize files of unsupported formats by their first bytes, and tell how to export them."""

import re

from core.text import Message

_FORMATS = {
    "AVIF": rb".{4}ftyp(?:avi[fs]|.{4}(?:.{4})*?avi[fs])",
    "HEIC": rb".{4}ftyp(?:he[iv][cxms]|mif[12]|msf1)",
    "camera raw": rb".{4}ftypcrx |FUJIFILMCCD-RAW",
    "video": rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI ",
    "PDF": rb".{,1000}?%PDF-",
    "SVG": rb"(?:\xef\xbb\xbf)?\s*(?:<svg|<\?xml.{,1000}<svg|<!.{,1000}<svg)",
    "GIF": rb"GIF8[79]a",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM.{4}\0{4}",
    "JPEG XL": rb"\xff\x0a|\0{3}\x0cJXL ",
    "JPEG 2000": rb"\0{3}\x0cjP  |\xff\x4f\xff\x51",
    "Photoshop": rb"8BPS",
    "icon": rb"\0{2}[\1\2]\0",
}
"""First bytes of each format, specific before general: the first four share a container (ISO/IEC 14496-12)."""


def export_advice(content: bytes) -> Message | None:
    """A message that names the format and how to export it as a picture; None for an unknown format."""
    start = content[:2000]
    name = next((name for name, begins in _FORMATS.items() if re.match(begins, start, re.DOTALL)), None)
    match name:
        case None:
            return None
        case "HEIC" | "PDF" | "SVG" | "video":
            return Message(f"drawing.brought.{name}")
        case _:
            return Message("drawing.brought.other", name=name)
