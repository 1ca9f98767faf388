"""A live chart sends each point once."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.charts.trace import Trace


def page() -> None:
    import streamlit as st

    from pages.widgets.live_chart import live_chart

    live_chart(
        "loss",
        st.session_state["run"],
        st.session_state["traces"],
        x_title="Epoch",
        y_title="Loss",
        alt="Loss over the epochs",
    )


class Page:
    """A page with one chart, and its message to the browser."""

    def __init__(self) -> None:
        self.app = AppTest.from_function(page, default_timeout=20)

    def show(self, *traces: Trace, run: str = "run-1") -> dict[str, dict[str, Any]]:
        self.app.session_state["run"] = run
        self.app.session_state["traces"] = traces
        self.app.run(timeout=20)
        return {trace["name"]: trace for trace in json.loads(self.proto.json)["traces"]}

    @property
    def proto(self) -> Any:
        (chart,) = self.app.get("bidi_component")
        return chart.proto


def batches(count: int, generation: int = 0) -> Trace:
    x = [(i + 1) / 469 for i in range(count)]
    y = [2.3 / (1 + i) for i in range(count)]
    return Trace(name="each batch", role="training_batches", x=x, y=y, generation=generation)


def best(epoch: int) -> Trace:
    return Trace(name="best", role="best", x=[epoch], y=[0.1 / epoch], text=f"epoch {epoch}")


def test_a_message_has_only_the_new_points() -> None:
    chart = Page()
    first = chart.show(batches(50))["each batch"]
    unchanged = chart.show(batches(50))["each batch"]
    longer = chart.show(batches(60))["each batch"]
    assert (first["start"], len(first["x"]), len(first["y"])) == (0, 50, 50)
    assert (unchanged["start"], unchanged["x"], unchanged["y"]) == (50, [], [])
    assert (longer["start"], len(longer["x"])) == (50, 10)
    assert longer["x"][0] == pytest.approx(51 / 469, rel=1e-5)
    assert longer["y"][-1] == pytest.approx(2.3 / 60, rel=1e-5)


def test_two_messages_that_never_arrived_leave_no_gap() -> None:
    chart = Page()
    held = 0
    for count in (50, 55, 60, 65, 70, 75, 80):
        message = chart.show(batches(count))["each batch"]
        if count in (50, 65, 80):
            assert message["start"] <= held
            held = message["start"] + len(message["x"])
            assert held == count
    assert len(message["x"]) == 15


def test_a_point_that_moves_back_and_forth_is_sent_each_time() -> None:
    chart = Page()
    for epoch in (3, 4, 3):
        moved = chart.show(best(epoch))["best"]
        assert (moved["start"], moved["x"], moved["text"]) == (0, [epoch], f"epoch {epoch}")


@pytest.mark.parametrize(("count", "run"), [(20, "run-1"), (60, "run-2")])
def test_a_shorter_trace_or_a_new_run_is_sent_whole(count: int, run: str) -> None:
    chart = Page()
    chart.show(batches(50))
    after = chart.show(batches(count), run=run)["each batch"]
    assert (after["start"], len(after["x"])) == (0, count)


def test_ten_new_points_on_six_lines_take_under_2_kb() -> None:
    chart = Page()
    others = [best(3)] + [
        Trace(name=f"{role} of the tutorial", role=role, x=range(1, 21), y=[1 / e for e in range(1, 21)])
        for role in ("training", "validation", "reference_training", "reference_validation")
    ]
    chart.show(batches(500), *others)
    chart.show(batches(510), *others)
    assert chart.proto.ByteSize() < 2_000


def test_a_new_trace_or_generation_is_sent_whole_and_the_others_are_not() -> None:
    chart = Page()
    chart.show(batches(50), best(3))
    new = Trace(name="validation", role="validation", x=[1], y=[0.5])
    after = chart.show(new, batches(50, generation=1), best(3))
    assert after["validation"]["x"] == [1.0]
    assert (after["each batch"]["start"], len(after["each batch"]["x"])) == (0, 50)
    assert (after["best"]["start"], after["best"]["x"]) == (1, [])


def test_values_that_cannot_be_drawn_are_gaps() -> None:
    values = [0.5, None, float("nan"), float("inf")]
    for y in (values, np.array(values, np.float32), pd.Series(values, index=[7, 8, 9, 10])):
        sent = Page().show(Trace(name="loss", role="training", x=np.arange(1, 5), y=y))["loss"]
        assert (sent["x"], sent["y"]) == ([1.0, 2.0, 3.0, 4.0], [0.5, None, None, None])


def test_a_gap_at_the_end_does_not_resend_the_trace() -> None:
    chart = Page()
    chart.show(Trace(name="validation", role="validation", x=[1, 2], y=[0.5, float("nan")]))
    after = chart.show(Trace(name="validation", role="validation", x=[1, 2, 3], y=[0.5, float("nan"), 0.4]))
    assert after["validation"]["x"] == [3.0]


def test_traces_of_one_name_and_points_without_a_value_are_rejected() -> None:
    with pytest.raises(AssertionError, match="encountered an error"):
        Page().show(best(3), best(4))
    with pytest.raises(ValueError, match="2 x and 1 y"):
        Trace(name="loss", role="training", x=[1, 2], y=[0.5])
