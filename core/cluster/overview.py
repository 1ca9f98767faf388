"""What pages show of a cluster: its nodes, which run is where, and what is wrong; one file, which is replaced whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from core.files import replacing
from core.runs.owner import Owner
from core.text import Message

FOLDER = ".cluster"
_FILE = "overview.json"


@dataclass(frozen=True, slots=True)
class NodeShown:
    """A node of the cluster."""

    name: str
    cpus: float
    gpus: float
    gigabytes: float
    slots: int
    """Runs that it can train at once."""
    problem: Message | None = None
    """Why it cannot train."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run trains."""

    node: str
    """Empty while it has none."""
    waits_since: float | None = None
    """Since when it waits for a node or its answer, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class ClusterOverview:
    """The cluster at one moment."""

    owner: Owner
    """The process that looks after it."""
    nodes: tuple[NodeShown, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    """By the ids of the runs."""
    problem: Message | None = None
    """Why no run can be placed."""
    full_since: float | None = None
    """Since when runs wait and no node is free, in seconds since 1970."""

    def to_json(self) -> dict[str, Any]:
        nodes = [
            [each.name, each.cpus, each.gpus, each.gigabytes, each.slots, each.problem and each.problem.to_json()]
            for each in self.nodes
        ]
        places = {run: [place.node, place.waits_since] for run, place in self.places.items()}
        return {
            "owner": self.owner.to_json(),
            "nodes": nodes,
            "places": places,
            "problem": self.problem and self.problem.to_json(),
            "full_since": self.full_since,
        }

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """What `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
        owner = values["owner"]
        return cls(
            Owner(str(owner["host"]), int(owner["pid"]), float(owner["started"])),
            tuple(
                NodeShown(str(name), cpus, gpus, gigabytes, slots, Message.from_json(problem))
                for name, cpus, gpus, gigabytes, slots, problem in values["nodes"]
            ),
            {run: Place(str(place[0]), place[1]) for run, place in values["places"].items()},
            Message.from_json(values["problem"]),
            values["full_since"],
        )


def overview_file(runs_dir: Path) -> Path:
    """The file with the overview of the cluster that trains these runs."""
    return runs_dir / FOLDER / _FILE


def read_overview(runs_dir: Path) -> ClusterOverview | None:
    """The cluster as it was last seen; None if it never was."""
    try:
        return ClusterOverview.from_json(json.loads(overview_file(runs_dir).read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError, IndexError):
        return None


def write_overview(runs_dir: Path, overview: ClusterOverview) -> None:
    """Replace the overview; raises OSError."""
    with replacing(overview_file(runs_dir)) as draft:
        draft.write_text(json.dumps(overview.to_json(), ensure_ascii=False), encoding="utf-8")
