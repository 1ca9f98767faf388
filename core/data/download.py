"""Public addresses of MNIST, and downloads that give up early if no server answers."""

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from core.errors import DigitLabError
from core.text import Message

CHUNK = 4096
_SOCKET_SECONDS = 60.0
"""Ends the thread of an abandoned download; longer than any other timeout."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a download in bytes."""

    done: int
    total: int

    @property
    def share(self) -> float:
        """The completed share, 0 to 1."""
        return self.done / self.total if self.total else 0.0


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to download; the checksum has the form `algorithm:digits`, the size is in bytes."""

    url: str
    checksum: str
    size: int


@dataclass(frozen=True, slots=True)
class Mirror:
    """A server with all of MNIST: as one .npz, or as the original four idx files."""

    name: str
    files: tuple[RemoteFile, ...]

    @property
    def host(self) -> str:
        """The host name, for messages."""
        return urlsplit(self.files[0].url).hostname or self.files[0].url


@dataclass(frozen=True, slots=True)
class Network:
    """Mirrors in order of preference, and timeouts in seconds."""

    mirrors: tuple[Mirror, ...]
    patience: float = 4.0
    """For the first bytes, over all mirrors together, so that a failure is reported within 5 s, including imports."""
    stall: float = 10.0
    """Between any two bytes of a download in progress."""


_ORIGINALS = "https://ossci-datasets.s3.amazonaws.com/mnist/"
NETWORK = Network(
    (
        Mirror(
            "keras_address",
            (
                RemoteFile(
                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
                    "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                    11_490_434,
                ),
            ),
        ),
        Mirror(
            "original_files",
            (
                RemoteFile(
                    f"{_ORIGINALS}train-images-idx3-ubyte.gz", "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422
                ),
                RemoteFile(f"{_ORIGINALS}train-labels-idx1-ubyte.gz", "md5:d53e105ee54ea40749a09fcbcd1e9432", 28_881),
                RemoteFile(f"{_ORIGINALS}t10k-images-idx3-ubyte.gz", "md5:9fb629c4189551a2d022fa330f9573f3", 1_648_877),
                RemoteFile(f"{_ORIGINALS}t10k-labels-idx1-ubyte.gz", "md5:ec29112dd5afa0611ce80d1b7f02629c", 4_542),
            ),
        ),
    )
)


class MirrorError(DigitLabError):
    """A mirror did not deliver its file; the message completes the sentence "host ..."."""


def fetch(mirror: Mirror, folder: Path, report: Report, *, patience: float, stall: float) -> list[Path]:
    """Download a mirror's files into a folder and return their paths, checksums verified.

    Raises MirrorError if the first bytes take longer than `patience`, any later ones take longer than `stall`, or a
    file is truncated or has another checksum; OSError if the folder is not writable.
    """
    total = sum(file.size for file in mirror.files)
    before = 0
    paths = []

    def report_bytes(done: int) -> None:
        report(Progress(before + done, total))

    for file in mirror.files:
        paths.append(_download(file, folder, report_bytes, patience, stall))
        before += file.size
    return paths


def _download(file: RemoteFile, folder: Path, report: Callable[[int], None], patience: float, stall: float) -> Path:
    import pooch
    import requests

    # its "Downloading data from ..." would break the progress bar
    pooch.get_logger().setLevel(logging.WARNING)
    events: queue.SimpleQueue[int | Path | Exception] = queue.SimpleQueue()
    abandoned = Event()

    # pooch's own downloader counts chunks instead of bytes, and cannot be canceled
    def stream(url: str, output: str, _: Any) -> None:
        with requests.get(url, stream=True, timeout=_SOCKET_SECONDS) as response, Path(output).open("wb") as out:
            response.raise_for_status()
            done = 0
            for chunk in response.iter_content(CHUNK):
                done += out.write(chunk)
                if abandoned.is_set() or done > file.size:
                    raise ValueError("nobody wants the rest")
                events.put(done)

    def run() -> None:
        name = Path(urlsplit(file.url).path).name
        try:
            events.put(Path(pooch.retrieve(file.url, file.checksum, name, folder, downloader=stream)))
        except Exception as error:
            events.put(error)

    # a socket timeout limits neither the DNS lookup, nor the addresses tried in turn, nor slowly arriving headers:
    # hence a thread, timed from outside
    Thread(target=run, daemon=True).start()
    begun = False
    try:
        while True:
            event = events.get(timeout=stall if begun else patience)
            if isinstance(event, Path):
                return event
            if isinstance(event, Exception):
                raise MirrorError(_reason(event, requests, begun=begun)) from event
            begun = True
            report(event)
    except queue.Empty:
        raise MirrorError("datasets.mirror.stalled" if begun else "datasets.mirror.silent") from None
    finally:
        abandoned.set()


def _reason(error: Exception, requests: Any, *, begun: bool) -> Message:
    """The reason for a failure; re-raises errors of the local disk."""
    if isinstance(error, requests.HTTPError):
        return Message("datasets.mirror.refused", code=error.response.status_code)
    if isinstance(error, requests.RequestException):
        cut = begun or isinstance(error, requests.exceptions.ChunkedEncodingError)
        return Message("datasets.mirror.stalled" if cut else "datasets.mirror.unreachable")
    if isinstance(error, ValueError):
        return Message("datasets.mirror.damaged")
    raise error
