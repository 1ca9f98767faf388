"""All runs there are: those of this machine and those shipped with the product."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import DigitLabError, UnreadableRun
from core.runs.folder import Manifest, RunFolder
from core.runs.status import Status
from core.words import say

ROOT = Path(__file__).resolve().parents[2]
SHIPPED_DIR = ROOT / "cached_models"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def default_runs_dir() -> Path:
    """Where runs live: DIGIT_LAB_RUNS, or `runs` beside the product."""
    return Path(os.environ.get("DIGIT_LAB_RUNS") or ROOT / "runs")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the list has it; `problem` says why a folder cannot be read."""

    folder: RunFolder
    manifest: Manifest | None = None
    status: Status | None = None
    problem: str = ""
    shipped: bool = False

    @property
    def id(self) -> str:
        return self.folder.id


class RunStore:
    """Lists and finds runs; one that has ended is read again only when its files have changed."""

    def __init__(self, runs_dir: Path | None = None, shipped_dir: Path | None = None) -> None:
        self.runs_dir = runs_dir or default_runs_dir()
        self.shipped_dir = shipped_dir or SHIPPED_DIR
        self._read: dict[Path, tuple[object, Run]] = {}

    def runs(self) -> list[Run]:
        """All runs, newest first, the shipped ones behind; unreadable folders last."""
        own = [self._run(path, shipped=False) for path in _folders(self.runs_dir)]
        shipped = [self._run(path, shipped=True) for path in _folders(self.shipped_dir)]
        return sorted(own, key=_newest_first) + sorted(shipped, key=_newest_first)

    def find(self, run_id: str) -> Run:
        """The run with this id; raises DigitLabError where there is none, whatever the id tries to name."""
        if _ID.fullmatch(run_id):
            for folder, shipped in ((self.runs_dir, False), (self.shipped_dir, True)):
                if (folder / run_id).is_dir():
                    return self._run(folder / run_id, shipped=shipped)
        raise DigitLabError(say("runs.not_here", id=run_id[:60]))

    def _run(self, path: Path, *, shipped: bool) -> Run:
        stamp = (_stamp(path / "run.json"), _stamp(path / "status.json"))
        known = self._read.get(path)
        if known and known[0] == stamp:
            run = known[1]
            if run.status is None or run.status.owner is None:
                return run
        folder = RunFolder(path)
        try:
            run = Run(folder, folder.manifest(), folder.status(), shipped=shipped)
        except UnreadableRun as error:
            run = Run(folder, problem=str(error), shipped=shipped)
        self._read[path] = (stamp, run)
        return run


def _folders(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            return [Path(e.path) for e in entries if e.is_dir() and _ID.fullmatch(e.name)]
    except OSError:
        return []


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _newest_first(run: Run) -> tuple[bool, float, str]:
    return run.manifest is None, -(run.manifest.created if run.manifest else 0.0), run.id
