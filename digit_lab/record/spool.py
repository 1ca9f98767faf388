"""Where a program leaves what happens in its trainings: a folder of files that another process makes runs of.

Neither process waits for the other, and what one has written stays when it is killed. docs/recording.md has the files.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

CHECKOUT = Path(__file__).resolve().parents[2]
"""The folder of app.py, core and runs."""
RUNS, SCRIPT, ENVIRONMENT = "runs", "script", "environment"
_lock = threading.Lock()
_spools: dict[int, Spool] = {}
"""Of this process, and, in one that was forked, of those before it."""
told: dict[str, Any] = {}
"""What `digit-lab record` says of the runs' folder, the script and the environment."""


class Spool:
    """The folder of one process, with a folder for each of its trainings; raises OSError."""

    def __init__(self) -> None:
        runs = Path(told.get(RUNS) or runs_folder())
        runs.mkdir(parents=True, exist_ok=True)
        self.path = Path(tempfile.mkdtemp(prefix=".recording-", dir=runs))
        self._trainings = 0
        main = getattr(sys.modules.get("__main__"), "__file__", None)
        about = {
            "pid": os.getpid(),
            "script": str(told.get(SCRIPT) or (Path(main).name if main else "notebook")),
            "remove": told.get("remove"),
        }
        write_json(self.path / "process.json", about)
        _start_recorder(self.path)

    @classmethod
    def of_this_process(cls) -> Spool:
        with _lock:
            if os.getpid() not in _spools:
                _spools[os.getpid()] = cls()
            return _spools[os.getpid()]

    def training(self) -> Training:
        """A new training's folder."""
        with _lock:
            self._trainings += 1
            return Training(self.path / f"fit-{self._trainings:04d}")


class Training:
    """The files of one training; raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def begin(self, facts: Mapping[str, Any]) -> None:
        """Tell of the training, once all that belongs to its start is there."""
        write_json(self.path / "start.json", facts)

    def tell(self, kind: str, *values: Any) -> None:
        """Add a line about what has happened."""
        line = json.dumps([kind, time.time(), *values])
        with (self.path / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def keep(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write arrays, which appear as a whole."""
        import numpy as np

        draft = self.path / f".{name}.npz"
        np.savez(draft, **arrays)  # type: ignore[arg-type] # by name
        draft.replace(self.path / f"{name}.npz")

    def wants(self, what: str) -> bool:
        """Whether the recorder has asked for something, by a file of this name."""
        return (self.path / what).exists()

    def command(self) -> dict[str, Any] | None:
        """What a page asks of the training since the last call."""
        path = self.path / "command.json"
        if not path.exists():
            return None
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return found

    def recorder_lives(self) -> bool:
        """Whether the process that makes runs is there to pass on what pages ask."""
        try:
            os.kill(int((self.path.parent / "recorder.pid").read_text(encoding="ascii")), 0)
        except (OSError, ValueError):
            return False
        return True


def write_json(path: Path, values: Any) -> None:
    """Write a file that appears as a whole."""
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(values), encoding="utf-8")
    draft.replace(path)


def runs_folder() -> str:
    """The absolute path of the runs' folder."""
    named = os.environ.get("DIGIT_LAB_RUNS")
    return os.path.abspath(os.path.expanduser(named)) if named else str(CHECKOUT / "runs")  # noqa: PTH100, PTH111 as core.places


def _start_recorder(spool: Path) -> None:
    environment = dict(told.get(ENVIRONMENT) or os.environ)
    environment |= {"PYTHONPATH": str(CHECKOUT), "PYTHONSAFEPATH": "1", "DIGIT_LAB_RUNS": str(spool.parent)}
    with (spool / "recorder.log").open("wb") as log:
        # outside the group that Ctrl-C stops; it starts the recorder and ends at once, so that the program keeps no
        # child that it did not start
        group: dict[str, Any] = {"creationflags": 0x200} if os.name == "nt" else {"process_group": 0}
        process = subprocess.Popen(
            [sys.executable, "-m", "core.watching", str(spool)],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **group,
        )
    if os.name != "nt":
        process.wait()
