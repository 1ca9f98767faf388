"""One epoch's network as `.tflite`: `python -m core.training.convert RUN_FOLDER EPOCH TARGET`."""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.errors import DigitLabError
from core.places import place
from core.runs.folder import RunFolder
from core.runs.weight_arrays import read_weights
from core.runs.weights import weights_of
from core.text import say
from core.text.terminal import command_parser
from core.training.worker import prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if the target was written, 2 if the run has no such weights."""
    parser = command_parser("python -m core.training.convert", "downloads.convert", arguments)
    parser.add_argument("folder", type=place)
    parser.add_argument("epoch", type=int)
    parser.add_argument("target", type=place)
    options = parser.parse_args(arguments)
    try:
        convert(RunFolder(options.folder), options.epoch, options.target)
    except DigitLabError as error:
        print(say(error.message), file=sys.stderr)
        return 2
    return 0


def convert(folder: RunFolder, epoch: int, target: Path) -> None:
    """Write an epoch's network as the worker writes the best one; raises UnreadableRun.

    Uses only the run's config and weights: a bundle's files are untrusted, and Keras would make any object that
    `architecture.json` names.
    """
    config = folder.manifest().config
    weights = read_weights(weights_of(folder, epoch), config.layer_table)
    prepare()
    from core.training.export import write_model
    from core.training.networks import build_network

    network = build_network(config)
    network.set_weights(weights)
    with tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        write_model(RunFolder(Path(room)), network)
        shutil.copyfile(Path(room) / "model.tflite", target)


if __name__ == "__main__":
    sys.exit(main())
