"""The runs of a folder at one moment: which train, and which wait in which order."""

from dataclasses import dataclass

from core.runs.entries import AnyRun, Job, Run
from core.runs.status import ACTIVE
from core.runs.store import RunStore


@dataclass(frozen=True, slots=True)
class Overview:
    """The runs at one moment."""

    entries: list[AnyRun]
    """All, including damaged ones."""
    runs: list[Run]
    """All that can be read."""
    active: list[Run]
    """Runs and jobs that train, the first started first."""
    waiting: list[Run]
    """Runs and jobs in the order in which they will start."""
    jobs: list[Job]
    """All cross-validations, also those that ended early."""

    @property
    def training(self) -> list[Run]:
        """The runs that train, without the cross-validations that do."""
        return [run for run in self.active if not isinstance(run, Job)]

    @property
    def busy(self) -> bool:
        """Whether any run trains or waits."""
        return bool(self.active or self.waiting)

    @property
    def only_examples(self) -> bool:
        """Whether nothing was trained or opened yet that can be read."""
        return all(run.shipped for run in self.runs)


def overview(store: RunStore) -> Overview:
    """The runs as they are now."""
    entries = store.entries()
    runs = [run for run in entries if isinstance(run, Run)]
    jobs = store.jobs()
    own = [run for run in runs if not run.shipped] + jobs
    in_order = sorted(own, key=lambda run: (run.status.rank, run.id))
    return Overview(
        entries,
        runs,
        [run for run in in_order if run.status.state in ACTIVE],
        [run for run in in_order if run.status.state == "queued"],
        jobs,
    )
