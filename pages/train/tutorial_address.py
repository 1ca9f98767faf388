"""Whether the address shows the tutorial in place of the run: `/?view=tutorial`."""

from dataclasses import dataclass, field

import streamlit as st

from pages.state.left_links import LeftLinks

_PARAMETER, _TUTORIAL = "view", "tutorial"


def is_linked() -> bool:
    """Whether the page's URL shows the tutorial."""
    return st.query_params.get(_PARAMETER) == _TUTORIAL


@dataclass(slots=True)
class TutorialAddress:
    """Whether the tutorial is open, in sync with the page's URL."""

    is_open: bool = False
    linked: bool = False
    """Whether the URL showed it when it was last read or written."""
    left: LeftLinks = field(default_factory=LeftLinks)

    def follow(self, *, came: bool) -> None:
        """Open or close it after a link, Back or Forward changed the URL; one who `came` finds it as they left it."""
        linked = is_linked()
        if came and not linked:
            self.linked = False
            self.turn(is_open=self.is_open)
        elif linked == self.linked:
            return
        elif not came and self.left.may_come_late(_link(linked)):
            # either an earlier URL arrived late, or the visitor pressed Back soon after a click
            self.left.ask()
        else:
            self.is_open = self.linked = linked

    def turn(self, *, is_open: bool) -> None:
        """Open or close it, and write that to the URL."""
        self.is_open = is_open
        if is_open != self.linked:
            self.left.add(_link(self.linked))
            self.linked = is_open
            # an empty list removes a parameter
            st.query_params.update({_PARAMETER: _TUTORIAL if is_open else []})


def _link(is_open: bool) -> dict[str, str]:
    return {_PARAMETER: _TUTORIAL} if is_open else {}
