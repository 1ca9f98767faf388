"""The form's fields for the network: the preset and its layers."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config.network import CNN, UNITS, BlockRule, ConvolutionBlock, LayerList, check_network
from core.config.presets import FREE_PRESETS, PRESETS
from core.config.rules import Choice, Number, Whole
from core.config.run import setting_rule
from core.errors import InvalidSetting
from core.text import say
from pages.train.form_state import FormState, changing, choose_preset
from pages.train.number_field import number_field

_BLOCK = BlockRule()
_MOST_LAYERS = 8
_NARROW = 120
"""Pixels; wide enough for a label such as Hidden layer 2, and three such fields fit side by side on a laptop."""


def preset_choice(state: FormState) -> None:
    """The presets by name."""
    st.pills(
        say("fields.preset"),
        options=list(PRESETS),
        format_func=lambda name: say(f"presets.{name}.name"),
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **state.keyed("preset") | {"on_change": choose_preset},
    )
    st.caption(say(f"presets.{state.values['preset']}.about"))


def network_settings(state: FormState) -> list[str]:
    """The names of the settings that `network_fields` shows, in order."""
    if not is_shaped(state):
        return []
    if state.values["kind"] == "mlp":
        return ["hidden_units", "activation", "dropout", "batch_normalization"]
    if state.values["kind"] == "layers":
        return ["layers"]
    blocks = ["blocks", *ConvolutionBlock.rules, "dense_units"]
    return [*blocks, "activation", "pool_padding", "convolution_dropout", "dense_dropout", "batch_normalization"]


def network_fields(state: FormState) -> None:
    """Fields for the layers of a custom MLP or CNN; none for a fixed preset."""
    if not is_shaped(state):
        return
    if state.values["kind"] == "mlp":
        _units(state, "hidden_units")
        with side_by_side():
            choice(state, "activation")
            number(state, "dropout", step=0.05)
        below(state, "activation", "dropout")
    else:
        _blocks(state)
        _units(state, "dense_units")
        with side_by_side():
            choice(state, "activation")
            choice(state, "pool_padding")
            number(state, "convolution_dropout", step=0.05)
            number(state, "dense_dropout", step=0.05)
        below(state, "activation", "pool_padding", "convolution_dropout", "dense_dropout")
    switch_on(state, "batch_normalization")


def edit_button(state: FormState) -> None:
    """Buttons that open the layers for editing, in the form of their kind or as a list; all settings stay."""
    if not is_shaped(state):
        st.button(say("form.shape"), key="form.shape", icon=":material/tune:", on_click=changing(_shape))
    if state.values["kind"] != "layers":
        st.button(say("form.as_layers"), key="form.as_layers", icon=":material/reorder:", on_click=changing(_as_layers))


def choice(state: FormState, name: str) -> None:
    """A select box for a setting with named options."""
    rule = setting_rule(state.values["kind"], name)
    assert isinstance(rule, Choice)
    state.values[name] = st.selectbox(
        say(f"fields.{name}"),
        rule.options,
        format_func=lambda value: say(f"options.{name}.{value}"),
        **state.keyed(name),
    )


def number(state: FormState, name: str, *, step: float) -> None:
    """A field for an integer or a float; outside the setting's limits, an error is noted."""
    rule = setting_rule(state.values["kind"], name)
    assert isinstance(rule, Whole | Number)
    label, before = say(f"fields.{name}"), state.values[name]
    state.values[name] = number_field(state, name, rule, before, label=label, step=step)


def switch_on(state: FormState, name: str) -> None:
    """A toggle for a setting that is on or off."""
    state.values[name] = st.toggle(say(f"fields.{name}"), **state.keyed(name))


def side_by_side(key: str | None = None) -> DeltaGenerator:
    """Two fields per row, aligned at the bottom because labels may wrap; one per row on a narrow page."""
    return st.grid(2, min_column_width=120, gap="xsmall", vertical_alignment="bottom", key=key)


def below(state: FormState, *names: str) -> None:
    """A place for errors about fields side by side, as wide as all of them."""
    place = st.container()
    state.places.update(dict.fromkeys(names, place))


def is_shaped(state: FormState) -> bool:
    """Whether the network's layers can be edited: it is not, or no longer, a tutorial's."""
    network = PRESETS[state.values["preset"]].setting_values()
    return state.values["preset"] in FREE_PRESETS or any(
        network.get(name) != state.values[name] for name in ("kind", *PRESETS[state.values["kind"]].network.rules)
    )


def _as_layers(state: FormState) -> None:
    """Write the network as a list of layers; all settings of the training stay."""
    config = state.config()
    listed = LayerList.of(config.network)
    state.values, state.layer = config.replace(preset="layers", network=listed).setting_values(), 0


def _shape(state: FormState) -> None:
    state.values["preset"] = state.values["kind"]


def _units(state: FormState, name: str) -> None:
    """A field per dense layer, side by side in the order of the layers."""
    units = state.values[name]
    if not units:
        st.caption(say(f"form.{name}.none"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        for place, width in enumerate(units):
            label = say(f"form.{name}.layer", number=place + 1)
            units[place] = number_field(state, f"{name}.{place}", UNITS, width, label=label, step=16, width=_NARROW)

    def add(state: FormState) -> None:
        units = state.values[name]
        units.append(max(16, units[-1] // 2) if units else 128)

    def remove(state: FormState) -> None:
        state.values[name].pop()

    with st.container(horizontal=True, gap="small"):
        if len(units) < _MOST_LAYERS:
            _change_button(say(f"form.{name}.add"), "add", f"form.{name}.add", add)
        if units:
            _change_button(say(f"form.{name}.remove", number=len(units)), "remove", f"form.{name}.remove", remove)
    below(state, name, *(f"{name}.{place}" for place in range(len(units))))


def _change_button(label: str, icon: str, key: str, change: Callable[[FormState], None]) -> None:
    """A small button that changes the settings."""
    st.button(label, key=key, icon=f":material/{icon}:", type="tertiary", on_click=changing(change))


def _blocks(state: FormState) -> None:
    blocks = state.values["blocks"]
    for place in range(len(blocks)):
        blocks[place] = _block(state, place, _BLOCK.read(blocks[place]))
    state.places["blocks"] = st.container()
    if len(blocks) < _MOST_LAYERS:
        _change_button(say("form.add_block"), "add", "form.blocks.add", _add_block)


def _block(state: FormState, place: int, block: ConvolutionBlock) -> str:
    """The block's fields; returns its code, such as `16@3-same-max`."""

    def remove(state: FormState) -> None:
        del state.values["blocks"][place]

    def label(name: str) -> str:
        return say("form.block_field", number=place + 1, field=say(f"fields.{name}").lower())

    def size(name: str, step: int) -> int:
        rule = ConvolutionBlock.rules[name]
        assert isinstance(rule, Whole)
        before = getattr(block, name)
        return int(number_field(state, f"blocks.{place}.{name}", rule, before, label=label(name), step=step))

    def word(name: str) -> str:
        rule = ConvolutionBlock.rules[name]
        assert isinstance(rule, Choice)
        value: str = st.selectbox(
            label(name),
            rule.options,
            format_func=lambda value: say(f"options.{name}.{value}"),
            **state.keyed(f"blocks.{place}.{name}", getattr(block, name)),
        )
        return value

    with st.container(border=True, gap="xsmall"):
        with side_by_side():
            filters, kernel = size("filters", 4), size("kernel_size", 1)
            padding, pooling = word("padding"), word("pooling")
        below(state, f"blocks.{place}.filters", f"blocks.{place}.kernel_size")
        if len(state.values["blocks"]) > 1:
            number = say("form.remove_block", number=place + 1)
            _change_button(number, "remove", f"form.blocks.{place}.remove", remove)
    return f"{filters}@{kernel}-{padding}-{pooling}"


def _add_block(state: FormState) -> None:
    """Repeat the last block, or a smaller one if the image is already too small for it."""
    blocks = [_BLOCK.read(block) for block in state.values["blocks"]]
    last = blocks[-1]
    padded = replace(last, padding="same")
    unpooled = replace(padded, pooling="none")
    for block in (last, padded, unpooled, replace(unpooled, kernel_size=3), replace(unpooled, kernel_size=1)):
        try:
            check_network(CNN(blocks=(*blocks, block), pool_padding=state.values["pool_padding"]), state.data)
        except InvalidSetting:
            continue
        break
    state.values["blocks"].append(str(block))
