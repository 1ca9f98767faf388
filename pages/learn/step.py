"""Lesson on one training step: the first updates of a real run in slow motion."""

import numpy as np
import streamlit as st

from core import formatting as figures
from core.array_types import Bytes
from core.charts.steps import steps_figure
from core.config.datasets import dataset_title
from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.explain.flow import image_shape
from core.explain.lessons.update import is_worked_out, number, update_lines
from core.runs.entries import Run
from core.runs.first_updates import Steps, Watched, has_steps, read_steps
from core.text import clause, say
from pages.learn.stepper import step_buttons
from pages.learn.tall_chart import tall_chart
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.shared.digit_images import digits_or_note
from pages.shared.run_header import offered_now, pick_run
from pages.state.address import imply
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.theme import colors
from pages.widgets.digit_sheet import SheetDigit, digit_sheet
from pages.widgets.note import note
from pages.widgets.train_first import train_first

HEIGHT = 200
_SHOWN = 8
# as wide as the window allows for Adam's long lines
_FORMULAS = "<style>.st-key-learn-formulas .katex {font-size: max(min(.75rem, 2.7vw), 1.2vw)}</style>"


def step(view: LearnView) -> None:
    """A run's batch, the loss before and after its update, and the update of one weight in numbers."""
    pick, turn = st.columns([10, 13], gap="large", vertical_alignment="bottom")
    with pick:
        run = _run(view)
    if run is None:
        return
    try:
        steps = read_steps(run.folder)
    except UnreadableRun as error:
        note(say("lessons.step.unreadable", reason=plain_text(clause(error.message))))
        return
    wanted = 1 if view.step is None else view.step
    chosen = within("step", wanted, 1, len(steps), str) - 1
    with turn:
        step_buttons(chosen + 1, 1, len(steps), say("lessons.step.which", number=chosen + 1, count=len(steps)))
    left, right = st.columns([10, 13], gap="large")
    with left:
        _batch(steps, chosen, run.manifest.config.dataset)
        st.markdown(f"**{say('lessons.step.losses')}**")
        _losses(steps, chosen)
    with right:
        weight = _pick_weight(steps, run.manifest.config)
        _reckoning(steps, chosen, weight, run.manifest.config)


def _run(view: LearnView) -> Run | None:
    offered = offered_now(view.run, look().runs)
    runs = [run for run in offered.runs if has_steps(run.folder)]
    if not runs:
        train_first(say("lessons.step.none"))
        return None
    older = next((run for run in offered.runs if run.id == view.run and run not in runs), None)
    if older is not None:
        st.caption(say("lessons.step.older", name=plain_text(older.name, longest=60)))
    # the batch comes from the training images, like the validation images
    run = pick_run("" if older else view.run, runs, others=offered.others, part="validation")
    imply("learn", run=run.id)
    return run


def _batch(steps: Steps, chosen: int, dataset: str) -> None:
    size, labels = int(steps.sizes[chosen]), steps.labels[chosen][:_SHOWN]
    text = say("lessons.step.batch", size=size, shown=len(labels))
    st.markdown(f"**{text}**")
    images = _images(steps, chosen, dataset)
    if images is None:
        st.caption(say("lessons.step.labels", labels=" ".join(map(str, labels))))
        return
    digits = [SheetDigit(place, str(label)) for place, label in enumerate(labels)]
    digit_sheet("lessons.batch", images[:_SHOWN], digits, alt=text, size=42)


def _images(steps: Steps, chosen: int, dataset: str) -> Bytes | None:
    """The batch's first images, uint8 (n, 28, 28); None, with a note on the page, if they are not available."""
    if steps.images.size:
        augmented: Bytes = steps.images[chosen]
        return augmented
    data, places = digits_or_note(dataset), steps.places[chosen]
    if data is None:
        return None
    if places.max() >= len(data.train_labels) or not np.array_equal(data.train_labels[places], steps.labels[chosen]):
        note(say("digit_images.others", name=plain_text(dataset_title(dataset))), icon="link_off")
        return None
    found: Bytes = data.train_images[places]
    return found


def _losses(steps: Steps, chosen: int) -> None:
    before, after = float(steps.before[chosen]), float(steps.after[chosen])
    numbers, chart = st.columns([2, 5])
    with numbers:
        st.metric(
            say("lessons.step.batch_loss"),
            figures.loss(after),
            delta=figures.minus(f"{after - before:+.4f}"),
            # by itself, Streamlit takes a hyphen alone for a minus
            delta_color="green" if after < before else "red",
            delta_arrow="down" if after < before else "up",
            help=say(
                "lessons.step.batch_loss_help",
                before=figures.loss(before),
                after=figures.loss(after),
                seen=figures.loss(float(steps.loss[chosen])),
            ),
        )
        st.caption(say("lessons.step.was", before=figures.loss(before)))
    with chart:
        figure = steps_figure(steps, chosen=chosen, colors=colors(), height=HEIGHT)
        alt = say("lessons.step.chart_alt", count=len(steps))
        tall_chart("steps", figure, above=32, alt=alt)


def _pick_weight(steps: Steps, config: RunConfig) -> int:
    names = [_name(watched, config) for watched in steps.watched]
    # start with an output weight, since it belongs to a digit that everyone can name
    last = steps.watched[-1].layer
    first = next((i for i, each in enumerate(steps.watched) if (each.layer, each.variable) == (last, "kernel")), 0)
    chosen = st.selectbox(
        f"**{say('lessons.step.weight')}**",
        range(len(names)),
        index=first,
        format_func=names.__getitem__,
        key=f"lessons.weight.{len(names)}.{names[0]}",
        help=say("lessons.step.weight_help"),
    )
    if is_worked_out(config):
        rule = config.optimizer
        st.markdown(say(f"lessons.step.rule.{rule}"), help=say(f"lessons.step.rule_help.{rule}"))
    else:
        clipped = config.clipping != "off"
        name = say(f"options.optimizer.{config.optimizer}")
        st.caption(say("lessons.step.clipped") if clipped else say("lessons.step.not_worked_out", optimizer=name))
    return int(chosen)


def _reckoning(steps: Steps, chosen: int, weight: int, config: RunConfig) -> None:
    before, after = (float(steps.weights[place, weight]) for place in (chosen, chosen + 1))
    gradient, rate = float(steps.gradients[chosen, weight]), float(steps.rates[chosen])
    known = rf"w = {number(before)} \qquad g = {number(gradient)} \qquad \eta = {number(rate)}"
    rows = [
        rf"{line.formula} = {line.numbers} = \mathbf{{{number(line.value)}}}"
        for line in (update_lines(config, steps, chosen, weight) if is_worked_out(config) else [])
    ]
    st.html(_FORMULAS)
    with st.container(key="learn-formulas"):
        st.latex(r"\begin{array}{l}" + r" \\[1.1em] ".join([known, *rows]) + r"\end{array}")
    st.caption(
        say(
            "lessons.step.recorded", after=figures.minus(f"{after:.4g}"), change=figures.minus(f"{after - before:+.3g}")
        )
    )


def _name(watched: Watched, config: RunConfig) -> str:
    """The name of a weight. Rows, columns and digits count from 0, as everywhere; units, filters, channels from 1."""
    table = config.layer_table
    learning = [row.layer.name for row in table if any("kernel" in weight for weight in row.weights)]
    index, last = watched.index, watched.layer == learning[-1]
    if watched.variable == "bias" and last:
        return say("lessons.step.output_bias", layer=watched.layer, unit=index[-1])
    if watched.variable == "bias":
        return say("lessons.step.bias", layer=watched.layer, unit=index[-1] + 1)
    if watched.variable != "kernel":
        return say("lessons.step.other", layer=watched.layer, variable=watched.variable, unit=index[-1] + 1)
    if len(index) == 4:
        return say(
            "lessons.step.convolution",
            layer=watched.layer,
            row=index[0],
            column=index[1],
            channel=index[2] + 1,
            filter=index[3] + 1,
        )
    shape = image_shape(table, watched.layer)
    if watched.layer == learning[0] and shape[1:] and shape[2] == 1:
        row, column = divmod(index[0], shape[1])
        return say("lessons.step.pixel", layer=watched.layer, row=row, column=column, unit=index[1] + 1)
    if last:
        return say("lessons.step.output", layer=watched.layer, input=index[0] + 1, unit=index[1])
    return say("lessons.step.dense", layer=watched.layer, input=index[0] + 1, unit=index[1] + 1)
