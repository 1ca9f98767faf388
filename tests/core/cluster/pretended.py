"""A cluster without Ray, in this process: agents are objects, and a node's death is a word."""

import itertools
import threading

from core.cluster.agent import News
from core.cluster.connection import Node as NodeHere
from core.cluster.connection import NodeLost
from core.cluster.pieces import Source
from core.cluster.versions import versions
from core.runs.folder import RunFolder
from tests.core.sweeps.pretended import train

_numbers = itertools.count()


class PretendedAgent:
    """Trains in a thread, in a folder of its own."""

    def __init__(self, disk, pause):
        self._disk, self._pause = disk, pause
        self._source = self._folder = self._thread = None
        self.requests = {}
        self.silence = 0.0

    def hello(self):
        return self.node_here.versions

    def node(self):
        return self.node_here.id

    def has_data(self, *_):
        return True

    def begin(self, assignment, files, _):
        self._folder = RunFolder(self._disk / f"{next(_numbers)}" / assignment.run)
        for name, content in files.items():
            (self._folder.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self._folder.path / name).write_bytes(content)
        self._source = Source(self._folder.path)
        self._thread = threading.Thread(target=train, args=(self._folder, self._pause), daemon=True)
        self._thread.start()

    def attach(self, prints):
        if self._source is None:
            return False
        self._source.acquaint(prints)
        return True

    def sync(self, requests):
        self._folder.control.path.mkdir(exist_ok=True)
        for name, content in requests.items():
            # as the agent does: a worker that reads half a request would lose it
            draft = self._folder.control.path / f".{name}"
            draft.write_bytes(content)
            draft.replace(draft.with_name(name))
            self.requests[name] = content
        ended = not self._thread.is_alive()
        changes = self._source.changes()
        return News(changes, 0 if ended and changes.whole else None, self.silence)

    def end(self):
        pass


class PretendedNode:
    """A node that takes this many runs, with these versions."""

    def __init__(self, name, slots=1, **other):
        self.id, self.name, self.slots = f"{name}{next(_numbers)}", name, slots
        self.versions = {**versions(), **other}
        self.lives = True
        self.agents = []


class Answer:
    """What an agent answers at once."""

    def __init__(self, ready, answer):
        self._ready, self._answer = ready, answer

    def ready(self):
        return self._ready()

    def answer(self):
        return self._answer()


class PretendedCluster:
    """Nodes and agents, which outlive a dispatcher; each connection is this object."""

    def __init__(self, disk, *nodes, pause=0.05):
        self.disk, self.pause, self.members = disk, pause, list(nodes)
        self.agents = {}
        self.starts = []
        self.sent = []

    def __call__(self, *_):
        return self

    def nodes(self):
        return [NodeHere(node.id, node.name, node.slots, 0, 8.0) for node in self.members if node.lives]

    def start(self, run, _, *, without=()):
        if run not in self.agents:
            self.starts.append(run)
            self.agents[run] = {"agent": None, "node": None, "without": tuple(without), "run": run}
        return self.agents[run]

    def names(self):
        return list(self.agents)

    def call(self, handle, method, *arguments):
        def ready():
            self._place(handle)
            return handle["agent"] is not None

        def answer():
            if not handle["node"].lives:
                raise NodeLost
            return getattr(handle["agent"], method)(*arguments)

        return Answer(ready, answer)

    def put(self, value):
        self.sent.append(value)
        return value

    def kill(self, run):
        handle = self.agents.pop(run, None)
        if handle and handle["node"]:
            handle["node"].agents.remove(handle["run"])

    def close(self):
        pass

    def _place(self, handle):
        """As Ray does: on a free node, and on another one once that has died."""
        if handle["node"] is not None and not handle["node"].lives and handle.get("told"):
            handle["node"] = handle["agent"] = None
            handle["told"] = False
        if handle["node"] is not None and not handle["node"].lives:
            handle["told"] = True
            return
        if handle["agent"] is None:
            for node in self.members:
                if node.lives and len(node.agents) < node.slots and node.id not in handle["without"]:
                    node.agents.append(handle["run"])
                    handle["node"], handle["agent"] = node, PretendedAgent(self.disk, self.pause)
                    handle["agent"].node_here = node
                    return
