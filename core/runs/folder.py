"""One run on disk: the folder through which the worker and the pages communicate.

All files but the two CSVs are replaced atomically, so readers never see half a file. docs/architecture.md describes
the format.
"""

import contextlib
import json
import re
import secrets
import shutil
import time
import uuid
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from core.config.naming import worded_name
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.runs.log_files import LogFiles
from core.runs.model_file import ModelFile
from core.runs.recorded import NOT_KEPT, Recorded
from core.runs.status import Status
from core.text import Message, one_line, say

EPOCH_COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
BATCH_COLUMNS = ("epoch", "batch", "loss", "accuracy", "images_per_second", "learning_rate")
COMMANDS = ("stop", "pause", "resume", "learning_rate")
NAME_LENGTH, NOTE_LENGTH = 80, 1_000
"""The most characters of the name and the note that a user gives a run."""
TAG_LENGTH, MOST_TAGS = 24, 12
"""The most characters of a tag, and the most tags of a run."""
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OPTIONAL = ("origin", "group", "number", "model", "logs", "recorded", "named")
_KIND = re.compile(r"[a-z][a-z-]{0,19}")


@dataclass(frozen=True, slots=True)
class Origin:
    """The epoch of another run whose weights a run began with; raises ValueError for what no run can be."""

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
        object.__setattr__(self, "name", _name(self.name))

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The origin in a manifest; raises KeyError, TypeError or ValueError for anything else."""
        return cls(values["run"], values["name"], values["epoch"], values["optimizer_kept"])


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that were queued as one experiment and that lists show as one; raises ValueError for what none can be."""

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
        object.__setattr__(self, "name", _name(self.name))

    @property
    def worded_name(self) -> str:
        """The name, in the reader's language if the run gave it to itself."""
        if self.named is not None and self.name == _name(str(self.named)):
            return _name(say(self.named))
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
        """The digest of the data that the run was trained on; of what it is to be trained on, before its start."""
        found = self.environment.get("dataset_digest")
        return found if isinstance(found, str) else self.config.data.digest

    @property
    def recipe(self) -> Hashable:
        """Equal for runs that differ in their seed only; forks also began with the same weights."""
        return self.config.recipe, self.origin and (self.origin.run, self.origin.epoch)

    def to_json(self) -> dict[str, Any]:
        values = {**asdict(self), "config": self.config.to_json()}
        return {name: value for name, value in values.items() if value is not None or name not in _OPTIONAL}


@dataclass(frozen=True, slots=True)
class Request:
    """A request from a page to the worker."""

    command: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A user's own name for a run, in one line, a note of any number of lines, and tags; each is cut if too long."""

    name: str = ""
    note: str = ""
    pinned: bool = False
    """Whether the run is listed first, and kept when old runs are deleted to make room."""
    tags: tuple[str, ...] = ()
    """Single words, none twice."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _name(self.name))
        lines = "\n".join(one_line(line) for line in self.note.splitlines())
        object.__setattr__(self, "note", lines.strip()[:NOTE_LENGTH].strip())
        words = dict[str, str]()
        for word in map(tag_word, self.tags):
            words.setdefault(word.casefold(), word)
        object.__setattr__(self, "tags", tuple(filter(None, words.values()))[:MOST_TAGS])


@dataclass(frozen=True, slots=True)
class Terms:
    """Who started a run and how long it may take, as the server recorded it."""

    visitor: str = ""
    """The digest of the visitor's key; empty where the run is no visitor's."""
    seconds: float = 0.0
    """The longest that the run may take; 0 for no limit."""
    timed_out: bool = False
    """Whether the run was stopped because of that limit."""
    address: str = ""
    """The digest of the visitor's network address where the browser keeps no key, else empty."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run's folder; reading raises UnreadableRun if a file is damaged or missing."""

    path: Path

    @classmethod
    def create(
        cls,
        runs_dir: Path,
        config: RunConfig,
        status: Status,
        name: str = "",
        *,
        terms: Terms | None = None,
        files: Mapping[str, Any] = MappingProxyType({}),
        origin: Origin | None = None,
        group: Group | None = None,
        number: int | None = None,
        recorded: Recorded | None = None,
        named: Message | None = None,
        fill: Callable[["RunFolder"], None] = lambda _: None,
    ) -> Self:
        """A new folder with manifest, status, terms, other JSON `files` and what `fill` adds; it appears complete.

        Raises OSError, and what `fill` raises.
        """
        created = time.time()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
        run_id = f"{stamp}-{config.preset}-{secrets.token_hex(3)}"
        runs_dir.mkdir(parents=True, exist_ok=True)
        draft = cls(runs_dir / f".new-{run_id}")
        draft.path.mkdir()
        try:
            first_name = _name(name) or config.preset
            manifest = Manifest(first_name, created, config, {}, origin, group, number, recorded=recorded, named=named)
            draft.write_manifest(manifest)
            draft.write_status(status)
            if terms is not None:
                draft.write_terms(terms)
            for file, values in files.items():
                draft._write_json(file, values)
            fill(draft)
            draft.path.rename(runs_dir / run_id)
        except BaseException:
            shutil.rmtree(draft.path, ignore_errors=True)
            raise
        return cls(runs_dir / run_id)

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def epochs_csv(self) -> Path:
        return self.path / "epochs.csv"

    @property
    def batches_csv(self) -> Path:
        return self.path / "batches.csv"

    @property
    def log(self) -> Path:
        return self.path / "worker.log"

    @property
    def labels(self) -> Path:
        return self.path / "labels.npz"

    @property
    def architecture(self) -> Path:
        return self.path / "architecture.json"

    @property
    def here(self) -> Path:
        """A file that is there if the run is to train on this machine, although others train on a cluster."""
        return self.path / "here"

    @property
    def control(self) -> Path:
        return self.path / "control"

    def weights(self, epoch: int) -> Path:
        return self.path / "checkpoints" / f"epoch-{epoch:04d}.weights.h5"

    def state(self, epoch: int) -> Path:
        return self.path / "checkpoints" / f"state-{epoch:04d}.weights.h5"

    def predictions(self, epoch: int) -> Path:
        return self.path / "predictions" / f"epoch-{epoch:04d}.npz"

    def epochs(self, pattern: str) -> tuple[int, ...]:
        """The numbers of the files that match, such as `predictions/epoch-*.npz`, ascending."""
        found = (path.name.partition(".")[0].partition("-")[2] for path in self.path.glob(pattern))
        return tuple(sorted(int(number) for number in found if number.isascii() and number.isdigit()))

    def manifest(self) -> Manifest:
        values = self.read_json("run.json")
        try:
            config = RunConfig.from_json(values["config"])
            shape = next(iter(config.network.rules))
            # settings of later versions may be missing, but not these
            whole = {"kind", shape, "dataset", "optimizer", "batch_size", "epochs"} <= values["config"].keys()
            name, created, environment = values["name"], float(values["created"]), values["environment"]
            origin = Origin.from_json(values["origin"]) if values.get("origin") is not None else None
            group = Group.from_json(values["group"]) if values.get("group") is not None else None
            number = values.get("number")
            model = ModelFile.from_json(values["model"]) if values.get("model") is not None else None
            logs = LogFiles.from_json(values["logs"]) if values.get("logs") is not None else None
            recorded = Recorded.from_json(values["recorded"]) if values.get("recorded") is not None else None
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
        return Manifest(name, created, config, environment, origin, group, number, model, logs, recorded, named)

    def write_manifest(self, manifest: Manifest) -> None:
        self._write_json("run.json", manifest.to_json())

    def label(self) -> Label:
        """The run's label; empty where there is none or it cannot be read."""
        try:
            values = self.read_json("label.json")
            name, note, pinned = values["name"], values["note"], values.get("pinned") is True
            tags = values.get("tags")  # earlier versions wrote none
        except (UnreadableRun, KeyError, TypeError, AttributeError):
            return Label()
        words = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
        return Label(name, note, pinned, words) if isinstance(name, str) and isinstance(note, str) else Label()

    def write_label(self, label: Label) -> None:
        """Write the label, which the worker never does; raises OSError."""
        self._write_json("label.json", asdict(label))

    def terms(self) -> Terms:
        """The run's terms; where there are none or they cannot be read, the run is the server owner's alone."""
        try:
            values = self.read_json("terms.json")
            visitor, seconds = values["visitor"], float(values["seconds"])
            address = values.get("address", "")  # earlier versions wrote none
            texts = isinstance(visitor, str) and isinstance(address, str)
            return Terms(visitor, seconds, values["timed_out"] is True, address) if texts else Terms()
        except (UnreadableRun, KeyError, TypeError, ValueError, AttributeError):
            return Terms()

    def write_terms(self, terms: Terms) -> None:
        """Write the terms, which only the server does; raises OSError."""
        self._write_json("terms.json", asdict(terms))

    def status(self) -> Status:
        """The status; interrupted if the worker has died."""
        return Status.from_json(self.read_json("status.json")).as_seen(time.time())

    def write_status(self, status: Status) -> None:
        self._write_json("status.json", status.to_json())

    def change_status(self, **changes: Any) -> Status:
        """Write the status with some fields changed and return it."""
        status = replace(self.status(), **changes)
        self.write_status(status)
        return status

    def ask(self, command: str, value: float | None = None) -> None:
        """Leave a request for the worker, each in a separate file so that two pages never collide; raises OSError."""
        if command not in COMMANDS:
            raise DigitLabError("runs.unknown_command", command=command)
        self.control.mkdir(exist_ok=True)
        # requests stay in order even if the clock is set back in between
        last = max((int(path.name[:20]) for path in self.requests() if path.name[:20].isdecimal()), default=0)
        name = f"{max(time.time_ns(), last + 1):020d}-{uuid.uuid4().hex[:8]}.json"
        with replacing(self.control / name) as draft:
            draft.write_text(json.dumps({"command": command, "value": value}), encoding="utf-8")

    def take_requests(self) -> list[Request]:
        """The requests since the last call, oldest first; each is returned once."""
        requests = []
        for path in self.requests():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                values = json.loads(path.read_text(encoding="utf-8"))
                requests.append(Request(values["command"], values["value"]))
            path.unlink(missing_ok=True)
        return requests

    @property
    def has_requests(self) -> bool:
        """Whether there are requests that the worker has not taken yet."""
        return bool(self.requests())

    def requests(self) -> list[Path]:
        """The files of the requests that the worker has not taken yet, oldest first."""
        # a draft is incomplete, and taking it would lose the request
        return sorted(path for path in self.control.glob("*.json") if not path.name.startswith("."))

    def log_tail(self, lines: int = 200) -> str:
        """The last lines of the worker's output."""
        if not self.log.is_file():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - lines * 200))
            return "\n".join(file.read().decode("utf-8", errors="replace").splitlines()[-lines:])

    def read_json(self, name: str) -> Any:
        """The content of a JSON file."""
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UnreadableRun("runs.file_missing", file=name) from None
        except (OSError, ValueError, RecursionError):
            raise UnreadableRun("runs.file_damaged", file=name) from None

    def _write_json(self, name: str, values: Any) -> None:
        with replacing(self.path / name) as draft:
            draft.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def tag_word(text: str) -> str:
    """The text as one tag: a single word, cut if too long; empty if nothing is left."""
    return "-".join(one_line(text).replace(",", " ").split())[:TAG_LENGTH].strip("-")


def _name(text: str) -> str:
    return one_line(text)[:NAME_LENGTH].strip()
