"""Follows one program from its first training until it has ended and all its runs are written."""

import json
import os
import re
import shutil
import time
import traceback
from pathlib import Path

from core.files import replacing
from core.runs.owner import Owner
from core.watching.answering import Answering
from core.watching.training import Training

_POLL_SECONDS = 0.1
_IDLE_SECONDS = 1.0
_LEFT_SECONDS = 24 * 3600.0


class Program:
    """The trainings of one process, each of which becomes a run."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        about = json.loads((spool / "process.json").read_text(encoding="utf-8"))
        self._owner = Owner.of(int(about["pid"]))
        self._script, self._remove = str(about["script"]), about["remove"]
        self._trainings: dict[str, Training | None] = {}
        self._answering = Answering(spool)

    def follow(self) -> None:
        """Return once the program has ended; what it has reported until then is in its runs."""
        _sweep(self._spool.parent)
        with replacing(self._spool / "recorder.pid") as draft:
            draft.write_text(str(os.getpid()), encoding="ascii")
        while True:
            # asked first, so that its last report is read
            lives = self._owner is not None and bool(self._owner.lives())
            self._begin_new()
            open_ones = [each for each in self._trainings.values() if each is not None and not each.ended]
            for training in open_ones:
                self._attempt(training, lives=lives)
            self._answer(lives=lives)
            if not lives and not any(not each.ended for each in open_ones):
                break
            time.sleep(_POLL_SECONDS if open_ones else _IDLE_SECONDS / 2)
        if self._remove:
            shutil.rmtree(self._remove, ignore_errors=True)
        # what could not be recorded is kept for a day, with the reason
        if None not in self._trainings.values():
            shutil.rmtree(self._spool, ignore_errors=True)

    def _begin_new(self) -> None:
        for path in sorted(self._spool.glob("fit-*")):
            if path.name not in self._trainings and (path / "start.json").exists():
                try:
                    self._trainings[path.name] = Training.begin(path, self._spool.parent, self._script, self._answering)
                except Exception:  # one training that cannot be recorded must not end the record of others
                    traceback.print_exc()
                    self._trainings[path.name] = None

    def _answer(self, *, lives: bool) -> None:
        try:
            self._answering.follow(lives=lives)
        except OSError:  # the curves go on
            traceback.print_exc()

    def _attempt(self, training: Training, *, lives: bool) -> None:
        try:
            training.follow(lives=lives)
        except Exception as error:  # one training that cannot be recorded must not end the record of others
            traceback.print_exc()
            training.give_up(error)


def _sweep(runs: Path) -> None:
    """Remove what recorders that were killed left behind, a day later."""
    for path in runs.glob(".recording-*"):
        if re.fullmatch(r"\.recording-\w+", path.name) and time.time() - path.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
