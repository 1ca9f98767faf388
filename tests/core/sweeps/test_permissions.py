"""A stranger's sweep is bound by the limits of their runs, and only theirs to change."""

import pytest

from core.errors import DigitLabError
from core.queue.permissions import Access, new_key
from core.queue.queue import Queue
from core.server.limits import PUBLIC, Settings
from core.sweeps.folder import SweepStore
from core.sweeps.permissions import SweepAccess
from tests.core.sweeps.conftest import a_sweep
from tests.core.sweeps.pretended import Threads

LIMITS = Settings(**PUBLIC, public=True)


@pytest.fixture
def visitor(runs):
    """Access of a new visitor, or of the owner."""
    store, queue = SweepStore(runs), Queue(runs, launcher=Threads())

    def make(*, owner=False):
        limits = Settings() if owner else LIMITS
        return SweepAccess(store, Access(runs, queue, limits, owner=owner, key=new_key()), limits)

    make.store = store
    return make


def test_a_visitor_has_as_many_sweeps_as_runs_and_no_more_trials_than_are_allowed(visitor):
    mine = visitor()
    with pytest.raises(DigitLabError, match="21 trials are more than this server allows; choose at most 20"):
        mine.start(a_sweep(trials=21))
    for _ in range(LIMITS.most_runs_each):
        mine.start(a_sweep())
    with pytest.raises(DigitLabError, match="You already have 2 sweeps in progress"):
        mine.start(a_sweep())
    visitor().start(a_sweep())
    visitor(owner=True).start(a_sweep(trials=9999))
    too_long = a_sweep().config.replace(epochs=99)
    with pytest.raises(DigitLabError, match="epochs"):
        visitor().start(a_sweep(config=too_long))


def test_only_its_visitor_and_the_owner_change_a_sweep(visitor):
    mine, other, owner = visitor(), visitor(), visitor(owner=True)
    sweep = visitor.store.find(mine.start(a_sweep()))
    for change in (other.stop, other.pause, other.go_on, other.delete):
        with pytest.raises(DigitLabError, match="somebody"):
            change(sweep)
    mine.stop(sweep)
    stopped = visitor.store.find(sweep.id)
    assert stopped.status.state == "stopped"
    with pytest.raises(DigitLabError, match="more than this server allows"):
        mine.go_on(stopped, 100)
    mine.go_on(stopped, 3)
    again = visitor.store.find(sweep.id)
    assert (again.status.state, again.sweep.trials) == ("queued", 7)
    owner.stop(again)
    owner.delete(visitor.store.find(sweep.id))
    assert visitor.store.all() == []
