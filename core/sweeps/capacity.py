"""How many runs of a sweep train at once, and with how many threads each: on this machine or on a cluster's nodes."""

from dataclasses import dataclass
from pathlib import Path

from core.cluster.overview import read_overview
from core.environment import cores
from core.queue.room import most_at_once, threads_each
from core.server.limits import Settings


@dataclass(frozen=True, slots=True)
class Capacity:
    """Where runs train."""

    at_once: int
    """How many runs; 0 while no node of the cluster can train."""
    threads: int
    """Of each of them."""
    cluster: bool = False


def capacity(settings: Settings, runs_dir: Path) -> Capacity:
    """What the runs in this folder may use, by the limits of who asks; a cluster counts as it was last seen."""
    limits = [most for most in (settings.most_runs_each, settings.most_runs_in_queue) if most]
    if not settings.ray:
        return Capacity(min([most_at_once(settings), *limits]), threads_each(settings) or cores())
    overview = read_overview(runs_dir)
    slots = sum(node.slots for node in overview.nodes) if overview else 0
    return Capacity(min([slots, *limits]), settings.threads or settings.ray_cpus, cluster=True)
