"""The files in a folder or a ZIP, listed and opened without following links or unpacking anything."""

import io
import os
import stat
import struct
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO

from core.data.readers.source import UnreadableData

MOST_FILES = 1_100_000
MOST_FOLDERS = 20_000
MOST_ZIPPED = 200_000
"""Files of a ZIP, whose list is read into memory as a whole."""
LARGEST_FILE = 50_000_000
"""Bytes of one image file in a ZIP, unpacked."""
_AT_ONCE = 1 << 16
_DEEPEST = 12
_ENTRY_BYTES = 1_000
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCKED = 0x1


class Files(ABC):
    """Files by their names with `/` between folders, in the order of their names."""

    names: list[str]
    links: int = 0
    """Links that were left out."""

    @abstractmethod
    def open(self, name: str) -> str | IO[bytes]:
        """What Pillow opens: a path, or the file in memory; raises OSError."""

    def close(self) -> None:  # noqa: B027 a folder needs no closing
        """Close the ZIP."""


class FolderFiles(Files):
    """The files in a folder and in the folders below it."""

    def __init__(self, root: Path) -> None:
        """Raises UnreadableData where there are too many, OSError where the folder cannot be read."""
        self._root = str(root)
        self.names = []
        folders = [""]
        for at in folders:
            if at.count("/") >= _DEEPEST:
                raise UnreadableData("data_add.deep_folders", most=_DEEPEST)
            with os.scandir(os.path.join(self._root, at)) as entries:  # noqa: PTH118 a million files
                for entry in entries:
                    if entry.name.startswith((".", "__MACOSX")):
                        continue
                    if entry.is_symlink():
                        self.links += 1
                    elif entry.is_dir():
                        folders.append(f"{at}{entry.name}/")
                    elif entry.is_file():
                        self.names.append(f"{at}{entry.name}")
                if len(folders) > MOST_FOLDERS:
                    raise UnreadableData("data_add.many_folders", most=MOST_FOLDERS)
                if len(self.names) > MOST_FILES:
                    raise UnreadableData("data_add.many_files", most=MOST_FILES)
        self.names.sort()

    def open(self, name: str) -> str | IO[bytes]:
        path = f"{self._root}/{name}"
        # most images are small, and Pillow reads twenty times from a file
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 a million files
            content = file.read(_AT_ONCE)
        return path if len(content) == _AT_ONCE else io.BytesIO(content)


class ZipFiles(Files):
    """The files in a ZIP, which is trusted in nothing."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableData for what no ZIP of images is: too many files, links, passwords, paths out of it."""
        with path.open("rb") as file:
            _check_end(file)
        try:
            self._zip = zipfile.ZipFile(path)
        except Exception:  # a damaged zip fails in any of a dozen ways
            raise UnreadableData("data_add.damaged", name=path.name) from None
        try:
            self.names = sorted(name for entry in self._zip.infolist() if (name := _safe_name(entry)))
        except UnreadableData:
            self._zip.close()
            raise

    def open(self, name: str) -> IO[bytes]:
        entry = self._zip.getinfo(name)
        if entry.file_size > LARGEST_FILE:
            raise OSError(name)
        try:
            # a ZIP gives no more bytes than its list of files states
            return io.BytesIO(self._zip.read(entry))
        except Exception:  # zlib and the zip's checksums fail in several ways
            raise OSError(name) from None

    def size(self, name: str) -> int:
        """The file's size in bytes, unpacked, as stated."""
        return self._zip.getinfo(name).file_size

    def copy(self, name: str, target: Path) -> None:
        """Write one file; raises UnreadableData if it is damaged."""
        try:
            source = self._zip.open(name)
        except Exception:
            raise UnreadableData("data_add.damaged", name=name) from None
        with source, target.open("xb") as written:
            while content := _chunk(source, name):
                written.write(content)

    def close(self) -> None:
        self._zip.close()


def _chunk(source: IO[bytes], name: str) -> bytes:
    try:
        return source.read(1 << 20)
    except Exception:
        raise UnreadableData("data_add.damaged", name=name) from None


def _safe_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name; empty for folders and what systems add. Raises UnreadableData."""
    name = entry.filename
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\\" in name or (len(name) > 1 and name[1] == ":"):
        raise UnreadableData("data_add.zip_path", name=name[:100])
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadableData("data_add.zip_link", name=name[:100])
    if entry.flag_bits & _LOCKED:
        raise UnreadableData("data_add.zip_locked", name=name[:100])
    if len(parts) > _DEEPEST:
        raise UnreadableData("data_add.deep_folders", most=_DEEPEST)
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return "" if name.endswith("/") or hidden else name


def _check_end(file: IO[bytes]) -> None:
    """Check the size of the list of files before it is read, which takes a few times as much memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - _END.size))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise UnreadableData("data_add.no_zip")
    _, _, _, _, files, length, _, _ = _END.unpack_from(tail, at)
    # a larger ZIP says more in a second end before this one
    at = tail.rfind(b"PK\x06\x06", 0, at)
    if files == 0xFFFF and at >= 0 and len(tail) - at >= _END_64.size:
        _, _, _, _, _, _, _, files, length, _ = _END_64.unpack_from(tail, at)
    if files > MOST_ZIPPED or length > files * _ENTRY_BYTES:
        raise UnreadableData("data_add.zip_files", most=MOST_ZIPPED)
    file.seek(0)
