"""Why a worker ended, written to its run where the worker could not do so itself."""

import os
from dataclasses import replace

from core.runs.folder import RunFolder
from core.runs.status import RESUMABLE
from core.text import Message


def write_end(folder: RunFolder, code: int) -> None:
    """Write why this process's child died with this exit code, if the reason is known; raises OSError."""
    if not folder.path.is_dir():
        return
    status = folder.status()
    # a worker that died before it took over leaves this process as the run's owner
    ours = status.state == "starting" and status.owner is not None and status.owner.pid == os.getpid()
    if not ours and (status.state != "interrupted" or status.owner is None):
        return
    gone = Message("runs.worker_gone", code=code) if ours else None
    message = status.cause(code, folder.log_tail(1000)) or gone
    if message:
        folder.write_status(replace(status, state="failed", owner=None, message=message))


def write_timeout(folder: RunFolder) -> None:
    """Write that a run was stopped because its time was up."""
    terms = folder.terms()
    if terms.timed_out and folder.path.is_dir():
        status = folder.status()
        if status.state in RESUMABLE:
            message = Message("sharing.timed_out", minutes=terms.seconds / 60)
            folder.write_status(replace(status, state="stopped", message=message))
