"""The connection to Ray: nodes, and the actors that train runs. Only this module and an agent's process import Ray."""

import contextlib
import importlib
import logging
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.cluster.agent import Agent
from core.errors import DigitLabError, reason_of
from core.text import one_line

PATIENCE_SECONDS = 3.0
"""How long an address may take to answer."""
_GIGABYTE = 10**9
_LOG = logging.getLogger(__name__)


class NodeLost(Exception):
    """The node or its connection is gone; Ray starts the agent elsewhere, or it answers again."""


class AgentFailed(Exception):
    """The agent raised an error or cannot be started, which no other attempt changes; the text says why."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a run asks of a node."""

    cpus: float
    gpus: float
    gigabytes: float

    def fits(self, node: "Node") -> int:
        """How many such runs a node can train at once."""
        shares = [node.cpus / self.cpus]
        shares += [node.gpus / self.gpus] if self.gpus else []
        shares += [node.gigabytes / self.gigabytes] if self.gigabytes else []
        return int(min(shares))


@dataclass(frozen=True, slots=True)
class Node:
    """A living node."""

    id: str
    name: str
    cpus: float
    gpus: float
    gigabytes: float
    """Memory that Ray gives to runs."""


class Call:
    """A call of an agent's method, answered some time later."""

    def __init__(self, ray: Any, reference: Any) -> None:
        self._ray = ray
        self._reference = reference

    def ready(self) -> bool:
        done, _ = self._ray.wait([self._reference], timeout=0)
        return bool(done)

    def answer(self) -> Any:
        """The answer, once it is ready; raises NodeLost, AgentFailed, or DigitLabError for a node without our code."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(self._reference)
        except errors.ActorDiedError as error:
            raise _died(error) from None
        except (
            errors.RayActorError,
            errors.ObjectLostError,
            errors.NodeDiedError,
            errors.RpcError,
            errors.RaySystemError,
        ):
            raise NodeLost from None
        except errors.RayTaskError as error:
            _LOG.warning("An agent failed: %s", error)
            raise AgentFailed(type(error.cause).__name__) from None
        except errors.RayError as error:
            _LOG.warning("An agent failed: %s", error)
            raise AgentFailed(type(error).__name__) from None


class Connection:
    """This server in a cluster; its agents are named by their runs, in a namespace of the server's own.

    Raises DigitLabError where there is no Ray, or no cluster of the same version answers.
    """

    def __init__(self, address: str, namespace: str) -> None:
        try:
            self._ray: Any = importlib.import_module("ray")
        except ImportError:
            raise DigitLabError("cluster.no_ray") from None
        _check(address)
        # this process only joins a cluster, and tells nobody of it
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            self._ray.init(
                address=address,
                namespace=namespace,
                ignore_reinit_error=True,
                log_to_driver=False,
                logging_level="ERROR",
                configure_logging=False,
            )
        except (RuntimeError, OSError, ValueError, self._ray.exceptions.RayError) as error:
            reason = one_line(str(error))[:200]
            if "Version mismatch" in reason:
                raise DigitLabError("cluster.other_ray", reason=reason) from None
            raise DigitLabError("cluster.refused", address=address, reason=reason) from None
        self._agent = self._ray.remote(Agent)

    def nodes(self) -> list[Node]:
        """The nodes that live."""
        found = []
        for node in self._ray.nodes():
            has = node["Resources"]
            name = node.get("NodeName") or ""
            # unless it was given a name, Ray calls a node by its address
            shown = name if name and name != node["NodeManagerAddress"] else node["NodeManagerHostname"]
            if node["Alive"]:
                memory = has.get("memory", 0.0) / _GIGABYTE
                found.append(Node(node["NodeID"], shown, has.get("CPU", 0.0), has.get("GPU", 0.0), memory))
        return sorted(found, key=lambda node: (node.name, node.id))

    def start(self, run: str, demand: Demand, *, without: Sequence[str] = ()) -> Any:
        """The agent of a run, which Ray starts on a node that is free, but none of these ids, or which runs already.

        It outlives this process; if its node dies, Ray starts it on another.
        """
        return self._agent.options(
            name=run,
            lifetime="detached",
            get_if_exists=True,
            max_restarts=-1,
            num_cpus=demand.cpus,
            num_gpus=demand.gpus,
            memory=int(demand.gigabytes * _GIGABYTE),
            # without spaces, which Ray would take for a part of the ids
            label_selector={"ray.io/node-id": f"!in({','.join(without)})"} if without else None,
        ).remote()

    def names(self) -> list[str]:
        """The runs that have an agent."""
        found: list[str] = self._ray.util.list_named_actors()
        return found

    def call(self, agent: Any, method: str, *arguments: Any) -> Call:
        """Call a method of an agent."""
        return Call(self._ray, getattr(agent, method).remote(*arguments))

    def put(self, value: Any) -> Any:
        """A reference to a large value, which each node gets once."""
        return self._ray.put(value)

    def kill(self, run: str) -> None:
        """End a run's agent, if it has one, so that Ray does not restart it."""
        with contextlib.suppress(self._ray.exceptions.RayError, ValueError):
            self._ray.kill(self._ray.get_actor(run), no_restart=True)

    def close(self) -> None:
        """Leave the cluster; agents go on."""
        self._ray.shutdown()


def _check(address: str) -> None:
    """Raise DigitLabError where nothing listens at an address, for which Ray would wait a minute."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), PATIENCE_SECONDS).close()
    except OSError as error:
        raise DigitLabError("cluster.unreachable", address=address, reason=reason_of(error)) from None


def _died(error: Exception) -> Exception:
    """What an agent's death means: it cannot be started, or its node is gone."""
    text = str(error)
    if "No module named 'core" in text:
        return DigitLabError("cluster.no_product")
    if "creation task" in text:
        _LOG.warning("An agent cannot be started: %s", text)
        return AgentFailed(type(error).__name__)
    return NodeLost()
