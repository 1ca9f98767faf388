"""The visitor's kept drawings: predictions, each model's score, downloads and deletion."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256

import numpy as np
import streamlit as st

from core import formatting as figures
from core.analysis.interval import wilson
from core.array_types import Floats
from core.drawing.collection import Collection, Kept, drawings_dir_of
from core.errors import DigitLabError
from core.text import say, shortened
from pages.state import visitor_time
from pages.state.plain_text import plain_text
from pages.state.rights import limits
from pages.state.visitor import private_folder
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.confirmation import confirm_deletion
from pages.widgets.digit_picture import one_digit
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.note import note

PER_PAGE = 48
_LONGEST_NAME = 40
_OPENED = "own_drawings_opened"
ENOUGH = 10
"""Fewest drawings for which a confidence interval is shown."""

_CHOSEN, _PAGE, _READ = "own_drawings.chosen", "own_drawings.page", "own_drawings.read"

Classify = Callable[[Floats], Floats]
"""From images, float32 (n, 28, 28) in 0..1, to probabilities, float32 (n, 10); may raise DigitLabError."""


def collection() -> Collection:
    """The visitor's collection of drawings; the owner's is the machine's own."""
    return _collection(private_folder(), limits().most_drawings_each)


@st.cache_resource(max_entries=100)
def _collection(folder: str, most: int) -> Collection:
    return Collection(drawings_dir_of(folder), most=most)


@st.fragment
def own_drawings(classifiers: Sequence[tuple[str, Classify]]) -> None:
    """The kept drawings and the predictions of these named models; the first one's errors are marked.

    A classifier that compares equal to an earlier one runs again only when the drawings change.
    """
    st.subheader(say("collection.title"))
    try:
        drawings = collection().drawings()
    except DigitLabError as error:
        with note(plain_text(error.message), icon="folder_off"):
            st.button(say("note.retry"), key="collection.retry", icon=":material/refresh:")
        return
    _tell(len(drawings), collection().skipped)
    if not drawings:
        return
    read = _answers(classifiers, drawings)
    chosen = next((place for place, kept in enumerate(drawings) if kept.id == st.session_state.get(_CHOSEN)), None)
    left, right = st.columns([7, 5], gap="large")
    with left:
        _sheet(drawings, read, chosen)
    with right, st.container(key=_OPENED):
        _scores(drawings, read)
        if chosen is not None:
            with st.container(border=True):
                _opened(drawings[chosen], [(name, probabilities[chosen]) for name, probabilities in read])
        _all(drawings)


def _tell(count: int, skipped: int) -> None:
    if not count:
        st.caption(say("collection.empty"))
    else:
        st.caption(say("collection.kept_one") if count == 1 else say("collection.kept", count=count))
    if skipped:
        st.caption(say("collection.skipped_one") if skipped == 1 else say("collection.skipped", count=skipped))


def _answers(classifiers: Sequence[tuple[str, Classify]], drawings: list[Kept]) -> list[tuple[str, Floats]]:
    """Each model's probabilities (n, 10); warns about a model that fails."""
    before = st.session_state.get(_READ, {})
    now = st.session_state[_READ] = {}
    found = []
    for name, classify in classifiers:
        asked, probabilities = before.get(classify, (None, None))
        if asked != drawings:
            try:
                probabilities = classify(np.stack([kept.digit for kept in drawings]))
            except DigitLabError as error:
                note(say("collection.unread", name=plain_text(name), reason=plain_text(error.message)))
                continue
        now[classify] = (drawings, probabilities)
        found.append((name, probabilities))
    return found


def _sheet(drawings: list[Kept], read: list[tuple[str, Floats]], chosen: int | None) -> None:
    pages = -(-len(drawings) // PER_PAGE)
    page = min(st.session_state.get(_PAGE, 1), pages)
    first = PER_PAGE * (page - 1)
    shown = drawings[first : first + PER_PAGE]
    places = {_number(kept): kept.id for kept in shown}
    digit_sheet(
        "own_drawings.sheet",
        np.stack([kept.image for kept in shown]),
        [_on_sheet(kept, read[0][1][first + i] if read else None) for i, kept in enumerate(shown)],
        chosen=None if chosen is None else _number(drawings[chosen]),
        alt=say("collection.alt", count=len(shown)),
        opens=_OPENED,
        on_choose=lambda number: _remember(_CHOSEN, places[number]),
    )
    if pages > 1:
        key = f"{_PAGE}.{page}"
        st.pagination(pages, default=page, key=key, on_change=lambda: _remember(_PAGE, st.session_state.get(key, page)))


def _on_sheet(kept: Kept, probabilities: Floats | None) -> SheetDigit:
    hover = say("collection.hover", label=kept.label, moment=visitor_time.moment(kept.created))
    number, label = _number(kept), say("collection.right", label=kept.label)
    if probabilities is None:
        return SheetDigit(number, label, hover=hover)
    read = int(probabilities.argmax())
    caption = label if read == kept.label else say("collection.wrong", label=kept.label, read=read)
    return SheetDigit(number, caption, figures.probability(float(probabilities[read])), read != kept.label, hover)


def _number(kept: Kept) -> int:
    """A stable number for a drawing, small enough to be exact in JavaScript."""
    return int.from_bytes(sha256(kept.id.encode()).digest()[:6])


def _remember(key: str, value: str | int) -> None:
    st.session_state[key] = value


def _scores(drawings: list[Kept], read: list[tuple[str, Floats]]) -> None:
    """How many drawings each model reads correctly, with a 95 % interval from ten drawings on."""
    if not read:
        return
    labels, count = np.array([kept.label for kept in drawings]), len(drawings)
    heads, rows = ("network", "reads", "interval")[: 3 if count >= ENOUGH else 2], []
    for name, probabilities in read:
        right = int((probabilities.argmax(axis=1) == labels).sum())
        low, high = (f"{100 * share:.0f}" for share in wilson(right, count))
        cells = (
            shortened(name, _LONGEST_NAME),
            say("collection.reads_of", right=right, count=count),
            say("collection.interval_of", low=low, high=high),
        )
        rows.append(Row(cells[: len(heads)]))
    compact_table([say(f"collection.{head}") for head in heads], rows, right={1, 2}, alt=say("collection.scores_alt"))
    if count < ENOUGH:
        st.caption(say("collection.few", count=ENOUGH))


def _opened(kept: Kept, read: list[tuple[str, Floats]]) -> None:
    """The chosen drawing, each model's prediction, and a button to delete it."""
    moment = visitor_time.moment(kept.created)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width=112):
            alt = say("collection.chosen_alt", label=kept.label)
            one_digit("own_drawings.picture", kept.image, size=112, alt=alt)
        with st.container(width="stretch", gap="small"):
            st.markdown(say("collection.chosen", label=kept.label, moment=moment))
            for name, probabilities in read:
                answer = int(probabilities.argmax())
                st.markdown(
                    say(
                        "collection.read_right" if answer == kept.label else "collection.read_wrong",
                        name=plain_text(name),
                        read=answer,
                        confidence=figures.probability(float(probabilities[answer])),
                    )
                )
            if st.button(say("collection.delete"), key="own_drawings.delete", icon=":material/delete:"):
                _confirm(say("collection.really"), say("collection.loses", label=kept.label, moment=moment), [kept])


def _all(drawings: list[Kept]) -> None:
    """Buttons to download or delete all drawings."""
    with st.container(horizontal=True, gap="small"):
        for ending, make, mime in (
            ("npz", collection().to_npz, "application/octet-stream"),
            ("zip", collection().to_png_zip, "application/zip"),
        ):
            st.download_button(
                say(f"collection.{ending}"),
                make,
                file_name=f"my-digits.{ending}",
                mime=mime,
                help=say(f"collection.{ending}_help"),
                key=f"own_drawings.{ending}",
                icon=":material/download:",
                on_click="ignore",
            )
        if st.button(say("collection.delete_all"), key="own_drawings.delete_all", icon=":material/delete_sweep:"):
            _confirm(say("collection.really_all"), say("collection.loses_all", count=len(drawings)), drawings)


def _confirm(title: str, loses: str, drawings: list[Kept]) -> None:
    delete = partial(_delete, [kept.id for kept in drawings])
    confirm_deletion(title, loses, "own_drawings", say("collection.keep"), say("collection.delete_now"), delete)


def _delete(ids: list[str]) -> None:
    """Delete only these: drawings added since the question was asked stay."""
    try:
        collection().delete(ids)
    except DigitLabError as error:
        st.toast(plain_text(error.message), icon=":material/error:")
