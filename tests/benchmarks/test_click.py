"""A benchmark from the command line in a real browser."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from core.places import ROOT


@pytest.mark.browser
@pytest.mark.slow
def test_a_click_is_compared_with_a_bare_page_and_no_files_remain(tmp_path):
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))) and not os.environ.get("CI"):
        pytest.skip("No Chromium is installed.")
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", "click"]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    row = re.search(r"\| Click to redraw \(6\) *\| (\d+) ms *\| (\d+) ms", ended.stdout)
    assert row, ended.stdout
    ours, bare = map(int, row.groups())
    # only checks that both are times of a click, not how fast this machine is
    assert 5 < bare < 5_000 and 5 < ours < 10_000
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("digit-lab")] == []
