"""The run to compare a run with."""

import pytest

from core.runs.counterpart import counterpart
from core.runs.store import RunStore


@pytest.mark.parametrize(
    ("run", "other"),
    [
        ("mlp-512", "cnn-16-36"),
        ("mlp-best", "cnn-16-36"),
        ("cnn-16-36", "cnn-best"),
        ("cnn-16-36-5k", "cnn-quick-5k"),
        # no other included run has its test digits
        ("handwriting", None),
    ],
)
def test_an_included_run_is_compared_on_its_own_test_digits(tmp_path, run, other):
    store = RunStore(tmp_path)
    found = counterpart(store.find(run), store.runs())
    assert (found and found.id) == other
