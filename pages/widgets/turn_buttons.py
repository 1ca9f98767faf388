"""Buttons to the place before and after the current one."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.text import say


def turn_buttons(
    names: tuple[str, str],
    place: int,
    places: range,
    on_turn: Callable[[int], None],
    *,
    shortcuts: tuple[str, str],
    icons: tuple[str, str] = ("chevron_left", "chevron_right"),
    kind: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Draw Previous and Next; on_turn gets the place that was chosen, as a callback.

    A button is disabled if its place is not one of `places`. `names` are the keys of the buttons and of their texts.
    """
    for name, icon, target, shortcut in zip(names, icons, (place - 1, place + 1), shortcuts, strict=True):
        st.button(
            say(name),
            key=name,
            icon=f":material/{icon}:",
            type=kind,
            disabled=target not in places,
            shortcut=shortcut,
            on_click=on_turn,
            args=(target,),
        )
