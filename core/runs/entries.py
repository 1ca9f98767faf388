"""What lists of runs hold: runs, cross-validations, and folders that cannot be read as a run."""

from dataclasses import dataclass, field

from core.runs.cross_validation import CrossValidation
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.manifest import Manifest
from core.runs.status import ACTIVE, Status
from core.text import Message, fitted

SHORT_NAME = 36
"""The columns of a name in a picker, chart or table, for which a phone has room."""
IN_USE = ACTIVE | {"queued"}
"""States in which a run cannot be deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What the list knows of any run."""

    folder: RunFolder
    shipped: bool = False
    opened: bool = False
    """Whether it was opened from a file, and so is read-only."""
    label: Label = field(default_factory=Label)

    @property
    def id(self) -> str:
        return self.folder.id

    @property
    def name(self) -> str:
        """The user's own name for it, else the first name in the reader's language."""
        return self.label.name or self.first_name

    @property
    def name_in_files(self) -> str:
        """The name as other runs' files have it: in English where the run named itself."""
        return self.label.name or self.first_name

    @property
    def short_name(self) -> str:
        """The name as pickers, charts and tables have room for it, cut in the middle."""
        return fitted(self.name, SHORT_NAME)

    @property
    def first_name(self) -> str:
        """The name it was started with; its id if that cannot be read."""
        return self.id

    @property
    def note(self) -> str:
        return self.label.note

    @property
    def created(self) -> float:
        """Seconds since 1970; 0 if unreadable."""
        return 0.0

    @property
    def in_use(self) -> bool:
        """Whether it trains or waits; False if unreadable."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(_Listed):
    """A run that can be read."""

    manifest: Manifest
    status: Status

    @property
    def name(self) -> str:
        return self.label.name or self.manifest.worded_name or self.id

    @property
    def first_name(self) -> str:
        return self.manifest.name or self.id

    @property
    def created(self) -> float:
        return self.manifest.created

    @property
    def in_use(self) -> bool:
        return self.status.state in IN_USE


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Run):
    """A cross-validation of a run, which waits and trains as a run does but is not listed among them."""

    task: CrossValidation


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedRun(_Listed):
    """A folder among the runs that cannot be read as a run."""

    problem: Message
    """Why not."""


AnyRun = Run | DamagedRun
