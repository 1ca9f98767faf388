"""An `architecture.json` that would have Keras make other objects than a network's layers."""

import copy
import io
import json

import pytest

from core.bundle.check_architecture import describes
from core.bundle.open import open_bundle
from core.config.network import CNN, MLP
from core.errors import DigitLabError
from core.runs.store import SHIPPED_DIR
from tests.bundled import no_trial, with_files

DESCRIBED = json.loads((SHIPPED_DIR / "mlp-512" / "architecture.json").read_text())
LAYERS = MLP(hidden_units=(512,)).layers()


def changed(act):
    described = copy.deepcopy(DESCRIBED)
    act(described["config"]["layers"])
    return described


LAMBDA = {
    "module": "keras.layers",
    "class_name": "Lambda",
    "config": {"name": "dense_1", "function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}},
    "registered_name": None,
}
EVIL = {"module": "os", "class_name": "system", "config": "touch marker", "registered_name": "os>system"}

CHANGES = {
    "a lambda in place of a layer": lambda layers: layers.__setitem__(2, LAMBDA),
    "a lambda more": lambda layers: layers.append(LAMBDA),
    "an object of another module": lambda layers: layers.append(EVIL),
    "a layer of another module": lambda layers: layers[2].__setitem__("module", "builtins"),
    "a layer of one's own": lambda layers: layers[2].__setitem__("registered_name", "mine>Dense"),
    "an activation that is a function": lambda layers: layers[2]["config"].__setitem__("activation", LAMBDA),
    "another activation": lambda layers: layers[2]["config"].__setitem__("activation", "tanh"),
    "an initializer of one's own": lambda layers: layers[2]["config"].__setitem__("kernel_initializer", EVIL),
    "an initializer with a setting": lambda layers: layers[2]["config"]["kernel_initializer"]["config"].__setitem__(
        "seed", LAMBDA
    ),
    "a regularizer": lambda layers: layers[2]["config"].__setitem__("kernel_regularizer", EVIL),
    "a constraint": lambda layers: layers[2]["config"].__setitem__("bias_constraint", EVIL),
    "a text for a type": lambda layers: layers[2]["config"].__setitem__("dtype", "float16"),
    "an unknown setting": lambda layers: layers[2]["config"].__setitem__("hook", {"class_name": "x"}),
    "an unknown text": lambda layers: layers[2]["config"].__setitem__("hook", "os.system"),
    "an object in a note": lambda layers: layers[2].__setitem__("build_config", EVIL),
    "a text in a note": lambda layers: layers[2].__setitem__("build_config", {"input_shape": ["os"]}),
    "another name": lambda layers: layers[2]["config"].__setitem__("name", "dense_2"),
    "more units": lambda layers: layers[2]["config"].__setitem__("units", 513),
    "units as a truth": lambda layers: layers[2]["config"].__setitem__("use_bias", 1),
    "no layers": lambda layers: layers.clear(),
    "a layer less": lambda layers: layers.pop(),
    "another order": lambda layers: layers.reverse(),
}


def test_what_keras_wrote_is_the_network():
    assert describes(DESCRIBED, LAYERS)
    assert not describes(DESCRIBED, CNN().layers())


@pytest.mark.parametrize("kind", CHANGES)
def test_any_other_object_is_refused(kind, tmp_path):
    described = changed(CHANGES[kind])
    assert not describes(described, LAYERS)
    with pytest.raises(DigitLabError, match=r"architecture\.json describes another network"):
        open_bundle(io.BytesIO(with_files({"architecture.json": json.dumps(described)})), tmp_path, trial=no_trial)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("described", [None, [], {}, "x", 3, {"config": []}, {"class_name": "Sequential"}])
def test_what_is_no_network_at_all_is_none(described):
    assert not describes(described, LAYERS)


def test_settings_of_other_releases_may_be_there_where_they_are_off():
    def add(layers):
        layers[2]["config"].update(new_setting=None, other=False, share=0.5)

    assert describes(changed(add), LAYERS)
