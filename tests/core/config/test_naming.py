"""Runs name themselves by what differs from their preset, and no two alike."""

import pytest
from hypothesis import given

from core.config.naming import LONGEST_NAME, run_name, unique_name
from core.config.presets import PRESETS
from core.config.setting_table import changed_settings
from core.runs.label import NAME_LENGTH
from tests.core.config.test_links import configs


@pytest.mark.parametrize(
    ("preset", "changes", "name"),
    [
        ("mlp-512", {}, "mlp-512"),
        ("mlp-512", {"learning_rate": 0.003}, "mlp-512 · rate 0.003"),
        ("cnn-16-36", {"seed": 2, "epochs": 5}, "cnn-16-36 · 5 epochs · seed 2"),
        ("mlp-512", {"epochs": 1, "dataset": "mnist-5k"}, "mlp-512 · MNIST sample · 1 epoch"),
        ("mlp", {"hidden_units": "64,32", "dropout": 0.0}, "mlp · units 64-32 · dropout 0"),
        ("mlp", {"hidden_units": ""}, "mlp · no hidden layer"),
        ("cnn", {"blocks": "8@3-same-max,8@3-same-max,16@3-same-max"}, "cnn · filters 8-8-16"),
        ("cnn", {"blocks": "16@3-same-average,32@5-same-average"}, "cnn · kernel 3-5 · pooling average"),
        ("mlp-512", {"kind": "cnn", "optimizer": "adam"}, "mlp-512 · CNN · adam"),
        ("mlp-512", {"validation": "last-20", "schedule": "cosine"}, "mlp-512 · cosine · validation 20 %"),
        ("layers", {"layers": "conv(8,3x3) conv(4,3x3) flatten"}, "layers · layers 8-4"),
        ("mlp-512", {"loss": "mean_squared_error", "clipping": "norm"}, "mlp-512 · squared error · clipped by norm"),
        # momentum has no effect on RMSprop
        ("mlp-512", {"momentum": 0.5}, "mlp-512"),
    ],
)
def test_a_run_is_named_by_what_differs(preset, changes, name):
    assert run_name(PRESETS[preset].replace(**changes)) == name


def test_a_fork_is_named_by_its_epoch_too():
    assert run_name(PRESETS["mlp-512"].replace(epochs=8), after=5) == "mlp-512 · 8 epochs · from epoch 5"


def test_a_long_name_keeps_its_first_and_last_difference():
    changes = {"hidden_units": "1024,512,256,128", "activation": "gelu", "learning_rate": 0.0003, "batch_size": 64}
    name = run_name(PRESETS["mlp"].replace(**changes, augmentation="strong", weight_averaging=True, seed=9))
    assert name.startswith("mlp · units 1024-512-256-128 · gelu · ")
    assert name.endswith(" · … · seed 9")


@given(configs())
def test_a_numbered_name_fits_a_run(config):
    name = run_name(config)
    assert len(name) <= LONGEST_NAME
    assert (name == config.preset) == (not changed_settings(config))
    numbered = unique_name(config, {name, f"{name} (2)"})
    assert numbered == f"{name} (3)"
    assert len(numbered) <= NAME_LENGTH
