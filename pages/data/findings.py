"""What was found in a data set: a sentence each, with the images that show it."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.array_types import Bytes
from core.config.datasets import DataDescription
from core.data.arrays import Arrays
from core.data.checks.finding import Finding
from core.data.readers.source import Skipped
from core.text import say
from pages.state.plain_text import plain_text
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

_SIZE = 56
_SHOWN = 12


def findings(
    key: str, found: Sequence[Finding], skipped: Sequence[Skipped], data: Arrays, about: DataDescription
) -> None:
    """Each finding with its pictures; problems come first. Without any, a sentence says so."""
    problems = sum(finding.level == "problem" for finding in found)
    st.markdown(f"**{say('data_sets.found')}**", help=say("data_sets.found_help"), width="content")
    if not problems:
        st.markdown(f":green[:material/check_circle:] {say('data_sets.no_problem')}")
    for number, finding in enumerate(found):
        icon = ":orange[:material/warning:]" if finding.level == "problem" else ":gray[:material/info:]"
        st.markdown(f"{icon} {plain_text(finding.message, longest=500)}")
        _pictures(f"{key}.{number}", finding, data, about)
    if skipped:
        with st.expander(say("data_sets.skipped"), icon=":material/block:"):
            for each in skipped:
                st.caption(f"{plain_text(each.name, longest=100)} — {plain_text(each.reason)}")


def _pictures(key: str, finding: Finding, data: Arrays, about: DataDescription) -> None:
    images: list[Bytes] = []
    cells: list[SheetDigit] = []
    for part, index in finding.examples[:_SHOWN]:
        own: tuple[Bytes, Bytes] = (
            (data.train_images, data.train_labels) if part == "train" else (data.test_images, data.test_labels)
        )
        if index >= len(own[1]):
            continue  # a description that is not of these arrays
        label = about.classes[int(own[1][index])]
        place = say(f"data_sets.place.{part}", index=index)
        images.append(own[0][index])
        cells.append(SheetDigit(len(cells), label, place, hover=f"{label}, {place}"))
    if images:
        alt = say("data_sets.examples", count=len(images))
        digit_sheet(key, np.stack(images), cells, alt=alt, size=_SIZE, ink=about.is_digits)
