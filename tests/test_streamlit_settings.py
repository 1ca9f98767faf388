"""A user's own Streamlit settings do not override those that the product needs."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from core.places import ROOT

HOSTILE = """
[runner]
enforceSerializableSessionState = true
fastReruns = false
magicEnabled = true
[server]
enableStaticServing = false
maxMessageSize = 1
showEmailPrompt = true
[client]
toolbarMode = "developer"
showErrorDetails = "full"
[ui]
hideTopBar = true
[theme.dark]
primaryColor = "#FF0000"
"""
EFFECTIVE = """
import json, sys
from streamlit import config
# as `streamlit run` does
config._main_script_path = sys.argv[1]
print(json.dumps({name: config.get_option(name) for name in json.load(sys.stdin)}))
"""


def options(table, prefix=""):
    """The options of a config.toml with their full names."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def test_settings_in_the_home_and_working_folders_do_not_override_ours(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "here"):
        (folder / ".streamlit").mkdir(parents=True)
        (folder / ".streamlit" / "config.toml").write_text(HOSTILE, encoding="utf-8")
    ours = dict(options(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))))
    assert {name for name, _ in options(tomllib.loads(HOSTILE))} <= ours.keys()
    printed = subprocess.run(
        [sys.executable, "-c", EFFECTIVE, str(ROOT / "app.py")],
        input=json.dumps(list(ours)),
        cwd=tmp_path / "here",
        env={"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(printed) == ours
