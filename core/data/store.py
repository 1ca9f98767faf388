"""The data sets that people brought: listed, read, described, exported and deleted."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from core.config.datasets import BUILT_IN, DATASET_NAME, DataDescription, data_folder, known_names
from core.data.about import About, read_about, write_about
from core.data.arrays import Arrays
from core.data.dataset_folder import DatasetFolder, read_arrays
from core.data.known import KNOWN
from core.deleted_folders import doomed
from core.errors import DigitLabError, reason_of
from core.files import replacing

_TEXTS = {"title", "licence", "source", "note", "shared"}


@dataclass(frozen=True, slots=True)
class AddedDataset(DatasetFolder):
    """A data set that a person brought, in its folder; reading it raises DigitLabError if it is damaged."""

    @classmethod
    def named(cls, name: str) -> Self:
        """The data set of this name, which may not exist; raises DigitLabError for an invalid name."""
        if not DATASET_NAME.fullmatch(name) or name in BUILT_IN:
            raise DigitLabError("data_add.no_such", name=name[:60])
        return cls(data_folder(), name)

    @property
    def unwritable(self) -> str:
        return "data_add.unwritable"

    @property
    def exists(self) -> bool:
        return (self.folder / "about.json").is_file()

    def about(self) -> About:
        return read_about(self.folder)

    def arrays(self, description: DataDescription) -> Arrays | None:
        """The arrays as read-only memory maps, or None if they are not as described."""
        return read_arrays(self.folder, expected_shapes(description))

    @property
    def bytes(self) -> int:
        """Its size on the disk."""
        return sum(path.stat().st_size for path in self.folder.glob("*") if path.is_file())

    def describe(self, **texts: Any) -> None:
        """Change its title, licence, source, note, or whether it is shared; also raises OSError."""
        if unknown := texts.keys() - _TEXTS:
            raise TypeError(f"a data set has no {', '.join(unknown)}")
        with self._held():
            write_about(self.folder, replace(self.about(), **texts))

    def delete(self) -> None:
        """Delete it; who has it open can read on. Raises DigitLabError."""
        # first out of sight as a whole, since deleting takes a while
        shutil.rmtree(self.hide(doomed()), ignore_errors=True)

    def hide(self, name: str) -> Path:
        """Rename its folder, which is returned, to a name that no data set has; raises DigitLabError."""
        with self._held(), self.writable():
            return self.folder.rename(self.root / name)

    def export(self, path: Path) -> None:
        """Write an .npz with Keras's keys and the names of the classes; raises DigitLabError or OSError."""
        about = self.about()
        arrays = self.arrays(about.description)
        if arrays is None:
            raise DigitLabError("data_add.damaged_set", name=self.name)
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez_compressed(
                file,
                x_train=arrays.train_images,
                y_train=arrays.train_labels,
                x_test=arrays.test_images,
                y_test=arrays.test_labels,
                class_names=np.array(about.description.classes),
            )

    @contextmanager
    def _held(self) -> Iterator[None]:
        if not self.exists:
            raise DigitLabError("data_add.no_such", name=self.name)
        with self.locked(lambda: None):
            yield


def added_sets() -> list[AddedDataset]:
    """All data sets that people brought, by name."""
    return [AddedDataset(data_folder(), name) for name in known_names() if name not in BUILT_IN]


def free_name(wanted: str) -> str:
    """A name like this one that no data set has yet, such as `my-letters-2`."""
    letters = "".join(character if character.isascii() and character.isalnum() else "-" for character in wanted.lower())
    base = "-".join(filter(None, letters.split("-")))[:36] or "images"
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(name for name in names if is_free(name))


def is_free(name: str) -> bool:
    """Whether a new data set may have this name."""
    return name not in BUILT_IN and name not in KNOWN and not (data_folder() / name).exists()


def check_new(name: str) -> None:
    """Raises DigitLabError, with the reason, where a new data set may not have this name."""
    if not DATASET_NAME.fullmatch(name):
        raise DigitLabError("data_add.bad_name", name=name[:60])
    if name in BUILT_IN or name in KNOWN:
        raise DigitLabError("data_add.reserved", name=name)
    if (data_folder() / name).exists():
        raise DigitLabError("data_add.taken", name=name)


def expected_shapes(description: DataDescription) -> dict[str, tuple[int, ...]]:
    """The shape of each array of a data set."""
    height, width, channels = description.shape
    image = (height, width) if channels == 1 else (height, width, channels)
    counts = {"train": description.training, "test": description.test}
    images = {f"{part}_images": (count, *image) for part, count in counts.items()}
    return images | {f"{part}_labels": (count,) for part, count in counts.items()}


def place_new(added: AddedDataset, make: Callable[[Path], object]) -> None:
    """Let `make` fill a folder, then rename it to the data set's; nothing is left if it fails.

    Raises DigitLabError where another has taken the name meanwhile, where a file cannot be read or written, and what
    `make` raises.
    """
    with added.locked(lambda: None), added.writable(), added.workspace() as work:
        new = work / "new"
        new.mkdir()
        try:
            make(new)
        except OSError as error:
            theirs = error.filename is not None and not Path(str(error.filename)).is_relative_to(added.root)
            if not theirs:
                raise
            raise DigitLabError("data_add.no_file", path=error.filename, reason=reason_of(error)) from error
        if added.folder.exists():
            raise DigitLabError("data_add.taken", name=added.name)
        new.rename(added.folder)
