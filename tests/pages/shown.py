"""What a page shows, read from the elements of an AppTest."""

import base64
import json
import re
from html import unescape
from itertools import pairwise

import numpy as np
import pandas as pd
from google.protobuf.message import Message as ProtoMessage

PROBLEM = re.compile(r":orange\[:material/(?:info|error|link_off|database_off|folder_off):\] (.*)", re.DOTALL)
"""A note of `pages.widgets.note`, without those on what is still to come."""


def tab_bar(test):
    """The id of the tabs' widget; None on a page without tabs."""
    return next((block.proto.tab_container.id for block in blocks(test) if block.type == "tab_container"), None)


def popover(test, key):
    """The id of the popover with this key."""
    ids = [block.proto.popover.id for block in blocks(test) if block.type == "popover"]
    (found,) = [each for each in ids if each.endswith(f"-{key}")]
    return found


def blocks(test):
    """All elements and containers of the page."""
    found = list(test._tree.children.values())
    for block in found:
        found.extend(getattr(block, "children", {}).values())
    return found


def texts(test):
    """All visible text, joined."""
    kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info")
    found = [element.value for kind in kinds for element in getattr(test, kind)]
    bars = [element.proto.text for element in test.get("progress")]
    return "\n".join([*found, *bars])


def sent_texts(test):
    """Yield all text in all elements and blocks sent to the browser, each with its kind of element and field."""

    def of_message(message, kind):
        for field, value in message.ListFields():
            for each in value if field.is_repeated else [value]:
                if isinstance(each, ProtoMessage):
                    yield from of_message(each, type(each).__name__)
                elif isinstance(each, bytes | str):
                    yield kind, field.name, each if isinstance(each, str) else each.decode("latin-1")

    nodes = list(test._tree.children.values())
    for node in nodes:
        nodes.extend(getattr(node, "children", {}).values())
        if isinstance(node.proto, ProtoMessage):
            yield from of_message(node.proto, type(node.proto).__name__)


def chart(test, metric):
    """The traces of this metric's live chart by name."""
    for element in test.get("bidi_component"):
        data = json.loads(element.proto.json)
        if data.get("key") == f"watch_{metric}":
            return {trace["name"]: trace for trace in data["traces"]}
    raise AssertionError(f"no chart of {metric}")


def figure(test, place=0):
    """The traces of the chart at this place."""
    traces = json.loads(test.get("plotly_chart")[place].proto.spec)["data"]
    return [{name: _unpacked(value) for name, value in trace.items()} for trace in traces]


def _unpacked(value):
    if isinstance(value, dict) and "bdata" in value:
        return np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]).tolist()
    return value


def matrix(test, place=0):
    """The counts in a chart of cells, (10, 10)."""
    counts = np.zeros((10, 10), int)
    for true, predicted, count in figure(test, place)[-1]["customdata"]:
        counts[true, predicted] = count
    return counts


def component(test, key):
    """What the component with this key was sent; None if there is no such component."""
    return next((json.loads(found.proto.json) for found in test.get("bidi_component") if found.key == key), None)


def sheet(test, key):
    """The indices of a sheet's digits in order, or None if there is no such sheet."""
    data = component(test, key)
    return data and [digit["index"] for digit in data["digits"]]


def opened(test, key="mistakes.sheet"):
    """The index of the marked digit in a sheet."""
    return component(test, key)["chosen"]


def digit_rows(test, name):
    """The texts of a table of digits: a row for each id, a column for each key."""
    data = component(test, f"digit-table.{name}")
    keys = [column["key"] for column in data["columns"]]
    texts = [[row["name"], *row["cells"]] for row in data["rows"]]
    return pd.DataFrame(texts, index=[row["id"] for row in data["rows"]], columns=keys)


def keys(test):
    """The keys of all buttons."""
    return {button.key for button in test.button}


def sentences(test):
    """The page's warnings, errors and notes of a problem."""
    alerts = [element.value for kind in ("warning", "error") for element in getattr(test, kind)]
    notes = [found[1] for element in test.markdown if (found := PROBLEM.match(element.value))]
    return [value.replace("\\", "") for value in (*alerts, *notes)]


def widget(test, kind, name):
    """The widget for a field of the view, whose key ends with a number."""
    (found,) = (element for element in getattr(test, kind) if (element.key or "").startswith(f"{name}."))
    return found


def cards(test):
    """The values of the metric cards, and the caption below each, by label."""
    shown = [element for element in test.main if element.type in ("metric", "caption")]
    return {one.label: (one.value, below.value) for one, below in pairwise(shown) if one.type == "metric"}


def tables(test):
    """The rows of each compact table as lists of texts, the column heads first."""
    found = [element.proto.body for element in test.get("html") if element.proto.body.startswith("<table")]
    rows = [re.findall(r"<tr>(.*?)</tr>", table) for table in found]
    return [[[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in own] for own in rows]


def pickers(test):
    """The chosen cell."""
    return widget(test, "selectbox", "view.true").value, widget(test, "selectbox", "view.predicted").value


def verdict(test):
    """The sentence about McNemar's test, without markup."""
    (sentence,) = [element.value for element in test.markdown if element.value.startswith("B gains")]
    return sentence.replace("*", "")
