"""Makes a run of a finished model's network: `python -m core.training.adopt FOLDER`.

The folder has the model's files, already read once with limits, in `source/`, and `request.json`. Builds the network
from our own list of layers and the file's numbers: Keras is given nothing else. Finds by trying how it takes images,
evaluates it, and writes the run's files. Prints its progress in lines of `progress SHARE`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.config.layer_text import named
from core.config.network import LayerList
from core.config.run import RunConfig
from core.data.datasets import Dataset, load, split
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.models.input_forms import TRIED, best_form, shaped
from core.models.keras_file import description_of, image_shape, weights_of
from core.models.keras_layers import keras_layers
from core.models.request import Request
from core.runs.folder import Manifest, RunFolder
from core.runs.model_file import ModelFile
from core.runs.status import Status
from core.training.worker import prepare

REFUSED = 3
_STEP = 1_000
"""Images between two reports of progress."""
_TRYING, _EVALUATED = 0.2, 0.9
"""The shares of the work that are done then."""

Report = Callable[[float], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, at a lower priority than training; 3 after a message as the last line where it is refused."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    # Windows has no such call
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        adopt(RunFolder(Path(path)), lambda share: print(f"progress {share:.3f}", flush=True))
    except DigitLabError as error:
        print(json.dumps(error.message.to_json()), flush=True)
        return REFUSED
    return 0


def adopt(folder: RunFolder, report: Report) -> None:
    """Write all of the run's files; raises DigitLabError where the network does not fit the data set, OSError."""
    request = Request.read(folder)
    source = folder.path / "source"
    model = keras_layers(description_of(source))
    data = load(request.dataset)
    described = RunConfig(dataset=request.dataset).data
    if model.classes != len(described.classes):
        raise UnreadableRun("models.other_classes", count=model.classes, classes=len(described.classes))
    shape = image_shape(model, described.shape)
    form = shaped(shape, described)
    if form.as_layers(described.shape) is None:
        raise UnreadableRun("models.not_a_list")
    weights = [values for each in weights_of(source, model, shape) for values in each]
    prepare()
    from core.training.evaluation import Evaluator, score
    from core.training.export import write_architecture, write_model, write_network
    from core.training.networks import build_network, sequential

    own = sequential(named([each.layer for each in model.sources]), form.shape)
    own.set_weights(weights)
    images, labels = _tried(data, described.shape)
    trial = best_form(lambda values: np.asarray(own(values, training=False)), form, images, labels)
    report(_TRYING)
    before = trial.form.as_layers(described.shape) or ()
    config = RunConfig(
        preset="layers",
        dataset=request.dataset,
        network=LayerList(named([*before, *model.hidden])),
        epochs=1,
        validation=request.validation,
    )
    network = build_network(config)
    network.set_weights(weights)
    file = ModelFile(
        request.file, request.format, request.digest, trial.form, "logits" if model.logits else "probabilities"
    )
    folder.write_manifest(Manifest(request.name, time.time(), config, {"dataset_digest": data.digest}, model=file))
    evaluator = Evaluator(network)
    parts = _parts(data, request.validation)
    answers = _evaluated(evaluator, {part: images for part, (images, _) in parts.items()}, report)
    _write_answers(folder, answers, {part: labels for part, (_, labels) in parts.items()})
    folder.weights(1).parent.mkdir()
    network.save_weights(folder.weights(1))
    write_architecture(folder, network)
    write_network(folder, network)
    write_model(folder, network)
    found = score(config, answers["test"], parts["test"][1])
    folder.write_status(
        Status(
            state="finished",
            epoch=1,
            best_epoch=1,
            test_loss=found.loss,
            test_accuracy=found.accuracy,
            last_test_loss=found.loss,
            last_test_accuracy=found.accuracy,
        )
    )
    report(1.0)


def _tried(data: Dataset, shape: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Training images uint8 (n, height, width, channels) and labels to try with, spread over the whole set."""
    places = np.unique(np.linspace(0, len(data.train_labels) - 1, TRIED).round().astype(int))
    return np.asarray(data.train_images[places]).reshape(-1, *shape), np.asarray(data.train_labels[places])


def _parts(data: Dataset, validation: str) -> dict[str, tuple[Any, Any]]:
    found = {"test": (data.test_images, data.test_labels)}
    if validation == "last-20":
        held_out = split(data, validation)
        found["validation"] = held_out.validation_images, held_out.validation_labels
    return found


def _evaluated(evaluator: Any, images: dict[str, Any], report: Report) -> dict[str, np.ndarray]:
    """Log-probabilities by part, with progress."""
    total, done, found = sum(map(len, images.values())), 0, {}
    for part, of_part in images.items():
        pieces = []
        for at in range(0, len(of_part), _STEP):
            pieces.append(evaluator.log_probabilities(of_part[at : at + _STEP]))
            done += len(pieces[-1])
            report(_TRYING + (_EVALUATED - _TRYING) * done / total)
        found[part] = np.concatenate(pieces)
    return found


def _write_answers(folder: RunFolder, answers: dict[str, np.ndarray], labels: dict[str, np.ndarray]) -> None:
    from core.training.evaluation import compact

    folder.predictions(1).parent.mkdir()
    compacted = {part: compact(values) for part, values in answers.items()}
    for path, arrays in ((folder.predictions(1), compacted), (folder.labels, labels)):
        with replacing(path) as draft:
            np.savez_compressed(draft, allow_pickle=False, **arrays)


if __name__ == "__main__":
    sys.exit(main())
