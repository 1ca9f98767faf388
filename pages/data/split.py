"""How a data set is split, and its source and digest."""

import streamlit as st

from core.charts.data_split import data_split_figure
from core.data.datasets import Dataset
from core.data.datasets import split as divided
from core.text import say
from pages.data.view import DataView
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.widgets.chart import chart

_HEIGHT = 240
_WAYS = ("none", "last-20", "test")


def split(data: Dataset, view: DataView) -> None:  # noqa: ARG001 all parts of the page have this signature
    """A bar and an explanation for each way to hold images out; the source with its digest."""
    test = len(data.test_labels)
    ways = {}
    for way in _WAYS:
        parts = divided(data, way)
        held = 0 if way == "test" else len(parts.validation_labels)
        counts = {"training": len(parts.train_labels), "validation": held, "test": test}
        ways[say(f"data_page.ways.{way}")] = {part: count for part, count in counts.items() if count}
    picture, words = st.columns([7, 6], gap="large")
    with picture:
        st.markdown(f"**{say('data_page.ways.title')}**", help=say("data_page.ways.help"), width="content")
        chart(
            "data.split",
            data_split_figure(ways, colors=colors(), height=_HEIGHT),
            name="data-split",
            alt=say("data_page.ways.alt", ways="; ".join(f"{way}: {_told(counts)}" for way, counts in ways.items())),
        )
    with words:
        for part in ("training", "validation", "test"):
            # the sample has no official test set: its test digits share writers with the training digits
            apart = part == "test" and data.name != "mnist-5k"
            told = say("data_page.part.test_mnist") if apart else say(f"data_page.part.{part}")
            st.markdown(f"**{say(f'data_charts.{part}')}** {told}")
    st.markdown(f"**{say('data_page.source')}**", help=say("data_page.source_help"), width="content")
    st.markdown(
        say(
            f"data_page.origin.{data.name}",
            training=f"{len(data.train_labels):,}",
            test=f"{test:,}",
            source=plain_text(data.source),
        )
    )
    st.caption(say("data_page.digest"))
    st.code(data.digest, language=None)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{say(f'data_charts.{part}')} {count:,}" for part, count in counts.items())
