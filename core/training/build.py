"""Builds a run's network from its config, without weights: `python -m core.training.build RUN_FOLDER`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from core.child_process import lower_priority
from core.runs.folder import RunFolder
from core.training.worker import prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, at a lower priority than training."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    lower_priority()
    build(RunFolder(Path(path)))
    return 0


def build(folder: RunFolder) -> None:
    """Write `network.tflite` and `architecture.json` as the worker does; raises UnreadableRun, OSError."""
    config = folder.manifest().config
    prepare()
    from core.training.export import write_architecture, write_network
    from core.training.networks import build_network

    network = build_network(config)
    write_architecture(folder, network)
    write_network(folder, network)


if __name__ == "__main__":
    sys.exit(main())
