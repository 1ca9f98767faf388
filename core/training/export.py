"""The files that others read: the network for any epoch's weights, and the kept model."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from core.layers import IMAGE_SHAPE
from core.runs.folder import RunFolder, replacing


def write_network(folder: RunFolder, network: keras.Model) -> None:
    """`network.tflite`: the float32 network with its weights as inputs, every layer's output by name.

    Signature "layers": `image` float32 (n, 28, 28, 1) and `w0`, `w1`, ... in the order of
    `network.weights`, to a dict of outputs by layer name.
    """
    taps = keras.Model(network.inputs, {layer.name: layer.output for layer in network.layers})
    weights = {id(variable): number for number, variable in enumerate(network.weights)}

    @tf.function
    def layers(image: tf.Tensor, **given: tf.Tensor) -> dict[str, tf.Tensor]:
        def value(variable: Any) -> Any:
            # what is no weight, as dropout's random seed, plays no part in an answer
            number = weights.get(id(variable))
            return tf.constant(variable.numpy()) if number is None else given[f"w{number}"]

        trainable = [value(v) for v in taps.trainable_variables]
        others = [value(v) for v in taps.non_trainable_variables]
        outputs, _ = taps.stateless_call(trainable, others, image, training=False)
        return outputs

    image = tf.TensorSpec((None, *IMAGE_SHAPE), tf.float32, name="image")
    given = {f"w{n}": tf.TensorSpec(v.shape, tf.float32, name=f"w{n}") for n, v in enumerate(network.weights)}
    module = tf.Module()
    module.layers = layers
    _write_tflite(folder.path / "network.tflite", module, layers.get_concrete_function(image, **given))


def write_model(folder: RunFolder, network: keras.Model) -> None:
    """The kept epoch's model as `.keras`, as architecture and weights, and as `.tflite`."""
    with replacing(folder.path / "model.keras") as draft:
        network.save(draft)
    with replacing(folder.path / "architecture.json") as draft:
        draft.write_text(network.to_json(indent=1), encoding="utf-8")
    with replacing(folder.path / "model.weights.h5") as draft:
        network.save_weights(draft)
    taps = keras.Model(network.inputs, {layer.name: layer.output for layer in network.layers})
    function = tf.function(lambda image: taps(image, training=False))
    module = tf.Module()
    module.taps, module.layers = taps, function
    image = tf.TensorSpec((None, *IMAGE_SHAPE), tf.float32, name="image")
    _write_tflite(folder.path / "model.tflite", module, function.get_concrete_function(image))


def _write_tflite(path: Path, module: tf.Module, function: Any) -> None:
    # a signature with names survives only the way over a saved model
    saved = Path(tempfile.mkdtemp(prefix=".saved-model-", dir=path.parent))
    try:
        tf.saved_model.save(module, str(saved), signatures={"layers": function})
        converted = tf.lite.TFLiteConverter.from_saved_model(str(saved), signature_keys=["layers"]).convert()
    finally:
        shutil.rmtree(saved, ignore_errors=True)
    with replacing(path) as draft:
        draft.write_bytes(converted)
