"""Deleted data sets, which can be restored for a minute."""

import contextlib
from dataclasses import dataclass

from core.config.datasets import DATASET_NAME, data_folder
from core.data.about import About, read_about
from core.data.store import AddedDataset
from core.deleted_folders import DeletedFolder, deleted_folders, is_restorable, remove_for_good, restorable
from core.errors import DigitLabError


@dataclass(frozen=True, slots=True)
class SetAside:
    """A deleted data set that can still be restored."""

    folder: DeletedFolder
    name: str
    about: About


def set_aside(added: AddedDataset) -> None:
    """Delete a data set so that `restore` can bring it back for a minute; raises DigitLabError."""
    added.hide(restorable(added.name))


def set_aside_sets() -> list[SetAside]:
    """The deleted data sets that can still be restored, the last deleted first; damaged ones are left out."""
    found = []
    for folder in deleted_folders(data_folder()):
        if DATASET_NAME.fullmatch(folder.name):
            with contextlib.suppress(DigitLabError):
                found.append(SetAside(folder, folder.name, read_about(folder.path)))
    return found


def restore(aside: SetAside) -> None:
    """Bring back a deleted data set; raises DigitLabError if it is gone or another has its name now."""
    added = AddedDataset.named(aside.name)
    with added.locked(lambda: None), added.writable():
        if added.folder.exists():
            raise DigitLabError("data_add.taken", name=aside.name)
        if not is_restorable(aside.folder.path):
            raise DigitLabError("data_sets.too_late")
        aside.folder.path.rename(added.folder)


def clear() -> None:
    """Remove the files of what can no longer be restored; what cannot be removed stays for later."""
    remove_for_good(data_folder())
