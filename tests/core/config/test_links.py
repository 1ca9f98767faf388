import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.links import LINK_NAMES, config_from_query, config_to_query
from core.config.network import CNN, MLP, ConvolutionBlock, Network
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import InvalidSetting

rates = st.floats(0, 0.9)
activations = st.sampled_from(["relu", "tanh", "gelu"])
units = st.lists(st.integers(1, 700), max_size=3).map(tuple)
blocks = st.lists(
    st.builds(
        ConvolutionBlock,
        st.integers(1, 40),
        st.integers(1, 5),
        st.sampled_from(["same", "valid"]),
        st.sampled_from(["max", "average", "none"]),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
networks = st.one_of(
    st.builds(MLP, hidden_units=units, activation=activations, batch_normalization=st.booleans(), dropout=rates),
    st.builds(
        CNN,
        blocks=blocks,
        activation=activations,
        batch_normalization=st.booleans(),
        pool_padding=st.sampled_from(["valid", "same"]),
        convolution_dropout=rates,
        dense_units=units,
        dense_dropout=rates,
    ),
)


@st.composite
def configs(draw: st.DrawFn) -> RunConfig:
    network: Network = draw(networks)
    validation = draw(st.sampled_from(["none", "last-20", "test"]))
    watched = ["off", "loss"] + (["val_loss", "val_accuracy"] if validation != "none" else [])
    return draw(
        st.builds(
            RunConfig,
            preset=st.sampled_from(list(PRESETS)),
            dataset=st.sampled_from(["mnist", "mnist-5k"]),
            network=st.just(network),
            optimizer=st.sampled_from(["rmsprop", "adam", "adamw", "sgd"]),
            learning_rate=st.floats(1e-6, 10),
            momentum=st.floats(0, 0.999),
            weight_decay=st.floats(0, 1),
            schedule=st.sampled_from(["none", "plateau", "cosine"]),
            batch_size=st.integers(1, 60_000),
            epochs=st.integers(1, 1_000),
            validation=st.just(validation),
            augmentation=st.sampled_from(["off", "light", "strong"]),
            weight_averaging=st.booleans(),
            averaging_decay=st.floats(0.5, 0.9999),
            early_stopping=st.sampled_from(watched),
            patience=st.integers(1, 1_000),
            precision=st.sampled_from(["auto", "float32", "bfloat16"]),
            seed=st.integers(0, 2**31 - 1),
        )
    )


@given(configs(), st.sampled_from(["mnist", "mnist-5k"]))
def test_any_run_survives_the_way_through_its_link(config: RunConfig, default: str) -> None:
    query = config_to_query(config, default_dataset=default)
    assert config_from_query(query, default_dataset=default) == (config, [])


names = st.one_of(st.sampled_from(sorted(LINK_NAMES)), st.text(max_size=8))
values = st.one_of(
    st.text(max_size=30),
    st.text(string.digits + ".,-e@", max_size=20),
    st.sampled_from(
        [*PRESETS, "cnn", "mlp", "test", "none", "val_loss", "8192,8192,8192", "9@28-valid-max9@9-same-max"]
    ),
)


@given(st.dictionaries(names, values, max_size=8))
def test_reading_a_link_never_raises(params: dict[str, str]) -> None:
    config, errors = config_from_query(params, default_dataset="mnist-5k")
    assert config_from_query(config_to_query(config), default_dataset="mnist") == (config, [])
    assert all(isinstance(error, InvalidSetting) and error.field in LINK_NAMES for error in errors)


@pytest.mark.parametrize("name", PRESETS)
def test_the_link_of_an_unchanged_preset_names_only_the_preset(name: str) -> None:
    assert config_to_query(PRESETS[name]) == {"preset": name}
    assert config_from_query({"preset": name}, default_dataset="mnist") == (PRESETS[name], [])


def test_a_link_holds_only_what_differs_from_the_preset() -> None:
    config = PRESETS["cnn"].replace(blocks="8@3-same-max", learning_rate=0.0042)
    assert config_to_query(config) == {"preset": "cnn", "blocks": "8@3-same-max", "learning_rate": "0.0042"}


def test_a_bad_value_leaves_the_preset_s_and_other_settings_apply() -> None:
    params = {"preset": "cnn-16-36", "epochs": "-3", "batch_size": "64", "optimizer": "lion", "run": "x"}
    config, errors = config_from_query(params, default_dataset="mnist")
    assert config == PRESETS["cnn-16-36"].replace(batch_size=64)
    assert [error.field for error in errors] == ["optimizer", "epochs"]
    assert "-3" in str(errors[1])
    assert "1,000" in str(errors[1])


def test_settings_that_conflict_make_one_error() -> None:
    config, errors = config_from_query({"early_stopping": "val_loss", "epochs": "7"}, default_dataset="mnist")
    assert config == PRESETS["mlp-512"].replace(epochs=7)
    assert [error.field for error in errors] == ["early_stopping"]

    config, errors = config_from_query({"preset": "mlp", "hidden_units": "8192,8192"}, default_dataset="mnist")
    assert config == PRESETS["mlp"]
    assert ["parameters" in str(error) for error in errors] == [True]


def test_settings_that_are_valid_only_together_apply_beside_a_bad_one() -> None:
    blocks = ",".join(["4@1-same-max"] * 5)
    config, errors = config_from_query(
        {"preset": "cnn", "blocks": blocks, "pool_padding": "same", "epochs": "no"}, default_dataset="mnist"
    )
    assert config == PRESETS["cnn"].replace(blocks=blocks, pool_padding="same")
    assert [error.field for error in errors] == ["epochs"]


def test_a_setting_of_another_kind_of_network_is_an_error() -> None:
    config, errors = config_from_query({"preset": "cnn", "hidden_units": "64"}, default_dataset="mnist")
    assert config == PRESETS["cnn"]
    assert [error.field for error in errors] == ["hidden_units"]


def test_a_link_names_the_data_set_where_machines_would_differ() -> None:
    assert config_to_query(PRESETS["mlp"], default_dataset="mnist-5k")["dataset"] == "mnist"
    assert config_to_query(PRESETS["mlp"].replace(dataset="mnist-5k"))["dataset"] == "mnist-5k"
    config, errors = config_from_query({"preset": "mlp"}, default_dataset="mnist-5k")
    assert (config.dataset, errors) == ("mnist-5k", [])
