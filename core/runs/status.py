"""A run's state and progress: one small record, which the run's owner replaces as a whole."""

import math
import re
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, fields, replace
from typing import Any, Literal, Self, get_args

from core.errors import UnreadableRun
from core.runs.owner import Owner, memory_kills
from core.text import Message, stored

State = Literal[
    "queued", "starting", "training", "paused", "evaluating", "finished", "stopped", "failed", "interrupted"
]
ACTIVE = frozenset({"starting", "training", "paused", "evaluating"})
"""States in which a process owns the run."""
RESUMABLE = frozenset({"stopped", "failed", "interrupted"})
HANG_SECONDS = 12.0
"""A process without a heartbeat for this long counts as hanging; it normally gives one every second."""
_SIGKILL = 9
_TIGHT = 0.5
"""A process that crashed with more than this share of its memory limit in use most likely ran out of memory: between
two heartbeats, TensorFlow allocates hundreds of megabytes."""
_OUT_OF_MEMORY = re.compile(
    r"std::bad_alloc|MemoryError\b|ResourceExhausted|[Oo]ut of memory|[Cc]annot allocate memory"
    r"|Status: \d, message: could not (?:create|execute) a primitive|can't start new thread"
    r"|failed to map segment from shared object$",
    re.MULTILINE,
)
"""What C++, Python, TensorFlow, oneDNN, the loader and the system print when out of memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A run's state, progress and outcome; times in seconds, `heartbeat` since 1970."""

    state: State
    message: Message | None = None
    owner: Owner | None = None
    heartbeat: float = 0.0
    rank: float = 0.0
    """Orders the queue; the lowest starts first."""
    epoch: int = 0
    """Finished epochs."""
    batch: int = 0
    """Finished batches of the current epoch."""
    images_per_second: float = 0.0
    seconds: float = 0.0
    """Time spent training, without pauses."""
    seconds_left: float | None = None
    learning_rate: float | None = None
    rate_by_hand: float | None = None
    """The learning rate that the user last set during training."""
    exploded: float | None = None
    """Where the loss became NaN or infinite, in epochs from the start."""
    best_epoch: int | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None
    last_test_loss: float | None = None
    """Like test_loss, of the last epoch instead of the best one."""
    last_test_accuracy: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), **stored(self.message), "owner": self.owner.to_json() if self.owner else None}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The status that `to_json` wrote; raises UnreadableRun for anything else."""
        try:
            known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
            if known.get("owner") is not None:
                known["owner"] = _owner(known["owner"])
            status = cls(**known | {"message": Message.read(values)})
        except (TypeError, KeyError, ValueError, AttributeError):
            raise UnreadableRun("runs.bad_status") from None
        numbers = [f for f in fields(cls) if f.name not in ("state", "message", "owner")]
        if status.state not in get_args(State) or not all(_plausible(f, getattr(status, f.name)) for f in numbers):
            raise UnreadableRun("runs.bad_status")
        return status

    def as_seen(self, now: float, *, silence: float = 60.0) -> Self:
        """The status for readers: interrupted if the process of an active run has died.

        Another machine's process counts as dead after `silence` seconds without a heartbeat.
        """
        if self.state not in ACTIVE:
            return self
        lives = self.owner.lives() if self.owner else False
        if lives is None:
            lives = abs(now - self.heartbeat) < silence
        return self if lives else replace(self, state="interrupted", message=Message("runs.interrupted"))

    def hangs(self) -> bool:
        """Whether the run's process is alive but does not respond: it is suspended or stuck, and may recover."""
        return self.state in ACTIVE and self.owner is not None and self.owner.silence() > HANG_SECONDS

    def cause(self, code: int, said: str) -> Message | None:
        """Why the run's process died, from its exit code and log; None if unknown."""
        if self.owner is None:
            return None
        # a resumed run's log also holds the output of earlier processes
        if code != 0 and says_out_of_memory(said.rpartition(str(Message("faults.log", pid=self.owner.pid)))[2]):
            return Message("training.out_of_memory")
        before, now = self.owner.memory_kills, memory_kills()
        killed = code == -_SIGKILL and before is not None and now is not None and now > before
        crashed = code < 0 and code != -_SIGKILL and self.owner.memory_share > _TIGHT
        return Message("faults.memory") if killed else Message("faults.memory_limit") if crashed else None


def says_out_of_memory(text: str) -> bool:
    """Whether an error's text or a log says that memory ran out."""
    return _OUT_OF_MEMORY.search(text) is not None


def _plausible(number: Field[Any], value: Any) -> bool:
    if value is None:
        return number.default is None
    if number.name in ("epoch", "batch", "best_epoch"):
        return type(value) is int and 0 <= value < 10**6
    return type(value) in (int, float) and 0 <= value < 10**12


def _owner(values: Mapping[str, Any]) -> Owner:
    silent = float(values.get("silent", 0))
    owner = Owner(str(values["host"]), int(values["pid"]), float(values["started"]), silent=silent)
    if not math.isfinite(silent):
        raise ValueError(silent)
    if values.get("beat") is None:
        return owner
    beat, share, kills = float(values["beat"]), float(values.get("memory_share", 0)), values.get("memory_kills")
    if not math.isfinite(beat + share):
        raise ValueError(beat)
    return replace(owner, beat=beat, memory_share=share, memory_kills=None if kills is None else int(kills))
