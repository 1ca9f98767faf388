"""The process that computes the answers of a program's trainings, so that the program need not."""

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from core import child_process
from core.files import replacing
from core.runs.folder import RunFolder
from core.watching.spare_time import SpareTime

MODULE = "core.training.answers"
RUN, FINISH, DONE = "run", "finish", "answered"
"""Files in a training's folder: the path of its run, once there is something to answer; the number of the best epoch,
once no weights come any more; and one that says that all is written."""
_START_SECONDS = 5.0
"""Of the processor, for TensorFlow's import and the first answers."""
_THREADS = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


class Answering:
    """Starts `core.training.answers` when the program leaves room for it, at the latest when the program has ended.

    While the program runs, the process inherits this one's priority, the lowest; once it has ended and a person waits
    for the answers, it has the priority that this one began with.
    """

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._asked = dict[Path, RunFolder]()
        self._process: subprocess.Popen[bytes] | None = None
        self._spare = SpareTime()
        # a priority is a thread's own, inherited by what the thread starts, and nobody may raise it again
        self._starter = ThreadPoolExecutor(1)
        self._starter.submit(int).result()

    @staticmethod
    def is_possible() -> bool:
        """Whether TensorFlow is installed; it is not imported."""
        return find_spec("tensorflow") is not None

    def ask(self, source: Path, run: RunFolder) -> None:
        """Have all weights answered that the program leaves in `source`; raises OSError."""
        if source not in self._asked:
            self._asked[source] = run
            _write(source / RUN, str(run.path))

    def finish(self, source: Path, best: int | None) -> None:
        """Say that no more weights come; raises OSError."""
        if not (source / FINISH).exists():
            _write(source / FINISH, str(best or 0))

    def drop(self, source: Path) -> None:
        """Answer nothing more; raises OSError."""
        (source / DONE).touch()

    def is_done(self, source: Path) -> bool:
        """Whether all is written, or cannot be."""
        return source not in self._asked or (source / DONE).exists()

    def follow(self, *, lives: bool) -> None:
        """Start the process if it is needed and there is room; `lives` is whether the program does. Raises OSError."""
        waiting = [source for source in self._asked if not self.is_done(source)]
        if self._process is not None:
            if self._process.poll() is None:
                return
            # it ends by itself when there is nothing to do; what it failed at, it would fail at again
            if self._process.returncode:
                self._give_up(waiting)
            self._process, self._spare = None, SpareTime()
        elif waiting and (not lives or self._spare.allows(_START_SECONDS)):
            try:
                self._start(waiting[0], lives=lives)
            except OSError:
                self._give_up(waiting)
                raise

    def _give_up(self, waiting: Iterable[Path]) -> None:
        for source in waiting:
            self.drop(source)

    def _start(self, source: Path, *, lives: bool) -> None:
        # the program may need a graphics card as a whole, and all cores but one
        alone = {"CUDA_VISIBLE_DEVICES": "-1", **(_THREADS if lives else {})}
        with self._asked[source].log.open("ab") as log:

            def start() -> "subprocess.Popen[bytes]":
                return subprocess.Popen(
                    child_process.command(MODULE, str(self._spool), str(self._spare.since)),
                    env=child_process.environment(alone),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )

            self._process = start() if lives else self._starter.submit(start).result()


def _write(path: Path, text: str) -> None:
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")
