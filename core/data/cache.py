"""The disk cache: one copy of each data set for all processes, and a note on the progress of its preparation."""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs

from core.data.dataset_folder import DatasetFolder, read_arrays, write_arrays
from core.data.sources import Found
from core.places import named_place
from core.text import Message, stored

_META = "meta.json"


@dataclass(frozen=True, slots=True)
class Note:
    """What the latest preparation wrote for other processes to read."""

    state: Literal["preparing", "failed"]
    done: int = 0
    total: int = 0
    message: Message | None = None
    time: float = 0.0
    tried: str = ""
    """Local files that were tried when it failed; if they have changed, the failure is outdated."""


def cache_folder() -> Path:
    """The cache folder: DIGIT_LAB_CACHE, or the user's default."""
    return named_place("DIGIT_LAB_CACHE", platformdirs.user_cache_path("digit-lab", appauthor=False))


@dataclass(frozen=True, slots=True)
class Cache(DatasetFolder):
    """One data set's folder in the cache."""

    digest: str

    @property
    def unwritable(self) -> str:
        return "datasets.cache_unwritable"

    def read(self) -> Found | None:
        """The arrays as read-only memory maps, or None if they are missing or damaged."""
        try:
            about = json.loads((self.folder / _META).read_text(encoding="utf-8"))
            arrays = read_arrays(self.folder, about["shapes"]) if about["digest"] == self.digest else None
            return arrays and Found(str(about["source"]), arrays)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, found: Found, work: Path) -> Found:
        """Store the arrays atomically, moving a damaged copy away, and return them as `read` does.

        The caller holds the lock and passes a workspace.
        """
        new = work / "new"
        new.mkdir()
        write_arrays(new, found.arrays)
        shapes = {field: array.shape for field, array in found.arrays._asdict().items()}
        about = {"digest": self.digest, "source": found.source, "shapes": shapes}
        (new / _META).write_text(json.dumps(about), encoding="utf-8")
        self.put(new, work)
        if kept := self.read():
            return kept
        raise OSError(f"{self.folder} does not read as it was written")

    def note(self) -> Note | None:
        """The note, if there is one; a killed process leaves it at "preparing"."""
        try:
            content: dict[str, Any] = json.loads(self._note_path.read_text(encoding="utf-8"))
            content["message"] = Message.read(content)
            content.pop("said", None)
            return Note(**content)
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def write_note(self, note: Note) -> None:
        """Replace the note; errors are ignored, because the data matters more."""
        new = self._note_path.with_suffix(f".{os.getpid()}.new")
        with suppress(OSError):
            new.write_text(json.dumps(asdict(note) | stored(note.message) | {"time": time.time()}), encoding="utf-8")
            new.replace(self._note_path)

    def remove_note(self) -> None:
        """Remove the note after success."""
        with suppress(OSError):
            self._note_path.unlink(missing_ok=True)

    @property
    def _note_path(self) -> Path:
        return self.root / f"{self.name}.json"
