"""A sweep's study in Optuna: what to try next, what to stop, and how it ended.

The journal is Optuna's own, so that `optuna-dashboard` and any script can open it. Its parameters are named as the
settings are; numbers from a range are rounded to four digits only in the run.
"""

import copy
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, Trial, TrialState

from core.errors import UnreadableRun
from core.formatting import loss
from core.sweeps.folder import SweepFolder, TrialRecord
from core.sweeps.samplers import distributions, pruner_of, sampler_of, values_of
from core.sweeps.sweep import FORMAT, Sweep
from core.sweeps.variation import Value
from core.text import Message

_FORMAT = "digit_lab"
_OUTCOME, _REASON, _RUNS = "outcome", "reason", "runs"
_NAME = "sweep"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trial that is tried: its number, and what it varies."""

    number: int
    values: dict[str, Value]
    trial: Trial


class Study:
    """Optuna's study of a sweep; raises UnreadableRun where its journal is damaged or another's."""

    def __init__(self, folder: SweepFolder, sweep: Sweep) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._sweep = sweep
        self._sign = -1.0 if sweep.objective == "val_accuracy" else 1.0
        self._study = _opened(folder, sweep)

    @property
    def optuna(self) -> optuna.Study:
        """The study itself."""
        return self._study

    def extend(self, sweep: Sweep) -> None:
        """Go on with a sweep that differs in its number of trials or minutes."""
        self._sweep = sweep

    def running(self) -> list[Candidate]:
        """The trials that have begun and not ended, as after a killed process, in order."""
        found = self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        trials = [Trial(self._study, trial._trial_id) for trial in found]
        for trial in trials:
            # a process may be killed before all values of its trial are chosen
            for name, distribution in distributions(self._sweep).items():
                trial._suggest(name, distribution)
        return [self._candidate(trial) for trial in trials]

    def ask(self) -> Candidate:
        """The next trial, which depends on the earlier ones, and not on when a process was killed."""
        number = len(self._study.get_trials(deepcopy=False))
        self._study.sampler = sampler_of(self._sweep, number)
        return self._candidate(self._study.ask(distributions(self._sweep)))

    def note(self, candidate: Candidate, runs: Sequence[str]) -> None:
        """Record the ids of a trial's runs."""
        if candidate.trial.user_attrs.get(_RUNS) != list(runs):
            candidate.trial.set_user_attr(_RUNS, list(runs))

    def report(self, candidate: Candidate, epoch: int, val_loss: float) -> Message | None:
        """Record the validation loss after an epoch; returns by what the trial is beaten, None to go on."""
        trial = candidate.trial
        if len(self._sweep.directions) > 1 or epoch in trial.storage.get_trial(trial._trial_id).intermediate_values:
            return None
        trial.report(self._sign * val_loss, epoch)
        if epoch >= int(candidate.values.get("epochs", self._sweep.config.epochs)):
            # it has ended
            return None
        return self._beaten(epoch, val_loss) if trial.should_prune() else None

    def complete(self, candidate: Candidate, scores: Sequence[float]) -> None:
        """Record the end of a trial whose runs have finished; scores that are not numbers make it a failed one."""
        if all(map(math.isfinite, scores)):
            candidate.trial.set_user_attr(_OUTCOME, "complete")
            self._study.tell(candidate.trial, list(scores))
        else:
            self.end(candidate, "failed", Message("sweeps.no_score"))

    def end(self, candidate: Candidate, outcome: str, reason: Message) -> None:
        """Record the end of a trial that was pruned, has diverged, failed or was stopped."""
        trial = candidate.trial
        trial.set_user_attr(_REASON, reason.to_json())
        trial.set_user_attr(_OUTCOME, outcome)
        # a loss that became NaN counts like one that was beaten, so that the sampler avoids such settings
        bad = outcome in ("pruned", "diverged") and len(self._sweep.directions) == 1
        self._study.tell(trial, state=TrialState.PRUNED if bad else TrialState.FAIL)

    def records(self) -> list[TrialRecord]:
        """All trials so far, as pages show them."""
        return [self._record(trial) for trial in self._study.get_trials(deepcopy=False)]

    def has_all(self) -> bool:
        """Whether every trial of the sweep has begun."""
        trials = self._study.get_trials(deepcopy=False)
        # Optuna's own answer tells of ended trials only, and would try those that are under way twice
        exhausted = self._sweep.sampler == "grid" and len(trials) >= self._sweep.grid_size
        # settings that cannot be trained cost nothing, and so do not count
        return exhausted or sum(t.user_attrs.get(_OUTCOME) != "untrainable" for t in trials) >= self._sweep.trials

    def foresee(self, number: int, scores: Sequence[float] | None) -> dict[str, Value] | None:
        """What the next trial will vary if this one ends with these scores; None where no other follows.

        None for the scores leaves it under way. The study stays as it is: a copy of it is asked.
        """
        if self.has_all():
            return None
        trials = [*self._study.get_trials(deepcopy=False)]
        if scores is not None and all(map(math.isfinite, scores)):
            trials[number] = ended = copy.copy(trials[number])
            ended.state, ended.values, ended.datetime_complete = TrialState.COMPLETE, list(scores), datetime.now()
        copied = optuna.create_study(
            # by the name, Hyperband tells which trials it compares
            study_name=_NAME,
            directions=list(self._sweep.directions),
            sampler=sampler_of(self._sweep, len(trials)),
            pruner=pruner_of(self._sweep),
        )
        copied.add_trials(trials)
        return values_of(self._sweep, copied.ask(distributions(self._sweep)).params)

    def _candidate(self, trial: Trial) -> Candidate:
        return Candidate(trial.number, values_of(self._sweep, trial.params), trial)

    def _record(self, trial: FrozenTrial) -> TrialRecord:
        attributes: dict[str, Any] = trial.user_attrs
        complete = trial.state == TrialState.COMPLETE
        ended = "failed" if trial.state.is_finished() else "running"
        return TrialRecord(
            number=trial.number,
            state="complete" if complete else attributes.get(_OUTCOME, ended) if trial.state.is_finished() else ended,
            values=values_of(self._sweep, trial.params),
            scores=tuple(trial.values or ()) if complete else (),
            runs=tuple(attributes.get(_RUNS, ())),
            epochs=trial.last_step or 0,
            reason=Message.from_json(attributes.get(_REASON)),
        )

    def _beaten(self, epoch: int, val_loss: float) -> Message:
        """Why the pruner stops a trial after this epoch."""
        others = self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        there = [
            (self._sign * t.intermediate_values[epoch], t.number) for t in others if epoch in t.intermediate_values
        ]
        own = {"epoch": epoch, "loss": loss(val_loss)}
        if self._sweep.pruner == "median" and there:
            return Message("sweeps.beaten.median", median=loss(median(at for at, _ in there)), count=len(there), **own)
        everywhere = [
            (self._sign * trial.intermediate_values[epoch], trial.number)
            for trial in self._study.get_trials(deepcopy=False)
            if epoch in trial.intermediate_values
        ]
        best, number = min(everywhere)
        return Message("sweeps.beaten.hyperband", best=loss(best), number=number, **own)


def _opened(folder: SweepFolder, sweep: Sweep) -> optuna.Study:
    path = str(folder.study)
    _repair(folder)
    try:
        storage = JournalStorage(JournalFileBackend(path, lock_obj=JournalFileOpenLock(path)))
        study = optuna.create_study(
            storage=storage,
            study_name=_NAME,
            directions=list(sweep.directions),
            sampler=sampler_of(sweep, 0),
            pruner=pruner_of(sweep),
            load_if_exists=True,
        )
        if not study.get_trials(deepcopy=False):
            study.set_user_attr(_FORMAT, FORMAT)
            with warnings.catch_warnings():
                # experimental since version 3.2
                warnings.simplefilter("ignore")
                study.set_metric_names(list(sweep.metrics))
        known = study.user_attrs.get(_FORMAT) == FORMAT
        same = [direction.name.lower() for direction in study.directions] == list(sweep.directions)
        wanted = distributions(sweep)
        trials = study.get_trials(deepcopy=False)
        alike = all(wanted.get(name) == each for trial in trials for name, each in trial.distributions.items())
    except OSError:
        raise
    except Exception:
        # Optuna raises many kinds of errors for a journal that it did not write
        raise UnreadableRun("sweeps.study_damaged", folder=folder.path) from None
    if not known:
        raise UnreadableRun("sweeps.other_format")
    if not same or not alike:
        raise UnreadableRun("sweeps.study_damaged", folder=folder.path)
    return study


def _repair(folder: SweepFolder) -> None:
    """Remove what a killed process left: a lock, and the beginning of a last line, to which others would be added."""
    folder.study.with_name(f"{folder.study.name}.lock").unlink(missing_ok=True)
    try:
        written = folder.study.read_bytes()
    except FileNotFoundError:
        return
    whole = written.rfind(b"\n") + 1
    if whole < len(written):
        with folder.study.open("r+b") as file:
            file.truncate(whole)
