"""What a visitor may do with sweeps: the server's owner anything, everyone else within the limits of their runs."""

import secrets
import shutil

from core.errors import DataUnavailable, DigitLabError
from core.queue.permissions import Access
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.folder import Listed, SweepFolder, SweepStore
from core.sweeps.sweep import Sweep
from core.text import Message


class SweepAccess:
    """Every change of a sweep that pages can request; raises DigitLabError where the visitor may not make it.

    `access` is the visitor's access to runs, and `settings` has their limits.
    """

    def __init__(self, store: SweepStore, access: Access, settings: Settings) -> None:
        self._store = store
        self._access = access
        self._settings = settings

    def start(self, sweep: Sweep, name: str = "") -> str:
        """Start a sweep within the server's limits, and return its id; raises OSError as well."""
        self._admit(sweep)
        return SweepFolder.create(self._store.runs, sweep, name, self._access.new_terms()).id

    def may_change(self, sweep: Listed) -> bool:
        """Whether the visitor may pause, stop, extend or delete this sweep."""
        return self._access.owns_folder(sweep.folder.files)

    def pause(self, sweep: Listed) -> None:
        """Let the trial that trains end, and start no other; raises OSError as well."""
        self._ask(sweep, "pause")

    def stop(self, sweep: Listed) -> None:
        """End the sweep and the run that trains; raises OSError as well."""
        self._ask(sweep, "stop")

    def go_on(self, sweep: Listed, more: int = 0) -> None:
        """Resume an ended sweep, or one that was asked to pause, with this many more trials; raises OSError as well."""
        self._check(sweep)
        if sweep.sweep is None:
            raise DigitLabError(sweep.problem or Message("sweeps.other_format"))
        if more:
            longer = sweep.sweep.trials + more
            self._admit_trials(longer)
            sweep.folder.extend(longer)
        if sweep.is_active:
            sweep.folder.files.control.ask("resume")
            return
        self._admit(sweep.sweep)
        sweep.folder.files.control.take()
        sweep.folder.files.change_status(state="queued", message=None, owner=None)

    def delete(self, sweep: Listed) -> None:
        """Delete a sweep that is not driven; its runs stay. Raises OSError as well."""
        self._check(sweep)
        if sweep.is_active:
            raise DigitLabError("sweeps.in_use", name=sweep.worded_name)
        gone = sweep.folder.path.with_name(f".deleted-{secrets.token_hex(6)}")
        sweep.folder.path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _ask(self, sweep: Listed, command: str) -> None:
        self._check(sweep)
        if sweep.is_active:
            sweep.folder.files.control.ask(command)
        elif sweep.is_due:
            sweep.folder.files.change_status(state="stopped", owner=None, message=Message("sweeps.stopped"))

    def _check(self, sweep: Listed) -> None:
        if not self.may_change(sweep):
            raise DigitLabError("sharing.not_yours", name=sweep.worded_name)

    def _admit(self, sweep: Sweep) -> None:
        """Raise DigitLabError where the visitor may not start this sweep now."""
        self._settings.check(sweep.config)
        if not self._access.may_use(sweep.config.dataset):
            raise DataUnavailable("data_add.private", name=sweep.config.dataset)
        self._admit_trials(sweep.most_trials)
        most = self._settings.most_runs_each
        mine = self._access.new_terms() or Terms()
        busy = [each.folder.files.terms() for each in self._store.all() if each.is_active or each.is_due]
        own = [each for each in busy if (each.visitor, each.address) == (mine.visitor, mine.address)]
        if 0 < most <= len(own):
            raise DigitLabError("sweeps.yours_full", count=len(own))

    def _admit_trials(self, trials: int) -> None:
        most = self._settings.most_trials
        if 0 < most < trials:
            raise DigitLabError("sweeps.too_many_trials", count=trials, most=most)
