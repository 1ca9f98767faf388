"""What a visitor may do: the server's owner anything, everyone else only with their own runs."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Self, TypeGuard

from core.config.datasets import BUILT_IN
from core.config.run import RunConfig
from core.data import datasets
from core.data.store import AddedDataset
from core.errors import DataUnavailable, DigitLabError
from core.queue.overview import Overview
from core.queue.queue import Queue
from core.runs import disk
from core.runs.beginning import Beginning
from core.runs.deleted import SetAside
from core.runs.entries import AnyRun, Run
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.server.limits import Settings

FULL = frozenset(
    f"sharing.{name}" for name in ("queue_full", "yours_full", "yours_full_one", "address_full", "too_few_places")
)
"""The keys of the errors that say that there is no place in the queue now."""
_KEY = re.compile(r"[0-9a-f]{32}")
_ADDRESS_SECRET = secrets.token_bytes(16)
"""Random for each process: otherwise trying every address would reveal the one behind a digest."""


def new_key() -> str:
    """A visitor's key, 128 random bits; only the browser keeps it."""
    return secrets.token_hex(16)


def is_key(text: object) -> TypeGuard[str]:
    """Whether this has the form of a visitor's key."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


def digest_of(key: str) -> str:
    """The digest that the server keeps instead of a visitor's key."""
    return hashlib.sha256(f"digit lab visitor {key}".encode()).hexdigest()


def digest_of_address(address: str) -> str:
    """The digest that the server keeps instead of a visitor's network address; it changes with each restart."""
    return hmac.digest(_ADDRESS_SECRET, address.encode(), "sha256").hex()


class Access:
    """Every change of a run that pages can request; raises DigitLabError where the visitor may not make it.

    `settings` holds the limits of this visitor, whose key is `key`; no run belongs to a visitor without a key. Where
    the browser keeps no key, `address` is the network address, whose visitors share a limit: each reload would
    otherwise make a new visitor.
    """

    def __init__(
        self,
        store: RunStore,
        queue: Queue,
        settings: Settings,
        *,
        owner: bool = False,
        key: str = "",
        address: str | None = None,
    ) -> None:
        self._store = store
        self._queue = queue
        self._settings = settings
        self._owner = owner
        self._visitor = digest_of(key) if is_key(key) else ""
        self._address = "" if address is None else digest_of_address(address)

    @classmethod
    def of(cls, store: RunStore, queue: Queue, settings: Settings, terms: Terms) -> Self:
        """What a visitor with these terms may do, also when no page is open; without terms, the server's owner."""
        access = cls(store, queue, settings, owner=not terms.visitor and not terms.address)
        access._visitor, access._address = terms.visitor, terms.address
        return access

    def start(self, config: RunConfig, name: str = "") -> str:
        """Queue a new run within the server's limits and return its id."""
        return self.begin([Beginning(config, name)])[0]

    def begin(self, beginnings: Sequence[Beginning]) -> list[str]:
        """Queue new runs within the server's limits, all or none, and return their ids; any run may be forked."""
        for config in {beginning.config for beginning in beginnings}:
            self._settings.check(config)
            self._check_data(config)
        return self._queue.submit_all(beginnings, terms=self.new_terms(), admit=self._admit)

    def may_use(self, dataset: str) -> bool:
        """Whether the visitor may train on a data set: one that a visitor brought is private unless it is shared."""
        if dataset in BUILT_IN or self._owner:
            return True
        try:
            about = AddedDataset.named(dataset).about()
        except DigitLabError:
            return False
        return about.is_visible_to(self._visitor)

    def cross_validate(self, run: Run) -> str:
        """Queue the cross-validation of any run, within the server's limits, and return its id."""
        self._settings.check(run.manifest.config)
        self._check_data(run.manifest.config)
        return self._queue.cross_validate(run, terms=self.new_terms(), admit=self._admit)

    def _check_data(self, config: RunConfig) -> None:
        """Raise DataUnavailable where the run would fail for lack of its data, or may not use it."""
        if not self.may_use(config.dataset):
            raise DataUnavailable("datasets.unknown", name=config.dataset, known=tuple(BUILT_IN))
        status = datasets.status(config.dataset)
        if status.state == "failed" and status.message:
            raise DataUnavailable(status.message)

    def may_change(self, run: AnyRun) -> bool:
        """Whether the visitor may stop, name, resume or delete this run."""
        return not run.shipped and self._owns(run)

    def may_order(self) -> bool:
        """Whether the visitor may reorder the queue."""
        return self._owner

    def may_pin(self) -> bool:
        """Whether the visitor may pin runs; others could keep theirs beyond the server's limits."""
        return self._owner

    def ask(self, run: Run, command: str, value: float | None = None) -> None:
        """Leave a request for the run's worker; also raises OSError."""
        self._check(run)
        run.folder.control.ask(command, value)

    def resume(self, run: Run) -> None:
        self._check(run)
        self._settings.check(run.manifest.config)
        self._check_data(run.manifest.config)
        self._queue.resume(run.id, admit=self._admit)

    def cancel(self, run: Run) -> None:
        self._check(run)
        self._queue.cancel(run.id)

    def end(self, run: Run) -> None:
        """End the process of a run that does not respond."""
        self._check(run)
        self._queue.end(run.id)

    def move(self, run: Run, places: int) -> None:
        if not self.may_order():
            raise DigitLabError("sharing.moved_by_nobody")
        self._queue.move(run.id, places)

    def send_here(self, run: Run) -> None:
        """Have a waiting run trained on this machine, although others train on a cluster."""
        if not self.may_order():
            raise DigitLabError("sharing.moved_by_nobody")
        self._queue.send_here(run.id)

    def rename(self, run: AnyRun, name: str) -> None:
        self._check(run)
        self._store.rename(run.id, name)

    def annotate(self, run: AnyRun, note: str) -> None:
        self._check(run)
        self._store.annotate(run.id, note)

    def pin(self, run: AnyRun, *, pinned: bool) -> None:
        if not self.may_pin():
            raise DigitLabError("sharing.not_yours", name=run.name)
        self._store.pin(run.id, pinned=pinned)

    def tag(self, run: AnyRun, tags: Sequence[str]) -> None:
        self._check(run)
        self._store.tag(run.id, tags)

    def sign(self, folder: RunFolder) -> None:
        """Record that a new folder, such as of a run opened from a file, is this visitor's; raises OSError."""
        if not self._owner:
            folder.write_terms(Terms(self._visitor))

    def delete(self, run: AnyRun) -> None:
        self._check(run)
        self._store.delete(run.id)

    def set_aside(self, runs: Sequence[AnyRun]) -> None:
        """Delete runs, all or none, so that `restore` can bring them back for a minute."""
        for run in runs:
            self._check(run)
        self._store.set_aside([run.id for run in runs])

    def set_aside_runs(self) -> list[SetAside]:
        """The deleted runs that this visitor can still restore, the last deleted first."""
        return [run for run in self._store.set_aside_runs() if self.owns_folder(run.folder)]

    def restore(self, batch: str) -> None:
        """Bring back runs that were deleted together."""
        others = [run for run in self._store.set_aside_runs() if run.batch == batch]
        for run in others:
            if not self.owns_folder(run.folder):
                raise DigitLabError("sharing.not_yours", name=run.name)
        self._store.restore(batch)

    def clean(self, run: Run, kind: disk.Kind) -> int:
        """Delete files of this kind of an ended run and return the bytes freed."""
        self._check(run)
        return disk.clean(self._store, run.id, kind)

    def new_terms(self) -> Terms | None:
        """The terms of what this visitor starts; None where nothing limits it."""
        terms = Terms(self._visitor, 60 * self._settings.most_minutes, address=self._address)
        return None if self._owner and not terms.seconds else terms

    def owns_folder(self, folder: RunFolder) -> bool:
        """Whether what is in this folder is the visitor's."""
        if self._owner:
            return True
        return bool(self._visitor) and secrets.compare_digest(folder.terms().visitor, self._visitor)

    def _check(self, run: AnyRun) -> None:
        if not run.shipped and not self._owns(run):
            raise DigitLabError("sharing.not_yours", name=run.name)

    def _owns(self, run: AnyRun) -> bool:
        return self.owns_folder(run.folder)

    def _admit(self, runs: Overview, count: int) -> None:
        """Raise DigitLabError where the queue or the visitor's part of it is full; called under the queue's lock."""
        queued = [*runs.waiting, *runs.active]
        most = self._settings.most_runs_in_queue
        if 0 < most <= len(queued):
            raise DigitLabError("sharing.queue_full", count=len(queued))
        terms = [run.folder.terms() for run in queued]
        mine = sum(each.visitor == self._visitor for each in terms)
        if 0 < self._settings.most_runs_each <= mine:
            if mine == 1:
                raise DigitLabError("sharing.yours_full_one")
            raise DigitLabError("sharing.yours_full", count=mine)
        together = sum(bool(self._address) and each.address == self._address for each in terms)
        if 0 < self._settings.most_runs_per_address <= together:
            raise DigitLabError("sharing.address_full", count=together)
        places = [(most, len(queued)), (self._settings.most_runs_each, mine)]
        if self._address:
            places.append((self._settings.most_runs_per_address, together))
        free = min((limit - taken for limit, taken in places if limit), default=count)
        if free < count:
            raise DigitLabError("sharing.too_few_places", count=count, free=free)
