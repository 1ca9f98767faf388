"""The nodes of the cluster as one pool: how many runs they can train at once, and which of them cannot train."""

import time
from collections.abc import Mapping
from typing import Any

from core.cluster import shipping
from core.cluster.connection import Connection, Demand, Node
from core.cluster.versions import difference, versions
from core.errors import DigitLabError
from core.server.limits import Settings
from core.text import Message

LOOK_SECONDS = 1.0


class Unfit(DigitLabError):
    """A node has other versions than this server."""


class Pool:
    """What all runs of a cluster share."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self.connection = connection
        self.demand = Demand(settings.ray_cpus, settings.ray_gpus, settings.ray_gigabytes)
        self.threads = settings.threads or settings.ray_cpus
        self.nodes: list[Node] = []
        self.unfit: dict[str, Message] = {}
        """Why a node cannot train, by its id."""
        self._looked = 0.0
        self._data: dict[str, Any] = {}

    def look(self) -> None:
        """See which nodes there are, once a second."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            # without those that train nothing, as the server's own may be
            self.nodes = [node for node in self.connection.nodes() if node.cpus]

    def slots(self, node: Node) -> int:
        """How many runs a node can train at once."""
        return 0 if node.id in self.unfit else self.demand.fits(node)

    @property
    def size(self) -> int:
        """How many runs all nodes can train at once."""
        return sum(map(self.slots, self.nodes))

    @property
    def unfit_ids(self) -> list[str]:
        """The nodes that live and cannot train."""
        return [node.id for node in self.nodes if node.id in self.unfit]

    def check(self, node_id: str, theirs: Mapping[str, str]) -> None:
        """Raise Unfit where a node has other versions than this server; it gets no other run."""
        if problem := difference(self.name_of(node_id), theirs, versions()):
            self.unfit[node_id] = problem
            raise Unfit(problem)

    def name_of(self, node_id: str) -> str:
        """What a node is called; the beginning of its id if it is gone."""
        return next((node.name for node in self.nodes if node.id == node_id), node_id[:8])

    def data(self, name: str, digest: str) -> Any:
        """A reference to the files of a data set, which are read once; None if each node may download them itself.

        Raises DataUnavailable.
        """
        if digest not in self._data:
            self._data[digest] = self.connection.put(shipping.packed(name)) if shipping.is_available(name) else None
        return self._data[digest]
