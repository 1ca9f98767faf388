"""A sweep on disk: a folder beside the runs with its description, its state, Optuna's study and what pages show of it.

It has a run's `status.json`, `terms.json` and `control/`, whose epochs are a sweep's finished trials. A sweep trains
nothing itself: its runs are listed among all others.
"""

import contextlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from core.errors import DigitLabError, UnreadableRun
from core.files import Stamp, replacing, stamp
from core.runs.folder import RunFolder
from core.runs.label import name_line
from core.runs.manifest import RUN_ID, Group
from core.runs.status import ACTIVE, Status
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.sweeps.sweep import Sweep
from core.sweeps.variation import label
from core.text import Message, say

KIND = "sweep"
"""The kind of the group that a sweep's runs form."""
TRIAL_FILE = "trial.json"
"""In a run's folder: which trial of its sweep it belongs to."""
TRIALS_FILE = "trials.json"
_SWEEPS, _DESCRIPTION, _STUDY = ".sweeps", "sweep.json", "study.log"
_STAMPED = (_DESCRIPTION, "status.json")


@dataclass(frozen=True, slots=True)
class SweepFolder:
    """A sweep's folder; reading raises UnreadableRun if a file is damaged or missing."""

    path: Path

    @classmethod
    def create(cls, store: RunStore, sweep: Sweep, name: str = "", terms: Terms | None = None) -> Self:
        """A new sweep that waits to be started; raises OSError."""
        created = time.time()
        stamped = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
        sweep_id = f"{stamped}-sweep-{secrets.token_hex(3)}"
        draft = store.runs_dir / _SWEEPS / f".new-{sweep_id}"
        draft.mkdir(parents=True)
        folder = cls(draft)
        folder.write_json(
            _DESCRIPTION,
            {**sweep.to_json(), "name": name_line(name) or name_line(str(_first_name(sweep))), "created": created},
        )
        folder.files.write_status(Status(state="queued"))
        if terms is not None:
            folder.files.write_terms(terms)
        draft.rename(draft.with_name(sweep_id))
        return cls(draft.with_name(sweep_id))

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def files(self) -> RunFolder:
        """Its state, terms and requests, which have a run's format."""
        return RunFolder(self.path)

    @property
    def study(self) -> Path:
        """Optuna's journal."""
        return self.path / _STUDY

    @property
    def lock(self) -> Path:
        """Held by the one process that drives a sweep of this folder of runs."""
        return self.path.parent / ".driver.lock"

    @property
    def group(self) -> Group:
        """The group of its runs."""
        return Group(KIND, self.id)

    def figure(self, name: str) -> Path:
        """The file of one of Optuna's figures, in Plotly's JSON."""
        return self.path / "figures" / f"{name}.json"

    def sweep(self) -> Sweep:
        return Sweep.from_json(self.files.read_json(_DESCRIPTION))

    def trials(self) -> "list[TrialRecord]":
        """The trials so far, in order; none before the first."""
        if not (self.path / TRIALS_FILE).exists():
            return []
        try:
            return [TrialRecord.from_json(values) for values in self.files.read_json(TRIALS_FILE)]
        except (KeyError, TypeError, ValueError):
            raise UnreadableRun("runs.file_damaged", file=TRIALS_FILE) from None

    def write_trials(self, trials: "Sequence[TrialRecord]") -> None:
        """Replace what pages show of the trials; raises OSError."""
        self.write_json(TRIALS_FILE, [trial.to_json() for trial in trials])

    def extend(self, trials: int) -> None:
        """Raise the number of trials, while it is driven too; raises DigitLabError, OSError."""
        values = self.files.read_json(_DESCRIPTION)
        more = replace(Sweep.from_json(values), trials=trials)
        self.write_json(_DESCRIPTION, {**values, "trials": more.trials})

    def write_json(self, name: str, values: Any) -> None:
        """Replace one of its JSON files; raises OSError."""
        with replacing(self.path / name) as draft:
            draft.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """A trial as pages show it."""

    number: int
    state: str
    """`running`, `complete`, `pruned`, `diverged`, `failed` or `stopped`."""
    values: dict[str, Any]
    """What was varied."""
    scores: tuple[float, ...] = ()
    """Of each objective; none before its end."""
    runs: tuple[str, ...] = ()
    """The ids of its runs."""
    epochs: int = 0
    """The epochs of its first run."""
    reason: Message | None = None
    """By what it was beaten, or why it failed."""
    again: bool = False
    """Whether it trains the winner once more."""
    tests: tuple[float, ...] = ()
    """Of runs of the winner: the test accuracy of each."""

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "state": self.state,
            "values": self.values,
            "scores": self.scores,
            "runs": self.runs,
            "epochs": self.epochs,
            "reason": self.reason.to_json() if self.reason else None,
            "again": self.again,
            "tests": self.tests,
        }

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The record that `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            number=int(values["number"]),
            state=str(values["state"]),
            values=dict(values["values"]),
            scores=tuple(float(score) for score in values["scores"]),
            runs=tuple(run for run in values["runs"] if RUN_ID.fullmatch(run)),
            epochs=int(values["epochs"]),
            reason=Message.from_json(values["reason"]),
            again=values["again"] is True,
            tests=tuple(float(score) for score in values["tests"]),
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A sweep in a list; `sweep` is None, and `problem` says why, where it cannot be read."""

    folder: SweepFolder
    name: str
    created: float
    sweep: Sweep | None
    status: Status
    problem: Message | None = None

    @property
    def id(self) -> str:
        return self.folder.id

    @property
    def worded_name(self) -> str:
        """The name, in the reader's language if the sweep gave it to itself."""
        first = _first_name(self.sweep) if self.sweep else None
        return name_line(say(first)) if first and self.name == name_line(str(first)) else self.name

    @property
    def is_active(self) -> bool:
        """Whether it is driven."""
        return self.status.state in ACTIVE

    @property
    def is_due(self) -> bool:
        """Whether it waits for a process that drives it: a new one, or one whose process was killed."""
        return self.sweep is not None and self.status.state in ("queued", "interrupted")


class SweepStore:
    """Lists and finds the sweeps of a folder of runs; reads one again only if its files have changed."""

    def __init__(self, store: RunStore) -> None:
        self.runs = store
        self._read: dict[str, tuple[tuple[Stamp, ...], Listed]] = {}

    def all(self) -> list[Listed]:
        """All sweeps, the newest first."""
        folder = self.runs.runs_dir / _SWEEPS
        with contextlib.suppress(OSError):
            paths = [path for path in folder.iterdir() if RUN_ID.fullmatch(path.name)]
            found = [self._listed(path) for path in paths]
            return sorted((each for each in found if each), key=lambda each: each.created, reverse=True)
        return []

    def find(self, sweep_id: str) -> Listed:
        """The sweep with this id, or in this folder; raises DigitLabError if there is none."""
        path = self.runs.runs_dir / _SWEEPS / sweep_id
        if RUN_ID.fullmatch(sweep_id) and path.is_dir() and (found := self._listed(path)):
            return found
        raise DigitLabError("sweeps.not_here", id=sweep_id[:60])

    def _listed(self, path: Path) -> Listed | None:
        stamps = tuple(stamp(f"{path}/{name}") for name in _STAMPED)
        known = self._read.get(str(path))
        if known and known[0] == stamps and known[1].status.owner is None:
            return known[1]
        folder = SweepFolder(path)
        try:
            values, status = folder.files.read_json(_DESCRIPTION), folder.files.status()
            name, created = name_line(str(values["name"])), float(values["created"])
        except (UnreadableRun, KeyError, TypeError, ValueError):
            if not path.is_dir():
                return None
            failed = Status(state="failed")
            return Listed(folder, path.name, 0.0, None, failed, Message("runs.file_damaged", file=_DESCRIPTION))
        try:
            listed = Listed(folder, name, created, Sweep.from_json(values), status)
        except UnreadableRun as error:
            listed = Listed(folder, name, created, None, status, error.message)
        self._read[str(path)] = (stamps, listed)
        return listed


def best_trial(sweep: Sweep, records: Sequence[TrialRecord]) -> TrialRecord | None:
    """The trial with the best score, of two objectives the first one's; None before one has finished."""
    done = [record for record in records if record.scores and not record.again]
    sign = -1 if sweep.objective == "val_accuracy" else 1
    return min(done, key=lambda record: sign * record.scores[0], default=None)


def _first_name(sweep: Sweep) -> Message:
    varied = [label(each.name) for each in sweep.varied]
    return Message("sweeps.first_name", preset=sweep.config.preset, varied=varied)
