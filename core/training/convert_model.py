"""A Keras model that is not a list of our layers as `.tflite`: `python -m core.training.convert_model FOLDER TARGET`.

The folder has the model's files. Keras makes the layers one by one, of classes and with plain arguments that
`core.models.keras_graph` allows, and gets the file's numbers. Memory and time are limited.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from core.child_process import lower_priority
from core.config.network import PARAMETER_LIMIT
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.models.description import shown
from core.models.keras_file import description_of, stored_arrays
from core.models.keras_graph import IMAGE, KerasGraph, Node, keras_graph
from core.models.keras_layers import too_large
from core.models.layer_translation import Arrays
from core.models.sandbox import REFUSED, confine
from core.training.worker import prepare

_SECONDS = 300.0
_MOST_WRITTEN = 400_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, at a lower priority than training; 3 after a message as the last line where it is refused."""
    source, target = sys.argv[1:] if arguments is None else arguments
    lower_priority()
    try:
        graph = keras_graph(description_of(Path(source)))
        prepare()
        # importing TensorFlow has reserved gigabytes of address space
        room = psutil.Process().memory_info().vms
        confine(PARAMETER_LIMIT, writes=_MOST_WRITTEN, seconds=_SECONDS, mapped=room)
        convert(Path(source), graph, Path(target))
    except DigitLabError as error:
        print(json.dumps(error.message.to_json()), flush=True)
        return REFUSED
    return 0


def convert(source: Path, graph: KerasGraph, target: Path) -> None:
    """Write the model for LiteRT; raises UnreadableRun where it cannot be built, or its weights do not fit."""
    import keras
    import tensorflow as tf

    stored = dict(zip((each.path for each in graph.layers), stored_arrays(source, graph.layers), strict=True))
    try:
        model, layers = _built(graph, stored, keras)
    except Exception:  # Keras names a misfit in any of a dozen ways
        raise UnreadableRun("models.not_built") from None
    if (parameters := model.count_params()) > PARAMETER_LIMIT:
        raise too_large(parameters)
    for described in graph.layers:
        layer, values = layers[described.path], stored[described.path]
        if described.kind == "Normalization":
            # it was made with its numbers
            continue
        if [array.shape for array in values] != [tuple(weight.shape) for weight in layer.weights]:
            raise UnreadableRun("models.other_weights", layer=shown(described.name))
        layer.set_weights(values)
    # as constants, since LiteRT would find variables uninitialized
    trained, fixed = (
        [tf.constant(each.numpy()) for each in variables]
        for variables in (model.trainable_variables, model.non_trainable_variables)
    )
    function = tf.function(
        lambda image: model.stateless_call(trained, fixed, image, training=False)[0], autograph=False
    )
    concrete = function.get_concrete_function(tf.TensorSpec((None, *graph.input_shape), tf.float32))
    converted = tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()
    with replacing(target) as draft:
        draft.write_bytes(converted)


def _built(graph: KerasGraph, stored: Mapping[str, Arrays], keras: Any) -> tuple[Any, dict[str, Any]]:
    """The model, and its layers by their paths."""
    image = keras.Input(graph.input_shape, name=IMAGE)
    made, layers = {IMAGE: image}, dict[str, Any]()
    for node in graph.nodes:
        path = node.described.path
        if path not in layers:
            layers[path] = _layer(node, stored[path], keras)
        made[node.output] = layers[path]([made[name] for name in node.inputs] if node.merges else made[node.inputs[0]])
    return keras.Model(image, made[graph.output]), layers


def _layer(node: Node, stored: Arrays, keras: Any) -> Any:
    """The layer with those of its arguments that this Keras has."""
    import inspect

    kind = getattr(keras.layers, node.described.kind)
    known = inspect.signature(kind.__init__).parameters
    given = {name: value for name, value in node.arguments.items() if name in known}
    # earlier versions of Keras call it so
    if node.described.kind == "LeakyReLU" and "alpha" in node.arguments:
        given["negative_slope"] = node.arguments["alpha"]
    if node.described.kind == "Normalization" and stored:
        # the mean and variance that it found in images, and how many values those were
        given["mean"], given["variance"] = stored[:2]
    return kind(**given)


if __name__ == "__main__":
    sys.exit(main())
