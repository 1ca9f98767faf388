"""What is said of an error that ends a run."""

import errno

import pytest

from core.errors import DigitLabError
from core.text import say
from core.training import worker

OUT_OF_MEMORY, AT_THE_LIMIT = say("training.out_of_memory"), say("faults.memory_limit")


@pytest.mark.parametrize(
    ("error", "share", "said"),
    [
        (DigitLabError("Choose another data set."), 0.9, "Choose another data set."),
        (MemoryError(), 0.0, OUT_OF_MEMORY),
        (RuntimeError("std::bad_alloc"), 0.0, OUT_OF_MEMORY),
        (OSError(errno.ENOSPC, "No space left on device"), 0.9, say("training.disk_full")),
        (SystemError("error return without exception set"), 0.9, AT_THE_LIMIT),
        (SystemError("error return without exception set"), 0.0, say("training.unexpected", kind="SystemError")),
    ],
)
def test_an_error_is_told_by_its_kind_and_by_the_memory_that_was_left(monkeypatch, error, share, said):
    monkeypatch.setattr(worker, "memory_share", lambda: share)
    assert worker._sentence(error) == said
