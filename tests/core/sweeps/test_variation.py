"""What a sweep can vary, and what it says of anything else."""

import pytest

from core.config.presets import PRESETS
from core.errors import DigitLabError
from core.sweeps.variation import Range, Values, applied, read_variation, value_label, variable_names
from core.text import say, speaking

MLP, CNN = PRESETS["mlp"].replace(hidden_units="64,32"), PRESETS["cnn-16-36"]
LIST = PRESETS["layers"].replace(layers="conv(8,3x3,relu) pool(2) flatten dense(32,relu)")


@pytest.mark.parametrize(
    ("text", "config", "expected"),
    [
        ("batch_size=64, 128,256", MLP, Values("batch_size", (64, 128, 256), ("64", "128", "256"))),
        ("learning_rate=1e-4..0.01:log", MLP, Range("learning_rate", 0.0001, 0.01, log=True)),
        ("hidden_units.2=16..64:3", MLP, Range("hidden_units.2", 16, 64, whole=True, points=3)),
        ("optimizer=adam,sgd", MLP, Values("optimizer", ("adam", "sgd"), ("adam", "sgd"))),
        ("weight_averaging=true,false", MLP, Values("weight_averaging", (True, False), ("true", "false"))),
        ("hidden_units=32;64,32;", MLP, Values("hidden_units", ("32", "64,32", ""), ("32", "64,32", ""))),
        ("filters.2=16,32", CNN, Values("filters.2", (16, 32), ("16", "32"))),
        ("layers.4=8..16", LIST, Range("layers.4", 8, 16, whole=True)),
    ],
)
def test_a_variation_is_read_and_written_again(text, config, expected):
    found = read_variation(text, config)
    assert found == expected
    assert read_variation(found.write(), config) == found


@pytest.mark.parametrize(
    ("text", "config", "said"),
    [
        ("batch_size", MLP, "--vary batch_size has no values"),
        ("batch_size=", MLP, "batch_size has an empty value"),
        ("batch_size=64,,128", MLP, "batch_size has an empty value"),
        ("batch_size=64,64", MLP, "has only the value 64"),
        ("batch_size=64..64", MLP, "has only the value 64"),
        ("batch_size=0..64", MLP, "Batch size (batch_size) is 0"),
        ("batch_size=64..x", MLP, "Batch size (batch_size) is x"),
        ("batch_size=256..64", MLP, "starts at 256, above its end"),
        ("batch_size=64..256:lin", MLP, "is not a range"),
        ("learning_rate=0..0.1:log", MLP, "A log range cannot start from zero"),
        ("optimizer=adam..sgd", MLP, "optimizer has no range"),
        ("optimizer=adam,adamax", MLP, "Optimizer (optimizer) is adamax"),
        ("batch_size=" + ",".join(map(str, range(1, 200))), MLP, "has 199 values; use at most 100"),
        ("seed=1,2", MLP, "Seeds differ by luck"),
        ("dataset=mnist,mnist-5k", MLP, "The data set is the same in all trials"),
        ("filters.1=8,16", MLP, "filters.1 is not a setting of this network"),
        ("hidden_units.3=8,16", MLP, "hidden_units.3 is not a setting of this network"),
        ("layers.2=8,16", LIST, "layers.2 is not a setting of this network"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_one_sentence(text, config, said):
    with pytest.raises(DigitLabError) as caught:
        read_variation(text, config)
    assert said in str(caught.value)


def test_varied_values_reach_the_run_and_its_layers():
    assert applied(MLP, {"batch_size": 64, "hidden_units.2": 16}).network.hidden_units == (64, 16)
    changed = applied(CNN, {"filters.1": 4, "dense_units.1": 8})
    assert ([block.filters for block in changed.network.blocks], changed.network.dense_units) == ([4, 36], (8,))
    first, *_, last = applied(LIST, {"layers.1": 4, "layers.4": 6}).network.layers
    assert (first.filters, last.units) == (4, 6)
    with pytest.raises(DigitLabError, match="does not have"):
        applied(MLP, {"hidden_units": "8", "hidden_units.2": 16})


def test_a_grid_has_both_ends_of_a_range_and_equal_steps_between():
    assert read_variation("learning_rate=0.0001..0.01:log:3", MLP).grid() == (0.0001, 0.001, 0.01)
    assert read_variation("batch_size=2..4", MLP).grid() == (2, 3, 4)


@pytest.mark.parametrize("config", [MLP, CNN, LIST], ids=["mlp", "cnn", "layers"])
def test_all_that_can_be_varied_is_a_setting_or_a_size(config):
    for name in variable_names(config):
        assert applied(config, {}) == config
        with pytest.raises(DigitLabError, match="has an empty value"):
            read_variation(f"{name}=", config)


def test_a_varied_value_is_worded_as_where_it_is_chosen():
    values = {"schedule": "plateau", "batch_normalization": True, "learning_rate": 0.001, "filters.2": 16}
    with speaking("zh-Hans"):
        said = [say("sweeps.varied", name="", value=value_label(*each)).strip() for each in values.items()]
    assert said == ["停滞时降低", "开启", "0.001", "16"]
