"""The trials that are under way: as many as their runs have room to train, each followed to its end."""

import contextlib
import time
from collections.abc import Callable, Generator
from statistics import fmean

from core.errors import DigitLabError, InvalidSetting
from core.queue.permissions import FULL
from core.queue.queue import Queue
from core.runs.folder import RunFolder
from core.sweeps.confirmation import Confirmation
from core.sweeps.followed_run import FollowedRun, Outcome, Report
from core.sweeps.foresight import Foresee, Foresight
from core.sweeps.requests import Requests
from core.sweeps.study import Candidate, Study
from core.sweeps.sweep import Sweep
from core.sweeps.trial_runs import TrialRuns
from core.sweeps.variation import Value
from core.text import Message

POLL_SECONDS = 0.04
"""Between two looks at the runs that train."""
_TICK_SECONDS = 0.5
_EAGER_SECONDS = 10.0
"""So long, the queue is asked at each look to start a run that waits."""
_PLACE_SECONDS = 1.0
"""Between two attempts to get a place in a queue that is full."""
_FAILURES = 3
"""So many trials that fail one after another, and not by a loss that became NaN, end the sweep."""
_UNTRAINABLE = 100
"""So many settings in a row that cannot be trained end the sweep."""

Course = Generator[None, None, None]
"""What is done for a trial; it yields where it waits."""
_ENDED = object()


class _Halted(Exception):
    """The sweep is to pause or stop, and a run has no place in the queue yet."""


class Trials:
    """Takes trials to their ends; the study and the run folders have each step before the next one begins."""

    def __init__(
        self, sweep: Sweep, study: Study, runs: TrialRuns, queue: Queue, requests: Requests, begun: Callable[[], None]
    ) -> None:
        """`begun` is called whenever a run has begun to train, while the processor is the run's."""
        self._sweep = sweep
        self._study = study
        self._runs = runs
        self._queue = queue
        self._requests = requests
        self._begun = begun
        self._foresight = Foresight(sweep, study)
        self._followed: list[FollowedRun] = []
        self._ticked = 0.0
        self._failures = self._untrainable = 0
        self._reason = Message("sweeps.gone")
        """Why the last trial without a result has none."""

    @property
    def problem(self) -> Message | None:
        """Why it makes no sense to try more, None where it does."""
        if self._failures >= _FAILURES:
            return Message("sweeps.failing", count=_FAILURES, reason=self._reason)
        if self._untrainable >= _UNTRAINABLE:
            return Message("sweeps.untrainable_row", count=_UNTRAINABLE, reason=self._reason)
        return None

    def take(self, courses: list[Course], following: Callable[[], Course | None]) -> None:
        """Take these courses to their ends, and another one that is `following` whenever there is room for its run."""
        while True:
            self._requests.take()
            left = [course for course in courses if _goes_on(course)]
            room = self._tick(at_once=len(left) < len(courses))
            if room:
                # a run may have ended just before the queue looked, and its trial need the room for the next seed
                known = [*self._followed]
                left = [course for course in left if _goes_on(course)]
                room = all(run in known for run in self._followed)
            courses = left
            # a trial without a run waits for a place in the queue, for which another would wait as well
            if not courses or (room and len(self._followed) == len(courses)):
                if (course := following()) is not None:
                    courses.append(course)
                    continue
                if not courses:
                    return
            time.sleep(POLL_SECONDS)

    def attempt(self, candidate: Candidate) -> Course:
        """Train the runs of a trial, one seed after another, and record how it ended."""

        def report(epoch: int, val_loss: float) -> Message | None:
            return self._study.report(candidate, epoch, val_loss)

        scores = list[tuple[float, ...]]()
        for place in range(self._sweep.seeds):
            try:
                run = yield from self._queued(candidate.number, candidate.values, place)
            except _Halted:
                # it goes on when the sweep does
                return
            except InvalidSetting as error:
                self._untrainable += 1
                self._reason = error.message
                self._study.end(candidate, "untrainable", error.message)
                return
            self._untrainable = 0
            self._study.note(candidate, self._runs.ids(candidate.number))
            foresee = self._foresight.after(candidate, place, scores)
            outcome = yield from self._follow(run, foresee, report if place == 0 else None)
            if outcome.state != "complete":
                self._failures = self._failures + 1 if outcome.state == "failed" else 0
                self._reason = outcome.reason or Message("sweeps.gone")
                self._study.end(candidate, outcome.state, self._reason)
                return
            scores.append(outcome.scores)
        self._failures = 0
        self._study.complete(candidate, [fmean(each) for each in zip(*scores, strict=True)])

    def confirm(self, confirmation: Confirmation, place: int) -> Course:
        """Train the winner with the new seed of this place."""
        winner = confirmation.winner
        try:
            run = yield from self._queued(winner.number, winner.values, place, again=True)
        except _Halted:
            return
        foresee = self._foresight.after_confirming(winner, place)
        confirmation.ended[place] = run, (yield from self._follow(run, foresee))

    def kill(self) -> None:
        """End the processes of all runs that train, which go on when the sweep does."""
        for run in self._followed:
            with contextlib.suppress(DigitLabError):
                run.kill()

    def _queued(
        self, number: int, values: dict[str, Value], place: int, *, again: bool = False
    ) -> Generator[None, None, RunFolder]:
        """A trial's run, once there is a place for it in the queue."""
        while True:
            try:
                return self._runs.ready(number, values, place, again=again)
            except DigitLabError as error:
                if error.message.key not in FULL:
                    raise
            until = time.monotonic() + _PLACE_SECONDS
            while time.monotonic() < until:
                if self._requests.halt:
                    raise _Halted
                yield

    def _follow(
        self, folder: RunFolder, foresee: Foresee, report: Report | None = None
    ) -> Generator[None, None, Outcome]:
        """Wait for a run's end."""
        run, begun, seen = FollowedRun(folder, self._sweep, self._queue, report), False, -1
        self._followed.append(run)
        while (outcome := run.look(stopping=self._requests.stopping)) is None:
            if run.state == "training" and not begun:
                begun = True
                self._begun()
            leads = run is max(self._followed, key=lambda each: each.epoch)
            # only one run tells, so that the ready process does not prepare for one thing and another; and not before
            # that process was given the run
            if leads and run.state != "queued" and run.epoch > seen:
                seen = run.epoch
                config = foresee(run.scores)
                # a run that goes on from another one takes its network from there
                if config is not None and self._sweep.origin is None:
                    self._queue.expect(config)
                    # at once, since a short run ends soon
                    self._ticked = 0.0
            yield
        self._followed.remove(run)
        return outcome

    def _tick(self, *, at_once: bool) -> bool:
        """Let the queue start what is next, as a server does too, but later; whether there is room for another run."""
        now = time.monotonic()
        at_once |= any(run.state == "queued" and now - run.since < _EAGER_SECONDS for run in self._followed)
        if not at_once and now - self._ticked < _TICK_SECONDS:
            return False
        self._ticked = now
        try:
            self._queue.tick()
        except DigitLabError as error:
            if error.message.key != "runs.runs_dir_busy":
                raise
            return False
        return self._queue.has_room


def _goes_on(course: Course) -> bool:
    """Take the next step of a course; whether others follow."""
    return next(course, _ENDED) is not _ENDED
