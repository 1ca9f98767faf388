"""Untrusted text, escaped for Markdown and, for visitors other than the owner, without the server's paths."""

import re

from core.drawing.collection import default_drawings_dir
from core.errors import DigitLabError
from core.places import ROOT, place
from core.runs.store import default_runs_dir
from core.text import Message, one_line, say, shortened, unbroken
from pages.state.rights import is_owner

_MARKDOWN = frozenset(r"\`*_{}[]<>()#+-.!|~$:&")
_UNESCAPABLE = re.compile(r":(?=material)|https?:(?=//)|www(?=\.)|@", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w/<])(?:[A-Za-z]:)?[/\\](?:[^\s/\\]+[/\\])*([^\s/\\]+)")


def plain_text(text: str | Message | None, longest: int = 300) -> str:
    """The text or message on one line, at most `longest`, and escaped so that Markdown shows it literally."""
    worded = say(text) if isinstance(text, Message) else text or ""
    return literal(unbroken(shortened(one_line(_without_paths(worded)), longest)))


def literal(text: str) -> str:
    """One line, such as the name of a class, escaped so that Markdown shows it literally."""
    # Streamlit renders icons and links even after a backslash; a word joiner prevents it
    line = _UNESCAPABLE.sub("\\g<0>\u2060", text)
    return "".join(f"\\{character}" if character in _MARKDOWN else character for character in line)


def _without_paths(text: str) -> str:
    """The text for this visitor: only the owner sees more of a path than its last part."""
    try:
        if is_owner():
            return text
    except DigitLabError:
        pass  # with unreadable settings, nobody sees paths
    known = {default_runs_dir(): "runs", default_drawings_dir(): "drawings", ROOT: ROOT.name, place("~"): "~"}
    for folder, name in known.items():
        # the root folder has no name
        for whole, shown in ((folder, name), (folder.absolute(), name), (folder.absolute().parent, "")):
            if whole.name:
                text = text.replace(f"{whole}/", f"{shown}/" if shown else "").replace(str(whole), shown or whole.name)
    return _PATH.sub(r"\1", text)
