"""A page with two live charts that get points at the press of a button, or each second with ?tick."""

import math

import streamlit as st

from core.charts.trace import Trace
from pages.widgets.live_chart import live_chart, live_chart_room

BATCHES_AN_EPOCH = 20


def curves(count: int, *, accuracy: bool) -> list[Trace]:
    batches = [(i + 1) / BATCHES_AN_EPOCH for i in range(count)]
    loss = [2.3 * math.exp(-4 * x) + 0.3 / (x + 1) + 0.04 * math.sin(9 * i) / (1 + x) for i, x in enumerate(batches)]
    epochs = list(range(1, count // BATCHES_AN_EPOCH + 1))
    training = [0.3 / (e + 0.4) + 0.01 for e in epochs]
    validation = [0.2 / (e + 0.4) + 0.02 + 0.004 * e for e in epochs]
    tutorial = [0.28 / (e + 0.4) for e in range(1, 9)]
    as_shown = (lambda values: [1 - v / 3 for v in values]) if accuracy else (lambda values: values)
    traces = [
        Trace(name="Each batch", role="training_batches", x=batches, y=as_shown(loss)),
        Trace(name="Tutorial", role="reference_training", x=range(1, 9), y=as_shown(tutorial)),
        Trace(name="Training", role="training", x=epochs, y=as_shown(training)),
        Trace(name="Validation", role="validation", x=epochs, y=as_shown(validation)),
    ]
    if epochs:
        best = validation.index(min(validation))
        label = f"epoch {best + 1}"
        traces.append(Trace(name="Best", role="best", x=[best + 1], y=as_shown([validation[best]]), text=label))
    return traces


@st.fragment(run_every=1 if "tick" in st.query_params else None)
def charts() -> None:
    state = st.session_state
    state.setdefault("points", int(st.query_params.get("points", 60)))
    state.setdefault("run", 1)
    if "tick" in st.query_params:
        state.points += 5
    with st.container(horizontal=True):
        if st.button("More points"):
            state.points += 10
        if st.button("Lose a message"):
            # the browser never gets the points in between
            state.points += 10
            for key in ("loss", "accuracy"):
                conversation = state[f"_{key}_sent"]
                for trace in curves(state.points, accuracy=key == "accuracy"):
                    if trace.role == "training_batches":
                        for sent in conversation.sent:
                            sent[trace.name] = sent[trace.name]._replace(
                                points=len(trace.x), last=(round(trace.x[-1], 6), float(f"{trace.y[-1]:.6g}"))
                            )
            state.points += 10
        log_y, smooth = st.toggle("Log axis"), st.toggle("Smooth")
        if st.button("New run", type="primary"):
            state.run += 1
            state.points = 30
    for column, key in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        with column:
            live_chart(
                key,
                f"run-{state.run}",
                curves(state.points, accuracy=key == "accuracy"),
                x_title="Epoch",
                y_title=key.capitalize(),
                alt=f"{key} over the epochs",
                y_format=".2%" if key == "accuracy" else "",
                log_y=log_y and key == "loss",
                smoothing=5 if smooth else 1,
            )
    st.write(f"{state.points} points")


st.set_page_config(layout="wide")
live_chart_room("20rem")
charts()
