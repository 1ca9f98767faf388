"""A sheet of digits in pages, with one of them opened: the mistakes, or the first digits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core import formatting as figures
from core.analysis.mistakes import select
from core.array_types import Indices
from core.text import say
from pages.run.mistakes.opened_digit import PER_PAGE, opened_digit
from pages.run.mistakes.shown import Shown
from pages.run.mistakes.view import MistakesView
from pages.shared.cell_sentence import cell_sentence
from pages.state.link_problems import link_problem
from pages.state.plain_text import literal
from pages.state.url_state import bound, change
from pages.widgets.announcement import announce
from pages.widgets.clickable_chart import class_picker
from pages.widgets.digit_sheet import digit_sheet
from pages.widgets.digit_table import Column, Row, digit_table
from pages.widgets.sheet_digits import sheet_digits
from pages.widgets.switch import switch

SORTS = ("loss", "confidence", "margin", "index")
FROM_START: dict[str, Any] = {"page": 1, "digit": None}
"""Changed with every filter, which the shown page and the opened digit may not pass."""


def mistakes_sheet(shown: Shown, view: MistakesView) -> None:
    """The misclassified digits, filtered and sorted."""
    exact = view.true is not None and view.true == view.predicted
    low, high = _span(view)
    indices = select(
        shown.answers,
        true=view.true,
        predicted=view.predicted,
        confidence=(low / 100, high / 100),
        sort=view.sort,
        # a cell on the diagonal has no errors
        only_wrong=view.answers == "wrong" and not exact,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="mistakes.filters"):
        _filters(view, shown.classes)
        counted = _sentence(view, len(indices), shown.classes)
        escaped = _sentence(view, len(indices), [literal(name) for name in shown.classes])
        st.markdown(f"**{escaped}**", width="content")
    announce("mistakes", counted)
    sheet_and_opened(shown, view, indices)


def first_digits(shown: Shown, view: MistakesView) -> None:
    """The first 10 or 25 with their captions, as the tutorials print them."""
    switch(
        "first", view.first, ["10", "25"], say("first.count"), lambda n: say("first.of", count=n), also={"digit": None}
    )
    sheet_and_opened(shown, view, np.arange(min(int(view.first), len(shown.answers))))


def sheet_and_opened(shown: Shown, view: MistakesView, indices: Indices) -> None:
    """The sheet of these digits, and beside it the chosen one, by default the first."""
    if not len(indices) and view.digit is None:
        st.caption(say("mistakes.none"))
        return
    pages = max(1, -(-len(indices) // PER_PAGE))
    page = min(view.page, pages)
    if page != view.page:
        link_problem(say("mistakes.no_page", wanted=view.page, page=page))
    on_page = indices[(page - 1) * PER_PAGE : page * PER_PAGE]
    digit = chosen_digit(shown, view, on_page)
    left, right = st.columns([7, 5], gap="large")
    with left:
        if shown.images is not None and len(on_page):
            digit_sheet(
                "mistakes.sheet",
                shown.images[on_page],
                sheet_digits(
                    shown.answers,
                    on_page,
                    shown.classes,
                    also=view.sort if view.sort in ("loss", "margin") else None,
                ),
                chosen=digit,
                alt=say("mistakes.sheet_alt", count=len(on_page)),
                opens="opened",
                on_choose=lambda index: change(digit=index),
            )
        elif len(on_page):
            _list(shown, on_page, digit)
        turn_pages(page, pages)
    with right, st.container(key="opened"):
        opened_digit(shown, digit, indices, mistakes=view.show == "mistakes")


def chosen_digit(shown: Shown, view: MistakesView, order: Indices) -> int:
    """The digit of the link or the nearest one, with a note; without a link the first of these."""
    if view.digit is None:
        return int(order[0])
    nearest = min(view.digit, len(shown.answers) - 1)
    if nearest != view.digit:
        link_problem(say("mistakes.no_digit", wanted=view.digit, last=nearest))
    return nearest


def _span(view: MistakesView) -> tuple[int, int]:
    """The confidence range in percent; a link may have its ends swapped."""
    return min(view.low, view.high), max(view.low, view.high)


def _sentence(view: MistakesView, count: int, classes: Sequence[str]) -> str:
    if view.answers == "all" and (view.true is None or view.predicted is None):
        return say("mistakes.count", count=f"{count:,}")
    return cell_sentence(view.true, view.predicted, count, classes)


def _filters(view: MistakesView, classes: Sequence[str]) -> None:
    switch(
        "answers",
        view.answers,
        ["wrong", "all"],
        say("mistakes.answers"),
        lambda name: say(f"mistakes.answer.{name}"),
        also=FROM_START,
    )
    class_picker("true", view.true, classes, compact=True, **FROM_START)
    class_picker("predicted", view.predicted, classes, compact=True, **FROM_START)
    low, high = _span(view)
    any_confidence = (low, high) == (0, 100)
    name = say("mistakes.any_confidence") if any_confidence else say("mistakes.span", low=low, high=high)
    with st.popover(name, width=180):
        st.slider(
            say("mistakes.confidence"),
            0,
            100,
            format=figures.percent_format("%d"),
            **bound("confidence", (low, high), then=lambda span: {"low": span[0], "high": span[1]}, also=FROM_START),
        )
    st.selectbox(
        say("mistakes.sort"),
        SORTS,
        format_func=lambda name: say(f"mistakes.sorts.{name}"),
        width=220,
        label_visibility="collapsed",
        **bound("sort", view.sort, first="index", options=SORTS, also=FROM_START),
    )


def turn_pages(page: int, pages: int) -> None:
    """Draw a picker of the page, unless there is only one."""
    if pages > 1:
        key = f"mistakes.page.{page}"
        st.pagination(pages, default=page, key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    if key in st.session_state:
        change(page=st.session_state[key], digit=None)


def _list(shown: Shown, on_page: Indices, digit: int) -> None:
    """The digits as a table, if their images are missing."""
    answers = shown.answers
    names = ("index", "label", "predict", "confidence")
    rows = [
        Row(
            index,
            str(index),
            [
                *(shown.classes[int(of[index])] for of in (answers.labels, answers.predicted)),
                figures.probability(float(answers.confidence[index])),
            ],
            wrong=frozenset() if answers.right[index] else {1},
        )
        for index in map(int, on_page)
    ]
    digit_table(
        "mistakes",
        [Column(name, say(f"table.{name}")) for name in names],
        rows,
        alt=say("mistakes.sheet_alt", count=len(on_page)),
        chosen=digit,
        opens="opened",
        on_open=lambda index: change(digit=index),
    )
