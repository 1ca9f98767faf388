"""Lesson on batch size: what a batch is, how many updates an epoch has, and what they cost."""

import streamlit as st

from core import formatting as figures
from core.charts.batch_sizes import Figure, batch_sizes_figure
from core.config.presets import PRESETS
from core.explain.lessons.batches import Batches, batch_bytes, measured_speeds, weight_bytes
from core.explain.lessons.descent import IMAGES, PASSES, RATES
from core.sweeps.ladder import NETWORKS
from core.text import say
from pages.learn.digits import lesson_digits
from pages.learn.problem import found_sizes
from pages.learn.tall_chart import tall_chart
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.server_state import look
from pages.state.theme import colors
from pages.state.url_state import bound
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.explanations import explanations
from pages.widgets.metric_cards import Card, metric_cards

HEIGHT = 300
MOST = 8


def batch(view: LearnView) -> None:
    """The tutorials' arithmetic for any batch size, and measured results of several batch sizes."""
    config = PRESETS[view.network]
    size = within("batch", view.batch, 1, config.training_images, str)
    pick, count, _ = st.columns([4, 3, 8], vertical_alignment="bottom")
    with pick:
        st.selectbox(
            say("lessons.network"),
            NETWORKS,
            format_func=lambda name: say(f"presets.{name}.name"),
            **bound(
                "network",
                view.network,
                first="index",
                options=NETWORKS,
                then=lambda name: {"network": name, "batch": PRESETS[name].batch_size},
            ),
        )
    with count:
        st.number_input(
            say("lessons.batch_size"),
            1,
            config.training_images,
            help=say("lessons.batch_help"),
            **bound("batch", size, options=(config.training_images,)),
        )
    batches = Batches(config.training_images, size, config.epochs)
    images, an_epoch = f"{batches.images:,}", f"{batches.per_epoch:,}"
    sentence = "sum_one" if batches.per_epoch == 1 else "sum"
    all_updates = {"epochs": config.epochs, "in_all": f"{batches.total:,}"}
    st.markdown(say(f"lessons.batch.{sentence}", images=images, size=f"{size:,}", an_epoch=an_epoch, **all_updates))
    left, right = st.columns([12, 9], gap="medium")
    with left:
        _measured(view)
    with right:
        shown = {
            "updates": an_epoch,
            "last": f"{batches.last:,}",
            "memory": _megabytes(batch_bytes(config, size)),
            "weights": _megabytes(weight_bytes(config)),
        }
        cards = [Card(say(f"lessons.batch.{name}"), value) for name, value in shown.items()]
        about = {say(f"lessons.batch.{name}"): say(f"lessons.batch.{name}_help") for name in shown}
        metric_cards(cards, about=explanations(about), columns=2)
        _runs()


def _measured(view: LearnView) -> None:
    if lesson_digits() is None:
        return
    rate = within("rate", view.rate, RATES[0], RATES[-1], figures.rate)
    tried = found_sizes(rate)
    st.markdown(
        f"**{say('lessons.batch.tried', rate=figures.rate(rate))}**",
        help=say("lessons.batch.tried_help", images=f"{IMAGES:,}", passes=PASSES),
    )
    sides: tuple[Figure, Figure] = ("loss", "seconds")
    for figure, side in zip(sides, st.columns(2), strict=True):
        with side:
            chart = batch_sizes_figure(tried, figure=figure, colors=colors(), height=HEIGHT)
            tall_chart(f"batch-{figure}", chart, above=26, alt=say(f"lessons.batch.{figure}_alt"))


def _runs() -> None:
    table = measured_speeds(look().runs).head(MOST)
    st.markdown(f"**{say('lessons.batch.runs')}**", help=say("lessons.batch.runs_help"))
    if table.empty:
        st.caption(say("lessons.batch.no_runs"))
        return
    formats = {"batch": ",d", "seconds": ".1f", "update_ms": ".1f", "images_per_second": ",.0f"}
    rows = [
        Row((row["name"], *(format(row[name], form) for name, form in formats.items())))
        for row in table.to_dict("records")
    ]
    heads = [say(f"lessons.batch.column.{name}") for name in ("name", *formats)]
    compact_table(heads, rows, right={1, 2, 3, 4}, alt=say("lessons.batch.runs"))


def _megabytes(count: int) -> str:
    return say("lessons.batch.megabytes", value=f"{count / 1e6:,.1f}")
