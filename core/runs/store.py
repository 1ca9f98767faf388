"""All runs there are: those of this machine and those shipped with the product."""

import contextlib
import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import Timeout

from core.errors import DigitLabError, UnreadableRun
from core.file_lock import held
from core.files import Stamp, stamp
from core.places import ROOT, named_place, place
from core.runs.folder import Label, Manifest, RunFolder
from core.runs.status import ACTIVE, Status
from core.text import Message

SHIPPED_DIR = ROOT / "cached_models"
SHOWN_FIRST = "cnn-16-36"
"""The shipped run that is shown where nobody has trained yet: good, trained in minutes, and with validation."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LOCK_SECONDS = 10.0
_STAMPED = ("run.json", "status.json", "label.json")
_OPENED = "opened.json"
_DELETED = ".deleted-"
_IN_USE = ACTIVE | {"queued"}
"""States in which a run cannot be deleted."""


def default_runs_dir() -> Path:
    """Where runs live: DIGIT_LAB_RUNS, or `runs` beside the product."""
    return named_place("DIGIT_LAB_RUNS", ROOT / "runs")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What the list has of any run."""

    folder: RunFolder
    shipped: bool = False
    opened: bool = False
    """Whether it came here as a file: looked at, never changed."""
    label: Label = field(default_factory=Label)

    @property
    def id(self) -> str:
        return self.folder.id

    @property
    def name(self) -> str:
        """The name that a person gave it, else the first one."""
        return self.label.name or self.first_name

    @property
    def first_name(self) -> str:
        """The name that it was started with; its id where that cannot be read."""
        return self.id

    @property
    def note(self) -> str:
        return self.label.note

    @property
    def created(self) -> float:
        """Seconds since 1970; 0 where that cannot be read."""
        return 0.0

    @property
    def in_use(self) -> bool:
        """Whether it trains or waits, as far as can be read."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(_Listed):
    """A run that can be read."""

    manifest: Manifest
    status: Status

    @property
    def first_name(self) -> str:
        return self.manifest.name or self.id

    @property
    def created(self) -> float:
        return self.manifest.created

    @property
    def in_use(self) -> bool:
        return self.status.state in _IN_USE


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedRun(_Listed):
    """A folder among the runs that cannot be read."""

    problem: Message
    """Why, in a sentence."""


AnyRun = Run | DamagedRun


class RunStore:
    """Lists and finds runs; one that has ended is read again only when its files have changed."""

    def __init__(self, runs_dir: Path | None = None, shipped_dir: Path | None = None) -> None:
        self.runs_dir = runs_dir or default_runs_dir()
        self.shipped_dir = shipped_dir or SHIPPED_DIR
        self._read: dict[str, tuple[tuple[Stamp, ...], AnyRun]] = {}
        self._listing = threading.Lock()
        self.changes = 0
        """How often runs may have been changed through this store."""

    def runs(self) -> list[Run]:
        """The runs that can be read, in the order of `entries`."""
        return [run for run in self.entries() if isinstance(run, Run)]

    def entries(self) -> list[AnyRun]:
        """All runs, newest first, the shipped ones behind, SHOWN_FIRST before the others; damaged ones last of each."""
        # who asks while another thread reads a thousand runs waits, and need not read them too
        with self._listing:
            found = self._all(self.runs_dir, shipped=False) + self._all(self.shipped_dir, shipped=True)
        return sorted(found, key=_place)

    def find(self, run_id: str) -> Run:
        """The run with this id; raises UnreadableRun where it is damaged, DigitLabError where there is none."""
        run = self._find(run_id)
        if isinstance(run, DamagedRun):
            raise UnreadableRun(run.problem)
        return run

    def _find(self, run_id: str) -> AnyRun:
        if _ID.fullmatch(run_id):
            for folder, shipped in ((self.runs_dir, False), (self.shipped_dir, True)):
                run = self._run(str(folder / run_id), shipped=shipped) if (folder / run_id).is_dir() else None
                if run is not None:
                    return run
        raise DigitLabError("runs.not_here", id=run_id[:60])

    def folder(self, run: str) -> RunFolder:
        """The folder of the run that a command names: by its folder, its id, or the name that pages show.

        Raises DigitLabError where there is no such run, or several.
        """
        path = place(run)
        if stamp(f"{path}/run.json"):
            return RunFolder(path)
        try:
            return self._find(run).folder
        except DigitLabError:
            named = [found for found in self.entries() if found.name == run]
            if len(named) > 1:
                ids = ", ".join(found.id for found in named)
                raise DigitLabError("runs.several", count=len(named), name=run[:60], ids=ids) from None
            if not named and not stamp(f"{path}/."):
                raise
            # loading a folder that is not a run says what is missing there
            return named[0].folder if named else RunFolder(path)

    def rename(self, run_id: str, name: str) -> None:
        """Give a run a name of one's own; an empty one gives back the first. Raises DigitLabError."""
        self._relabel(run_id, name=name)

    def annotate(self, run_id: str, note: str) -> None:
        """Write a note on a run in place of the one before. Raises DigitLabError."""
        self._relabel(run_id, note=note)

    def pin(self, run_id: str, *, pinned: bool) -> None:
        """Keep a run, or not, when old ones are deleted for want of room. Raises DigitLabError."""
        self._relabel(run_id, pinned=pinned)

    def delete(self, run_id: str) -> None:
        """Remove a run and all it kept; raises DigitLabError, too where it trains or waits to."""
        run = self._of_this_machine(run_id)
        # under the lock, so that the queue does not start it in the same moment
        with self.lock():
            if _in_use(run.folder):
                raise DigitLabError("run_list.in_use", name=run.name)
            # a reader meets a whole run or none
            hidden = run.folder.path.with_name(f"{_DELETED}{run_id}-{secrets.token_hex(3)}")
            try:
                run.folder.path.rename(hidden)
            except OSError as error:
                raise DigitLabError("run_list.not_deleted", name=run.name, reason=_reason(error)) from None
        self._read.pop(str(run.folder.path), None)
        for gone in self.runs_dir.glob(f"{_DELETED}*"):
            # what cannot be removed now is tried again with the next
            if gone.is_symlink():
                gone.unlink(missing_ok=True)
            else:
                shutil.rmtree(gone, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps every other server and thread from changing which runs there are and which wait.

        Raises DigitLabError where another keeps it for 10 s, or where the folder of the runs, or what the block writes
        there, cannot be written.
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
            raise DigitLabError("runs.runs_dir_unwritable", folder=self.runs_dir, reason=_reason(error)) from None

    def _of_this_machine(self, run_id: str) -> AnyRun:
        run = self._find(run_id)
        if run.shipped:
            raise DigitLabError("run_list.shipped", name=run.name)
        return run

    def _relabel(self, run_id: str, **changes: str | bool) -> None:
        run = self._of_this_machine(run_id)
        if run.opened and changes.keys() != {"pinned"}:
            raise DigitLabError("sharing.opened", name=run.name)
        # what the disk has, and not what was read: another page may have written in between
        with self.lock():
            try:
                run.folder.write_label(replace(run.folder.label(), **changes))  # type: ignore[arg-type] # by name
            except OSError as error:
                raise DigitLabError("run_list.not_written", name=run.name, reason=_reason(error)) from None

    def _all(self, directory: Path, *, shipped: bool) -> list[AnyRun]:
        found = (self._run(path, shipped=shipped) for path in _folders(directory))
        return [run for run in found if run is not None]

    def _run(self, path: str, *, shipped: bool) -> AnyRun | None:
        """The run in this folder; None where the folder is gone by the time it was read."""
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
        except UnreadableRun as error:
            if not folder.path.is_dir():
                return None
            run = DamagedRun(folder=folder, problem=error.message, shipped=shipped, opened=opened, label=label)
        self._read[path] = (stamps, run)
        return run


def _folders(directory: Path) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.path for entry in entries if entry.is_dir() and _ID.fullmatch(entry.name)]
    except OSError:
        return []


def _place(run: AnyRun) -> tuple[bool, bool, bool, float, str]:
    return run.shipped, isinstance(run, DamagedRun), run.shipped and run.id != SHOWN_FIRST, -run.created, run.id


def _in_use(folder: RunFolder) -> bool:
    try:
        return folder.status().state in _IN_USE
    except UnreadableRun:
        return False


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
