"""Start a Streamlit server, warm it up, and stop it with all its processes."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.places import ROOT

APP = ROOT / "app.py"
PAGES = Path(__file__).parent / "pages"
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str
    process: psutil.Process

    def memory(self) -> tuple[float, float]:
        """Resident and unique memory in MB (10^6 bytes)."""
        info = self.process.memory_full_info()
        return info.rss / 1e6, info.uss / 1e6

    def busy_seconds(self) -> float:
        """Processor seconds used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextlib.contextmanager
def serving(script: Path, folder: Path, runs_dir: Path | None = None, *, waiting: bool = True) -> Iterator[Server]:
    """Serve a script on a free port, from its own folder or, for the bare pages, with Streamlit's own settings.

    With `waiting`, the app keeps a process ready for the next run. Raises RuntimeError if it does not answer within a
    minute.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT if script == APP else folder,
        env={
            **os.environ,
            "DIGIT_LAB_RUNS": str(runs_dir or folder / "runs"),
            **({} if waiting else {"DIGIT_LAB_WARM_WORKER": "off"}),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        server = Server(f"http://localhost:{port}", psutil.Process(process.pid))
        try:
            _wait_until_healthy(server, process)
            yield server
        finally:
            _end(server.process)


def _wait_until_healthy(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.address}/_stcore/health") as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError("Streamlit did not start; run `streamlit run app.py` to see why.")


def _end(server: psutil.Process) -> None:
    # by design, a worker outlives its server, but it must not outlive the benchmark
    processes = [*server.children(recursive=True), server]
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes[:-1], timeout=10)
