"""The visitor's choices, kept across pages and in sync with the page's URL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

import streamlit as st

from core.config.rules import Choice
from core.errors import Advice
from core.text import Message, language
from pages.state.left_links import LeftLinks
from pages.state.link_problems import link_problem, place_link_problems
from pages.state.plain_text import plain_text
from pages.state.view import View, unusable

TAB = "tab"
"""The parameter that names the open tab of a page with tabs."""
LINKED = "linked"
"""Marks a link to the open page: the browser follows it but leaves its own address as it was."""
_KEY = "looking"
_EVERY_TAB = ("tab", "run", "epoch", "images")
"""Widgets that all tabs of a page share."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_View = TypeVar("_View", bound=View)


@dataclass(slots=True)
class _Widget:
    """A widget's initial value, the value that it shows, its options and a unique number."""

    first: Any
    shown: Any
    offers: object
    number: int


@dataclass(kw_only=True)
class Looking:
    """A visitor's choices by name, for all pages, and the page's URL parameters as last read or written."""

    values: dict[str, Any] = field(default_factory=dict)
    page: type[View] = View
    tabs: dict[str, type[View]] = field(default_factory=dict)
    """The view last shown at each address."""
    link: dict[str, str] = field(default_factory=dict)
    left: LeftLinks = field(default_factory=LeftLinks)
    problems: list[Message] = field(default_factory=list)
    unsure: bool = False
    """Whether the URL may be an earlier one that arrived late."""
    widgets: dict[str, _Widget] = field(default_factory=dict)
    made: int = 0
    """Number of widgets created so far."""

    def view(self, kind: type[_View]) -> _View:
        """A view of this kind, with the chosen values and defaults for the rest."""
        return kind(**{name: self.values[name] for name in kind.rules if name in self.values})

    def arrive(self, *tabs: type[View]) -> None:
        """Read the URL; if a newly opened page has no parameters, write the remembered values to it.

        A page with tabs has a view for each, the first for a link that names none.
        """
        came = self.page.address != tabs[0].address
        # without the mark, the browser writes the link's address; writing it after each Back would trap the visitor
        st.query_params.pop(LINKED, None)
        page, unknown = _linked_tab(tabs)
        link = self._address(page)
        late = self.left.may_come_late(link)
        self.unsure = late and link != self.link and not came
        if came:
            self.page = next((tab for tab in tabs if tab is self.tabs.get(tab.address)), page)
            self.widgets.clear()
            self.left.clear()
            self.problems = []
        if came and not link:
            self.write(link)
        elif came or (link != self.link and not late):
            view, problems = page.from_query(link)
            self.values |= {name: getattr(view, name) for name in page.rules}
            self._open(page)
            self.link, self.problems = link, [*unknown, *problems]
        self.tabs[self.page.address] = self.page

    def turn(self, page: type[View], changes: Mapping[str, Any] = _NOTHING) -> None:
        """Open another tab with these values; call from a callback, or before the page is drawn."""
        before = self._address(self.page)
        self.remember(changes)
        self._open(page)
        self.problems = []
        self.write(before)

    def _open(self, page: type[View]) -> None:
        """Another tab's widgets start again: one of the same name must not answer for the tab left before."""
        if page is not self.page:
            self.widgets = {name: self.widgets[name] for name in _EVERY_TAB if name in self.widgets}
            self.page = page

    def change(self, **changes: Any) -> None:
        """Set these values; call from a callback, so that the whole page shows them."""
        self.turn(self.page, changes)

    def remember(self, changes: Mapping[str, Any]) -> None:
        """Set these values without touching the URL; raises TypeError for a name that no view has."""
        if unknown := changes.keys() - View.names:
            raise TypeError(f"no view has {min(unknown)}")
        self.values |= changes

    def write(self, before: dict[str, str]) -> None:
        """Write the page's view to the URL, which has these parameters of it now; other parameters stay."""
        self.link = self.query(self.page)
        self.left.add(before)
        if self.link != before:
            st.query_params.update({**{name: [] for name in before}, **self.link})

    def widget(self, name: str, value: Any, offers: object) -> _Widget:
        """The page's widget of this name; a new one if its value or options changed elsewhere."""
        widget = self.widgets.get(name)
        if widget is None or widget.shown != value or widget.offers != offers:
            self.made += 1
            widget = self.widgets[name] = _Widget(value, value, offers, self.made)
        return widget

    def query(self, page: type[View]) -> dict[str, str]:
        """The parameters of a link to this page with the chosen values."""
        return ({TAB: page.tab} if page.tab else {}) | self.view(page).to_query()

    def _address(self, page: type[View]) -> dict[str, str]:
        names = (TAB, *page.rules) if page.tab else page.rules
        return {name: st.query_params[name] for name in names if st.query_params.get_all(name)}


def look(page: type[_View]) -> _View:
    """The page's view; warns about invalid values in its link."""
    _arrive(page)
    return _looking().view(page)


def look_at_tab(tabs: Sequence[type[_View]]) -> _View:
    """The view of the open tab, one of these; warns as `look` does."""
    _arrive(*tabs)
    opened = _looking().page
    return _looking().view(next(tab for tab in tabs if tab is opened))


def _arrive(*tabs: type[View]) -> None:
    looking = _looking()
    looking.arrive(*tabs)
    place_link_problems()
    for problem in looking.problems:
        link_problem(plain_text(problem))
    if looking.unsure:
        # either the old URL arrived late, or the visitor pressed Back soon after a click
        looking.left.ask()


def is_open(address: str) -> bool:
    """Whether the page of this address, one with a view, is open."""
    return _looking().page.address == address


def view_now(kind: type[_View]) -> _View:
    """The current values of any page's view, for fragments that rerun without their page."""
    return _looking().view(kind)


def change(**changes: Any) -> None:
    """Set these values; call from a callback."""
    _looking().change(**changes)


def refuse(name: str, value: object, advice: Message) -> None:
    """Forget a value of the link that this page cannot show; the warning stays until the next choice."""
    problem = unusable(name, str(value), advice)
    looking = _looking()
    looking.remember({name: None})
    looking.problems.append(problem)
    link_problem(plain_text(problem))


def be_at(address: str) -> None:
    """Note the page that is about to run, which may have no view."""
    looking = _looking()
    if looking.page.address != address:
        looking.page = View


def turn(page: type[View], /, **changes: Any) -> None:
    """Open another tab of this page with these values; call from a callback, or before the page is drawn."""
    _looking().turn(page, changes)


def link_to(page: type[View], /, **changes: Any) -> dict[str, str]:
    """The parameters of a link to this page with the remembered values, except these."""
    looking = _looking()
    return Looking(values=looking.values | changes).query(page)


def leave_for(page: type[View], /, **changes: Any) -> dict[str, str]:
    """Set these values for another page; returns the parameters of its link."""
    looking = _looking()
    looking.remember(changes)
    return looking.query(page)


def bound(
    name: str,
    value: Any,
    *,
    first: str = "value",
    options: Sequence[Any] = (),
    labels: Sequence[str] = (),
    then: Callable[[Any], dict[str, Any]] | None = None,
    also: Mapping[str, Any] = _NOTHING,
    opens: Callable[[Any], type[View]] | None = None,
) -> dict[str, Any]:
    """Key, initial value and callback for a widget that shows this value and sets the field of this name.

    `first` names the widget's argument for its initial value; `index` needs `options`. Pass options and labels that
    may change. `then` turns the chosen value into the fields to set, if not just the one of this name; `also` gives
    the values that other fields then get; `opens` gives the tab that the chosen value opens.
    """
    # a new key for each language, since the browser sends what is chosen by its label, and for each value set from
    # elsewhere: the next message may overtake the one that sets the value in the browser, where the widget would then
    # show, and choose, its first option
    widget = _looking().widget(name, value, (tuple(options), tuple(labels), language()))
    key = f"view.{name}.{widget.number}"
    if key not in st.session_state:
        # after a visit to another page the widget starts again
        widget.first = widget.shown
    begins = options.index(widget.first) if first == "index" and widget.first in options else widget.first
    return {"key": key, first: begins, "on_change": _chosen, "args": (name, key, then, also, opens)}


def _chosen(
    name: str,
    key: str,
    then: Callable[[Any], dict[str, Any]] | None,
    also: Mapping[str, Any],
    opens: Callable[[Any], type[View]] | None,
) -> None:
    if key not in st.session_state:
        return  # the widget is gone, which the browser did not know as it sent the choice
    looking, value = _looking(), st.session_state[key]
    if name in looking.widgets:
        looking.widgets[name].shown = value
    page = opens(value) if opens else looking.page
    looking.turn(page, {**also, **(then(value) if then else {name: value})})


def _looking() -> Looking:
    looking: Looking = st.session_state.setdefault(_KEY, Looking())
    return looking


def _linked_tab(tabs: Sequence[type[View]]) -> tuple[type[View], list[Message]]:
    """The tab that the URL names, by default the first, and a message if there is none of that name."""
    linked = st.query_params.get(TAB)
    if len(tabs) > 1 and linked:
        try:
            name = Choice(tuple(tab.tab for tab in tabs)).read(linked)
        except Advice as error:
            return tabs[0], [unusable(TAB, linked, error.message)]
        return next(tab for tab in tabs if tab.tab == name), []
    return tabs[0], []
