"""What a run's settings say about it."""

import pytest

from core.config.links import config_from_query
from core.config.network import OtherNetwork
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import InvalidSetting


def test_runs_that_differ_in_their_seed_only_have_the_same_recipe():
    run = PRESETS["cnn-16-36"]
    assert {run.recipe: "found"}[run.replace(seed=99).recipe] == "found"
    assert run.recipe == run.replace(preset="cnn").recipe == run.replace(momentum=0.5).recipe
    for change in ({"learning_rate": 0.0003}, {"dense_units": (64,)}, {"dataset": "mnist-5k"}, {"epochs": 3}):
        assert run.recipe != run.replace(**change).recipe


def test_a_network_of_which_only_the_size_is_known_comes_from_a_file_alone():
    config = RunConfig(dataset="mnist-5k", network=OtherNetwork(123))
    assert RunConfig.from_json(config.to_json()) == config
    assert (config.parameters, config.layer_table, config.replace(seed=4).network) == (123, [], OtherNetwork(123))
    with pytest.raises(InvalidSetting):
        RunConfig().replace(kind="other")
    changed, errors = config_from_query({"kind": "other", "parameter_count": "3"})
    assert errors
    assert changed.network.kind == "mlp"


@pytest.mark.parametrize(
    ("name", "value"), [("learning_rate", "0"), ("peak_at", "0"), ("peak_at", "1"), ("peak_at", "nan")]
)
def test_a_cycle_without_a_peak_a_rise_or_a_fall_is_refused(name, value):
    config, (error,) = config_from_query({"preset": "cnn-quick", name: value})
    assert isinstance(error, InvalidSetting)
    assert error.field == name
    assert config == PRESETS["cnn-quick"]
