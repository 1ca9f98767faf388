"""Optuna's figures of a sweep in the product's theme, from the files that the sweep writes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from core.charts.frame import framed, whole_ticks
from core.charts.palette import Palette, color_at, stops
from core.text import listed, named, say

_AXIS = ("type", "tickmode", "tickvals", "ticktext", "range", "categoryorder", "categoryarray", "visible", "fixedrange")
_BAR = {"thickness": 10, "outlinewidth": 0}
_KEPT = ("x", "y", "z", "customdata", "orientation", "opacity")
_SHADES = 12
"""The colors of lines between the worst trial and the best."""
_LINES, _OF_POINTS = "lines+markers", ("x", "y", "customdata", "hovertext")
_FAINT = 0.35
"""The color of the oldest or worst trial, as a share of the scale, so that it is still seen."""


def sweep_figure(values: Mapping[str, Any], colors: Palette, height: int, *, title: Callable[[str], str]) -> go.Figure:
    """The figure that Optuna drew; `title` words the names of settings and scores. A point's customdata is its trial.

    Raises KeyError or TypeError for anything but a figure.
    """
    drawn = [trace for trace in values["data"] if trace.get("x") or "bar" in trace.get("type", "") or _is_bar(trace)]
    traces = _joined([{"showlegend": False} | _trace(trace, colors, title) for trace in sorted(drawn, key=_shade)])
    layout = values["layout"]
    axes = {name: _axis(axis, colors, title) for name, axis in layout.items() if name.startswith(("xaxis", "yaxis"))}
    if steps := [step for trace in drawn if isinstance(trace.get("meta"), str) for step in trace["x"]]:
        axes["xaxis"] |= whole_ticks(max(steps))
    lines = {"shapes": [shape | {"line": {"color": colors.quiet, "width": 1}} for shape in layout.get("shapes", ())]}
    notes = [note | {"font": {"color": colors.quiet, "size": 11}} for note in layout.get("annotations", ())]
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"}
    named = any(trace.get("showlegend") for trace in traces)
    return framed(
        traces,
        colors,
        height,
        margin={"l": 64, "r": 16, "t": 28, "b": 52},
        hovermode="closest",
        annotations=notes,
        **({"legend": legend} if named else {}),
        **lines,
        **axes,
    )


def _shade(trace: Mapping[str, Any]) -> float:
    """How strong the color of a line is, from 0 for the worst trial, or one that has not finished, to 1."""
    meta = trace.get("meta")
    return round(_SHADES * meta) / _SHADES if isinstance(meta, int | float) else float(meta == "COMPLETE")


def _joined(traces: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The traces, but lines of one look as one trace with gaps, which browsers draw many times as quickly."""
    alike: dict[str, list[dict[str, Any]]] = {}
    for place, trace in enumerate(traces):
        look = {name: value for name, value in trace.items() if name not in _OF_POINTS}
        alike.setdefault(str(look) if trace.get("mode") == _LINES else str(place), []).append(trace)
    return [_with_gaps(lines) if len(lines) > 1 else lines[0] for lines in alike.values()]


def _with_gaps(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = [name for name in _OF_POINTS if name in lines[0]]
    return lines[0] | {name: [value for line in lines for value in (*line[name], None)] for name in names}


def _axis(axis: Mapping[str, Any], colors: Palette, title: Callable[[str], str]) -> dict[str, Any]:
    kept = {name: axis[name] for name in _AXIS if name in axis}
    if "ticktext" in kept:
        # on a phone Plotly turns the names, which then need more room
        kept |= {"ticktext": [title(text) for text in kept["ticktext"]], "automargin": True}
    text = axis.get("title", {}).get("text", "")
    return {"gridcolor": colors.faint, **kept, **({"title": {"text": title(text)}} if text else {})}


def _is_bar(trace: Mapping[str, Any]) -> bool:
    """Whether a trace has no points and only explains the colors of others."""
    return bool(trace.get("marker", {}).get("showscale")) and trace.get("x") in ([None, None], None)


def _trace(trace: Mapping[str, Any], colors: Palette, title: Callable[[str], str]) -> dict[str, Any]:
    """A trace of Optuna's in our colors: light ones for old or bad trials, the strong one for new or good ones."""
    scale = (color_at((colors.background, colors.training), _FAINT), colors.training)
    shown = {name: trace[name] for name in _KEPT if name in trace}
    marker, meta = trace.get("marker", {}), trace.get("meta")
    if trace.get("type") == "contour":
        return shown | {
            "type": "contour",
            "colorscale": stops(scale),
            "reversescale": trace.get("reversescale"),
            "colorbar": _colorbar(trace, colors, title),
            "connectgaps": True,
            "contours": {"coloring": "heatmap"},
            "line": {"width": 0},
        }
    if trace.get("type") == "bar":
        plain = {"type": "bar", "textposition": "outside", "cliponaxis": False, "text": trace.get("text")}
        names = {"y": [title(name) for name in trace["y"]]}
        return shown | plain | names | {"marker": {"color": colors.training}, "textfont": {"color": colors.text}}
    if isinstance(meta, int | float):
        color = color_at(scale, _shade(trace))
        told = [named(title(name), value) for name, _, value in (text.partition(": ") for text in trace["hovertext"])]
        hover = {"hovertext": told, "hovertemplate": f"{_named()}<br>%{{hovertext}}"}
        look: dict[str, Any] = {"line": {"color": color, "width": 1.5}, "marker": {"size": 4, "color": color}}
        return shown | hover | look | {"mode": _LINES, "opacity": 0.8}
    if meta is not None:
        ended = meta == "COMPLETE"
        line = {"color": colors.training if ended else colors.quiet, "dash": "solid" if ended else "dot", "width": 1.5}
        look = {"mode": _LINES, "line": line, "opacity": 0.7, "marker": {"size": 4}}
        return (
            shown
            | look
            | {"hovertemplate": named(listed([_named(), say("charts.epoch_is", epoch="%{x}")]), "%{y:.4g}")}
        )
    if trace.get("customdata"):
        look = {"size": 9, "line": {"width": 1, "color": colors.background}, "color": colors.training}
        if isinstance(marker.get("color"), list):
            bar = {"colorbar": _colorbar(marker, colors, title), "showscale": bool(marker.get("colorbar"))}
            look |= {"color": marker["color"], "colorscale": stops(scale), **bar}
        return shown | {"mode": "markers", "marker": look, "hovertemplate": named(_named(), "%{y:.4g}")}
    if trace.get("mode") == "lines":
        best = {"name": say("sweep_page.best_so_far"), "showlegend": True}
        return shown | best | {"mode": "lines", "line": {"color": colors.test, "width": 2}}
    # the bar that explains the colors of the lines
    own = {name: marker[name] for name in ("color", "cmin", "cmax", "reversescale", "showscale") if name in marker}
    bar = {**own, "colorscale": stops(scale), "colorbar": _colorbar(marker, colors, title)}
    return {"x": [None], "y": [None], "mode": "markers", "marker": bar}


def _colorbar(owner: Mapping[str, Any], colors: Palette, title: Callable[[str], str]) -> dict[str, Any]:
    text = owner.get("colorbar", {}).get("title", {}).get("text", "")
    quiet = {"color": colors.quiet, "size": 12}
    return {**_BAR, "tickfont": quiet, "title": {"text": title(text), "font": quiet, "side": "right"}}


def _named() -> str:
    """The name of a point's trial, for a hovertemplate."""
    return say("sweep_page.trial", number="%{customdata[0]}")
