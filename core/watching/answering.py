"""The process that computes the answers of a recorded run, so that the program need not."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

from core import child_process
from core.files import replacing
from core.runs.folder import RunFolder

MODULE = "core.training.answers"
FINISH, DONE = "finish", "answered"
"""A file with the number of the best epoch, written by the recorder once no weights come any more; and one that says
that all is written."""


class Answering:
    """Starts `core.training.answers` for a training and sees it end; without TensorFlow there is none."""

    def __init__(self, source: Path, folder: RunFolder) -> None:
        self._source, self._folder = source, folder
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_possible() -> bool:
        """Whether TensorFlow is installed; it is not imported."""
        return find_spec("tensorflow") is not None

    def start(self) -> None:
        """Start the process unless it runs or has run; raises OSError."""
        if self._process is not None:
            return
        # the program may need a graphics card as a whole, and the processor's cores more than this process does
        alone = {"CUDA_VISIBLE_DEVICES": "-1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
        with self._folder.log.open("ab") as log:
            self._process = subprocess.Popen(
                child_process.command(MODULE, str(self._source), str(self._folder.path)),
                env=child_process.environment(alone),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def is_done(self, best: int | None) -> bool:
        """Whether all is written, or cannot be; call it once the training has ended."""
        finish = self._source / FINISH
        if not finish.exists():
            with replacing(finish) as draft:
                draft.write_text(str(best or 0), encoding="ascii")
        if best is None and self._process is None:
            return True
        self.start()
        assert self._process is not None
        return (self._source / DONE).exists() or self._process.poll() is not None

    def end(self) -> None:
        """Kill the process."""
        if self._process is not None:
            self._process.kill()
