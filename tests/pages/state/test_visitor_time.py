"""Times are in the visitor's time zone, not the server's."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

from core.export.report.document import html_report
from core.places import ROOT
from pages.state import visitor_time
from tests.pages.shown import component

ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
"""Two zones whose dates always differ."""


@pytest.fixture(params=ZONES)
def zone(request, monkeypatch):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: request.param))
    return ZoneInfo(request.param)


def test_times_are_in_the_visitors_time_zone(app, make_run, zone):
    folder = make_run("finished")
    manifest = folder.manifest()
    there = datetime.fromtimestamp(manifest.created, zone)
    table = component(app("runs", columns="created"), "runs.table")
    place = [column["key"] for column in table["columns"]].index("created")
    assert table["rows"][0]["cells"][place]["text"] == there.strftime("%d %b %H:%M")
    (picker,) = (box for box in app("train").selectbox if (box.key or "").startswith("watch.run."))
    assert there.strftime("%d %b %H:%M") in picker.options[0]
    report = html_report(folder, manifest, folder.status(), None, None, 3, zone=visitor_time.zone())
    assert there.strftime("%Y-%m-%d %H:%M") in report
    assert datetime.now(zone).strftime("report made %Y-%m-%d") in report


def test_pages_format_times_only_through_this_module():
    shows = re.compile(r"figures\.(?:moment|date)\(|strftime|localtime|fromtimestamp")
    sources = [path for path in (ROOT / "pages").rglob("*.py") if path.name != "visitor_time.py"]
    assert [path.name for path in sources if shows.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "America", "../../etc/passwd", "a" * 5000, "UTC\0"])
def test_an_unknown_zone_means_the_servers(monkeypatch, name):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: name))
    assert st.context.timezone == name
    assert visitor_time.zone() is None
    assert visitor_time.moment(0) == datetime.fromtimestamp(0).strftime("%d %b %H:%M")
