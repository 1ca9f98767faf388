"""All runs: those of this machine and those shipped with the product."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from core.config.naming import unique_name
from core.config.run import RunConfig
from core.deleted_folders import doomed, remove_for_good
from core.errors import DigitLabError, UnreadableRun, reason_of
from core.file_lock import held
from core.files import Stamp, replacing, stamp
from core.places import ROOT, named_place, place
from core.runs import deleted
from core.runs.cross_validation import FILE, CrossValidation, result_file
from core.runs.entries import IN_USE, AnyRun, DamagedRun, Job, Run
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.manifest import RUN_ID
from core.text import Message

SHIPPED_DIR = ROOT / "cached_models"
SHOWN_FIRST = "cnn-16-36"
"""The shipped run to show before anything was trained here: good, trained in minutes, and with validation."""
_LOCK_SECONDS = 10.0
_STAMPED = ("run.json", "status.json", "label.json")
_OPENED = "opened.json"
_JOBS = ".jobs"


def default_runs_dir() -> Path:
    """The folder of the runs: DIGIT_LAB_RUNS, or `runs` in the product's folder."""
    return named_place("DIGIT_LAB_RUNS", ROOT / "runs")


class RunStore:
    """Lists and finds runs; reads an ended run again only if its files have changed."""

    def __init__(self, runs_dir: Path | None = None, shipped_dir: Path | None = None) -> None:
        self.runs_dir = runs_dir or default_runs_dir()
        self.shipped_dir = shipped_dir or SHIPPED_DIR
        self.jobs_dir = self.runs_dir / _JOBS
        self._read: dict[str, tuple[tuple[Stamp, ...], AnyRun]] = {}
        self._listing = threading.Lock()
        self.changes = 0
        """Counts the changes that may have been made through this store."""

    def runs(self) -> list[Run]:
        """The runs that can be read, in the order of `entries`."""
        return [run for run in self.entries() if isinstance(run, Run)]

    def entries(self) -> list[AnyRun]:
        """All runs: own ones, newest first, then shipped ones, SHOWN_FIRST first; damaged ones last in each group."""
        # a second thread waits for the first instead of reading a thousand runs as well
        with self._listing:
            found = self._all(self.runs_dir, shipped=False) + self._all(self.shipped_dir, shipped=True)
        return sorted(found, key=_place)

    def jobs(self) -> list[Job]:
        """The cross-validations, newest first; a finished one is deleted once its result is kept."""
        with self._listing:
            found = self._all(self.jobs_dir, shipped=False)
        return sorted((job for job in found if isinstance(job, Job)), key=_place)

    def keep_result(self, job: Job) -> None:
        """Copy the result of a finished cross-validation to its run and delete the run's ended jobs, under the lock.

        Where it cannot be written, the job has failed.
        """
        ended = [other for other in self.jobs() if other.task.run == job.task.run and not other.in_use]
        # what cannot be written or deleted now is tried again
        with contextlib.suppress(DigitLabError, OSError):
            try:
                run = self.find(job.task.run)
                target = result_file(run.folder, run.manifest, shipped=run.shipped)
                target.parent.mkdir(parents=True, exist_ok=True)
                with replacing(target) as draft:
                    shutil.copyfile(job.folder.path / FILE, draft)
            except OSError as error:
                reason = Message("cross_validation.not_kept", reason=reason_of(error))
                job.folder.write_status(replace(job.status, state="failed", owner=None, message=reason))
                return
            except DigitLabError:
                # the run was deleted meanwhile
                pass
            for other in ended:
                self.remove(other)

    def find(self, run_id: str) -> Run:
        """The run or job with this id; raises UnreadableRun if it is damaged, DigitLabError if there is none."""
        run = self._find(run_id)
        if isinstance(run, DamagedRun):
            raise UnreadableRun(run.problem)
        return run

    def _find(self, run_id: str) -> AnyRun:
        if RUN_ID.fullmatch(run_id):
            for folder, shipped in ((self.runs_dir, False), (self.jobs_dir, False), (self.shipped_dir, True)):
                run = self._run(str(folder / run_id), shipped=shipped) if (folder / run_id).is_dir() else None
                if run is not None:
                    return run
        raise DigitLabError("runs.not_here", id=run_id[:60])

    def folder(self, run: str) -> RunFolder:
        """The folder of a run given on the command line by folder, id or the name that pages show.

        Raises DigitLabError where none or several match.
        """
        path = place(run)
        if stamp(f"{path}/run.json"):
            return RunFolder(path)
        try:
            return self._find(run).folder
        except DigitLabError:
            named = [found for found in self.entries() if run in (found.name, found.name_in_files)]
            if len(named) > 1:
                ids = [found.id for found in named]
                raise DigitLabError("runs.several", count=len(named), name=run[:60], ids=ids) from None
            if not named and not stamp(f"{path}/."):
                raise
            # a folder that is not a run: reading it says which file is missing
            return named[0].folder if named else RunFolder(path)

    def name_for(self, config: RunConfig, *, after: int | None = None) -> str:
        """A name that no run has, for a new run with these settings, which goes on from epoch `after` of another."""
        taken = {name for run in self.entries() for name in (run.label.name, run.first_name)}
        return unique_name(config, taken, after=after)

    def next_number(self) -> int:
        """The number of the next run that is started here."""
        return max((run.manifest.number or 0 for run in self.runs() if not run.shipped), default=0) + 1

    def rename(self, run_id: str, name: str) -> None:
        """Rename a run; an empty name restores its first one. Raises DigitLabError."""
        self._relabel(run_id, name=name)

    def annotate(self, run_id: str, note: str) -> None:
        """Replace a run's note. Raises DigitLabError."""
        self._relabel(run_id, note=note)

    def pin(self, run_id: str, *, pinned: bool) -> None:
        """Set whether a run is kept when old ones are deleted to make room. Raises DigitLabError."""
        self._relabel(run_id, pinned=pinned)

    def tag(self, run_id: str, tags: Sequence[str]) -> None:
        """Replace a run's tags. Raises DigitLabError."""
        self._relabel(run_id, tags=tuple(tags))

    def delete(self, run_id: str) -> None:
        """Delete a run with all its files; raises DigitLabError, also if it trains or waits."""
        # under the lock, so that the queue does not start it meanwhile
        with self.lock():
            for each in self._deletable([run_id]):
                self.remove(each)

    def set_aside(self, run_ids: Sequence[str]) -> None:
        """Delete runs so that `restore` can bring them back for a minute, even after a restart.

        Raises DigitLabError as `delete`; then none is deleted unless their folder cannot be written.
        """
        with self.lock():
            batch = deleted.new_batch()
            for each in self._deletable(run_ids):
                self._hide(each, deleted.in_batch(batch, each.id))

    def set_aside_runs(self) -> list[deleted.SetAside]:
        """The deleted runs that can still be restored, the last deleted first."""
        return deleted.set_aside_runs(self.runs_dir)

    def restore(self, batch: str) -> None:
        """Bring back the runs that were deleted together as this batch; raises DigitLabError if one is gone."""
        with self.lock():
            deleted.restore(batch, self.runs_dir, self.jobs_dir)

    def clear_deleted(self) -> None:
        """Remove the files of deleted runs that can no longer be restored; what cannot be removed stays for later."""
        remove_for_good(self.runs_dir, self.jobs_dir)

    def remove(self, run: AnyRun) -> None:
        """Delete a run or job that is not in use; call it under the lock. Raises DigitLabError."""
        self._hide(run, doomed())
        self.clear_deleted()

    def _deletable(self, run_ids: Sequence[str]) -> list[AnyRun]:
        """These runs with their cross-validations; raises DigitLabError if one is in use or not of this machine."""
        runs = [self._of_this_machine(run_id) for run_id in run_ids]
        found = list[AnyRun]()
        all_jobs = self.jobs()
        for run in runs:
            with_jobs = [run, *(job for job in all_jobs if job.task.run == run.id)]
            if any(_in_use(each.folder) for each in with_jobs):
                raise DigitLabError("run_list.in_use", name=run.name)
            found += with_jobs
        return found

    def _hide(self, run: AnyRun, name: str) -> None:
        """Rename a run's folder, so that no reader sees half a run; raises DigitLabError."""
        path = run.folder.path
        try:
            path.rename(path.with_name(name))
        except OSError as error:
            raise DigitLabError("run_list.not_deleted", name=run.name, reason=reason_of(error)) from None
        self._read.pop(str(path), None)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other servers and threads from adding, deleting or queueing runs.

        Raises DigitLabError if another holds the lock for 10 s, or if the folder cannot be written, in the block too.
        """
        try:
            self.runs_dir.mkdir(parents=True, exist_ok=True)
            with held(self.runs_dir / ".queue.lock", _LOCK_SECONDS):
                try:
                    yield
                finally:
                    self.changes += 1
        except Timeout:
            raise DigitLabError("runs.runs_dir_busy", folder=self.runs_dir) from None
        except OSError as error:
            raise DigitLabError("runs.runs_dir_unwritable", folder=self.runs_dir, reason=reason_of(error)) from None

    def _of_this_machine(self, run_id: str) -> AnyRun:
        run = self._find(run_id)
        if run.shipped:
            raise DigitLabError("run_list.shipped", name=run.name)
        return run

    def _relabel(self, run_id: str, **changes: str | bool | tuple[str, ...]) -> None:
        run = self._of_this_machine(run_id)
        # pins and tags order the list; name and note are the author's
        if run.opened and not changes.keys() <= {"pinned", "tags"}:
            raise DigitLabError("sharing.opened", name=run.name)
        # read again, since another page may have written in between
        with self.lock():
            try:
                run.folder.write_label(replace(run.folder.label(), **changes))  # type: ignore[arg-type] # by name
            except OSError as error:
                raise DigitLabError("run_list.not_written", name=run.name, reason=reason_of(error)) from None

    def _all(self, directory: Path, *, shipped: bool) -> list[AnyRun]:
        found = (self._run(path, shipped=shipped) for path in _folders(directory))
        return [run for run in found if run is not None]

    def _run(self, path: str, *, shipped: bool) -> AnyRun | None:
        """The run in this folder; None if the folder has been deleted meanwhile."""
        stamps = tuple(stamp(f"{path}/{name}") for name in _STAMPED)
        known = self._read.get(path)
        if known and known[0] == stamps:
            before = known[1]
            if isinstance(before, DamagedRun) or before.status.owner is None:
                return before
            with contextlib.suppress(UnreadableRun):
                # its process may have stopped unexpectedly
                return replace(before, status=before.folder.status())
        folder = RunFolder(Path(path))
        label = folder.label() if stamps[2] else Label()
        opened = not shipped and (folder.path / _OPENED).exists()
        run: AnyRun
        try:
            manifest, status = folder.manifest(), folder.status()
            run = Run(folder=folder, manifest=manifest, status=status, shipped=shipped, opened=opened, label=label)
            if folder.path.parent == self.jobs_dir:
                run = Job(folder=folder, manifest=manifest, status=status, task=CrossValidation.of(folder))
        except UnreadableRun as error:
            if not folder.path.is_dir():
                return None
            run = DamagedRun(folder=folder, problem=error.message, shipped=shipped, opened=opened, label=label)
        self._read[path] = (stamps, run)
        return run


def _folders(directory: Path) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.path for entry in entries if entry.is_dir() and RUN_ID.fullmatch(entry.name)]
    except OSError:
        return []


def _place(run: AnyRun) -> tuple[bool, bool, bool, float, str]:
    return run.shipped, isinstance(run, DamagedRun), run.shipped and run.id != SHOWN_FIRST, -run.created, run.id


def _in_use(folder: RunFolder) -> bool:
    try:
        return folder.status().state in IN_USE
    except UnreadableRun:
        return False
