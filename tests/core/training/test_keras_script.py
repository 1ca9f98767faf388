"""The networks of the Keras scripts, built by Keras."""

import ast

import keras
import pytest

from core.config.keras_script import keras_code
from tests.core.config.test_keras_script import NETWORKS


@pytest.mark.parametrize("config", NETWORKS.values(), ids=NETWORKS)
def test_build_model_makes_the_layers_of_the_layer_table(config):
    script = ast.parse(keras_code(config))
    script.body = [part for part in script.body if isinstance(part, ast.Import | ast.ImportFrom | ast.FunctionDef)]
    names = {}
    exec(compile(script, "script", "exec"), names)
    layers = names["build_model"]().layers
    for layer, row in zip(layers, config.layer_table, strict=True):
        assert (layer.name, type(layer).__name__) == (row.layer.name, type(row.layer).__name__)
        assert (layer.output.shape[1:], layer.count_params()) == (row.output_shape, row.parameters)
        assert getattr(layer, "momentum", None) == getattr(row.layer, "momentum", None)
    keras.backend.clear_session()
