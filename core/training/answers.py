"""Computes the answers of a program's recorded trainings: `python -m core.training.answers SPOOL SINCE`.

`SPOOL` has a folder for each training, in which the program leaves each epoch's weights. The network is built from our
list of layers and gets the program's numbers. `SINCE` says, in seconds since 1970, from when on it may take its share
of the time from the person's own program.
"""

import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from core.array_types import Floats
from core.config.network import LayerList
from core.config.run import RunConfig
from core.data.datasets import Dataset, load
from core.errors import DataUnavailable, UnreadableRun
from core.files import replacing
from core.models.keras_layers import KerasLayers, fitted, keras_layers
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.predictions import write_answers
from core.training.worker import prepare
from core.watching.answering import DONE, FINISH, RUN
from core.watching.facts import Facts
from core.watching.spare_time import SpareTime

_POLL_SECONDS = 0.2
_IDLE_SECONDS = 5.0
"""How long to wait for another training when all are answered."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    path, since = sys.argv[1:] if arguments is None else arguments
    spool, spare = Path(path), SpareTime(float(since))
    program = Owner.of(int(json.loads((spool / "process.json").read_text(encoding="utf-8"))["pid"]))

    def lives() -> bool:
        return program is not None and bool(program.lives())

    # what the program leaves idle, and a share of its time; all of it once it has ended
    Answers(spool, lambda: spare.allows(time.process_time()) or not lives()).follow()
    return 0


class Answers:
    """Writes what is asked for, one epoch of one training at a time."""

    def __init__(self, spool: Path, has_time: Callable[[], bool]) -> None:
        self._spool, self._has_time = spool, has_time
        self._writers = dict[Path, _Writer]()
        self._parent = os.getppid()

    def follow(self) -> None:
        """Return once all trainings are answered, or nobody asks any more; raises OSError."""
        busy = time.monotonic()
        while self._spool.is_dir() and os.getppid() == self._parent:
            sources = [path.parent for path in sorted(self._spool.glob(f"fit-*/{RUN}"))]
            waiting = [source for source in sources if not (source / DONE).exists()]
            if waiting:
                busy = time.monotonic()
            elif time.monotonic() - busy > _IDLE_SECONDS:
                return
            if not (self._has_time() and any(map(self.advance, waiting))):
                time.sleep(_POLL_SECONDS)

    def advance(self, source: Path) -> bool:
        """Do the next piece of work for a training; False if there is none. Raises OSError."""
        # asked first, so that no weights are missed
        ends = (source / FINISH).exists()
        path = max(source.glob("weights-*.npz"), default=None)
        if path is None and not ends:
            return False
        try:
            if source not in self._writers:
                self._writers[source] = _Writer(source, RunFolder(Path((source / RUN).read_text(encoding="utf-8"))))
            if path is not None:
                self._writers[source].write(path)
                path.unlink()
                return True
            self._writers[source].finish(int((source / FINISH).read_text(encoding="ascii")))
        except Exception:  # a training that cannot be answered must not take the answers from others
            traceback.print_exc()
        self._writers.pop(source, None)
        # Keras's networks refer to themselves
        gc.collect()
        (source / DONE).touch()
        return True


class _Writer:
    """Writes the files of a run's network and its answers."""

    def __init__(self, source: Path, folder: RunFolder) -> None:
        self._folder, self._config = folder, folder.manifest().config
        facts = Facts.read(source, "")
        self._names = {name: number for number, name in enumerate(facts.values["layers"])}
        self._layers = _described(facts)
        self._data = _data_of(self._config)
        prepare()
        from core.training.evaluation import Evaluator
        from core.training.export import write_architecture, write_network
        from core.training.networks import build_network

        self._network = build_network(self._config)
        self._evaluator = Evaluator(self._network)
        folder.weights(0).parent.mkdir(exist_ok=True)
        write_architecture(folder, self._network)
        self._begin: Callable[[], None] | None = lambda: write_network(folder, self._network)

    def write(self, path: Path) -> None:
        """Keep the weights in a file of the program as the run's, and answer with them."""
        epoch = int(path.stem.partition("-")[2])
        self._network.set_weights(self._weights(path))
        with replacing(self._folder.weights(epoch)) as draft:
            self._network.save_weights(draft)
        if self._data is not None:
            answers = self._evaluator.log_probabilities(self._data.test_images)
            write_answers(self._folder, epoch, {"test": answers}, {"test": self._data.test_labels})
        if epoch and self._begin is not None:
            # after the first answers, since it takes a few seconds
            self._begin()
            self._begin = None

    def finish(self, best: int) -> None:
        """Write the model of the best epoch."""
        if best and self._folder.weights(best).is_file():
            from core.training.export import write_model

            self._network.load_weights(self._folder.weights(best))
            write_model(self._folder, self._network)

    def _weights(self, path: Path) -> list[Floats]:
        found: list[Floats] = []
        rows = self._config.layer_table[-len(self._layers.sources) :]
        with np.load(path, allow_pickle=False) as file:
            for source, row in zip(self._layers.sources, rows, strict=True):
                number = self._names[source.name]
                count = sum(1 for name in file.files if name.startswith(f"{number}/"))
                arrays = [file[f"{number}/{place}"] for place in range(count)]
                found += fitted(source, arrays, row.weights)
        return found


def _described(facts: Facts) -> KerasLayers:
    """The program's network as our list of layers; raises UnreadableRun or NotOurLayers."""
    return keras_layers(json.loads(facts.values["model"]))


def _data_of(config: RunConfig) -> Dataset | None:
    if not isinstance(config.network, LayerList):
        raise UnreadableRun("models.not_a_list")
    try:
        data = load(config.dataset)
    except DataUnavailable:
        return None
    return data if data.digest == config.data.digest else None


if __name__ == "__main__":
    sys.exit(main())
