"""Reading a drawing: prediction, preprocessing, other models' predictions, and feature maps."""

import html
from collections.abc import Sequence

import streamlit as st

from core import formatting as figures
from core.array_types import Floats
from core.config.datasets import BUILT_IN
from core.drawing.to_mnist import ALL_STEPS, Prepared, as_drawing
from core.inference.familiarity import Kind
from core.inference.reading import Reading, kind_of, read_each
from core.text import listed, say, shortened
from pages.draw.digit_check import digit_check
from pages.draw.drawing_label import drawing_label
from pages.draw.feature_maps import feature_maps
from pages.draw.preprocessing import chosen_steps, drawing_way, prepared
from pages.draw.reader_pickers import model_pickers
from pages.draw.readers import Model, learned_from, readers
from pages.draw.source import drawing_source, tested_digits
from pages.draw.view import DrawView
from pages.state.address import imply
from pages.state.drawing import CHOSEN, Rgba
from pages.state.plain_text import plain_text
from pages.state.url_state import view_now
from pages.widgets.announcement import announce
from pages.widgets.compact_table import Row, compact_table
from pages.widgets.probability_bars import blank_bars, probability_bars

_LONGEST_NAME = 40
_ANSWER = (
    '<div class="answer" style="display:flex;align-items:baseline;gap:1rem;min-height:6.5rem">'
    '<span style="font-size:6rem;line-height:1;font-weight:650">{digit}</span>'
    '<span style="font-size:1.25rem">{confidence}</span></div>'
)


@st.fragment
def reading(view: DrawView) -> None:
    """The canvas and the predictions beside it, updated at each stroke; `view` is the page's at its last full rerun."""
    if view_now(DrawView) != view:
        # the kept drawings below must use the newly chosen models too
        st.rerun()
    left, middle, right = st.columns([8, 6, 8], gap="medium")
    with left:
        rgba = drawing_source(view)
    read_by = readers(view)
    with right:
        model_pickers(read_by)
    imply("draw", model=read_by.first, others=",".join(read_by.others) or "none")
    models = read_by.models
    brought = view.source == "upload"
    picture = None if rgba is None else prepared(rgba, chosen_steps(), brought=brought)
    if not models or rgba is None or picture is None:
        st.session_state.pop(CHOSEN, None)
        announce("answer", "")
        with middle:
            _nothing(bool(models), rgba)
        return
    kind: Kind = kind_of(rgba) if brought else "pixels" if view.source == "test" else "drawing"
    each = read_each(picture, models[0].classifier, digit_check(models[0]), kind)
    with middle:
        way, found = each[_chosen(each)]
        _answer(found, models[0])
        # a picture may show more than this digit
        alone = as_drawing(way.ink) if brought and chosen_steps().polarity else rgba
        st.session_state[CHOSEN] = alone
        drawing_label(alone, found.digit)
    with right:
        _model_table(way.digit, models)
        _learned_from(view, models)
    drawing_way(rgba, way, models[0], brought=brought, number=picture.digits.index(way))
    feature_maps(way.digit, models[0])


def _chosen(each: Sequence[tuple[Prepared, Reading]]) -> int:
    """The number of the digit to look at; if there are several, they are offered."""
    if len(each) == 1:
        return 0
    digits = [reading.digit for _, reading in each]
    number = st.segmented_control(
        say("draw.several", count=len(each)),
        range(len(each)),
        format_func=lambda number: str(digits[number]),
        default=0,
        required=True,
        wrap=True,
        key=f"draw.several.{len(each)}",
    )
    return int(number or 0)


def _model_table(digit: Floats, models: Sequence[Model]) -> None:
    """A row per model; those that disagree with the first are marked."""
    read = [model.classifier.probabilities(digit[None])[0] for model in models]
    first = int(read[0].argmax())
    rows, names = [], ("name", "reads", "confidence")
    for model, probabilities in zip(models, read, strict=True):
        answer = int(probabilities.argmax())
        name = say("models.after", name=shortened(model.run.name, _LONGEST_NAME), epoch=model.classifier.epoch)
        read_as = say("models.agrees" if answer == first else "models.differs", digit=answer)
        cells = (name, read_as, figures.probability(float(probabilities[answer])))
        rows.append(Row(cells, wrong={1} if answer != first else frozenset()))
    compact_table([say(f"models.{name}") for name in names], rows, right={2}, alt=say("models.alt"))


def _learned_from(view: DrawView, models: Sequence[Model]) -> None:
    """Name the models that were trained on the test digit they read."""
    digits = tested_digits(view)
    if digits is not None and (names := [model.run.name for model in models if learned_from(model.run, digits)]):
        st.caption(say("draw.learned", names=plain_text(listed(names), longest=200)))


def _nothing(can_read: bool, rgba: Rgba | None) -> None:
    st.html(_ANSWER.format(digit="", confidence=""))
    drawn = view_now(DrawView).source == "draw"
    if can_read and (drawn or rgba is not None):
        st.caption(say("draw.nothing" if drawn else "drawing.empty"))
    blank_bars("draw.bars", BUILT_IN["mnist"].classes)


def _answer(found: Reading, model: Model) -> None:
    confidence = said = figures.probability(found.probability)
    if found.undecided:
        second = figures.probability(found.second_probability)
        said = say("draw.undecided", confidence=confidence, second=found.second, second_confidence=second)
    declined = None if found.declined is None else say(found.declined)
    announce("answer", declined or say("announcements.answer", digit=found.digit, confidence=said))
    if declined is not None:
        st.html(_ANSWER.format(digit="?", confidence=html.escape(declined)))
        st.caption(say("draw.would_read", digit=found.digit, confidence=confidence))
    else:
        st.html(_ANSWER.format(digit=found.digit, confidence=html.escape(said)))
    if chosen_steps() != ALL_STEPS:
        st.caption(say("draw.steps_off"))
    probability_bars("draw.bars", found.probabilities, BUILT_IN["mnist"].classes, predicted=found.digit)
    st.caption(say("draw.read_by", name=plain_text(model.run.name, longest=40), epoch=model.epoch))
