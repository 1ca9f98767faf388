"""Lesson on gradient descent: stochastic, mini-batch and full-batch descent on the same loss."""

from typing import Any

import streamlit as st

from core import formatting as figures
from core.charts.descent import curves, plane
from core.data.sprite import sprite_uri
from core.explain.lessons.descent import BATCHES, IMAGES, MOMENTS, PASSES, RATES, Descent
from core.text import say
from pages.learn.digits import lesson_digits
from pages.learn.problem import found_descent
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.browser_script import empty, loader
from pages.widgets.player import play
from pages.widgets.switch import switch

_mount = st.components.v2.component(
    "descent_paths", html=empty("race", "max(19rem,100vh - 20rem)"), js=loader("descent_paths")
)


def descent(view: LearnView) -> None:
    """Pickers for learning rate and batch size, and the resulting paths; nothing moves until Play is pressed."""
    if lesson_digits() is None:
        return
    rate = within("rate", view.rate, RATES[0], RATES[-1], figures.rate)
    size = within("batch", view.batch, 2, IMAGES - 1, str)
    moment = within("step", MOMENTS if view.step is None else view.step, 0, MOMENTS, str)
    rates, sizes = sorted({*RATES, rate}), sorted({*BATCHES, size})
    rate_side, size_side, over_side, _ = st.columns([5, 5, 4, 3], gap="medium")
    with rate_side:
        st.select_slider(
            say("lessons.rate"),
            rates,
            format_func=figures.rate,
            help=say("lessons.rate_help"),
            **bound("rate", rate, options=rates),
        )
    with size_side:
        st.select_slider(
            say("lessons.batch_size"), sizes, help=say("lessons.batch_help"), **bound("batch", size, options=sizes)
        )
    with over_side:
        label = say("lessons.descent.axis")
        switch(
            "over",
            view.over,
            ["images", "updates"],
            label,
            lambda over: say(f"lessons.descent.{over}"),
            visible_label=True,
        )
    message = _message(found_descent(rate, size), view)
    play(
        _mount,
        "learn.descent",
        message,
        at=moment,
        last=MOMENTS,
        complete=moment == MOMENTS,
        on_rest=lambda at: change(step=None if at == MOMENTS else at),
    )


def _message(found: Descent, view: LearnView) -> dict[str, Any]:
    above, below, shades = plane(found), curves(found, view.over), colors().classes
    looks = zip((shades[1], shades[0], shades[2]), ("circle", "diamond", "square"), (False, True, False), strict=True)
    names = (
        say("lessons.descent.one"),
        say("lessons.descent.some", size=found.mini.batch_size),
        say("lessons.descent.all"),
    )
    words = ("surface", "surface_alt", "curves_alt", "loss", "costs", "seen")
    return {
        "plane": {
            "ink": sprite_uri(above.ink[None]),
            "levels": above.levels,
            "start": above.start,
            "paths": [places.round(4).tolist() for places in above.paths],
        },
        "curves": {
            "x_ticks": below.x_ticks,
            "y_ticks": below.y_ticks,
            "paths": [places.round(4).tolist() for places in below.paths],
        },
        "paths": [
            {
                "name": name,
                "color": color,
                "symbol": symbol,
                "dash": dash,
                "images": path.images.tolist(),
                "updates": path.updates.tolist(),
                "loss": [figures.loss(value) for value in path.loss.tolist()],
                "seconds": say("lessons.descent.time", time=f"{path.seconds:.3f}"),
            }
            for path, name, (color, symbol, dash) in zip(found.paths, names, looks, strict=True)
        ],
        "images": IMAGES * PASSES,
        "words": {
            **{name: say(f"lessons.descent.{name}") for name in words},
            "curves": say(f"lessons.descent.by_{view.over}"),
            "over": say(f"lessons.descent.{view.over}"),
            "heads": [say(f"lessons.descent.{name}") for name in ("way", "images", "updates", "loss", "seconds")],
        },
    }
