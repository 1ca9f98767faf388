"""The real app in real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).parents[2]


def eventually(check: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "It did not come about in time."
        time.sleep(0.05)


@contextmanager
def serving(
    folder: Path, *, script: Path = Path("app.py"), **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A script on a free port, by default the app.py of the folder it is started in: its address and its process."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            eventually(lambda: _healthy(port))
            yield f"http://localhost:{port}", server
        finally:
            server.kill()


def installed(*names: str, package: str) -> str:
    """The path of the first of these programs that is installed; without one, CI fails and others skip the test."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        reason = f"{names[0]} is not installed; install it (Debian: apt-get install {package}) to run this test."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = installed("chromium", "chromium-browser", "google-chrome", package="chromium")
    # sites of other names on this machine, where no proxy of the environment finds them
    here = ["--host-resolver-rules=MAP *.test 127.0.0.1", "--no-proxy-server"]
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic", *here, *quiet]
        )
        expect.set_options(timeout=60_000)  # a busy machine is no failure
        yield running
        running.close()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
