"""Lesson on gradient descent: stochastic, mini-batch and full-batch descent on the same loss."""

from html import escape

import streamlit as st

from core import formatting as figures
from core.charts.descent import Over, losses_figure, path_colors, path_names, surface_figure
from core.charts.frame import picture_config
from core.explain.lessons.descent import BATCHES, IMAGES, MOMENTS, PASSES, RATES, Descent
from core.text import say
from pages.learn.problem import found_descent, has_digits
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.theme import colors
from pages.state.url_state import bound, change, view_now

TICK_SECONDS = 0.4
STRIDE = 2
"""Moments per tick."""
HEIGHT = 265
MARKS = "●◆■"
"""The markers of the three paths, as in the charts."""
_PLAYING = "lessons.playing"
"""Session key of the moment that is playing; None while paused."""


def descent(view: LearnView) -> None:
    """Pickers for learning rate and batch size, and the resulting paths; nothing moves until Play is pressed."""
    if not has_digits():
        return
    within("rate", view.rate, RATES[0], RATES[-1], figures.rate)
    within("batch", view.batch, 2, IMAGES - 1, str)
    within("step", MOMENTS if view.step is None else view.step, 0, MOMENTS, str)
    playing = st.session_state.get(_PLAYING) is not None
    st.fragment(_motion, run_every=TICK_SECONDS if playing else None)(playing)


def _motion(timed: bool) -> None:
    moment = _moment()
    if timed and st.session_state.get(_PLAYING) is not None:
        moment = min(MOMENTS, moment + STRIDE)
        st.session_state[_PLAYING] = moment
        if moment == MOMENTS:
            _stand(moment)
    if timed != (st.session_state.get(_PLAYING) is not None):
        # only a rerun of the whole page starts or stops the fragment's timer
        st.rerun()
    choose, play = st.columns([6, 11], gap="medium", vertical_alignment="top")
    with choose:
        found = _chosen()
    images = moment * IMAGES * PASSES // MOMENTS
    with play:
        _controls(moment, images, playing=timed)
    above, by_images, by_updates = st.columns([11, 10, 9])
    config = picture_config("descent")
    with above:
        st.markdown(
            f"**{say('lessons.descent.surface')}**",
            help=say("lessons.descent.surface_help", share=f"{found.surface.share:.0%}"),
        )
        chart = surface_figure(found, images=images, colors=colors(), height=HEIGHT)
        st.plotly_chart(chart, key="lessons.surface", config=config, alt=say("lessons.descent.surface_alt"))
    sides: list[tuple[Over, st.delta_generator.DeltaGenerator]] = [("images", by_images), ("updates", by_updates)]
    for over, side in sides:
        with side:
            st.markdown(f"**{say(f'lessons.descent.by_{over}')}**", help=say(f"lessons.descent.by_{over}_help"))
            chart = losses_figure(found, images=images, over=over, colors=colors(), height=HEIGHT)
            alt = say(f"lessons.descent.by_{over}_alt")
            st.plotly_chart(chart, key=f"lessons.losses.{over}", config=config, alt=alt)
    _costs(found, images)


def _chosen() -> Descent:
    view = view_now(LearnView)
    rate, size = min(max(view.rate, RATES[0]), RATES[-1]), min(max(view.batch, 2), IMAGES - 1)
    rates, sizes = sorted({*RATES, rate}), sorted({*BATCHES, size})
    rate_side, size_side = st.columns(2)
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
    return found_descent(rate, size)


def _controls(moment: int, images: int, *, playing: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        _button("before", "skip_previous", max(0, moment - 1), disabled=playing or moment == 0, shortcut="Left")
        if playing:
            st.button(
                say("lessons.pause"), key="lessons.pause", icon=":material/pause:", on_click=_stand, args=(moment,)
            )
        else:
            st.button(
                say("lessons.play"),
                key="lessons.play",
                icon=":material/play_arrow:",
                type="primary",
                on_click=_play,
                args=(moment,),
            )
        _button("next", "skip_next", min(MOMENTS, moment + 1), disabled=playing or moment == MOMENTS, shortcut="Right")
        seen = say("lessons.descent.seen", images=f"{images:,}", passes=f"{images / IMAGES:.1f}")
        if playing:
            st.progress(moment / MOMENTS, seen)
        else:
            st.slider(
                seen,
                0,
                MOMENTS,
                format=" ",
                **bound("step", moment, then=lambda to: {"step": None if to == MOMENTS else to}),
            )


def _button(name: str, icon: str, target: int, *, disabled: bool, shortcut: str) -> None:
    st.button(
        say(f"lessons.{name}"),
        key=f"lessons.{name}",
        icon=f":material/{icon}:",
        disabled=disabled,
        shortcut=shortcut,
        on_click=_stand,
        args=(target,),
    )


def _moment() -> int:
    playing = st.session_state.get(_PLAYING)
    if playing is not None:
        return int(playing)
    chosen = view_now(LearnView).step
    return MOMENTS if chosen is None else min(chosen, MOMENTS)


def _play(moment: int) -> None:
    st.session_state[_PLAYING] = 0 if moment == MOMENTS else moment


def _stand(moment: int) -> None:
    st.session_state[_PLAYING] = None
    change(step=None if moment == MOMENTS else moment)


def _costs(found: Descent, images: int) -> None:
    heads = [say(f"lessons.descent.{name}") for name in ("way", "images", "updates", "loss", "seconds")]
    rows = []
    for path, name, color, mark in zip(found.paths, path_names(found), path_colors(colors()), MARKS, strict=True):
        now = path.until(images) - 1
        rows.append(
            [
                f'<span style="color:{color}" aria-hidden="true">{mark}</span> {escape(name)}',
                f"{path.images[now]:,}",
                f"{path.updates[now]:,}",
                figures.loss(float(path.loss[now])),
                say("lessons.descent.time", time=f"{path.seconds:.3f}"),
            ]
        )
    st.html(_table(heads, rows, caption=say("lessons.descent.costs")))


def _table(heads: list[str], rows: list[list[str]], *, caption: str) -> str:
    """An HTML table: Streamlit's tables have no colors, and here the colors are the legend of the charts."""

    def row(cells: list[str], tag: str) -> str:
        sides = ("left", *["right"] * (len(cells) - 1))
        return "".join(f'<{tag} style="text-align:{side}">{c}</{tag}>' for side, c in zip(sides, cells, strict=True))

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    head = f"<thead><tr>{row([escape(text) for text in heads], 'th')}</tr></thead>"
    return (
        "<style>.costs {width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums}"
        " .costs th {font-weight: 400; opacity: .75} .costs th, .costs td {padding: .15rem .5rem}"
        " .costs tbody tr {border-top: 1px solid #8885}</style>"
        f'<div style="overflow-x:auto"><table class="costs" aria-label="{escape(caption)}">'
        f"{head}<tbody>{body}</tbody></table></div>"
    )
