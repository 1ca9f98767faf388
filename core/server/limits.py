"""What this server allows its visitors: everything for the owner, little for strangers."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Self

from core.config.rules import Flag, Listing, Number, Rule, Whole, WithRules
from core.config.run import RunConfig
from core.errors import Advice, DigitLabError, InvalidSetting
from core.places import ROOT, place

SECTION = "digit_lab"
"""Our section in `secrets.toml`."""
PREFIX = "DIGIT_LAB_"
"""Prefix of environment variables, which take precedence over the file."""
_CLUSTER = re.compile(r"auto|(?:ray://)?[\w.-]+:[0-9]{1,5}")
_SWITCHES = {"on": "true", "1": "true", "yes": "true", "off": "false", "0": "false", "no": "false"}


class _Switch(Flag):
    """A boolean, also in the notations that environment variables use."""

    def read(self, value: Any) -> bool:
        text = str(value).strip().lower() if isinstance(value, str | int) else value
        return super().read(_SWITCHES.get(text, text) if isinstance(text, str) else text)


class _RunId(Rule):
    """The id of a run, which is its folder's name."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise Advice("sharing.no_id")
        return value


class _ClusterAddress(Rule):
    """`auto`, or the address of a Ray cluster; empty for none."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or (value and not _CLUSTER.fullmatch(value)):
            raise Advice("cluster.bad_address")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(WithRules):
    """The limits of a server; 0 means no limit. Raises InvalidSetting for an invalid value."""

    public: Annotated[bool, _Switch()] = False
    """Whether all visitors are strangers: they change only what is theirs and see nothing about the host."""
    trust_network: Annotated[bool, _Switch()] = False
    """Whether everyone who can reach a private server has the owner's rights."""
    most_epochs: Annotated[int, Whole(0, 1_000)] = 0
    most_parameters: Annotated[int, Whole(0, 20_000_000)] = 0
    most_batch_size: Annotated[int, Whole(0, 60_000)] = 0
    most_runs_each: Annotated[int, Whole(0, 1_000)] = 0
    """Training and waiting runs of one visitor."""
    most_runs_per_address: Annotated[int, Whole(0, 10_000)] = 0
    """Training and waiting runs of all visitors at one network address whose browsers keep no key."""
    most_runs_in_queue: Annotated[int, Whole(0, 10_000)] = 0
    """Training and waiting runs of all visitors."""
    most_trials: Annotated[int, Whole(0, 10_000)] = 0
    """Trials of one sweep."""
    most_minutes: Annotated[float, Number(0, 100_000, example=15)] = 0
    """Minutes from the start of a run until it is stopped, including pauses."""
    most_drawings_each: Annotated[int, Whole(0, 100_000)] = 0
    most_data_sets_each: Annotated[int, Whole(0, 1_000)] = 0
    """Data sets of one visitor."""
    most_data_megabytes: Annotated[float, Number(0, 100_000, example=100)] = 0
    """Disk space for the images of one data set."""
    keep_runs: Annotated[int, Whole(0, 100_000)] = 0
    """Number of ended runs to keep; beyond it, the oldest are deleted."""
    keep_gigabytes: Annotated[float, Number(0, 100_000, example=2)] = 0
    """Disk space for ended runs; beyond it, the oldest are deleted."""
    pinned: Annotated[
        tuple[str, ...], Listing(_RunId(), shortest=0, longest=1_000, example="20260101-120000-cnn-16-36-1a2b3c")
    ] = ()
    """Ids of runs that are never deleted."""
    warm_worker: Annotated[bool, _Switch()] = True
    """Whether a process with TensorFlow waits for the next run."""
    threads: Annotated[int, Whole(0, 256)] = 0
    """Number of TensorFlow threads per training."""
    runs_at_once: Annotated[int, Whole(0, 64)] = 1
    """Runs that train at once on this machine; 0 for one on each core, as far as memory allows."""
    ray: Annotated[str, _ClusterAddress()] = ""
    """The address of the Ray cluster on which runs train; empty for this machine."""
    ray_cpus: Annotated[int, Whole(1, 256)] = 1
    """Cores that a run asks of a node."""
    ray_gpus: Annotated[float, Number(0, 16, example=1)] = 0
    ray_gigabytes: Annotated[float, Number(0, 1_000, example=2)] = 1
    """Memory that a run asks of a node."""

    def __post_init__(self) -> None:
        for name, rule in self.rules.items():
            value = getattr(self, name)
            try:
                object.__setattr__(self, name, rule.read(value))
            except Advice as error:
                shown = str(value)[:60]
                raise InvalidSetting(name, "sharing.invalid", name=name, value=shown, advice=error.message) from None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, files: Sequence[Path] | None = None) -> Self:
        """The settings of this server: private or public defaults, then the files' section, then the environment.

        Raises DigitLabError if they are unreadable, because unreadable limits must not mean no limits.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for file in default_files() if files is None else files:
            values |= _section(file)
        values |= {
            name: environment[variable] for name in cls.rules if environment.get(variable := PREFIX + name.upper())
        }
        unknown = sorted(values.keys() - cls.rules.keys())
        if unknown:
            raise DigitLabError("sharing.unknown", name=unknown[0][:60], known=tuple(cls.rules))
        public = cls(public=values.get("public", False)).public
        return replace(cls(**PUBLIC if public else {}), **values)

    def for_strangers(self) -> Self:
        """The settings for a visitor from the network: a public server's limits where this server has none."""
        return replace(
            self,
            **{name: most for name, most in PUBLIC.items() if name.startswith("most_") and not getattr(self, name)},
        )

    def check(self, config: RunConfig) -> None:
        """Raises InvalidSetting, naming field and limit, if a run exceeds a limit."""
        kind = next(iter(config.network.rules))
        for field, value, most in (
            ("epochs", config.epochs, self.most_epochs),
            (kind, config.parameters, self.most_parameters),
            ("batch_size", config.batch_size, self.most_batch_size),
        ):
            if 0 < most < value:
                what = "parameters" if field == kind else field
                raise InvalidSetting(field, f"sharing.too_many.{what}", value=value, most=most)

    @property
    def limited(self) -> bool:
        """Whether ended runs are deleted to make room."""
        return bool(self.keep_runs or self.keep_gigabytes)


PUBLIC: Mapping[str, Any] = {
    "most_epochs": 30,
    "most_parameters": 2_000_000,
    "most_batch_size": 1_024,
    "most_runs_each": 2,
    "most_runs_per_address": 20,
    "most_runs_in_queue": 20,
    "most_trials": 20,
    "most_minutes": 15.0,
    "most_drawings_each": 200,
    "most_data_sets_each": 3,
    "most_data_megabytes": 100.0,
    "keep_runs": 200,
    "keep_gigabytes": 4.0,
    "warm_worker": False,
    "threads": 1,
}
"""Defaults of a public server, for a class of thirty on one small machine."""


def default_files() -> tuple[Path, ...]:
    """Where Streamlit looks for secrets; later files take precedence."""
    return tuple(folder / ".streamlit" / "secrets.toml" for folder in (place("~"), ROOT))


def _section(file: Path) -> dict[str, Any]:
    try:
        section = tomllib.loads(file.read_text(encoding="utf-8")).get(SECTION, {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        # visitors must see neither the path nor the contents
        raise DigitLabError("sharing.unreadable", file=file.name) from None
    if not isinstance(section, dict):
        raise DigitLabError("sharing.unreadable", file=file.name)
    return section
