"""The model files of a run: its network for any epoch's weights, and the best epoch's model."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from core.files import replacing
from core.runs.folder import RunFolder
from core.training.network_cache import cached_network


def write_network(folder: RunFolder, network: keras.Model) -> None:
    """Write `network.tflite`: the float32 network with its weights as inputs.

    Signature "layers": from `image` float32 (n, height, width, channels) and `w0`, `w1`, ... in the order of
    `network.weights`, to a dict of every layer's output by name.
    """
    content = cached_network(network, lambda: _network_file(network, folder.path))
    with replacing(folder.path / "network.tflite") as draft:
        draft.write_bytes(content)


def _network_file(network: keras.Model, work: Path) -> bytes:
    answer = _every_layer(network)
    names = [f"w{number}" for number in range(len(network.weights))]

    @tf.function(autograph=False)
    def layers(image: tf.Tensor, **weights: tf.Tensor) -> dict[str, tf.Tensor]:
        return answer(image, [weights[name] for name in names])

    specs = {
        name: tf.TensorSpec(v.shape, tf.float32, name=name) for name, v in zip(names, network.weights, strict=True)
    }
    return _tflite(layers.get_concrete_function(_image(network), **specs), work)


def write_architecture(folder: RunFolder, network: keras.Model) -> None:
    """Write `architecture.json`, from which Keras rebuilds the model that an epoch's weights are for."""
    with replacing(folder.architecture) as draft:
        draft.write_text(network.to_json(indent=1), encoding="utf-8")


def write_model(folder: RunFolder, network: keras.Model) -> None:
    """Write the best epoch's model as `.keras`, as weights and as `.tflite`."""
    with replacing(folder.path / "model.keras") as draft:
        network.save(draft)
    with replacing(folder.path / "model.weights.h5") as draft:
        network.save_weights(draft)
    answer = _every_layer(network)
    # as constants, since LiteRT would find variables uninitialized
    weights = [tf.constant(values) for values in network.get_weights()]
    function = tf.function(lambda image: answer(image, weights), autograph=False)
    content = _tflite(function.get_concrete_function(_image(network)), folder.path)
    with replacing(folder.path / "model.tflite") as draft:
        draft.write_bytes(content)


def _image(network: keras.Model) -> tf.TensorSpec:
    return tf.TensorSpec(network.input_shape, tf.float32, name="image")


def _every_layer(network: keras.Model) -> Callable[[tf.Tensor, Sequence[tf.Tensor]], dict[str, tf.Tensor]]:
    """A function from images and weights, in the order of `network.weights`, to all layers' outputs by name."""
    taps = keras.Model(network.inputs, {layer.name: layer.output for layer in network.layers})
    order = {id(variable): number for number, variable in enumerate(network.weights)}
    # variables that are not weights, such as dropout's seed, do not affect predictions
    others = {id(v): v.numpy() for v in taps.non_trainable_variables if id(v) not in order}

    def answer(image: tf.Tensor, weights: Sequence[tf.Tensor]) -> dict[str, tf.Tensor]:
        def value(variable: Any) -> tf.Tensor:
            return weights[order[id(variable)]] if id(variable) in order else tf.constant(others[id(variable)])

        trainable = [value(v) for v in taps.trainable_variables]
        fixed = [value(v) for v in taps.non_trainable_variables]
        outputs, _ = taps.stateless_call(trainable, fixed, image, training=False)
        return outputs

    return answer


def _tflite(function: Any, work: Path) -> bytes:
    module = tf.Module()
    # only the conversion of a saved model keeps the names of a signature
    saved = Path(tempfile.mkdtemp(prefix=".saved-model-", dir=work))
    try:
        tf.saved_model.save(module, str(saved), signatures={"layers": function})
        converted: bytes = tf.lite.TFLiteConverter.from_saved_model(str(saved), signature_keys=["layers"]).convert()
    finally:
        shutil.rmtree(saved, ignore_errors=True)
    return converted
