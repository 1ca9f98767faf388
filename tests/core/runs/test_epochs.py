"""The epoch to show of those that are stored."""

import pytest

from core.runs.epochs import nearest_epoch


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(7, (8, False)), (8, (8, True)), (99, (12, False)), (0, (0, True)), ("best", (8, True)), ("last", (12, True))],
)
def test_the_nearest_stored_epoch_is_found(wanted, found):
    assert nearest_epoch(wanted, (0, 2, 8, 12), best=8) == found


def test_without_a_best_epoch_the_last_is_used():
    assert nearest_epoch("best", (0, 2), best=None) == (2, True)
    with pytest.raises(ValueError, match="no epochs"):
        nearest_epoch("last", (), best=None)
