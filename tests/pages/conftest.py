"""The app without a browser, with runs made by tests."""

import base64
import json
import re
import time
from functools import cache, partial
from html import unescape
from importlib import import_module
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from google.protobuf.message import Message as ProtoMessage
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test
from streamlit.util import calc_hash

from core.config.presets import PRESETS
from core.data import datasets
from core.places import ROOT
from core.queue.queue import Queue
from core.sweeps.keeper import Keeper
from core.text import say
from pages.shared.fetching import fetching
from pages.state.page_links import PAGE_FILES
from pages.state.view import View
from tests.made_runs import lay_out

VIEWS = [
    found
    for path in sorted((ROOT / "pages").rglob("view.py"))
    for found in vars(import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))).values()
    if isinstance(found, type) and issubclass(found, View) and found.address
]
"""The view of each page and of each tab of a run's page."""
TABS = {view.tab: view for view in VIEWS if view.tab}
PAGES = ("train", "runs", "results", "mistakes", "inside", "settings", "draw", "data", "learn")

# AppTest scans all installed packages for components at each visit, unlike a server; that took half of the time
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def no_exception(monkeypatch):
    """No rerun of any page raises an exception."""
    run = AppTest._run

    def run_without_exception(test, *args, **options):
        run(test, *args, **options)
        assert not test.exception, [error.message for error in test.exception]
        return test

    monkeypatch.setattr(AppTest, "_run", run_without_exception)


@pytest.fixture
def runs_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DIGIT_LAB_WARM_WORKER", "off")
    st.cache_resource.clear()
    yield tmp_path / "runs"
    st.cache_resource.clear()


@pytest.fixture
def make_run(runs_dir):
    """Make a run in the app's folder; arguments as in `lay_out`."""
    return partial(lay_out, runs_dir)


@pytest.fixture
def app(runs_dir, monkeypatch):  # noqa: ARG001 sets the folder of the runs
    """Open a page of the app by a link with these parameters."""
    # started runs stay queued: training takes half a minute of CPU time
    monkeypatch.setattr(Queue, "watch", lambda *_: None)
    monkeypatch.setattr(Keeper, "watch", lambda *_: None)
    # otherwise AppTest treats the folder `pages` as an old-style multipage app and runs a page without app.py
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    monkeypatch.setattr(app_test, "PagesManager", type("WithMenu", (PagesManager,), {}))

    def open_page(page="train", /, **parameters):
        """A page by its name, a tab of a run's page, or with a slash any address."""
        if page in TABS:
            page, parameters = "run", {"tab": page, **parameters}
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for name, value in parameters.items():
            test.query_params[name] = str(value)
        test._page_hash = calc_hash({"train": ""}.get(page, page.removeprefix("/")))
        return test.run()

    return open_page


def turn(test, page):
    """Open a page by the menu, without parameters, or a tab by a click or its link; widgets' values are sent again."""
    if page in TABS and (bar := tab_bar(test)):
        return send(test, id=bar, string_value=say(f"run_page.tabs.{page}"))
    test.query_params.clear()
    if page in TABS:
        test.query_params.update(test.session_state["looking"].query(TABS[page]))
    return test.switch_page(PAGE_FILES["run" if page in TABS else page]).run()


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


@pytest.fixture
def without_mnist(monkeypatch, tmp_path):
    """A machine without MNIST, and a wrong path to it, so that nothing is downloaded."""
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DIGIT_LAB_MNIST", str(tmp_path / "nowhere.npz"))


@pytest.fixture
def mnist_available(monkeypatch):
    """Choose the run to show as on a machine that has MNIST."""
    monkeypatch.setattr("pages.shared.run_header.is_available", lambda _: True)


def complete(test, kind="skeleton"):
    """The page once it shows no element of this kind, such as a placeholder of what is still computed."""
    deadline = time.monotonic() + 60
    while test.get(kind):
        assert time.monotonic() < deadline
        test.run()
    return test


@pytest.fixture
def settled():
    """Open a page once MNIST is no longer being fetched."""

    def wait(open_page):
        deadline = time.monotonic() + 20
        while fetching("mnist", datasets.status("mnist")):
            assert time.monotonic() < deadline
        return open_page()

    return wait


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


def choose(test, key, index, event="choice"):
    """Click on this digit in a sheet."""
    element = next(element for element in test.get("bidi_component") if element.key == key)
    events = json.dumps([{"event": event, "value": index}])
    return send(test, id=_make_trigger_id(element.proto.id, "events"), json_trigger_value=events)


def click(test, true, predicted, place=0):
    """Click on a cell of a chart."""
    cell = next(cell for cell in figure(test, place)[-1]["customdata"] if cell[:2] == [true, predicted])
    points = {"points": [{"customdata": cell}], "point_indices": [], "box": [], "lasso": []}
    return send(test, id=test.get("plotly_chart")[place].proto.id, string_value=json.dumps({"selection": points}))


def digit_rows(test, name):
    """The texts of a table of digits: a row for each id, a column for each key."""
    data = component(test, f"digit-table.{name}")
    keys = [column["key"] for column in data["columns"]]
    texts = [[row["name"], *row["cells"]] for row in data["rows"]]
    return pd.DataFrame(texts, index=[row["id"] for row in data["rows"]], columns=keys)


def click_table(test, name, event, value):
    """Open the row with this id (`open`) or sort by the column with this key (`sort`)."""
    return choose(test, f"digit-table.{name}", value, event)


def send(test, **message):
    """Send a widget message for an element that AppTest cannot operate."""
    states = test._tree.get_widget_states()
    states.widgets.append(WidgetState(**message))
    test._page_hash = ""  # the current page
    return test._run(states)


PROBLEM = re.compile(r":orange\[:material/(?:info|error|link_off|database_off|folder_off):\] (.*)", re.DOTALL)
"""A note of `pages.widgets.note`, without those on what is still to come."""


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


@pytest.fixture
def two(make_run):
    """Two runs, A and B, of a network with different seeds, with 100 and 60 mistakes."""
    config = PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20", seed=2)
    a = make_run("finished", errors={0: 90, 1: 30, 3: 10}, test_accuracy=0.9)
    b = make_run("finished", errors={1: 25, 3: 6}, seed=1, test_accuracy=0.94, config=config)
    return a, b


def link(*folders):
    return ",".join(folder.id for folder in folders)


def verdict(test):
    """The sentence about McNemar's test, without markup."""
    (sentence,) = [element.value for element in test.markdown if element.value.startswith("B gains")]
    return sentence.replace("*", "")
