"""What is new in the folder of a run on a node, in pieces to send.

The files that announce an epoch are read first and sent last, so a mirror never announces what it does not have.
"""

import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from os import fstat
from pathlib import Path
from typing import BinaryIO, Self

from core.files import Version, version_of

MOST_BYTES = 8 * 2**20
"""Of the pieces that are sent at once, so that short files need not wait for long ones."""
STATUS = "status.json"
APPENDED = frozenset({"batches.csv", "worker.log", "epochs.csv"})
"""Files that grow; all others are replaced as a whole."""
_FIRST, _LAST = ("batches.csv", "worker.log"), ("epochs.csv", STATUS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file."""

    name: str
    """The file's path in the folder, with `/`."""
    offset: int
    """The bytes before it; 0 replaces the file."""
    content: bytes
    last: bool
    """Whether the file is complete with it; one that grows always is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a mirror needs to be as the folder was a moment ago."""

    pieces: tuple[Piece, ...] = ()
    """In the order in which to write them."""
    gone: tuple[str, ...] = ()
    """Files that were deleted."""
    whole: bool = True
    """Whether nothing was left for the next time."""


@dataclass(frozen=True, slots=True)
class Print:
    """Size and CRC-32 of a file, by which two machines find what both have."""

    size: int
    crc: int

    @classmethod
    def of(cls, content: bytes) -> Self:
        return cls(len(content), zlib.crc32(content))


@dataclass(frozen=True, slots=True)
class _Sent:
    version: Version
    bytes: int
    done: bool


class Source:
    """Finds what is new in a folder that a worker writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sent: dict[str, _Sent] = {}

    def acquaint(self, prints: Mapping[str, Print]) -> None:
        """Send from now on what a mirror lacks whose files have these prints."""
        self._sent = {}
        for name in file_names(self._path) & prints.keys():
            known = prints[name]
            # the worker may delete it meanwhile
            with suppress(FileNotFoundError), (self._path / name).open("rb") as file:
                version = version_of(fstat(file.fileno()))
                size = known.size if name in APPENDED else version[2]
                if size == known.size and _crc(file, size) == known.crc:
                    self._sent[name] = _Sent(version, size, True)

    def changes(self, most: int = MOST_BYTES) -> Changes:
        """What is new since the last call, not much more than this many bytes."""
        told = self._new(_LAST, -1)
        names = file_names(self._path)
        others = sorted(names - {*_LAST, *_FIRST})
        pieces, left = list[Piece](), most
        for name in (*_FIRST, *others):
            for piece, sent in self._new([name], left):
                self._sent[name] = sent
                pieces.append(piece)
                left -= len(piece.content)
                if not piece.last or left <= 0:
                    return Changes(tuple(pieces), whole=False)
        for piece, sent in told:
            self._sent[piece.name] = sent
            pieces.append(piece)
        gone = tuple(self._sent.keys() - names)
        for name in gone:
            del self._sent[name]
        return Changes(tuple(pieces), gone)

    def _new(self, names: Iterable[str], most: int) -> list[tuple[Piece, _Sent]]:
        """The next piece of each file that has one, at most this many bytes, and what is sent of the file with it."""
        found = []
        for name in names:
            try:
                file = (self._path / name).open("rb")
            except FileNotFoundError:
                continue
            with file:
                version, sent = version_of(fstat(file.fileno())), self._sent.get(name)
                grows = name in APPENDED
                offset = sent.bytes if sent and _continues(sent, version, grows=grows) else 0
                if sent and offset == sent.bytes and sent.done and version[2] == offset:
                    continue
                file.seek(offset)
                content = file.read(most)
            end = offset + len(content)
            done = grows or end >= version[2]
            found.append((Piece(name, offset, content, done), _Sent(version, end, done)))
        return found


def file_names(path: Path) -> set[str]:
    """The files in a folder, by their paths with `/`; without drafts and requests."""
    found = set[str]()
    for entry in path.rglob("*"):
        parts = entry.relative_to(path).parts
        if parts[0] != "control" and not any(part.startswith(".") for part in parts) and entry.is_file():
            found.add("/".join(parts))
    return found


def prints(path: Path) -> dict[str, Print]:
    """The prints of the files in a folder."""
    found = {}
    for name in file_names(path):
        with suppress(FileNotFoundError), (path / name).open("rb") as file:
            size = fstat(file.fileno()).st_size
            found[name] = Print(size, _crc(file, size))
    return found


def _continues(sent: _Sent, version: Version, *, grows: bool) -> bool:
    """Whether a file is the one of which a part was sent."""
    return sent.version[0] == version[0] and sent.bytes <= version[2] if grows else sent.version == version


def _crc(file: BinaryIO, size: int) -> int:
    """The CRC-32 of the first bytes of a file."""
    crc = 0
    while size > 0 and (read := file.read(min(size, 2**20))):
        crc = zlib.crc32(read, crc)
        size -= len(read)
    return crc
