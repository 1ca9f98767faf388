"""Text from outside, shown as the characters that it has; for strangers without the host's folders."""

import re

from core.drawing.collection import default_drawings_dir
from core.errors import DigitLabError
from core.places import ROOT, place
from core.runs.store import default_runs_dir
from core.text import Message, one_line, say
from pages.state.rights import is_owner

_MEANS_SOMETHING = frozenset(r"\`*_{}[]<>()#+-.!|~$:&")
_BEHIND_A_BACKSLASH = re.compile(r":(?=material)|https?:(?=//)|www(?=\.)|@", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w/<])(?:[A-Za-z]:)?[/\\](?:[^\s/\\]+[/\\])*([^\s/\\]+)")


def plain_text(text: str | Message | None, longest: int = 300) -> str:
    """The text or message for a place that renders Markdown, cut and in one line, so that it stays what it is."""
    worded = say(text) if isinstance(text, Message) else text or ""
    # an icon's name and an address mean something even behind a backslash; an invisible joiner ends that
    line = _BEHIND_A_BACKSLASH.sub("\\g<0>\u2060", one_line(_told(worded)))
    short = line if len(line) <= longest else f"{line[: longest - 1]}…"
    return "".join(f"\\{character}" if character in _MEANS_SOMETHING else character for character in short)


def _told(text: str) -> str:
    """The text as this visitor may read it: for strangers, the last name of a folder at most."""
    try:
        if is_owner():
            return text
    except DigitLabError:
        pass  # who may read what is not known, so nobody reads anything
    known = {default_runs_dir(): "runs", default_drawings_dir(): "drawings", ROOT: ROOT.name, place("~"): "~"}
    for folder, name in known.items():
        # what stands at the very top has no name, and is but a slash
        for whole, told in ((folder, name), (folder.absolute(), name), (folder.absolute().parent, "")):
            if whole.name:
                text = text.replace(f"{whole}/", f"{told}/" if told else "").replace(str(whole), told or whole.name)
    return _PATH.sub(r"\1", text)
