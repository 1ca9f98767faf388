"""Lesson on pooling: of each 2×2 window of a map, one number goes on."""

import numpy as np

from core.array_types import Floats
from core.config.poolings import AveragePooling2D, MaxPooling2D, Pooling
from core.explain.pooling import pooled, window
from core.text import say
from pages.learn.controls import controls, labeled
from pages.learn.digits import clear_digit, lesson_digits, lesson_network, pick_digit
from pages.learn.filter import pick_filter
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.url_state import change
from pages.widgets.sliding_window import Line, Picture, sliding_window
from pages.widgets.switch import switch


def pooling(view: LearnView) -> None:
    """Pickers for filter, digit and kind of pooling, and the window on its way over the filter's map."""
    data, network = lesson_digits(), lesson_network()
    if data is None or network is None:
        return
    digit = clear_digit(data, view)
    outputs = network.outputs(digit)
    names = [row.layer.name for row in network.table]
    own = next(row.layer for row in network.table if isinstance(row.layer, Pooling))
    maps = outputs[names[names.index(own.name) - 1]]
    with controls():
        chosen = pick_filter(view, maps)
        pick_digit(view)
        label = say("lessons.pooling.kind")
        with labeled(label):
            switch("pool", view.pool, ["max", "average"], label, lambda kind: say(f"lessons.pooling.{kind}"))
    kind = MaxPooling2D if view.pool == "max" else AveragePooling2D
    layer = kind(own.name, own.pool_size, own.padding)
    one_map, after = maps[..., chosen], pooled(maps, layer)[..., chosen]
    step = within("step", int(after.argmax()) if view.step is None else view.step, 0, after.size - 1, str)
    places = list(np.ndindex(after.shape))
    sliding_window(
        "learn.pooling",
        Picture(
            one_map,
            say("lessons.pooling.map", filter=chosen + 1),
            say("lessons.pooling.map_alt", filter=chosen + 1, label=digit.label),
        ),
        span=own.pool_size[0],
        stride=own.window.strides[0],
        output=Picture(
            after,
            say("lessons.pooling.pooled"),
            say("lessons.pooling.pooled_alt", kind=say(f"lessons.pooling.{view.pool}")),
            limit=float(one_map.max()),
        ),
        tables={"patch": say("lessons.pooling.window")},
        lines=[Line(say(f"lessons.pooling.result_{view.pool}"), after)],
        marked=[_winner(one_map, layer, (place[0], place[1])) for place in places],
        at=step,
        complete=view.step is None,
        on_rest=lambda at: change(step=at),
    )


def _winner(one_map: Floats, layer: Pooling, place: tuple[int, int]) -> int:
    """The index of the largest number in the window, -1 if none is passed on as such."""
    found = window(one_map, layer, place)
    if found.winner is None:
        return -1
    row, column = found.winner[0] - found.rows[0], found.winner[1] - found.columns[0]
    return row * len(found.columns) + column
