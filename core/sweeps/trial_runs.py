"""The runs of a sweep's trials, each made once: a run's folder says which trial it belongs to."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from core.errors import UnreadableRun
from core.queue.permissions import Access
from core.runs.beginning import Beginning, fork
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from core.sweeps.folder import TRIAL_FILE, SweepFolder
from core.sweeps.sweep import Sweep
from core.sweeps.variation import Value, label, value_label
from core.text import Message


class TrialRuns:
    """Knows the runs that there are, also those that an earlier process made, and queues those that lack."""

    def __init__(self, folder: SweepFolder, sweep: Sweep, store: RunStore, access: Access) -> None:
        self._folder = folder
        self._sweep = sweep
        self._store = store
        self._access = access
        self._made = self._known()

    def ids(self, number: int) -> Sequence[str]:
        """The ids of a trial's runs, in the order of their seeds."""
        return [run for (trial, _, again), run in sorted(self._made.items()) if trial == number and not again]

    def ready(self, number: int, values: dict[str, Value], place: int, *, again: bool = False) -> RunFolder:
        """The run that trains a trial with its seed of this place: the one that there is, or a new one in the queue.

        `again`: the trial is the winner, trained once more. Raises InvalidSetting where these settings cannot be
        trained, and what `Access.begin` raises.
        """
        key = number, place, again
        if key not in self._made:
            (self._made[key],) = self._access.begin([self._beginning(number, values, place, again=again)])
        return RunFolder(self._store.runs_dir / self._made[key])

    def _beginning(self, number: int, values: dict[str, Value], place: int, *, again: bool) -> Beginning:
        # a winner's new seeds are none of a trial's
        config = self._sweep.config_of(values, place + (self._sweep.seeds if again else 0))
        varied = [
            Message("sweeps.varied", name=label(name), value=value_label(name, value)) for name, value in values.items()
        ]
        name = Message("sweeps.run_name", number=number, varied=varied)
        if again:
            name = Message("sweeps.run_name_again", varied=varied)
        beginning = Beginning(config)
        if self._sweep.origin:
            source, epoch = self._sweep.origin
            beginning = fork(self._store.find(source), epoch, config)
        files = {TRIAL_FILE: {"trial": number, "place": place, "again": again}}
        return replace(beginning, name=name, group=self._folder.group, files=files)

    def _known(self) -> dict[tuple[int, int, bool], str]:
        """The runs that an earlier process made, by trial, place and whether they train the winner again."""
        found = {}
        for run in self._store.runs():
            if run.manifest.group == self._folder.group:
                with contextlib.suppress(UnreadableRun, KeyError, TypeError, ValueError):
                    values = run.folder.read_json(TRIAL_FILE)
                    found[int(values["trial"]), int(values["place"]), values["again"] is True] = run.id
        return found
