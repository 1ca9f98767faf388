"""What a visitor does on a page of an AppTest that AppTest itself cannot do."""

import json
import time

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.text import say
from pages.state.page_links import PAGE_FILES
from tests.pages.conftest import TABS
from tests.pages.shown import figure, tab_bar


def turn(test, page):
    """Open a page by the menu, without parameters, or a tab by a click or its link; widgets' values are sent again."""
    if page in TABS and (bar := tab_bar(test)):
        return send(test, id=bar, string_value=say(f"run_page.tabs.{page}"))
    test.query_params.clear()
    if page in TABS:
        test.query_params.update(test.session_state["looking"].query(TABS[page]))
    return test.switch_page(PAGE_FILES["run" if page in TABS else page]).run()


def complete(test, kind="skeleton"):
    """The page once it shows no element of this kind, such as a placeholder of what is still computed."""
    deadline = time.monotonic() + 60
    while test.get(kind):
        assert time.monotonic() < deadline
        test.run()
    return test


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


def click_table(test, name, event, value):
    """Open the row with this id (`open`) or sort by the column with this key (`sort`)."""
    return choose(test, f"digit-table.{name}", value, event)


def send(test, **message):
    """Send a widget message for an element that AppTest cannot operate."""
    states = test._tree.get_widget_states()
    states.widgets.append(WidgetState(**message))
    test._page_hash = ""  # the current page
    return test._run(states)
