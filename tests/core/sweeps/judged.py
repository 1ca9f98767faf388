"""Runs of pretended workers that wait for their sweep."""

from collections import Counter

from core.sweeps.followed_run import FollowedRun
from tests.core.sweeps.pretended import Threads
from tests.core.training.conftest import wait_until


class Judged(Threads):
    """Its runs train an epoch once their sweep has seen the one before."""

    def __init__(self, monkeypatch):
        super().__init__()
        self.looks, look = Counter(), FollowedRun.look

        def counted(run, **options):
            outcome = look(run, **options)
            self.looks[run.folder.id] += 1
            return outcome

        monkeypatch.setattr(FollowedRun, "look", counted)

    def before_epoch(self, folder):
        # one that has begun may have missed the epoch
        enough = self.looks[folder.id] + 2
        wait_until(lambda: self.looks[folder.id] >= enough)
