"""Nodes of a Ray cluster on this machine, in a process of their own: `python -m benchmarks.ray_nodes FOLDER`.

It obeys a line at a time, `add NAME CPUS` or `kill NAME`, and ends with its standard input. Each node has a cache of
its own below the folder. Tests use it as well.
"""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from core.places import ROOT

_MEGABYTE = 2**20


class RayNodes:
    """The process, for those who start it; `environment` is that of the workers on all nodes."""

    def __init__(self, folder: Path, **environment: str) -> None:
        given = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0", **environment}
        with (folder / "nodes.log").open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.ray_nodes", str(folder)],
                cwd=ROOT,
                env=given,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.address = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, name: str, cpus: int = 1) -> None:
        """Add a node, which lives when this returns."""
        self._tell(f"add {name} {cpus}")

    def kill(self, name: str) -> None:
        """Kill all processes of a node."""
        self._tell(f"kill {name}")

    def close(self) -> None:
        """End all nodes."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(120)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)
        self._answer()

    def _answer(self) -> str:
        """The next line that tells something; Ray prints others."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("nodes: "):
                return line.removeprefix("nodes: ").strip()
        raise RuntimeError("Ray's nodes ended")


def main(folder: Path) -> None:
    """Obey."""
    from ray.cluster_utils import Cluster

    # the server's machine, which trains nothing
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": 200 * _MEGABYTE})
    print("nodes:", cluster.address, flush=True)
    nodes = {}
    for line in sys.stdin:
        word, name, *cpus = line.split()
        if word == "add":
            environment = {**os.environ, "DIGIT_LAB_CACHE": str(folder / f"cache-{name}")}
            nodes[name] = cluster.add_node(
                node_name=name,
                num_cpus=int(cpus[0]),
                memory=8 * 1024 * _MEGABYTE,
                object_store_memory=80 * _MEGABYTE,
                env_vars=environment,
            )
        else:
            cluster.remove_node(nodes.pop(name), allow_graceful=False)
        print("nodes: done", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
