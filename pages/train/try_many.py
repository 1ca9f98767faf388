"""Try many settings: what to vary, how to search, what it takes, and the button that starts the sweep."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import formatting as figures
from core.config.rules import Choice
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.runs.entries import Run
from core.sweeps.estimate import estimate
from core.sweeps.sweep import Sweep
from core.sweeps.variation import Variation, label, read_variation, suggested, variable_names
from core.text import say, sentences
from pages.state.language import key_for_labels
from pages.state.page_links import go
from pages.state.plain_text import plain_text
from pages.state.rights import limits
from pages.state.server_state import look, store
from pages.state.visitor import sweep_access

TRIALS = 20
_NUMBERS = ("trials", "seeds", "minutes", "confirm", "sampler_seed")
_FIRST = "learning_rate"


def try_many(config: RunConfig | None) -> None:
    """Draw the panel; closed, it is one line."""
    with st.expander(say("try_many.title"), key="form.open.sweep", icon=":material/query_stats:"):
        if config is None:
            st.caption(say("train.fix"))
            return
        st.caption(say("try_many.what"))
        names = st.multiselect(
            say("try_many.vary"),
            variable_names(config),
            format_func=lambda name: say(label(name)),
            placeholder=say("try_many.choose"),
            key=key_for_labels("sweep.names"),
            persist_state="session",
        )
        if not names:
            return
        base = config if config.validation == "last-20" else config.replace(validation="last-20")
        texts = [_values(name, base) for name in names]
        search = _search()
        if base is not config:
            st.caption(say("try_many.validates"))
        try:
            varied: Sequence[Variation] = [read_variation(f"{name}={text}", base) for name, text in texts]
            sweep = Sweep(config=base, varied=tuple(varied), **search)
        except DigitLabError as error:
            st.error(plain_text(error.message), icon=":material/error:")
            return
        _takes(sweep)
        st.button(
            say("try_many.start", count=sweep.most_trials),
            key="sweep.start",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(sweep,),
        )


def _values(name: str, config: RunConfig) -> tuple[str, str]:
    key = f"sweep.values.{name}"
    if key not in st.session_state:
        st.session_state[key] = suggested(name, config)
    return name, st.text_input(say(label(name)), key=key, help=say("try_many.values_help"), persist_state="session")


def _search() -> dict[str, Any]:
    """How to search; each is checked by the sweep."""
    chosen: dict[str, Any] = {}
    with st.grid(2, min_column_width=120, gap="xsmall", vertical_alignment="bottom"):
        chosen["objective"] = _choice("objective")
        chosen["trials"] = _number("trials", TRIALS)
        chosen["sampler"] = _choice("sampler")
        chosen["pruner"] = _choice("pruner")
    with st.popover(say("try_many.more"), icon=":material/tune:", type="tertiary"):
        chosen["second"] = _choice("second")
        defaults = {"seeds": 1, "confirm": 3, "minutes": 0, "sampler_seed": 1}
        for name, first in defaults.items():
            chosen[name] = _number(name, first)
    return chosen


def _choice(name: str) -> str:
    rule = Sweep.rules[name]
    assert isinstance(rule, Choice)
    words = "sweep_metric" if name == "objective" else f"sweep_{name}"
    chosen: str = st.selectbox(
        say(f"fields.sweep_{name}"),
        rule.options,
        format_func=lambda value: say(f"options.{words}.{value}"),
        key=key_for_labels(f"sweep.{name}"),
        help=say(f"try_many.help.{name}"),
        persist_state="session",
    )
    return chosen


def _number(name: str, first: float) -> float:
    key = f"sweep.{name}"
    if key not in st.session_state:
        st.session_state[key] = float(first)
    # the sweep checks the limits: a browser does not send numbers outside of the field's own
    typed: float = st.number_input(
        say(f"fields.sweep_{name}"),
        step=1.0,
        format="%g",
        key=key,
        help=say(f"try_many.help.{name}"),
        persist_state="session",
    )
    return typed


def _takes(sweep: Sweep) -> None:
    """How many runs, how long, what pruning may save, how much disk, and what cannot be trained."""
    takes = estimate(sweep, [run for run in look().runs if isinstance(run, Run)], store().runs_dir, limits())
    at_once = takes.capacity.at_once
    runs = say("try_many.runs", count=f"{takes.runs:,}")
    if takes.seconds is None:
        told = [say("try_many.unknown_time" if at_once else "try_many.no_node", runs=runs)]
    else:
        where = "cluster_time" if takes.capacity.cluster else "time_at_once" if at_once > 1 else "time"
        told = [say(f"try_many.{where}", runs=runs, time=figures.rough_duration(takes.seconds), count=at_once)]
    if takes.saving >= 0.01:
        told.append(say("try_many.saving", share=f"{100 * takes.saving:.0f}"))
    told.append(say("try_many.disk", size=figures.size(takes.bytes), free=figures.size(takes.free)))
    if sweep.combinations is not None and sweep.combinations < sweep.trials and sweep.sampler != "grid":
        told.append(say("try_many.few", count=sweep.combinations))
    st.caption(sentences(told))
    found = sweep.trainable
    if found.reason is not None:
        warning = say("sweeps.some_untrainable", failed=found.failed, tried=found.tried, example=found.reason)
        st.warning(plain_text(warning), icon=":material/warning:")
    if takes.bytes > takes.free:
        st.warning(say("try_many.disk_full"), icon=":material/warning:")


def _start(sweep: Sweep) -> None:
    try:
        sweep_id = sweep_access().start(sweep)
    except (DigitLabError, OSError) as error:
        reason = error.message if isinstance(error, DigitLabError) else str(error)
        st.toast(plain_text(reason), icon=":material/error:")
        return
    go("sweep", sweep=sweep_id, figure=None, about="")
    # the form alone cannot open a page
    st.rerun()
