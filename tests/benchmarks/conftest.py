"""Benchmarks from the command line."""

import os
import subprocess
import sys

import pytest

from core.places import ROOT


@pytest.fixture
def printed(tmp_path):
    """What a benchmark prints; it leaves no files behind."""

    def run(module, *arguments):
        command = [sys.executable, "-m", module, *map(str, arguments)]
        env = {**os.environ, "TMPDIR": str(tmp_path)}
        ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith("digit-lab")] == []
        return ended.stdout

    return run
