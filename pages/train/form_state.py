"""The settings chosen in the form, kept across pages and in sync with the page's URL."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config.datasets import BUILT_IN, DataDescription, describe
from core.config.links import LINK_NAMES, config_from_query, config_to_query
from core.config.presets import preset_for
from core.config.run import RunConfig, setting_rule
from core.errors import InvalidSetting
from core.text import Message, language
from pages.state.left_links import LeftLinks
from pages.state.server_state import look

_KEY = "form"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(kw_only=True)
class FormState:
    """The settings, as `RunConfig.setting_values` names them, whether or not they are valid."""

    values: dict[str, Any]
    default_dataset: str
    link: dict[str, str]
    """The settings in the page's URL when it was last read or written."""
    problems: list[Message] = field(default_factory=list)
    """The invalid parameters of the URL."""
    rates: set[float] = field(default_factory=set)
    """Learning rates that the slider offers in addition to its own."""
    left: LeftLinks = field(default_factory=LeftLinks)
    unsure: bool = False
    """Whether the URL may be an earlier one that arrived late, which the browser is asked about."""
    touched: bool = False
    """Whether the visitor changed the form, which caused this rerun."""
    mistakes: list[InvalidSetting] = field(default_factory=list)
    """The fields found invalid in this rerun; their settings keep the last valid value."""
    layer: int = 0
    """The place of the layer whose arguments are shown, in a list of layers."""
    tag: str = ""
    """The language of the labels that the browser has."""
    places: dict[str, DeltaGenerator] = field(default_factory=dict)
    """Where to show an error about a setting, beside its field."""

    def config(self) -> RunConfig:
        """The chosen run; raises InvalidSetting for an invalid field or combination of fields."""
        if self.mistakes:
            raise self.mistakes[0]
        return RunConfig.from_json(self.values)

    @property
    def data(self) -> DataDescription:
        """What is known of the chosen data set; of MNIST, if it is not on this machine."""
        try:
            return describe(self.values["dataset"])
        except InvalidSetting:
            return BUILT_IN["mnist"]

    def keyed(self, name: str, value: Any = None) -> dict[str, Any]:
        """Key and callback for a setting's widget, which shows the setting's value or the one given."""
        key = f"{_KEY}.{name}"
        if key not in st.session_state:
            st.session_state[key] = self.values[name] if value is None else value
        return {"key": key, "on_change": touch}

    def take(self, config: RunConfig) -> None:
        """Fill in the settings of this run."""
        self.values = config.setting_values()
        stay = dict(self.values)
        if config.learning_rate not in self.rates:
            # the browser keeps a rate by its place on the slider, which another one moves
            self.rates.add(config.learning_rate)
            del stay["learning_rate"]
        forget_widgets(stay)

    def move_to(self, dataset: str) -> None:
        """Choose a data set, with the settings that the preset has for it unless the visitor changed them."""
        before, after = (preset_for(self.values["preset"], each) for each in (self.values["dataset"], dataset))
        own = after.setting_values()
        for name, value in before.setting_values().items():
            if value != own[name] and self.values[name] == value:
                self.values[name] = own[name]
                st.session_state.pop(f"{_KEY}.{name}", None)
        self.values["dataset"] = dataset

    def read_widgets(self) -> None:
        """Update the settings before the form is drawn, so that its top shows changes made further down."""
        self.mistakes, self.places = [], {}
        for name in self.values:
            value = st.session_state.get(f"{_KEY}.{name}")
            if value is not None:
                # an invalid value is reported when its field is drawn
                with suppress(ValueError, KeyError):
                    self.values[name] = setting_rule(self.values["kind"], name).read(value)

    def write_link(self, config: RunConfig) -> None:
        """Write the settings to the page's URL; other parameters stay."""
        if self.unsure:
            # writing would undo Back, if it is that
            return
        link = _link()
        linked, _ = config_from_query(link, default_dataset=self.default_dataset)
        if self.touched or linked != config:
            self.left.add(self.link)
            self.link = config_to_query(config, default_dataset=self.default_dataset)
            # an empty list removes a parameter in the same message that sets the others
            st.query_params.update({**{name: [] for name in link}, **self.link})
        self.touched = False

    def follow_link(self) -> None:
        """Fill in the settings of the page's URL after a link, Back or Forward changed it."""
        link = _link()
        came = f"{_KEY}.preset" not in st.session_state
        self.unsure = False
        if link == self.link or self.touched or (came and not link):
            return
        if not came and self.left.may_come_late(link):
            self.unsure = True
            self.left.ask()
            return
        config, errors = config_from_query(link, default_dataset=self.default_dataset)
        self.link, self.problems = link, [error.message for error in errors]
        self.take(config)

    def follow_default(self, dataset: str) -> None:
        """Switch to the new default data set, unless the visitor chose another."""
        if dataset != self.default_dataset:
            if self.values["dataset"] == self.default_dataset and "dataset" not in self.link:
                self.move_to(dataset)
                st.session_state.pop(f"{_KEY}.dataset", None)
            self.default_dataset = dataset


def form_state(default_dataset: str) -> FormState:
    """This visitor's form, brought up to date with the page's URL and the widgets."""
    if _KEY not in st.session_state:
        link = _link()
        config, errors = config_from_query(link, default_dataset=default_dataset)
        problems = [error.message for error in errors]
        opened = FormState(values={}, default_dataset=default_dataset, link=link, problems=problems)
        opened.take(config)
        st.session_state[_KEY] = opened
    state: FormState = st.session_state[_KEY]
    state.follow_default(default_dataset)
    state.follow_link()
    state.read_widgets()
    if state.tag != language():
        # the browser sends what is chosen by its label
        state.tag = language()
        forget_widgets()
    return state


def linked_config() -> RunConfig | None:
    """The settings of the page's URL, defaults where they are invalid; None without settings."""
    link = _link()
    return config_from_query(link)[0] if link else None


def form_choice() -> tuple[str, str]:
    """The preset and the data set in the form; empty texts before it was drawn."""
    state: FormState | None = st.session_state.get(_KEY)
    return (state.values["preset"], state.values["dataset"]) if state else ("", "")


def touch() -> None:
    """Note that the visitor changed the form."""
    state: FormState = st.session_state[_KEY]
    state.touched, state.problems = True, []


def changing(change: Callable[[FormState], None]) -> Callable[[], None]:
    """A callback that applies a change to the settings and lets the widgets show it."""

    def changed() -> None:
        before = form_choice()
        touch()
        change(st.session_state[_KEY])
        forget_widgets()
        _show_example(before)

    return changed


def choose_preset() -> None:
    """Fill in the chosen preset; the data set stays."""
    state: FormState = st.session_state[_KEY]
    if (preset := _chosen("preset")) is not None:
        before, dataset = form_choice(), state.values["dataset"]
        touch()
        state.take(preset_for(preset, dataset).replace(dataset=dataset))
        _show_example(before)


def choose_dataset() -> None:
    """Fill in the chosen data set."""
    state: FormState = st.session_state[_KEY]
    if (dataset := _chosen("dataset")) is not None:
        before = form_choice()
        touch()
        state.move_to(dataset)
        _show_example(before)


def _chosen(name: str) -> Any:
    """What a widget shows; None if it is gone, as after Start, which the browser may not know as it sends a choice."""
    return st.session_state.get(f"{_KEY}.{name}")


def forget_widgets(stay: Mapping[str, Any] = _NOTHING) -> None:
    """Reset the form's widgets, so that each shows its setting's value; those that show one of these values stay."""
    for key, shown in st.session_state.to_dict().items():
        if key.startswith(f"{_KEY}.") and not key.startswith(f"{_KEY}.open."):
            name = key.removeprefix(f"{_KEY}.")
            # each one that is reset is drawn twice in the browser
            if name not in stay or shown != stay[name]:
                del st.session_state[key]


def _show_example(before: tuple[str, str]) -> None:
    """Draw the whole page if another choice brings another example beside the form; call from a callback."""
    if form_choice() != before and look().only_examples:
        st.rerun()


def _link() -> dict[str, str]:
    return {name: st.query_params[name] for name in sorted(LINK_NAMES) if st.query_params.get_all(name)}
