"""What a visitor may do with data sets that people brought: see their own and shared ones, change only their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from core.config.datasets import BUILT_IN
from core.data import deleted
from core.data.about import About
from core.data.draft import Draft, Limits
from core.data.importing import Choices
from core.data.store import AddedDataset, added_sets
from core.errors import DigitLabError
from core.queue.permissions import digest_of, is_key
from core.server.limits import Settings

MEGABYTE = 1_000_000
_MEMORY = 3 * 2**30
"""Bytes that the process may use which reads a stranger's files; Python with its libraries takes a sixth of it."""
_SECONDS = 600.0


class DataAccess:
    """Every change of a data set that pages can request; raises DigitLabError where the visitor may not make it.

    `settings` holds the limits of this visitor, whose key is `key`.
    """

    def __init__(self, settings: Settings, *, owner: bool = False, key: str = "") -> None:
        self._settings = settings
        self._owner = owner
        self._visitor = digest_of(key) if is_key(key) else ""

    def may_name_paths(self) -> bool:
        """Whether the visitor may add files by their path on this machine."""
        return self._owner

    def may_see(self, name: str) -> bool:
        """Whether the visitor may look at and train on this data set; one that is not here hides nothing."""
        if name in BUILT_IN or self._owner:
            return True
        about = _about(name)
        return about is None or about.is_visible_to(self._visitor)

    def may_change(self, about: About) -> bool:
        """Whether the visitor may rename, describe, share or delete this data set."""
        return self._owner or about.is_of(self._visitor)

    def visible(self) -> list[tuple[AddedDataset, About]]:
        """The data sets that this visitor may see, by name; damaged ones are left out."""
        found = ((added, _about(added.name)) for added in added_sets())
        return [
            (added, about) for added, about in found if about and (self._owner or about.is_visible_to(self._visitor))
        ]

    def read(
        self,
        draft: Draft,
        files: Sequence[tuple[str, BinaryIO]],
        paths: Sequence[Path],
        choices: Choices,
        title: str,
        *,
        again: bool = False,
    ) -> Any:
        """Start reading files that were sent, or paths on this machine, into a draft; returns the process.

        `again` reads what the draft was read from before.
        """
        self._admit()
        if again:
            paths = draft.paths()
        elif paths and not self._owner:
            raise DigitLabError("data_add.paths_are_the_owners")
        most = self._settings.most_data_megabytes
        limited = Choices(choices.wish, choices.share, choices.seed, int(most * MEGABYTE))
        limits = Limits() if self._owner else Limits(_MEMORY, _SECONDS)
        return draft.start([*draft.receive(files), *paths], limited, limits, title=title)

    def download(self, draft: Draft, name: str) -> Any:
        """Start downloading a well-known data set, which is then everyone's; returns the process."""
        if not self._owner:
            raise DigitLabError("data_add.not_yours", name=name)
        return draft.start_known(name)

    def keep(self, draft: Draft, name: str, **texts: str) -> About:
        """Make a draft a data set of this visitor."""
        self._admit()
        return draft.keep(name, owner="" if self._owner else self._visitor, **texts)

    def describe(self, name: str, **texts: Any) -> None:
        """Change the texts of a data set, or whether it is shared; also raises OSError."""
        self._changed(name).describe(**texts)

    def delete(self, name: str) -> None:
        """Delete a data set, so that `restore` can bring it back for a minute."""
        deleted.set_aside(self._changed(name))

    def set_aside_sets(self) -> list[deleted.SetAside]:
        """The deleted data sets that this visitor can still restore, the last deleted first."""
        return [each for each in deleted.set_aside_sets() if self.may_change(each.about)]

    def restore(self, aside: deleted.SetAside) -> None:
        """Bring back a deleted data set; raises DigitLabError where it is another's, gone, or one too many."""
        if not self.may_change(aside.about):
            raise DigitLabError("data_add.not_yours", name=aside.name)
        self._admit()
        deleted.restore(aside)

    def _changed(self, name: str) -> AddedDataset:
        added = AddedDataset.named(name)
        if not self._owner and not added.about().is_of(self._visitor):
            raise DigitLabError("data_add.not_yours", name=name)
        return added

    def _admit(self) -> None:
        most = self._settings.most_data_sets_each
        if self._owner or not most:
            return
        mine = sum(about.is_of(self._visitor) for _, about in self.visible())
        if mine >= most:
            raise DigitLabError("data_add.yours_full", most=most)


def _about(name: str) -> About | None:
    try:
        return AddedDataset.named(name).about()
    except DigitLabError:
        return None
