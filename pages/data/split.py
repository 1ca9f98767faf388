"""How a data set is split, and its source and digest."""

import streamlit as st

from core.charts.data_split import data_split_figure
from core.config.datasets import BUILT_IN
from core.data.arrays import Arrays
from core.data.datasets import Dataset
from core.data.datasets import split as divided
from core.data.store import AddedDataset
from core.formatting import date
from core.text import grouped, listed, named, say
from pages.data.findings import findings
from pages.data.view import DataView
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.state.visitor_time import zone
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
            alt=say("data_page.ways.alt", ways=grouped(named(way, _told(counts)) for way, counts in ways.items())),
        )
    with words:
        for part in ("training", "validation", "test"):
            # the sample has no official test set: its test digits share writers with the training digits
            apart = part == "test" and data.name in ("mnist", "handwriting")
            told = say("data_page.part.test_mnist") if apart else say(f"data_page.part.{part}")
            st.markdown(f"**{say(f'data_charts.{part}')}** {told}")
    st.markdown(f"**{say('data_page.source')}**", help=say("data_page.source_help"), width="content")
    st.markdown(_origin(data) if data.name in BUILT_IN else _brought(data))
    st.caption(say("data_page.digest"))
    st.code(data.digest, language=None)
    if data.name not in BUILT_IN:
        _found(data)


def _origin(data: Dataset) -> str:
    counts = {"training": f"{len(data.train_labels):,}", "test": f"{len(data.test_labels):,}"}
    return say(f"data_page.origin.{data.name}", source=plain_text(data.source), **counts)


def _brought(data: Dataset) -> str:
    about = AddedDataset.named(data.name).about()
    unknown = say("data_page.origin.unknown")
    return say(
        "data_page.origin.brought",
        title=plain_text(about.title or data.name),
        training=f"{about.description.training:,}",
        test=f"{about.description.test:,}",
        date=date(about.created, zone()) if about.created else unknown,
        source=plain_text(about.source, longest=400) or unknown,
        licence=plain_text(about.licence) or unknown,
    )


def _found(data: Dataset) -> None:
    """What was found when the data set was added."""
    about = AddedDataset.named(data.name).about()
    arrays = Arrays(data.train_images, data.train_labels, data.test_images, data.test_labels)
    findings("data.found", about.findings, about.skipped, arrays, about.description)


def _told(counts: dict[str, int]) -> str:
    return listed(f"{say(f'data_charts.{part}')} {count:,}" for part, count in counts.items())
