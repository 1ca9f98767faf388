"""A language that is made up by doubling letters, so that what is not worded by the catalogue shows."""

import json
import re
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from core.text import ENGLISH
from core.text import catalogues as texts

TAG = "xx"
_KEPT = re.compile(r"`[^`]*`|\{[^{}]*\}|:material/\w+:|:[a-z]+(?=\[)|\]\([^)]*\)|<[^>]*>|https?://\S+|&\w+;|\\.")
_CACHED = ("catalogue", "complete", "own_name", "placeholders", "_english", "_read")


def doubled(text):
    """The text with each letter twice, without what is markup: `Train {name}` is `TTrraaiinn {name}`."""
    parts = zip(_KEPT.split(text), [*_KEPT.findall(text), ""], strict=True)
    return "".join(re.sub(r"[A-Za-z]", r"\g<0>\g<0>", plain) + kept for plain, kept in parts)


@contextmanager
def offered(folder: Path):
    """Offer the made-up language beside the others; its files and theirs are in this folder."""
    copytree(texts.FOLDER, folder, ignore=lambda _, names: [name for name in names if name.startswith("__")])
    (folder / TAG).mkdir()
    for name in texts.files(ENGLISH):
        lines = (f"{quoted(key)} = {json.dumps(doubled(text))}" for key, text in texts._texts(ENGLISH, name))
        (folder / TAG / name).write_text("\n".join(lines), encoding="utf-8")
    shipped = texts.FOLDER
    texts.FOLDER = folder
    forget()
    try:
        yield TAG
    finally:
        texts.FOLDER = shipped
        forget()


def quoted(key):
    """A dotted key as TOML wants it where a part has a space."""
    return ".".join(map(json.dumps, key.split(".")))


def forget():
    """Have the catalogues read again."""
    for name in _CACHED:
        getattr(texts, name).cache_clear()
