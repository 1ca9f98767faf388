"""Computes a recorded run's answers, epoch by epoch: `python -m core.training.answers SOURCE RUN_FOLDER`.

`SOURCE` is the folder in which the program leaves each epoch's weights. The network is built from our list of layers
and gets the program's numbers. As it takes turns with the person's own training, it is as humble as the system allows.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.array_types import Floats
from core.config.network import LayerList
from core.config.run import RunConfig
from core.data.datasets import Dataset, load
from core.errors import DataUnavailable, UnreadableRun
from core.files import replacing
from core.models.keras_layers import KerasLayers, fitted, keras_layers
from core.runs.folder import RunFolder
from core.runs.predictions import write_answers
from core.training.worker import prepare
from core.watching.answering import DONE, FINISH
from core.watching.facts import Facts

_POLL_SECONDS = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, at the lowest priority."""
    source, path = sys.argv[1:] if arguments is None else arguments
    if hasattr(os, "nice"):
        os.nice(19)
    answer(Path(source), RunFolder(Path(path)))
    return 0


def answer(source: Path, folder: RunFolder) -> None:
    """Write weights and answers of each epoch as its weights come, then the model; raises UnreadableRun, OSError."""
    parent = os.getppid()
    writer = _Writer(source, folder)
    while True:
        finish = (source / FINISH).exists()
        paths = sorted(source.glob("weights-*.npz"))
        for path in paths:
            writer.write(path)
            path.unlink()
        if finish:
            break
        if not source.is_dir() or os.getppid() != parent:
            return
        if not paths:
            time.sleep(_POLL_SECONDS)
    writer.finish(int((source / FINISH).read_text(encoding="ascii")))
    (source / DONE).touch()


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
        self._begun: Any = lambda: write_network(folder, self._network)

    def write(self, path: Path) -> None:
        """Keep the weights in a file of the program as the run's, and answer with them."""
        epoch = int(path.stem.partition("-")[2])
        self._network.set_weights(self._weights(path))
        with replacing(self._folder.weights(epoch)) as draft:
            self._network.save_weights(draft)
        if self._data is not None:
            answers = self._evaluator.log_probabilities(self._data.test_images)
            write_answers(self._folder, epoch, {"test": answers}, {"test": self._data.test_labels})
        if epoch and self._begun is not None:
            # after the first answers, since it takes a few seconds
            self._begun()
            self._begun = None

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
