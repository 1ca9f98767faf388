"""Makes a run of a finished model's network: `python -m core.training.adopt FOLDER`.

The folder has the model's files, already read once with limits, in `source/`, and `request.json`. Builds the network
from our own list of layers and the file's numbers: Keras is given nothing else. Finds by trying how it takes images,
evaluates it, and writes the run's files. Prints its progress in lines of `progress SHARE`.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.child_process import lower_priority
from core.config.layer_text import named
from core.config.network import LayerList
from core.config.run import RunConfig
from core.data.datasets import load
from core.errors import DigitLabError, UnreadableRun
from core.models.evaluation import TRYING, Report, answers_by_part, finished, labels_by_part, tried
from core.models.input_forms import best_form, shaped
from core.models.keras_file import description_of, image_shape, weights_of
from core.models.keras_layers import keras_layers
from core.models.request import Request
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
    weights = [values for each in weights_of(source, model, shape) for values in each]
    prepare()
    from core.training.evaluation import Evaluator
    from core.training.export import write_architecture, write_model, write_network
    from core.training.networks import build_network, sequential

    own = sequential(named([each.layer for each in model.sources]), form.shape)
    own.set_weights(weights)
    trial = best_form(lambda values: np.asarray(own(values, training=False)), form, *tried(data, described.shape))
    report(TRYING)
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
    outputs: Outputs = "logits" if model.logits else "probabilities"
    folder.write_manifest(request.manifest(config, trial.form, outputs))
    labels = labels_by_part(data, parts(config))
    answers = answers_by_part(Evaluator(network).log_probabilities, data, parts(config), report)
    write_answers(folder, 1, answers, labels)
    folder.weights(1).parent.mkdir()
    network.save_weights(folder.weights(1))
    write_architecture(folder, network)
    write_network(folder, network)
    write_model(folder, network)
    folder.write_status(finished(answers, labels))
    report(1.0)


if __name__ == "__main__":
    sys.exit(main())
