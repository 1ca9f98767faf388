"""Downloads, whatever the server does."""

import threading
import time

import pytest

from core.data.datasets import load, status
from core.data.download import NETWORK, Mirror, RemoteFile
from core.errors import DataUnavailable


def cut(content):
    def answer(handler):
        handler.begin(len(content))
        handler.wfile.write(content[: len(content) // 2])

    return answer


def cut_without_length(content):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])

    return answer


def stalled(content):
    def answer(handler):
        handler.begin(len(content))
        handler.wfile.write(content[: len(content) // 2])
        handler.server.over.wait()

    return answer


def endless(_):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        while not handler.server.over.is_set():
            handler.wfile.write(bytes(4096))

    return answer


def portal(_):
    def answer(handler):
        page = b"<html><title>Please log in</title></html>"
        handler.begin(len(page), "text/html")
        handler.wfile.write(page)

    return answer


def hang(_):
    return lambda handler: handler.server.over.wait()


def trickling_headers(_):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not handler.server.over.wait(0.05):
            handler.wfile.write(b"X-More: yes\r\n")

    return answer


def missing(_):
    return None


BAD = {
    cut: "stopped halfway",
    cut_without_length: "sent something else",
    stalled: "stopped halfway",
    endless: "sent something else",
    portal: "sent something else",
    hang: "does not respond",
    trickling_headers: "does not respond",
    missing: "returns 404",
}

# short timeouts for silent servers; a good mirror after a silent one gets the same time
SHORT = {hang: {"patience": 0.5}, trickling_headers: {"patience": 0.5}, stalled: {"stall": 0.3}}
SHORT_WITH_ANOTHER = {hang: {"patience": 4}, trickling_headers: {"patience": 4}, stalled: {"stall": 2}}


def assert_same(dataset, small):
    for field, array in small.arrays._asdict().items():
        assert (getattr(dataset, field) == array).all(), field


def test_a_good_file_is_cached_for_us_and_for_keras(server, small, network, places):
    seen = []
    mirror = server.mirror("/mnist.npz", small.npz, small.npz)
    dataset = load("mnist", network=network(mirror), digest=small.digest, progress=seen.append)
    assert_same(dataset, small)
    assert (places / "keras/datasets/mnist.npz").read_bytes() == small.npz
    assert {p.name for p in (places / "keras/datasets").iterdir()} == {"mnist.npz"}
    assert "Keras" in str(dataset.source)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == seen[-1].total == len(small.npz)


def test_odd_chunks_without_a_length_are_accepted(server, small, network):
    content = small.npz

    def in_pieces(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for start in range(0, len(content), 700):
            piece = content[start : start + 700]
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    seen = []
    mirror = server.mirror("/mnist.npz", in_pieces, content)
    assert_same(load("mnist", network=network(mirror), digest=small.digest, progress=seen.append), small)
    assert seen[-1].share == 1


def test_the_original_files_give_the_same_data_set(server, small, network):
    seen = []
    mirror = server.original_files(small)
    dataset = load("mnist", network=network(mirror), digest=small.digest, progress=seen.append)
    assert_same(dataset, small)
    assert seen[-1].share == 1
    assert [p.done for p in seen] == sorted(p.done for p in seen)


@pytest.mark.parametrize("behavior", BAD, ids=lambda b: b.__name__)
def test_a_bad_mirror_is_followed_by_the_next(behavior, server, small, network, places):
    bad = server.mirror("/bad/mnist.npz", behavior(small.npz), small.npz)
    good = server.original_files(small)
    limits = SHORT_WITH_ANOTHER.get(behavior, {})
    assert_same(load("mnist", network=network(bad, good, **limits), digest=small.digest), small)
    assert not (places / "keras").exists()


@pytest.mark.parametrize(("behavior", "reason"), BAD.items(), ids=lambda b: getattr(b, "__name__", ""))
def test_only_bad_mirrors_are_reported_with_reasons(behavior, reason, server, small, network, places):
    bad = server.mirror("/bad/mnist.npz", behavior(small.npz), small.npz)
    with pytest.raises(DataUnavailable) as error:
        load("mnist", network=network(bad, **SHORT.get(behavior, {})), digest=small.digest)
    text = str(error.value)
    assert f"127.0.0.1 {reason}" in text
    assert "DIGIT_LAB_MNIST" in text and "mnist-5k" in text
    assert str(status("mnist", digest=small.digest).message) == text
    assert not (places / "keras").exists()
    assert {p.name for p in (places / "cache").iterdir()} == {"mnist.json", "mnist.lock"}


def test_a_mirror_with_other_digits_is_rejected(server, small, other, network, places):
    bad = server.mirror("/mnist.npz", other.npz, other.npz)
    with pytest.raises(DataUnavailable, match="sent something else"):
        load("mnist", network=network(bad), digest=small.digest)
    assert not (places / "keras").exists()


def test_an_unreachable_server_is_reported(small, network):
    nobody = Mirror("keras_address", (RemoteFile("http://127.0.0.1:9/mnist.npz", "sha256:00", 10),))
    with pytest.raises(DataUnavailable, match=r"127\.0\.0\.1 cannot be reached"):
        load("mnist", network=network(nobody), digest=small.digest)


def test_silent_mirrors_share_a_timeout_of_four_seconds(server, small, network):
    assert NETWORK.patience == 4
    mirrors = [server.mirror(f"/{n}/mnist.npz", hang(b""), small.npz) for n in range(4)]
    began = time.monotonic()
    with pytest.raises(DataUnavailable, match=r"does not respond, 127\.0\.0\.1 does not respond"):
        load("mnist", network=network(*mirrors, patience=1), digest=small.digest)
    # with the full timeout for each, this would take 4 s
    assert time.monotonic() - began < 3.9


def test_a_slow_but_steady_download_has_no_time_limit(server, small, network):
    content = small.npz
    step = 4096

    def slow(handler):
        handler.begin(len(content))
        for start in range(0, len(content), step):
            handler.wfile.write(content[start : start + step])
            handler.server.over.wait(0.2)

    mirror = server.mirror("/mnist.npz", slow, content)
    began = time.monotonic()
    dataset = load("mnist", network=network(mirror, patience=0.9, stall=0.9), digest=small.digest)
    assert time.monotonic() - began > 0.9
    assert_same(dataset, small)


def test_other_processes_see_the_progress_of_a_download(server, small, network):
    content = small.npz
    half_seen = threading.Event()

    def half(handler):
        handler.begin(len(content))
        handler.wfile.write(content[: len(content) // 2])
        half_seen.wait(10)
        handler.wfile.write(content[len(content) // 2 :])

    mirror = server.mirror("/mnist.npz", half, content)
    ready = []
    worker = threading.Thread(
        target=lambda: ready.append(load("mnist", network=network(mirror, stall=10), digest=small.digest)), daemon=True
    )
    worker.start()
    deadline = time.monotonic() + 10
    while (seen := status("mnist", digest=small.digest)).progress is None and time.monotonic() < deadline:
        time.sleep(0.01)
    half_seen.set()
    worker.join(10)
    assert seen.state == "preparing"
    assert seen.progress.total == len(content)
    assert 0 < seen.progress.share < 1
    assert str(seen.message) == f"Downloading MNIST {int(100 * seen.progress.share)}\xa0%"
    assert len(ready) == 1
    assert status("mnist", digest=small.digest).state == "ready"
