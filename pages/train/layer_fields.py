"""The form's fields for a list of layers: every layer with its shape, the arguments of one, and the list as text."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from core.config.layer import Layer, LayerDoesNotFit
from core.config.layer_text import MOST_LAYERS, layer_text, layers_text, new_layer
from core.config.layers import KINDS, LayerRow, fitting_rows
from core.config.network import LayerList
from core.config.rules import Choice, Flag, Number, Rule, Whole
from core.errors import Advice, InvalidSetting
from core.text import say
from pages.state.plain_text import plain_text
from pages.train.form_state import FormState, changing, touch
from pages.train.network_fields import below, side_by_side
from pages.train.number_field import number_field

_RULE = LayerList.rules["layers"]
_LIST, _TEXT, _ADD = "form.layers.at", "form.layers.text", "form.layers.add"
_STEPS = {"filters": 4, "units": 16, "rate": 0.05, "momentum": 0.05, "l1": 0.0001, "l2": 0.0001}


def layer_fields(state: FormState) -> None:
    """The list with its actions, the arguments of the chosen layer, and the list as text."""
    layers = list(_RULE.read(state.values["layers"]))
    place = min(state.layer, len(layers) - 1)
    if layers:
        _read_arguments(state, layers, place)
        _list(state, layers, place)
    state.places["layers"] = st.container()
    _actions(layers, place)
    if layers:
        _arguments(state, layers[place], place)
    _text(state)


def _read_arguments(state: FormState, layers: list[Layer], place: int) -> None:
    """Take over what was typed or chosen since the last run, before the list above the fields is drawn."""
    layer = layers[place]
    for name, rule in layer.rules.items():
        typed = st.session_state.get(f"form.{_field(place, name)}")
        # an invalid value is reported when its field is drawn; None comes from a number field that was emptied
        if typed is not None and _reads(rule, typed):
            layer = replace(layer, **{name: rule.read(typed)})
    if layer != layers[place]:
        layers[place] = layer
        state.values["layers"] = layers_text(layers)
        st.session_state.pop(_TEXT, None)


def _list(state: FormState, layers: Sequence[Layer], place: int) -> None:
    """Every layer with the shape that it makes and its parameters; one is chosen."""
    rows = _fitting(state, layers)

    def label(number: int) -> str:
        # a space after each comma, where a long line may break
        text = f"{number + 1}\u2002{plain_text(layer_text(layers[number]).replace(',', ', '))}"
        if number >= len(rows):
            return f"{text} :red[{say('form.layers.misfit')}]" if number == len(rows) else text
        shape = "×".join(f"{side:,}" for side in rows[number].output_shape)
        made = f"{shape} · {rows[number].parameters:,}" if rows[number].parameters else shape
        return f"{text} :gray[→ {made}]"

    def choose() -> None:
        state.layer = st.session_state.get(_LIST, state.layer)

    st.session_state[_LIST] = place
    st.radio(
        say("form.layers.list"),
        range(len(layers)),
        format_func=label,
        key=_LIST,
        on_change=choose,
    )


def _fitting(state: FormState, layers: Sequence[Layer]) -> list[LayerRow]:
    """The rows before the first layer that does not fit; the error below the list names that layer."""
    rows: list[LayerRow] = []
    with suppress(LayerDoesNotFit):
        # extending keeps what came before the error
        rows.extend(fitting_rows(layers, state.data.shape))
    return rows


def _actions(layers: Sequence[Layer], place: int) -> None:
    """Buttons that move, repeat and delete the chosen layer, and a picker that adds one after it."""
    last = len(layers) - 1

    def button(name: str, icon: str, change: Callable[[FormState, list[Layer]], None], *, possible: bool) -> None:
        st.button(
            say(f"form.layers.{name}"),
            key=f"form.layers.{name}",
            icon=f":material/{icon}:",
            type="tertiary",
            disabled=not possible,
            on_click=changing(lambda state: _change(state, change)),
        )

    def move(by: int) -> Callable[[FormState, list[Layer]], None]:
        def moved(state: FormState, layers: list[Layer]) -> None:
            layers.insert(place + by, layers.pop(place))
            state.layer = place + by

        return moved

    def repeat(state: FormState, layers: list[Layer]) -> None:
        layers.insert(place + 1, layers[place])
        state.layer = place + 1

    def delete(state: FormState, layers: list[Layer]) -> None:
        del layers[place]
        state.layer = max(0, min(place, len(layers) - 1))

    def add(state: FormState, layers: list[Layer]) -> None:
        if (kind := st.session_state.get(_ADD)) is None:
            return
        rows = _fitting(state, layers)
        shape = rows[place].output_shape if 0 <= place < len(rows) else state.data.shape
        layers.insert(place + 1, new_layer(kind, shape))
        state.layer = place + 1

    with st.container(horizontal=True, gap="xsmall"):
        button("up", "arrow_upward", move(-1), possible=place > 0)
        button("down", "arrow_downward", move(1), possible=0 <= place < last)
        button("repeat", "content_copy", repeat, possible=0 <= last < MOST_LAYERS - 1)
        button("delete", "delete", delete, possible=last >= 0)
    st.selectbox(
        say("form.layers.add", number=place + 1) if layers else say("form.layers.add_first"),
        list(KINDS),
        index=None,
        format_func=lambda word: say(f"layers.kind.{word}"),
        placeholder=say("form.layers.kind"),
        key=_ADD,
        on_change=changing(lambda state: _change(state, add)),
        disabled=last >= MOST_LAYERS - 1,
    )


def _change(state: FormState, change: Callable[[FormState, list[Layer]], None]) -> None:
    layers = list(_RULE.read(state.values["layers"]))
    change(state, layers)
    state.values["layers"] = layers_text(layers)


def _arguments(state: FormState, layer: Layer, place: int) -> None:
    """Fields for the arguments of a layer; those that few layers change are folded."""
    names = list(layer.rules)
    about = [say("form.help", field=say(f"fields.{name}"), about=say(f"help.argument.{name}")) for name in names]
    title = say("form.layers.chosen", number=place + 1, kind=say(f"layers.kind.{layer.word}"))
    st.markdown(f"**{title}**", help="\n\n".join(about) or say("form.layers.no_arguments"))
    first = [name for name in names if name in layer.leading]
    rest = [name for name in names if name not in layer.leading]
    with side_by_side():
        for name in first:
            _argument(state, layer, place, name)
    below(state, *(_field(place, name) for name in first))
    if rest:
        with st.expander(say("form.layers.more"), key="form.open.arguments", icon=":material/tune:"):
            with side_by_side():
                for name in rest:
                    _argument(state, layer, place, name)
            below(state, *(_field(place, name) for name in rest))


def _argument(state: FormState, layer: Layer, place: int, name: str) -> None:
    rule, value, label = layer.rules[name], getattr(layer, name), say(f"fields.{name}")
    field = _field(place, name)
    match rule:
        case Whole() | Number():
            number_field(state, field, rule, value, label=label, step=_STEPS.get(name, 1))
        case Choice(options):
            named = f"options.{name}."
            st.selectbox(label, options, format_func=lambda word: say(f"{named}{word}"), **state.keyed(field, value))
        case Flag():
            st.toggle(label, **state.keyed(field, value))
        case _:
            typed = st.text_input(label, **state.keyed(field, rule.write(value)))
            if not _reads(rule, typed):
                state.mistakes.append(_mistake(field, label, typed, rule))


def _text(state: FormState) -> None:
    """The list as text, which can be edited, copied and pasted."""
    if _TEXT not in st.session_state:
        st.session_state[_TEXT] = state.values["layers"]

    def typed() -> None:
        text = st.session_state.get(_TEXT)
        if text is None:
            return  # the form is gone, which the browser did not know
        touch()
        if _reads(_RULE, text):
            changing(lambda state: state.values.update(layers=layers_text(_RULE.read(text))))()

    st.text_area(
        say("form.layers.text"),
        key=_TEXT,
        height="content",
        help=say("form.layers.text_help"),
        on_change=typed,
    )
    state.places["layers.text"] = st.container()
    if not _reads(_RULE, st.session_state[_TEXT]):
        field, shown = "layers.text", st.session_state[_TEXT]
        state.mistakes.append(_mistake(field, say("fields.layers"), shown, _RULE))


def _mistake(field: str, label: str, typed: str, rule: Rule) -> InvalidSetting:
    """The error about a text that a rule does not accept."""
    try:
        rule.read(typed)
    except Advice as error:
        shown = f"{typed[:60]}…" if len(typed) > 60 else typed
        values: dict[str, Any] = {"label": label, "field": "layers", "value": shown, "advice": error.message}
        return InvalidSetting(field, "errors.invalid_setting", **values)
    raise AssertionError(typed)


def _reads(rule: Rule, value: Any) -> bool:
    try:
        rule.read(value)
    except Advice:
        return False
    return True


def _field(place: int, name: str) -> str:
    return f"layers.{place}.{name}"
