"""A benchmark from the command line in a real browser."""

import os
import re
import shutil

import pytest

from benchmarks.browsing import NAMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VIEWS = [
    "Train",
    "Runs",
    "Sweep",
    "Draw",
    "Learn",
    "Data",
    "Curves",
    "Results",
    "Mistakes",
    "Inside",
    "Settings and code",
]


@pytest.fixture(autouse=True)
def chromium():
    if not any(map(shutil.which, NAMES)) and not os.environ.get("CI"):
        pytest.skip("No Chromium is installed.")


def test_a_click_is_compared_with_a_bare_page(printed):
    table = printed("benchmarks", "--quick", "--only", "click")
    row = re.search(r"\| Click to redraw \(6\) *\| (\d+) ms *\| (\d+) ms", table)
    assert row, table
    ours, bare = map(int, row.groups())
    # only checks that both are times of a click, not how fast this machine is
    assert 5 < bare < 5_000 and 5 < ours < 10_000


def test_every_view_shows_what_was_clicked_while_a_run_trains(printed):
    table = printed("benchmarks", "--quick", "--only", "view-clicks")
    assert re.findall(r"Click to redraw, ([\w ]+), a run training \(2\) *\| [\d,]+ ms", table) == VIEWS
