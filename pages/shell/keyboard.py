"""The list of keys."""

from html import escape

import streamlit as st

from core.text import say
from pages.state import shortcuts as keys

_TABS = ("1", "2", "3", "4", "5")
_LIST: dict[str, dict[str, tuple[str, ...]]] = {
    "everywhere": {
        "present": (keys.PRESENT,),
        "leave": ("Esc",),
        "help": (keys.KEYBOARD,),
        "skip": ("Tab", "Enter"),
    },
    "run": {
        "tabs": _TABS,
        "epoch": (keys.NEXT_EPOCH, keys.PREVIOUS_EPOCH),
        "mistake": (keys.NEXT_MISTAKE, keys.PREVIOUS_MISTAKE),
        "digit": (keys.NEXT_DIGIT, keys.PREVIOUS_DIGIT),
    },
    "train": {"start": (keys.START,)},
    "learn": {
        "lesson": (keys.NEXT_LESSON, keys.PREVIOUS_LESSON),
        "step": ("→", "←"),
        "play": ("Space",),
        "window": ("←", "→", "↑", "↓"),
    },
    "data": {"digit": (keys.NEXT_DIGIT, keys.PREVIOUS_DIGIT)},
}


def keyboard() -> None:
    """Open a dialog that lists each page's keys."""
    st.dialog(say("keyboard.title"), icon=":material/keyboard:")(_list)()


def _list() -> None:
    rows = "".join(_section(place, actions) for place, actions in _LIST.items())
    st.html(f'<p>{escape(say("keyboard.about"))}</p><table class="keys">{rows}</table>')


def _section(place: str, actions: dict[str, tuple[str, ...]]) -> str:
    head = f'<tr><th scope="rowgroup" colspan="2">{escape(say(f"keyboard.of.{place}"))}</th></tr>'
    rows = (
        f"<tr><td>{' '.join(map(_key, names))}</td><td>{escape(say(f'keyboard.action.{name}'))}</td></tr>"
        for name, names in actions.items()
    )
    return f"<tbody>{head}{''.join(rows)}</tbody>"


def _key(name: str) -> str:
    return "<span>" + " + ".join(f"<kbd>{escape(part)}</kbd>" for part in name.split("+")) + "</span>"
