"""Pooling: a map before and after, one window in numbers, and what pooling is good for."""

import html
from collections.abc import Sequence

import streamlit as st

from core import formatting as figures
from core.array_types import Floats
from core.charts.pooled_map import map_figure
from core.config.layers import LayerRow
from core.config.poolings import GlobalPooling, Pooling
from core.explain.pooling import Place, Window, left_over, nearest_window, strongest, window
from core.text import listed, say, sentences
from pages.run.inside.head import Inside
from pages.run.inside.robustness import robustness
from pages.run.inside.view import InsideView
from pages.state.plain_text import plain_text
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.clickable_chart import clickable_chart
from pages.widgets.explanations import explanations

HEIGHT, HEIGHT_AFTER = 276, 208
_FIRST = "inside.pooling.first"

_CELL = (
    '<td style="border:2px solid {edge};padding:.4em .6em;text-align:center;font-size:calc(1.25rem * var(--formula));'
    'font-variant-numeric:tabular-nums;font-weight:{weight}">{text}</td>'
)


def pooling(inside: Inside, view: InsideView) -> None:
    """One window of one map, and robustness; only the latter in a network without pooling."""
    rows = [row for row in inside.table if isinstance(row.layer, Pooling)]
    if not rows:
        st.markdown(no_windows(inside.table))
        robustness(inside, view)
        return
    one, why = say("pooling.one"), say("pooling.why")
    # a changed default would switch tabs during use
    first = st.session_state.setdefault(_FIRST, one if view.change == "shift" else why)
    # only the open tab is computed
    tabs = st.tabs([one, why], default=first, key="inside.pooling", on_change="rerun")
    if tabs[0].open:
        with tabs[0]:
            _one_window(inside, view, rows)
    else:
        with tabs[1]:
            robustness(inside, view)


def no_windows(table: Sequence[LayerRow]) -> str:
    """Why there is no window to show in a network without pooling by windows."""
    whole = [row.layer.name for row in table if isinstance(row.layer, GlobalPooling)]
    return say("pooling.whole_maps", names=listed(whole)) if whole else say("pooling.none")


def _one_window(inside: Inside, view: InsideView, rows: list[LayerRow]) -> None:
    row = _row(inside, view, rows)
    layer = row.layer
    assert isinstance(layer, Pooling)
    maps_before, maps_after = inside.input_of(layer.name), inside.activations[layer.name]
    # a link's map and window belong to the link's layer
    here = view if view.layer == layer.name else InsideView(map=_most_varied(maps_after))
    number = min(here.map, maps_after.shape[-1] - 1)
    before, after = maps_before[..., number], maps_after[..., number]
    place = _place(here, after)
    if number != here.map:
        st.caption(say("pooling.no_map", wanted=here.map + 1, last=number + 1))
    if any(wanted not in (None, found) for wanted, found in zip((here.row, here.column), place, strict=True)):
        st.caption(say("pooling.no_window", row=place[0], column=place[1]))
    _pickers(layer, number, place, maps_after.shape, rows)
    chosen = window(before, layer, place)
    shapes = ["×".join(map(str, one.shape)) for one in (before, after)]

    def chart(side: str, shown: Floats, marked: tuple[range, range], height: int) -> None:
        """A map on the color scale of the one before pooling; a click chooses a window."""
        clickable_chart(
            f"pooling-{side}",
            map_figure(
                shown,
                strongest=float(before.max()),
                weakest=float(before.min()),
                window=marked,
                winner=chosen.winner if side == "before" else None,
                window_of=lambda at: nearest_window(before.shape, layer, at) if side == "before" else at,
                colors=colors(),
                height=height,
            ),
            alt=say(f"pooling.{side}_alt", map=number + 1, layer=layer.name),
            on_choose=lambda row, column: change(layer=layer.name, map=number, row=row, column=column),
        )

    left, middle, right = st.columns([7, 6, 5], gap="medium")
    with left:
        st.caption(say("pooling.before", shape=shapes[0]))
        chart("before", before, (chosen.rows, chosen.columns), HEIGHT)
    with middle:
        st.caption(say("pooling.window", row=place[0], column=place[1]))
        _numbers(chosen)
        size = "×".join(map(str, layer.window.size))
        sentence = say(f"pooling.sentence_{layer.kind}", size=size, before=shapes[0], after=shapes[1])
        st.caption(sentences([sentence, *_edge(layer, before.shape)]))
    with right:
        st.caption(say("pooling.after", shape=shapes[1]))
        row_out, column_out = (range(at, at + 1) for at in place)
        chart("after", after, (row_out, column_out), HEIGHT_AFTER)


def _row(inside: Inside, view: InsideView, rows: list[LayerRow]) -> LayerRow:
    found = next((row for row in rows if row.layer.name == view.layer), rows[0])
    if view.layer and view.layer not in {row.layer.name for row in inside.table}:
        st.caption(say("pooling.no_layer", wanted=plain_text(view.layer, longest=40), layer=found.layer.name))
    return found


def _place(view: InsideView, after: Floats) -> Place:
    row, column = strongest(after)
    wanted = (row if view.row is None else view.row, column if view.column is None else view.column)
    return min(wanted[0], after.shape[0] - 1), min(wanted[1], after.shape[1] - 1)


def _most_varied(maps: Floats) -> int:
    """The map whose values vary most, shown first."""
    return int(maps.std(axis=(0, 1)).argmax())


def _pickers(layer: Pooling, number: int, place: Place, shape: tuple[int, ...], rows: list[LayerRow]) -> None:
    here = {"layer": layer.name, "map": number, "row": place[0], "column": place[1]}
    names = [row.layer.name for row in rows]
    columns = st.columns(4)
    with columns[0]:
        st.selectbox(
            say("pooling.layer"),
            names,
            help=explanations({say("pooling.map"): say("pooling.map_help")}, first=say("pooling.layer_help")),
            **bound("layer", layer.name, first="index", options=names, also={"map": 0, "row": None, "column": None}),
        )
    with columns[1]:
        st.number_input(
            say("pooling.map"),
            1,
            shape[2],
            **bound("map", number + 1, options=(layer.name, shape[2]), then=lambda shown: {**here, "map": shown - 1}),
        )
    for column, name, value, count in zip(columns[2:], ("row", "column"), place, shape, strict=False):
        with column:
            shown = bound(name, value, options=(layer.name, count), also=here)
            st.number_input(say(f"pooling.{name}"), 0, count - 1, **shown)


def _numbers(chosen: Window) -> None:
    """The window's numbers, the winner framed, and the result."""
    shades = colors()
    lines = []
    for row, values in enumerate(chosen.values):
        cells = []
        for column, value in enumerate(map(float, values)):
            won = chosen.winner == (chosen.rows[row], chosen.columns[column])
            text = figures.minus(f"{value:.3f}") + (" ✓" if won else "")
            edge, weight = (shades.validation, 700) if won else (shades.faint, 400)
            cells.append(_CELL.format(edge=edge, weight=weight, text=html.escape(text)))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    table = f'<table style="border-collapse:separate;border-spacing:4px">{"".join(lines)}</table>'
    st.html(f'<div role="group" aria-label="{html.escape(say("pooling.numbers_alt"))}">{table}</div>')
    result = figures.minus(f"{chosen.result:.3f}")
    if chosen.values.size == 1:
        sentence = "only"
    elif chosen.winner is not None:
        sentence = "maximum"
    else:
        sentence = "all_alike" if chosen.values.max() == chosen.values.min() else "mean"
    st.markdown(say(f"pooling.{sentence}", count=chosen.values.size, result=result))


def _edge(layer: Pooling, shape: tuple[int, ...]) -> list[str]:
    """A sentence on how the edge of a map is treated that the windows do not fill."""
    if left_over(shape, layer):
        return [say("pooling.edge_valid")]
    if any(any(margin) for margin in layer.window.margins(shape[:2])):
        return [say("pooling.edge_same")]
    return []
