"""Runs side by side: their figures, the best of each marked, and their settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from core import formatting as figures
from core.analysis.comparison import ABSENT, differing_settings
from core.analysis.interval import wilson
from core.charts.run_curves import letter
from core.config.run import RunConfig
from core.runs.listing import RunRow
from core.text import say
from pages.widgets.compact_table import Row, compact_table

_ALWAYS = ("learning_rate", "optimizer", "batch_size")
"""Settings that are shown even where all runs have the same."""
_IN_FIGURES = ("epochs", "kind", "hidden_units")
"""Settings that the figures and the network's name show."""


def side_by_side(rows: Sequence[RunRow], hues: Mapping[str, str]) -> None:
    """One table with a column for each of these runs, which can be read; `hues` has each run's color."""
    configs = [row.config for row in rows]
    alike = len({config.dataset if config else row.id for row, config in zip(rows, configs, strict=True)}) == 1
    held_out = alike and len({config.validation for config in configs if config}) == 1
    facts = [
        _fact("test_accuracy", rows, lambda row: row.test_accuracy, _accuracy, "highest" if alike else None),
        _fact("val_accuracy", rows, lambda row: row.val_accuracy, _percent, "highest" if held_out else None),
        _fact("val_loss", rows, lambda row: row.val_loss, _loss, "lowest" if held_out else None),
        _fact("parameters", rows, lambda row: row.parameters, lambda _, value: f"{value:,}", "lowest"),
        _fact("seconds", rows, lambda row: row.seconds or None, lambda _, value: figures.duration(value), "lowest"),
        _fact("epochs", rows, lambda row: row.epochs, _epochs),
        Row((say("run_list.column.network"), *(row.network or ABSENT for row in rows))),
        *_settings([row.settings for row in rows]),
    ]
    names = [say("run_curves.run", letters=letter(place), name=row.run.short_name) for place, row in enumerate(rows)]
    compact_table(
        ["", *names],
        facts,
        dots=["", *(hues[row.id] for row in rows)],
        alt=say("comparison.title", count=len(rows)),
    )
    other = "comparison.other_data" if all(configs) else "comparison.unknown_data"
    st.caption(say("comparison.best" if alike else other), help=say("comparison.interval_help"))


def _fact(
    name: str,
    rows: Sequence[RunRow],
    of: Callable[[RunRow], Any],
    text: Callable[[RunRow, Any], str],
    best: Literal["highest", "lowest"] | None = None,
) -> Row:
    values = [of(row) for row in rows]
    known = [value for value in values if value is not None]
    # a value that all share does not win
    leading = {"highest": max, "lowest": min}[best](known) if best and len(set(known)) > 1 else None
    cells = [
        figures.percent(None) if value is None else text(row, value) for row, value in zip(rows, values, strict=True)
    ]
    marked = tuple(
        say("comparison.leading", value=cell) if leading is not None and value == leading else cell
        for cell, value in zip(cells, values, strict=True)
    )
    return Row((say(f"comparison.fact.{name}"), *marked))


def _accuracy(row: RunRow, share: float) -> str:
    count = row.config.data.test if row.config else 0
    low, high = wilson(round(share * count), count)
    return say("comparison.interval", value=figures.percent(share), low=f"{100 * low:.2f}", high=f"{100 * high:.2f}")


def _percent(_: RunRow, share: float) -> str:
    return figures.percent(share)


def _loss(_: RunRow, value: float) -> str:
    return figures.loss(value)


def _epochs(row: RunRow, epochs: int) -> str:
    if row.best_epoch is None:
        return str(epochs)
    return say("comparison.epochs", epochs=epochs, best=row.best_epoch)


def _settings(configs: Sequence[RunConfig | None]) -> list[Row]:
    """The settings that differ, after those that are always shown; the network's sizes are its name."""
    found = differing_settings(configs, always=_ALWAYS)
    return [Row((say(f"fields.{name}"), *values)) for name, values in found.items() if name not in _IN_FIGURES]
