"""Measures a dispatcher in this process: `python -m benchmarks.dispatching RUNS ADDRESS SECONDS`.

Prints one line of JSON: processor seconds, memory in MB and messages, over this many seconds from the first start, and
when each run was started.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from core.cluster.connection import Call, Connection, Demand
from core.cluster.dispatcher import STEP_SECONDS, Dispatcher
from core.runs.store import RunStore
from core.server.limits import Settings


class Counting(Connection):
    """Counts messages, and notes when runs were started."""

    def __init__(self, address: str, namespace: str) -> None:
        super().__init__(address, namespace)
        self.messages = 0
        self.starts: list[float] = []
        made.append(self)

    def start(self, run: str, demand: Demand, *, without: Sequence[str] = ()) -> Any:
        self.starts.append(time.monotonic())
        return super().start(run, demand, without=without)

    def call(self, agent: Any, method: str, *arguments: Any) -> Call:
        self.messages += 1
        return super().call(agent, method, *arguments)


made: list[Counting] = []


def main() -> None:
    """Dispatch for this many seconds from the first start, and print what it took."""
    runs, address, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    dispatcher = Dispatcher(RunStore(runs, runs.parent / "none"), Settings(ray=address), connect=Counting)
    while not made or not made[0].starts:
        dispatcher.step()
        time.sleep(STEP_SECONDS)
    connection, process = made[0], psutil.Process()
    began, used, sent = time.monotonic(), _used(process), connection.messages
    while time.monotonic() - began < seconds:
        dispatcher.step()
        time.sleep(STEP_SECONDS)
    took = time.monotonic() - began
    print(
        json.dumps(
            {
                "seconds": took,
                "processor": _used(process) - used,
                "memory": process.memory_info().rss / 10**6,
                "messages": connection.messages - sent,
                "starts": [moment - began for moment in connection.starts],
            }
        )
    )
    dispatcher.close()


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
