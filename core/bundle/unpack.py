"""Unpacks a stranger's zip: only files that a run has, no larger than they may be, and only into one folder."""

import hashlib
import stat
import struct
import zipfile
from pathlib import Path
from typing import IO

from core.bundle.format import BUNDLE, MOST_BYTES, Contents, Kind
from core.errors import DigitLabError
from core.runs.label import Label

MOST_FILES = 3_000
"""Weights and predictions of a thousand epochs, and a few more."""

MOST_UNPACKED = 2 * MOST_BYTES
"""Bytes of all files together."""

_END = struct.Struct("<4s4H2LH")
_ENTRY_BYTES = 200
"""Most bytes of a file's entry in the list at the end."""
_LOCKED = 0x1
_CHUNK = 1 << 16


def unpack(file: IO[bytes], folder: Path, *, contents: Contents = BUNDLE, most_bytes: int = MOST_BYTES) -> str:
    """Write the files of a zip with these contents into an empty folder; returns a digest of their names and contents.

    A file may be stored or deflated. Raises DigitLabError, OSError where the folder cannot be written.
    """
    _check_end(file, most_bytes)
    try:
        archive = zipfile.ZipFile(file)
    except Exception:  # a damaged zip fails in any of a dozen ways
        raise DigitLabError("bundles.no_run") from None
    with archive:
        kinds = _kinds(archive.infolist(), contents)
        digest, left = hashlib.sha256(), MOST_UNPACKED
        for entry, kind in sorted(kinds.items(), key=lambda item: item[0].filename):
            content, size = _unpacked(archive, entry, kind, folder / entry.filename, left)
            left -= size
            digest.update(f"{entry.filename} {size} {content}\n".encode())
    return digest.hexdigest()


def zip_names(file: IO[bytes], *, most_bytes: int = MOST_BYTES) -> frozenset[str]:
    """The names of the files in a zip; empty for anything that `unpack` would not read."""
    try:
        _check_end(file, most_bytes)
        with zipfile.ZipFile(file) as archive:
            return frozenset(archive.namelist())
    except Exception:  # a damaged zip fails in any of a dozen ways
        return frozenset()
    finally:
        file.seek(0)


def _check_end(file: IO[bytes], most_bytes: int) -> None:
    """Check the size of the list of files before it is read, which takes twenty times as much memory."""
    size = file.seek(0, 2)
    if size > most_bytes:
        raise DigitLabError("bundles.large_file", limit=most_bytes // 1_000_000)
    # a zip64 has a second end before this one; no bundle needs it
    locator = 20
    file.seek(max(0, size - _END.size - locator))
    end = file.read()
    if size < _END.size or not end[-_END.size :].startswith(b"PK\x05\x06") or end.startswith(b"PK\x06\x07"):
        raise DigitLabError("bundles.no_run")
    _, _, _, here, files, length, _, comment = _END.unpack(end[-_END.size :])
    if comment or here != files:
        raise DigitLabError("bundles.no_run")
    if files > MOST_FILES or length > files * _ENTRY_BYTES:
        raise DigitLabError("bundles.many_files", count=MOST_FILES)
    file.seek(0)


def _kinds(entries: list[zipfile.ZipInfo], contents: Contents) -> dict[zipfile.ZipInfo, Kind]:
    """The kind of each file; raises DigitLabError if no such zip has it."""
    names = [entry.orig_filename for entry in entries]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DigitLabError("bundles.twice", name=Label(twice).name)
    if not contents.needs <= set(names):
        raise DigitLabError(contents.missing)
    return {entry: _kind(entry, contents) for entry in entries}


def _kind(entry: zipfile.ZipInfo, contents: Contents) -> Kind:
    name = entry.orig_filename
    kind = next((kind for kind in contents.kinds if kind.form.fullmatch(name)), None)
    if kind is None or name != entry.filename:
        raise DigitLabError(contents.foreign, name=Label(name).name)
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise DigitLabError("bundles.link", name=name)
    if entry.flag_bits & _LOCKED:
        raise DigitLabError("bundles.locked", name=name)
    if entry.file_size > kind.most_bytes:
        raise DigitLabError("bundles.too_large", name=name)
    return kind


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: Kind, target: Path, left: int) -> tuple[str, int]:
    """Write one file; returns its digest and its size as counted, whatever the zip claims."""
    target.parent.mkdir(exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(entry.filename)
        source = archive.open(entry)
    except Exception:
        raise DigitLabError("bundles.damaged", name=entry.filename) from None
    with source, target.open("xb") as written:
        while chunk := _chunk(source, entry):
            size += len(chunk)
            if size > min(kind.most_bytes, left):
                raise DigitLabError("bundles.too_large", name=entry.filename)
            digest.update(chunk)
            written.write(chunk)
    return digest.hexdigest(), size


def _chunk(source: IO[bytes], entry: zipfile.ZipInfo) -> bytes:
    try:
        return source.read(_CHUNK)
    except Exception:  # zlib and the zip's checksums fail in several ways
        raise DigitLabError("bundles.damaged", name=entry.filename) from None
