from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.datasets import BUILT_IN, DatasetName
from core.config.links import config_from_query, config_to_query
from core.config.network import CNN, MLP, ConvolutionBlock, LayerList
from core.config.presets import PRESETS
from core.config.rules import Choice, Number, Rule, Whole, WithRules
from core.config.run import RunConfig
from core.errors import InvalidSetting

T = TypeVar("T", bound=WithRules)

units = st.lists(st.integers(1, 700), max_size=3).map(tuple)


def any_of(rule: Rule) -> st.SearchStrategy[Any]:
    """Values that a rule allows."""
    match rule:
        case DatasetName():
            return st.sampled_from(list(BUILT_IN))
        case Choice(options):
            return st.sampled_from(options)
        case Whole(low, high):
            return st.integers(low, high)
        case Number(low, high):
            return st.floats(low, high)
        case _:
            return st.booleans()


def any_object(cls: type[T], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    rules = {name: any_of(rule) for name, rule in cls.rules.items() if name not in fields}
    return st.builds(cls, **rules, **fields)


blocks = st.lists(
    any_object(ConvolutionBlock, filters=st.integers(1, 40), kernel_size=st.integers(1, 5)), min_size=1, max_size=2
).map(tuple)
lists = st.sampled_from(
    [
        "flatten",
        "conv(3,3x5,relu,same,strides=2) avgpool(2,strides=1) globalmaxpool dense(7,use_bias=false,l1=0.1)",
        "rescaling(2,-1) separable(4,3x3,l2=0.01) leakyrelu(0.1) depthwise(2x2) batchnorm prelu flatten dropout(0.5)",
    ]
)
networks = (
    any_object(MLP, hidden_units=units)
    | any_object(CNN, blocks=blocks, dense_units=units)
    | any_object(LayerList, layers=lists)
)


@st.composite
def configs(draw: st.DrawFn) -> RunConfig:
    validation = draw(st.sampled_from(["none", "last-20", "test"]))
    watched = ["off", "loss"] + (["val_loss", "val_accuracy"] if validation != "none" else [])
    stopping = st.sampled_from(watched)
    return draw(any_object(RunConfig, network=networks, validation=st.just(validation), early_stopping=stopping))


@given(configs(), st.sampled_from(["mnist", "mnist-5k"]))
def test_any_run_survives_the_way_through_its_link(config: RunConfig, default: str) -> None:
    query = config_to_query(config, default_dataset=default)
    assert config_from_query(query, default_dataset=default) == (config, [])


FIVE_BLOCKS = ",".join(["4@1-same-max"] * 5)


@pytest.mark.parametrize("name", PRESETS)
def test_the_link_of_an_unchanged_preset_names_only_the_preset(name: str) -> None:
    assert config_to_query(PRESETS[name]) == {"preset": name}
    assert config_from_query({"preset": name}, default_dataset="mnist") == (PRESETS[name], [])


def test_a_link_holds_only_what_differs_from_the_preset() -> None:
    config = PRESETS["cnn"].replace(blocks="8@3-same-max", learning_rate=0.0042)
    assert config_to_query(config) == {"preset": "cnn", "blocks": "8@3-same-max", "learning_rate": "0.0042"}


@pytest.mark.parametrize(
    ("params", "changes", "fields"),
    [
        (
            {"preset": "cnn-16-36", "epochs": "-3", "batch_size": "64", "optimizer": "lion", "run": "x"},
            {"batch_size": 64},
            ["optimizer", "epochs"],
        ),
        ({"early_stopping": "val_loss", "epochs": "7"}, {"epochs": 7}, ["early_stopping"]),
        ({"preset": "mlp", "hidden_units": "8192,8192"}, {}, ["hidden_units"]),
        # these blocks are valid only with padded pooling
        (
            {"preset": "cnn", "blocks": FIVE_BLOCKS, "pool_padding": "same", "epochs": "no"},
            {"blocks": FIVE_BLOCKS, "pool_padding": "same"},
            ["epochs"],
        ),
        ({"preset": "cnn", "hidden_units": "64"}, {}, ["hidden_units"]),
        ({"preset": "layers", "layers": "conv(8,3x3) cnov(3)", "epochs": "4"}, {"epochs": 4}, ["layers"]),
    ],
    ids=["bad values", "conflict", "too large", "valid together", "another kind of network", "unknown layer"],
)
def test_unusable_settings_are_errors_and_the_others_apply(
    params: dict[str, str], changes: dict[str, object], fields: list[str]
) -> None:
    config, errors = config_from_query(params, default_dataset="mnist")
    assert config == PRESETS[params.get("preset", "mlp-512")].replace(**changes)
    assert [error.field for error in errors if isinstance(error, InvalidSetting)] == fields


def test_a_link_names_the_data_set_where_machines_would_differ() -> None:
    assert config_to_query(PRESETS["mlp"], default_dataset="mnist-5k")["dataset"] == "mnist"
    assert config_to_query(PRESETS["mlp"].replace(dataset="mnist-5k"))["dataset"] == "mnist-5k"
    config, errors = config_from_query({"preset": "mlp"}, default_dataset="mnist-5k")
    assert (config.dataset, errors) == ("mnist-5k", [])
