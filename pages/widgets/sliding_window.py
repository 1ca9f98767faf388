"""A window that slides over a square of numbers, with its arithmetic and the output that fills in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.array_types import Doubles, Floats
from core.data.sprite import sprite_uri
from core.explain.tiles import shades
from pages.widgets.browser_script import empty, loader
from pages.widgets.player import play

Numbers = Floats | Doubles

_mount = st.components.v2.component(
    "sliding_window", html=empty("walk", "max(17rem,100vh - 21.5rem)"), js=loader("sliding_window")
)


@dataclass(frozen=True, eq=False)
class Picture:
    """Values (side, side) with a title; `signed` as in `core.explain.tiles.shades`, `limit` is full intensity."""

    values: Numbers
    title: str
    alt: str
    signed: bool | None = None
    limit: float | None = None
    note: str = ""
    """Follows the size in the title."""


@dataclass(frozen=True, eq=False)
class Line:
    """One number of the arithmetic at each place (places,), or the same everywhere (1,)."""

    label: str
    values: Numbers


def sliding_window(
    key: str,
    ground: Picture,
    *,
    span: int,
    stride: int = 1,
    margin: int = 0,
    kernel: Numbers | None = None,
    output: Picture | None = None,
    tables: dict[str, str],
    lines: Sequence[Line] = (),
    marked: Sequence[int] | None = None,
    whole: bool = False,
    at: int,
    complete: bool,
    on_rest: Callable[[int], None],
) -> None:
    """Slide a window of `span` numbers over `ground`, `stride` at a time, line by line.

    Places count line by line from 0; `at`, `complete` and on_rest as in `play`. `tables` gives the titles of the tables
    to show: `patch`, the numbers in the window; with a kernel (span, span) `kernel` and `products`; for a ground of
    bytes (`whole`) `scaled`, the numbers divided by 255. `marked` is the number in the window to mark at each place, -1
    for none. `margin` is the width of the padding around the ground.
    """
    side = len(ground.values)
    places_across = (side - span) // stride + 1
    values = ground.values.astype(np.float64)
    peak = float(np.abs(values).max(initial=0))
    limits = {"patch": ground.limit or max(peak, 1e-12)}
    if kernel is not None:
        limits["kernel"] = max(float(np.abs(kernel).max()), 1e-12)
        limits["products"] = limits["kernel"] * limits["patch"]
    data: dict[str, Any] = {
        "ground": _message(ground, margin),
        "output": None if output is None else _message(output, 0),
        "values": _rounded(values).tolist(),
        "kernel": None if kernel is None else _rounded(kernel).tolist(),
        "limits": limits,
        "span": span,
        "stride": stride,
        "margin": margin,
        "rows": places_across,
        "columns": places_across,
        "tables": tables,
        "lines": [{"label": line.label, "values": _rounded(line.values).ravel().tolist()} for line in lines],
        "marked": None if marked is None else list(marked),
        "whole": whole,
    }
    play(_mount, key, data, at=at, last=places_across**2 - 1, complete=complete, on_rest=on_rest)


def _rounded(values: Numbers) -> Doubles:
    """Four decimals, two more than are shown."""
    rounded: Doubles = values.astype(np.float64).round(4)
    return rounded


def _message(picture: Picture, margin: int) -> dict[str, Any]:
    drawn = shades(picture.values[None].astype(np.float32), picture.limit, signed=picture.signed)
    side = len(picture.values)
    return {
        "title": picture.title,
        "size": " · ".join(filter(None, (f"{side - 2 * margin}×{side - 2 * margin}", picture.note))),
        "alt": picture.alt,
        "side": side,
        "above": sprite_uri(drawn.above),
        "below": None if drawn.below is None else sprite_uri(drawn.below),
    }
