"""A sweep as a person asks for it: a run, what is varied of it, what is sought, and for how long."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Literal, Self

from core.config.network import read_setting
from core.config.rules import Number, Whole, WithRules
from core.config.run import RunConfig
from core.errors import DigitLabError, InvalidSetting, UnreadableRun
from core.sweeps.variation import Range, Value, Values, Variation, applied, label, read_variation, setting_of
from core.text import Message

MOST_COMBINATIONS = 10_000
"""The most that a grid may have: more would take months."""
_TRIED = 200
"""How many combinations are tried to see which can be trained."""
_BY_ACCURACY = ("loss", "label_smoothing")
"""Settings that change what the loss means, so that trials can only be compared by accuracy."""
_ETA = 3
"""Hyperband's reduction factor, Optuna's default: a third of the trials goes on from each of its steps."""
_FIRST_FULL = 5
"""So many trials train to their end before the median stops any, Optuna's default."""
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Sweep(WithRules):
    """A search for the best settings; raises InvalidSetting or DigitLabError for one that cannot be made."""

    config: RunConfig
    """The run whose settings the trials share but for those that are varied."""
    varied: tuple[Variation, ...]
    origin: tuple[str, int] | None = None
    """The id of the run, and its epoch, from which every trial goes on; None for random weights."""
    objective: Literal["val_loss", "val_accuracy"] = "val_loss"
    second: Literal["none", "parameters", "seconds", "bytes"] = "none"
    """What is to be small besides; then the trials that nothing beats in both are sought."""
    sampler: Literal["tpe", "random", "grid", "cmaes", "nsga2"] = "tpe"
    pruner: Literal["none", "median", "hyperband"] = "none"
    trials: Annotated[int, Whole(1, MOST_COMBINATIONS)] = 20
    minutes: Annotated[float, Number(0, 100_000, example=30)] = 0
    """No trial starts after this many minutes; 0 for no limit."""
    seeds: Annotated[int, Whole(1, 20)] = 1
    """Runs of each trial, whose mean counts."""
    confirm: Annotated[int, Whole(0, 10)] = 3
    """How often the best settings are trained once more, with new seeds, to see how much of it was luck."""
    sampler_seed: Annotated[int, Whole(0, 2**31 - 1)] = 1

    def __post_init__(self) -> None:
        for name, rule in self.rules.items():
            object.__setattr__(self, name, read_setting(f"sweep_{name}", rule, getattr(self, name)))
        self._check_objective()
        self._check_varied()
        self._check_sampler()
        self._check_pruner()
        if (found := self.trainable).share == 0:
            raise DigitLabError("sweeps.nothing_trains", reason=found.reason or Message("sweeps.unknown_reason"))

    @property
    def combinations(self) -> int | None:
        """How many there are; None where a range has numbers without end."""
        counts = [
            len(each.values) if isinstance(each, Values) else round(each.high - each.low) + 1 if each.whole else None
            for each in self.varied
        ]
        return math.prod(counts) if all(counts) else None  # type: ignore[arg-type] # none of them is None

    @property
    def most_trials(self) -> int:
        """How many trials it makes unless its minutes are up."""
        return min(self.trials, self.grid_size) if self.sampler == "grid" else self.trials

    @property
    def grid_size(self) -> int:
        """How many combinations a grid has."""
        return math.prod(len(each.grid()) for each in self.varied)

    @property
    def directions(self) -> tuple[Literal["minimize", "maximize"], ...]:
        """What is best of each objective."""
        first: Literal["minimize", "maximize"] = "minimize" if self.objective == "val_loss" else "maximize"
        return (first,) if self.second == "none" else (first, "minimize")

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of what is sought."""
        return (self.objective,) if self.second == "none" else (self.objective, self.second)

    def config_of(self, values: Mapping[str, Value], seed: int = 0) -> RunConfig:
        """The settings of a trial's run; `seed` counts its runs from 0. Raises InvalidSetting."""
        config = applied(self.config, values)
        return config.replace(seed=(config.seed + seed) % 2**31)

    @cached_property
    def trainable(self) -> "Trainable":
        """Which share of the combinations can be trained, with the first that cannot."""
        tried, failed, reason = 0, 0, None
        for values in self._some():
            tried += 1
            try:
                self.config_of(values)
            except InvalidSetting as error:
                failed += 1
                reason = reason or Message("sweeps.untrainable", values=as_text(values), reason=error.message)
        return Trainable(tried, failed, reason)

    @property
    def saving(self) -> float:
        """The share of all epochs that the pruner may save, at most: if what it stops ends as early as it can."""
        epochs, trials = self.config.epochs, self.most_trials
        if self.pruner == "median":
            return max(0.0, trials - _FIRST_FULL) / trials / 2 * (epochs - 1) / epochs
        if self.pruner == "hyperband":
            return 1 - _hyperband_epochs(epochs) / epochs
        return 0.0

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        own = {name: getattr(self, name) for name in self.rules}
        varied = [each.write() for each in self.varied]
        return {
            "format": FORMAT,
            **own,
            "varied": varied,
            "origin": list(self.origin) if self.origin else None,
            "config": self.config.to_json(),
        }

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The sweep that `to_json` wrote; raises UnreadableRun for anything else."""
        try:
            if values["format"] != FORMAT:
                raise UnreadableRun("sweeps.other_format")
            config = RunConfig.from_json(values["config"])
            varied = tuple(read_variation(text, config) for text in values["varied"])
            origin = values["origin"]
            start = None if origin is None else (str(origin[0]), int(origin[1]))
            return cls(config=config, varied=varied, origin=start, **{name: values[name] for name in cls.rules})
        except UnreadableRun:
            raise
        except DigitLabError as error:
            raise UnreadableRun(error.message) from None
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            raise UnreadableRun("runs.file_damaged", file="sweep.json") from None

    def _check_objective(self) -> None:
        validation = self.config.validation
        if validation != "last-20":
            raise InvalidSetting("validation", f"sweeps.validation.{validation}")

    def _check_varied(self) -> None:
        if not self.varied:
            raise DigitLabError("sweeps.nothing_varied")
        names = [each.name for each in self.varied]
        for name in names:
            if names.count(name) > 1 or ("." in name and setting_of(name) in names):
                raise InvalidSetting(setting_of(name), "sweeps.twice", name=label(name))
            if name in _BY_ACCURACY and (self.objective == "val_loss" or self.pruner != "none"):
                raise InvalidSetting(name, "sweeps.other_loss", name=label(name))
        idle = self._idle()
        if idle:
            raise InvalidSetting(idle, f"sweeps.idle.{idle}")

    def _idle(self) -> str:
        """A varied setting that has no effect in any trial; empty if there is none."""
        left: frozenset[str] | None = None
        for values in self._some():
            try:
                idle = self.config_of(values).idle_settings & {each.name for each in self.varied}
            except InvalidSetting:
                continue
            left = idle if left is None else left & idle
            if not left:
                return ""
        return min(left or [""])

    def _check_sampler(self) -> None:
        ranges = [each for each in self.varied if isinstance(each, Range)]
        if self.sampler == "cmaes" and len(ranges) < len(self.varied):
            raise InvalidSetting("sampler", "sweeps.cmaes_lists")
        if self.sampler == "cmaes" and len(ranges) < 2:
            raise InvalidSetting("sampler", "sweeps.cmaes_one")
        if self.sampler == "grid" and self.grid_size > MOST_COMBINATIONS:
            raise InvalidSetting("sampler", "sweeps.grid_too_large", count=self.grid_size, most=MOST_COMBINATIONS)
        if (self.sampler == "nsga2") != (self.second != "none") and self.sampler not in ("random", "grid"):
            raise InvalidSetting("sampler", f"sweeps.{'one' if self.second == 'none' else 'two'}_objectives")

    def _check_pruner(self) -> None:
        if self.pruner == "none":
            return
        if self.second != "none":
            raise InvalidSetting("pruner", "sweeps.pruner_of_two")
        if self.config.epochs < 2 and not any(each.name == "epochs" for each in self.varied):
            raise InvalidSetting("pruner", "sweeps.one_epoch")

    def _some(self) -> Iterator[dict[str, Value]]:
        """Up to _TRIED combinations: all of a small grid, else some by chance, always the same."""
        names = [each.name for each in self.varied]
        if self.grid_size <= _TRIED:
            for values in product(*(each.grid() for each in self.varied)):
                yield dict(zip(names, values, strict=True))
            return
        chance = random.Random(0)
        for _ in range(_TRIED):
            yield {each.name: chance.choice(each.grid()) for each in self.varied}


@dataclass(frozen=True, slots=True)
class Trainable:
    """How many combinations were tried, how many of them cannot be trained, and why the first one cannot."""

    tried: int
    failed: int
    reason: Message | None

    @property
    def share(self) -> float:
        """The share that can be trained."""
        return 1 - self.failed / self.tried


def as_text(values: Mapping[str, Value]) -> str:
    """A combination in one line: `batch_size=64, learning_rate=0.001`."""
    return ", ".join(f"{name}={value}" for name, value in sorted(values.items()))


def _hyperband_epochs(epochs: int) -> float:
    """The epochs that a trial trains on average under Hyperband, if each step ends all but a third of the trials.

    The brackets and their shares are those of Optuna's HyperbandPruner.
    """
    brackets = int(math.log(epochs, _ETA) + 1e-9) + 1
    shares = [math.ceil(brackets * _ETA ** (brackets - 1 - each) / (brackets - each)) for each in range(brackets)]
    mean = 0.0
    for bracket, share in enumerate(shares):
        left, before, trained = 1.0, 0, 0.0
        for step in [_ETA**power for power in range(bracket, brackets) if _ETA**power < epochs]:
            trained += left * (step - before)
            left, before = left / _ETA, step
        mean += share * (trained + left * (epochs - before))
    return float(mean / sum(shares))
