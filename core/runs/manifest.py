"""What is known about a run from its start: its settings, and where its network or curves came from (`run.json`)."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeVar

from core.config.naming import worded_name
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.errors import DigitLabError, UnreadableRun
from core.runs.label import name_line
from core.runs.log_files import LogFiles
from core.runs.model_file import ModelFile
from core.runs.recorded import NOT_KEPT, Recorded
from core.text import Message, say

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OPTIONAL = ("origin", "group", "number", "model", "logs", "recorded", "named")
_KIND = re.compile(r"[a-z][a-z-]{0,19}")
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Origin:
    """The epoch of another run whose weights a run began with; raises ValueError for an invalid one."""

    run: str
    """The other run's id; it may be deleted since."""
    name: str
    """Its name at that time, in one line."""
    epoch: int
    """The new run's epochs are counted on from here; what it has of earlier ones is the other run's."""
    optimizer_kept: bool
    """Whether the optimizer's state was taken over as well."""

    def __post_init__(self) -> None:
        texts = isinstance(self.run, str) and isinstance(self.name, str)
        known = texts and type(self.epoch) is int and isinstance(self.optimizer_kept, bool)
        if not known or not RUN_ID.fullmatch(self.run) or not 0 <= self.epoch < 1_000:
            raise ValueError(self)
        object.__setattr__(self, "name", name_line(self.name))

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The origin in a manifest; raises KeyError, TypeError or ValueError for anything else."""
        return cls(values["run"], values["name"], values["epoch"], values["optimizer_kept"])


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that were queued as one experiment and that lists show as one; raises ValueError for an invalid one."""

    kind: str
    """What the experiment varies, such as `ladder` for the learning rate."""
    id: str
    """The same for all runs of the experiment."""

    def __post_init__(self) -> None:
        texts = isinstance(self.kind, str) and isinstance(self.id, str)
        if not texts or not _KIND.fullmatch(self.kind) or not RUN_ID.fullmatch(self.id):
            raise ValueError(self)

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The group in a manifest; raises KeyError, TypeError or ValueError for anything else."""
        return cls(values["kind"], values["id"])


@dataclass(frozen=True, slots=True)
class Manifest:
    """A run's settings and environment; the name is one line, and cut if too long."""

    name: str
    created: float
    config: RunConfig
    environment: dict[str, Any] = field(default_factory=dict)
    origin: Origin | None = None
    """None for a run that began with random weights."""
    group: Group | None = None
    """None for a run that was started by itself."""
    number: int | None = None
    """Counts the runs as they are started, and so gives each its color; runs of earlier versions have none."""
    model: ModelFile | None = None
    """The file that the network was read from; None for a run that was trained here."""
    logs: LogFiles | None = None
    """The files that the curves were read from; None for a run that was trained here, or whose curves are unknown."""
    recorded: Recorded | None = None
    """The person's own program in which it was trained; None for a run that was trained here."""
    named: Message | None = None
    """The name by key and values, where it is not a person's or made of the settings."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", name_line(self.name))

    @property
    def worded_name(self) -> str:
        """The name, in the reader's language if the run gave it to itself."""
        if self.named is not None and self.name == name_line(str(self.named)):
            return name_line(say(self.named))
        if not self.trained_here:
            return self.name
        return worded_name(self.name, self.config, after=self.origin.epoch if self.origin else None)

    @property
    def trained_here(self) -> bool:
        """Whether it was trained with `config`; of other runs, only the network and its data are known."""
        return self.model is None and self.logs is None and self.recorded is None

    @property
    def was_watched(self) -> bool:
        """Whether its batches and their times were seen, here or in a person's own program."""
        return self.trained_here or self.recorded is not None

    def check_trained_here(self, name: str) -> None:
        """Raise DigitLabError, which calls the run by this name, where it is not known how it was trained."""
        if self.recorded is not None:
            raise DigitLabError("recording.no_training", name=name)
        if not self.trained_here:
            raise DigitLabError("models.no_training", name=name)

    @property
    def has_network(self) -> bool:
        """Whether its network is known, and so what its images and classes are; not of one that has logs alone."""
        if self.recorded is not None:
            return self.config.dataset != NOT_KEPT or not isinstance(self.config.network, OtherNetwork)
        return self.model is not None or self.logs is None

    @property
    def has_curves(self) -> bool:
        """Whether anybody recorded how it was trained."""
        return self.model is None or self.logs is not None

    @property
    def data_digest(self) -> str:
        """The digest of the data that the run was trained on; before its start, of the data that it will train on."""
        found = self.environment.get("dataset_digest")
        return found if isinstance(found, str) else self.config.data.digest

    @property
    def recipe(self) -> Hashable:
        """Equal for runs that differ in their seed only; forks also began with the same weights."""
        return self.config.recipe, self.origin and (self.origin.run, self.origin.epoch)

    def to_json(self) -> dict[str, Any]:
        values = {**asdict(self), "config": self.config.to_json()}
        return {name: value for name, value in values.items() if value is not None or name not in _OPTIONAL}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The manifest in `run.json`; raises UnreadableRun if it is invalid."""
        try:
            config = RunConfig.from_json(values["config"])
            shape = next(iter(config.network.rules))
            # settings of later versions may be missing, but not these
            whole = {"kind", shape, "dataset", "optimizer", "batch_size", "epochs"} <= values["config"].keys()
            name, created, environment = values["name"], float(values["created"]), values["environment"]
            origin = _optional(values, "origin", Origin.from_json)
            group = _optional(values, "group", Group.from_json)
            number = values.get("number")
            model = _optional(values, "model", ModelFile.from_json)
            logs = _optional(values, "logs", LogFiles.from_json)
            recorded = _optional(values, "recorded", Recorded.from_json)
        except DigitLabError as error:
            raise UnreadableRun(error.message) from None
        except (KeyError, TypeError, ValueError, OverflowError):
            raise UnreadableRun("runs.bad_manifest") from None
        known = isinstance(name, str) and isinstance(environment, dict) and (not origin or origin.epoch < config.epochs)
        known = known and (number is None or (type(number) is int and 0 < number < 10**9))
        # such a network is that of a file or a program, or nothing is known of it
        is_other = isinstance(config.network, OtherNetwork)
        known = known and (not is_other or model is not None or logs is not None or recorded is not None)
        known = known and (is_other or model is not None or logs is None)
        # from 1970 to 2286, which datetime can show
        if not whole or not known or not 0 <= created < 10**10:
            raise UnreadableRun("runs.bad_manifest")
        named = Message.from_json(values.get("named"))
        return cls(name, created, config, environment, origin, group, number, model, logs, recorded, named)


def _optional(values: Mapping[str, Any], key: str, read: Callable[[Any], _Part]) -> _Part | None:
    return None if values.get(key) is None else read(values[key])
