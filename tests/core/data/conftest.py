"""A temporary cache, a small data set in MNIST's format, and a server with any behavior."""

import gzip
import hashlib
import io
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from core.data.arrays import Arrays
from core.data.download import Mirror, Network, RemoteFile

KEYS = ("x_train", "y_train", "x_test", "y_test")


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """Empty caches for us and Keras, with no files given."""
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("DIGIT_LAB_MNIST", raising=False)
    monkeypatch.delenv("DIGIT_LAB_HANDWRITING", raising=False)
    return tmp_path


@dataclass(frozen=True)
class Small:
    """30 random images."""

    arrays: Arrays

    @property
    def digest(self):
        return self.arrays.digest()

    @property
    def npz(self):
        file = io.BytesIO()
        np.savez(file, **dict(zip(KEYS, self.arrays, strict=True)))
        return file.getvalue()

    @property
    def idx_files(self):
        return [
            gzip.compress(bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes() + array.tobytes())
            for array in self.arrays
        ]

    def save(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.npz)
        return path


def small_arrays(seed):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (30, 28, 28), np.uint8)
    labels = random.integers(0, 10, 30, np.uint8)
    return Small(Arrays(images[:20], labels[:20], images[20:], labels[20:]))


@pytest.fixture
def small():
    return small_arrays(1)


@pytest.fixture
def other():
    return small_arrays(2)


class Server(ThreadingHTTPServer):
    """Answers each path as in `answers`: with bytes, or by calling a function with the request handler."""

    daemon_threads = True

    def __init__(self):
        self.answers = {}
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"

    def mirror(self, path, answer, wanted, name="keras_address"):
        """A mirror with one file, whose expected contents and actual answer are given."""
        self.answers[path] = answer
        return Mirror(name, (self.remote(path, wanted),))

    def remote(self, path, wanted):
        return RemoteFile(self.url(path), f"sha256:{hashlib.sha256(wanted).hexdigest()}", len(wanted))

    def original_files(self, small):
        """A mirror with four good idx files."""
        files = []
        for number, content in enumerate(small.idx_files):
            path = f"/{number}-idx.gz"
            self.answers[path] = content
            files.append(self.remote(path, content))
        return Mirror("original_files", tuple(files))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.send_error(404)
        elif isinstance(answer, bytes):
            self.begin(len(answer))
            self.wfile.write(answer)
        else:
            with suppress(ConnectionError):  # the client closed the connection
                answer(self)

    def begin(self, length, content_type="application/octet-stream"):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.fixture
def network():
    """Timeouts long enough that a busy machine is not mistaken for a silent mirror."""
    return lambda *mirrors, patience=30.0, stall=30.0: Network(mirrors, patience=patience, stall=stall)
