"""Makes a run of a network that is not a list of our layers: `python -m core.models.evaluating FOLDER`.

The folder has `model.tflite` and `request.json`. The network is run as it is, by LiteRT, in this process with limits of
memory, time and what it may write. Prints its progress in lines of `progress SHARE`.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.array_types import Bytes, Floats
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.data.datasets import load
from core.errors import DigitLabError, UnreadableRun
from core.inference.model_network import FILE, ModelNetwork, ModelReader
from core.models.evaluation import TRYING, Report, answers_by_part, finished, labels_by_part, outcome, tried
from core.models.input_forms import best_form, kind_of_outputs, shaped
from core.models.operators import check_model
from core.models.request import Request
from core.models.sandbox import REFUSED, confine
from core.runs.folder import RunFolder
from core.runs.predictions import parts, write_answers

TIMEOUT = 1_800.0
"""Seconds; the test images of the largest data set through the largest network take a third of it."""
_MOST_WRITTEN = 400_000_000
"""Bytes: the answers to a million images of a hundred classes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 3 after a message as the last line where the model is refused."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    folder = RunFolder(Path(path))
    try:
        request = Request.read(folder)
        data = load(request.dataset)
        mapped = sum(each.nbytes for each in (data.train_images, data.test_images))
        size = (folder.path / FILE).stat().st_size
        confine(size // 4, writes=_MOST_WRITTEN, seconds=TIMEOUT, mapped=mapped)
        evaluate(folder, lambda share: print(f"progress {share:.3f}", flush=True))
    except DigitLabError as error:
        print(json.dumps(error.message.to_json()), flush=True)
        return REFUSED
    return 0


def evaluate(folder: RunFolder, report: Report) -> None:
    """Write the run's files; raises DigitLabError where the network does not fit the data set, OSError."""
    request = Request.read(folder)
    data = load(request.dataset)
    path = folder.path / FILE
    network = OtherNetwork(check_model(path))
    config = RunConfig(
        preset="layers", dataset=request.dataset, network=network, epochs=request.epochs, validation=request.validation
    )
    described = config.data
    model = ModelNetwork(path)
    if model.classes != len(described.classes):
        raise UnreadableRun("models.other_classes", count=model.classes, classes=len(described.classes))
    images, labels = tried(data, described.shape)
    form = best_form(model, shaped(model.input_shape, described), images, labels).form
    outputs = kind_of_outputs(model(form(_pixels(images))))
    report(TRYING)
    folder.write_manifest(request.manifest(config, form, outputs))
    reader = ModelReader(model, form, outputs)

    def answer(stored: Bytes) -> Floats:
        return reader.log_probabilities(_pixels(stored).reshape(-1, *described.shape))

    answers = answers_by_part(answer, data, parts(config), report)
    true = labels_by_part(data, parts(config))
    write_answers(folder, request.epoch, answers, true)
    folder.write_status(finished({request.epoch: outcome(answers, true)}, request.epochs, request.epoch))
    report(1.0)


def _pixels(stored: Bytes) -> Floats:
    return (stored / np.float32(255)).astype(np.float32)


if __name__ == "__main__":
    sys.exit(main())
