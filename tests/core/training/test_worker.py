"""The message for an error that ends a run."""

import errno

import pytest

from core.errors import DigitLabError
from core.text import Message
from core.training import worker

OUT_OF_MEMORY, AT_THE_LIMIT = Message("training.out_of_memory"), Message("faults.memory_limit")


@pytest.mark.parametrize(
    ("error", "share", "said"),
    [
        (DigitLabError("runs.file_missing", file="run.json"), 0.9, Message("runs.file_missing", file="run.json")),
        (MemoryError(), 0.0, OUT_OF_MEMORY),
        (RuntimeError("std::bad_alloc"), 0.0, OUT_OF_MEMORY),
        (OSError(errno.ENOSPC, "No space left on device"), 0.9, Message("training.disk_full")),
        (SystemError("error return without exception set"), 0.9, AT_THE_LIMIT),
        (SystemError("error return without exception set"), 0.0, Message("training.unexpected", kind="SystemError")),
    ],
)
def test_the_message_depends_on_the_error_and_the_memory_in_use(monkeypatch, error, share, said):
    monkeypatch.setattr(worker, "memory_share", lambda: share)
    assert worker._message(error) == said
