"""All settings of a run, typed and checked in one place.

A setting has the same flat name (`learning_rate`, `blocks`, ...) in code, in a link, on the command line and in
`run.json`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Annotated, Any, Literal, Self

from core.config.datasets import DataDescription, DatasetName, describe
from core.config.layer import Layer
from core.config.layer_text import LayersRule, layers_text
from core.config.layers import LayerRow, layer_table
from core.config.network import (
    MLP,
    NETWORKS,
    AnyNetwork,
    OtherNetwork,
    check_network,
    parameters_of,
    read_setting,
)
from core.config.rules import Choice, Number, Rule, Whole, WithRules
from core.errors import InvalidSetting

VALIDATION_SHARE = 0.2
LADDER = (0.01, 0.003, 0.001, 0.0003, 0.0001)
"""Learning rates to step down by, each about a third of the one before, as the tutorials advise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig(WithRules):
    """All settings of one run; raises InvalidSetting for values that cannot be trained with."""

    preset: Annotated[
        str, Choice(("cnn-quick", "mlp-512", "mlp-512-overfit", "lenet-20-50", "cnn-16-36", "mlp", "cnn", "layers"))
    ] = "mlp-512"
    dataset: Annotated[str, DatasetName()] = "mnist"
    data: DataDescription = field(default=None, repr=False)  # type: ignore[assignment] # looked up if not given
    """What the run knows of its data set, so that it can be read without it."""
    network: AnyNetwork = field(default_factory=MLP)
    loss: Literal["sparse_categorical_crossentropy", "categorical_crossentropy", "mean_squared_error"] = (
        "sparse_categorical_crossentropy"
    )
    label_smoothing: Annotated[float, Number(0, 0.9, example=0.1)] = 0.0
    optimizer: Literal["rmsprop", "adam", "adamw", "nadam", "adagrad", "adadelta", "sgd"] = "rmsprop"
    learning_rate: Annotated[float, Number(1e-6, 10, example=0.001)] = 0.001
    momentum: Annotated[float, Number(0, 0.999, example=0.9)] = 0.9
    weight_decay: Annotated[float, Number(0, 1, example=0.004)] = 0.004
    clipping: Literal["off", "norm", "value"] = "off"
    clip_at: Annotated[float, Number(1e-6, 1000, example=1)] = 1.0
    schedule: Literal["none", "plateau", "cosine", "one_cycle"] = "none"
    peak_at: Annotated[float, Number(0.01, 0.99, example=0.25)] = 0.25
    batch_size: Annotated[int, Whole(1, 60_000)] = 128
    epochs: Annotated[int, Whole(1, 1_000)] = 5
    validation: Literal["none", "last-20", "test"] = "none"
    augmentation: Literal["off", "light", "medium", "strong"] = "off"
    weight_averaging: bool = False
    averaging_decay: Annotated[float, Number(0.5, 0.9999, example=0.99)] = 0.99
    early_stopping: Literal["off", "val_loss", "val_accuracy", "loss"] = "off"
    patience: Annotated[int, Whole(1, 1_000)] = 3
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    seed: Annotated[int, Whole(0, 2**31 - 1)] = 1

    def __post_init__(self) -> None:
        for name, rule in self.rules.items():
            object.__setattr__(self, name, read_setting(name, rule, getattr(self, name)))
        if not isinstance(self.network, AnyNetwork):
            raise InvalidSetting("network", "errors.no_network")
        if self.data is None:
            object.__setattr__(self, "data", describe(self.dataset))
        check_network(self.network, self.data)
        if self.validation == "none" and self.early_stopping.startswith("val_"):
            raise InvalidSetting("early_stopping", "errors.nothing_to_watch", value=self.early_stopping)

    @property
    def training_images(self) -> int:
        """The number of images that the network learns from."""
        return self.data.training - (self.validation_images if self.validation == "last-20" else 0)

    @property
    def validation_images(self) -> int:
        """The number of images that choose the best epoch."""
        shares = {"none": 0, "last-20": round(self.data.training * VALIDATION_SHARE), "test": self.data.test}
        return shares[self.validation]

    @property
    def updates_per_epoch(self) -> int:
        """The number of batches, and so of weight updates, in an epoch."""
        return math.ceil(self.training_images / self.batch_size)

    @property
    def all_layers(self) -> tuple[Layer, ...]:
        """The layers from the image to the probabilities of the classes."""
        return self.network.all_layers(len(self.data.classes))

    @property
    def layer_table(self) -> list[LayerRow]:
        """Each layer with its shapes."""
        return layer_table(self.all_layers, self.data.shape)

    @property
    def parameters(self) -> int:
        """The number of parameters, including those that are not trained."""
        return parameters_of(self.network, self.data)

    @property
    def idle_settings(self) -> frozenset[str]:
        """The settings that have no effect on this run."""
        used = {
            "label_smoothing": self.loss == "categorical_crossentropy",
            "momentum": self.optimizer == "sgd",
            "clip_at": self.clipping != "off",
            "weight_decay": self.optimizer == "adamw",
            "peak_at": self.schedule == "one_cycle",
            "averaging_decay": self.weight_averaging,
            "patience": self.early_stopping != "off",
        }
        return frozenset(name for name, has_effect in used.items() if not has_effect)

    @property
    def smoothing(self) -> float:
        """The share of each label that the loss spreads over all classes."""
        return 0.0 if "label_smoothing" in self.idle_settings else self.label_smoothing

    @property
    def minimizes_cross_entropy(self) -> bool:
        """Whether the loss is the cross-entropy of the labels as they are, without penalties of weights."""
        return self.loss != "mean_squared_error" and not self.smoothing and not self.network.penalized

    @property
    def monitor(self) -> str:
        """The metric that the plateau schedule watches."""
        return "loss" if self.validation == "none" else "val_loss"

    @property
    def recipe(self) -> Self:
        """Equal for runs that differ in their seed only.

        Ignores the preset too, which only names where the settings came from, and settings without effect.
        """
        default = self._default()
        others = {name: getattr(default, name) for name in self.idle_settings}
        return self.replace(seed=default.seed, preset=default.preset, **others)

    def replace(self, **changes: Any) -> Self:
        """A checked copy of the run with some settings changed, including the network's.

        Raises InvalidSetting for an invalid value and for a name that is not a setting.
        """
        data = self._described(changes.pop("data", None), changes.get("dataset", self.dataset))
        network = changes.pop("network", self.network)
        if not isinstance(network, AnyNetwork):
            raise InvalidSetting("network", "errors.no_network")
        kind = changes.pop("kind", network.kind)
        if kind != network.kind:
            kind = read_setting("kind", Choice(tuple(NETWORKS)), kind)
        if kind != network.kind:
            network = _default_network(kind)
        if "layers" in network.rules and isinstance(text := changes.get("layers"), str):
            changes["layers"] = read_setting("layers", LayersRule(len(data.classes)), text)
        of_network = {name: changes.pop(name) for name in list(changes) if name in network.rules}
        for name in changes:
            if name not in self.rules:
                known = setting_names(kind)
                raise InvalidSetting(name, "errors.unknown_setting", name=name[:60], known=known)
        if of_network:
            network = network.replace(**of_network)
        own = {f.name: changes.get(f.name, getattr(self, f.name)) for f in fields(self) if f.name in self.rules}
        return type(self)(network=network, data=data, **own)

    def _described(self, given: Any, dataset: Any) -> DataDescription:
        """The data of a changed run: what is given, else its own unless its data set changes."""
        if given is not None:
            return given if isinstance(given, DataDescription) else DataDescription.from_json(given)
        name = read_setting("dataset", self.rules["dataset"], dataset)
        return self.data if name == self.dataset else describe(name)

    def to_json(self) -> dict[str, Any]:
        """All settings, and what the run knows of its data set under `data`, in types that JSON has."""
        return {**self.setting_values(), "data": self.data.to_json()}

    def setting_values(self) -> dict[str, Any]:
        """All settings under their flat names, in types that JSON has."""
        values = {name: getattr(self, name) for name in self.rules}
        of_network = {name: getattr(self.network, name) for name in self.network.rules}
        if "blocks" in of_network:
            of_network["blocks"] = [str(block) for block in of_network["blocks"]]
        if "layers" in of_network:
            of_network["layers"] = layers_text(of_network["layers"])
        listed = {k: list(v) if isinstance(v, tuple) else v for k, v in of_network.items()}
        return {"kind": self.network.kind, **listed, **values}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The run that `to_json` wrote; raises InvalidSetting for anything else."""
        if not isinstance(values, Mapping):
            raise InvalidSetting("config", "errors.no_network")
        named = {str(name): value for name, value in values.items()}
        if named.get("kind") == OtherNetwork.kind:
            # only from a run's file, since it cannot be trained
            named["network"] = OtherNetwork()
        return cls._default().replace(**named)

    @classmethod
    @cache  # the list of runs reads up to a thousand
    def _default(cls) -> Self:
        return cls()


@cache
def _default_network(kind: str) -> AnyNetwork:
    return NETWORKS[kind]()


def setting_names(kind: str) -> list[str]:
    """The flat names of all settings of a run with this kind of network."""
    return [*_rules(kind), *RunConfig.rules]


def setting_rule(kind: str, name: str) -> Rule:
    """The rule of a setting of the network or the run; raises KeyError for an unknown name."""
    return {**_rules(kind), **RunConfig.rules}[name]


def _rules(kind: str) -> Mapping[str, Rule]:
    return OtherNetwork.rules if kind == OtherNetwork.kind else NETWORKS[kind].rules


def setting_text(config: RunConfig, name: str) -> str:
    """A setting's value as text, as in a link and on the command line."""
    owner = config if name in RunConfig.rules else config.network
    return setting_rule(config.network.kind, name).write(getattr(owner, name))
