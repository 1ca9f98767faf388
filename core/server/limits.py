"""What this server lets its visitors do: its owner everything, strangers little."""

import os
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
"""The part of `secrets.toml` that is ours."""
PREFIX = "DIGIT_LAB_"
"""Of the environment's variables, which are stronger than the file."""
_SWITCHES = {"on": "true", "1": "true", "yes": "true", "off": "false", "0": "false", "no": "false"}


class _Switch(Flag):
    """Yes or no, also as environments write it."""

    def read(self, value: Any) -> bool:
        text = str(value).strip().lower() if isinstance(value, str | int) else value
        return super().read(_SWITCHES.get(text, text) if isinstance(text, str) else text)


class _RunId(Rule):
    """The id of a run, as the folder is called."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise Advice("sharing.no_id")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(WithRules):
    """The limits of a server; 0 stands for none. Raises InvalidSetting for a value that cannot be one."""

    public: Annotated[bool, _Switch()] = False
    """Whether all visitors are strangers: each changes only what is their own, and nothing of the host is shown."""
    trust_network: Annotated[bool, _Switch()] = False
    """Whether everybody who reaches a private server has its owner's rights."""
    most_epochs: Annotated[int, Whole(0, 1_000)] = 0
    most_parameters: Annotated[int, Whole(0, 20_000_000)] = 0
    most_batch_size: Annotated[int, Whole(0, 60_000)] = 0
    most_runs_each: Annotated[int, Whole(0, 1_000)] = 0
    """Runs of one visitor that train or wait at once."""
    most_runs_per_address: Annotated[int, Whole(0, 10_000)] = 0
    """Runs that train or wait at once, of all visitors from one network address whose browsers keep no key."""
    most_runs_in_queue: Annotated[int, Whole(0, 10_000)] = 0
    """Runs of all visitors that train or wait at once."""
    most_minutes: Annotated[float, Number(0, 100_000, example=15)] = 0
    """Time from the start of a run until it is asked to stop, pauses included."""
    most_drawings_each: Annotated[int, Whole(0, 100_000)] = 0
    keep_runs: Annotated[int, Whole(0, 100_000)] = 0
    """Ended runs that are kept; of more, the oldest go."""
    keep_gigabytes: Annotated[float, Number(0, 100_000, example=2)] = 0
    """The room that ended runs may take; above it, the oldest go."""
    pinned: Annotated[
        tuple[str, ...], Listing(_RunId(), shortest=0, longest=1_000, example="20260101-120000-cnn-16-36-1a2b3c")
    ] = ()
    """Ids of runs that stay, whatever their age."""
    warm_worker: Annotated[bool, _Switch()] = True
    """Whether a process with TensorFlow waits for the next run."""
    threads: Annotated[int, Whole(0, 256)] = 0
    """Threads of TensorFlow in a training."""

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
        """The settings of this server: what a private or public one has, the files' section, the environment.

        Raises DigitLabError, since limits that cannot be read must not be no limits.
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
            raise DigitLabError("sharing.unknown", name=unknown[0][:60], known=", ".join(cls.rules))
        public = cls(public=values.get("public", False)).public
        return replace(cls(**PUBLIC if public else {}), **values)

    def for_strangers(self) -> Self:
        """The settings of a visitor from the network: a public server's limits where this server has none."""
        return replace(
            self,
            **{name: most for name, most in PUBLIC.items() if name.startswith("most_") and not getattr(self, name)},
        )

    def check(self, config: RunConfig) -> None:
        """Raises InvalidSetting, which names field and limit, for a run that is larger than what is let here."""
        kind = "hidden_units" if config.network.kind == "mlp" else "blocks"
        for field, value, most in (
            ("epochs", config.epochs, self.most_epochs),
            (kind, config.network.parameters, self.most_parameters),
            ("batch_size", config.batch_size, self.most_batch_size),
        ):
            if 0 < most < value:
                what = "parameters" if field == kind else field
                raise InvalidSetting(field, f"sharing.too_many.{what}", value=value, most=most)

    @property
    def limited(self) -> bool:
        """Whether ended runs are deleted for want of room."""
        return bool(self.keep_runs or self.keep_gigabytes)


PUBLIC: Mapping[str, Any] = {
    "most_epochs": 30,
    "most_parameters": 2_000_000,
    "most_batch_size": 1_024,
    "most_runs_each": 2,
    "most_runs_per_address": 20,
    "most_runs_in_queue": 20,
    "most_minutes": 15.0,
    "most_drawings_each": 200,
    "keep_runs": 200,
    "keep_gigabytes": 4.0,
    "warm_worker": False,
    "threads": 1,
}
"""What holds on a public server where nothing else is said: a class of thirty on one small machine."""


def default_files() -> tuple[Path, ...]:
    """Where Streamlit looks for secrets, the later file the stronger."""
    return tuple(folder / ".streamlit" / "secrets.toml" for folder in (place("~"), ROOT))


def _section(file: Path) -> dict[str, Any]:
    try:
        section = tomllib.loads(file.read_text(encoding="utf-8")).get(SECTION, {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        # neither the path nor what stands in the file is for visitors
        raise DigitLabError("sharing.unreadable", file=file.name) from None
    if not isinstance(section, dict):
        raise DigitLabError("sharing.unreadable", file=file.name)
    return section
