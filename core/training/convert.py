"""One epoch's network as `.tflite`: `python -m core.training.convert RUN_FOLDER EPOCH TARGET`."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.weights import weights_of
from core.training.worker import prepare
from core.words import say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 where the target was written, 2 where the run has no such weights."""
    parser = argparse.ArgumentParser(prog="python -m core.training.convert", description=say("downloads.convert"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("epoch", type=int)
    parser.add_argument("target", type=Path)
    options = parser.parse_args(arguments)
    try:
        convert(RunFolder(options.folder), options.epoch, options.target)
    except DigitLabError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def convert(folder: RunFolder, epoch: int, target: Path) -> None:
    """Write the network after an epoch as the worker writes the kept one; raises UnreadableRun."""
    weights = weights_of(folder, epoch)
    prepare()
    import keras

    from core.training.export import write_model

    network = keras.models.model_from_json(folder.architecture.read_text(encoding="utf-8"))
    network.load_weights(weights)
    with tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        write_model(RunFolder(Path(room)), network)
        shutil.copyfile(Path(room) / "model.tflite", target)


if __name__ == "__main__":
    sys.exit(main())
