"""Makes a run of a finished model's network: `python -m core.training.adopt FOLDER`.

The folder has the model's files, already read once with limits, in `source/`, those of other epochs in `others/`, and
`request.json`. Builds the network
from our own list of layers and the file's numbers: Keras is given nothing else. Finds by trying how it takes images,
evaluates it, and writes the run's files. Prints its progress in lines of `progress SHARE`.
"""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from core.array_types import Floats
from core.child_process import lower_priority
from core.config.layer_text import named
from core.config.network import LayerList
from core.config.run import RunConfig
from core.data.datasets import load
from core.errors import DigitLabError, UnreadableRun
from core.models.evaluation import (
    EVALUATED,
    TRYING,
    Outcome,
    Report,
    answers_by_part,
    best_of,
    finished,
    labels_by_part,
    outcome,
    tried,
)
from core.models.input_forms import best_form, shaped
from core.models.keras_file import description_of, image_shape, weights_of
from core.models.keras_layers import keras_layers
from core.models.request import Request, other_folder
from core.models.sandbox import REFUSED
from core.runs.folder import RunFolder
from core.runs.model_file import Outputs
from core.runs.predictions import parts, write_answers
from core.training.worker import prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, at a lower priority than training; 3 after a message as the last line where it is refused."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    lower_priority()
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
    evaluated = sorted({request.epoch, *request.others})

    def weights_after(epoch: int) -> list[Floats]:
        files = source if epoch == request.epoch else other_folder(folder.path, epoch)
        return [values for each in weights_of(files, model, shape) for values in each]

    prepare()
    from core.training.evaluation import Evaluator
    from core.training.export import write_architecture, write_model, write_network
    from core.training.networks import build_network, sequential

    own = sequential(named([each.layer for each in model.sources]), form.shape)
    own.set_weights(weights_after(request.epoch))
    trial = best_form(lambda values: np.asarray(own(values, training=False)), form, *tried(data, described.shape))
    report(TRYING)
    before = trial.form.as_layers(described.shape) or ()
    config = RunConfig(
        preset="layers",
        dataset=request.dataset,
        network=LayerList(named([*before, *model.hidden])),
        epochs=request.epochs,
        validation=request.validation,
    )
    network = build_network(config)
    outputs: Outputs = "logits" if model.logits else "probabilities"
    folder.write_manifest(request.manifest(config, trial.form, outputs))
    labels, outcomes = labels_by_part(data, parts(config)), dict[int, Outcome]()
    folder.weights(0).parent.mkdir()
    evaluator = Evaluator(network)
    for place, epoch in enumerate(evaluated):
        network.set_weights(weights_after(epoch))
        answers = answers_by_part(
            evaluator.log_probabilities, data, parts(config), partial(_of_several, report, place, len(evaluated))
        )
        write_answers(folder, epoch, answers, labels)
        network.save_weights(folder.weights(epoch))
        outcomes[epoch] = outcome(answers, labels)
    best = best_of(folder, evaluated)
    network.set_weights(weights_after(best))
    write_architecture(folder, network)
    write_network(folder, network)
    write_model(folder, network)
    folder.write_status(finished(outcomes, request.epochs, best))
    report(1.0)


def _of_several(report: Report, place: int, count: int, share: float) -> None:
    """Report the progress of one of several evaluations."""
    done = (share - TRYING) / (EVALUATED - TRYING)
    report(TRYING + (EVALUATED - TRYING) * (place + done) / count)


if __name__ == "__main__":
    sys.exit(main())
