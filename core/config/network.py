"""The three kinds of network: a multilayer perceptron, a convolutional network, and any list of layers."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

from core.config.convolutions import Conv2D, SeparableConv2D
from core.config.datasets import LARGEST_SIDE, DataDescription
from core.config.layer import Layer, LayerDoesNotFit, Padding, Penalty, Shape
from core.config.layer_text import LayersRule, layer_text, named, read_layers
from core.config.layers import Activation, BatchNormalization, Dense, Dropout, Flatten, layer_table
from core.config.poolings import AveragePooling2D, MaxPooling2D
from core.config.rules import Listing, Number, Rule, Whole, WithRules
from core.errors import Advice, InvalidSetting
from core.text import Message

PARAMETER_LIMIT = 20_000_000
UNITS = Whole(1, 8192)

_Activation = Literal["relu", "tanh", "sigmoid", "elu", "gelu", "silu"]
_Dropout = Annotated[float, Number(0, 0.9, example=0.25)]
_Units = Annotated[tuple[int, ...], Listing(UNITS, shortest=0, longest=8, example="512,256")]


@dataclass(frozen=True, slots=True)
class ConvolutionBlock(WithRules):
    """A convolution and the pooling after it, written `16@5-same-max`."""

    filters: Annotated[int, Whole(1, 512)]
    kernel_size: Annotated[int, Whole(1, LARGEST_SIDE)]
    padding: Padding = "same"
    pooling: Literal["max", "average", "none"] = "max"

    def __str__(self) -> str:
        return f"{self.filters}@{self.kernel_size}-{self.padding}-{self.pooling}"


@dataclass(frozen=True, slots=True)
class BlockRule(Rule):
    """A convolution block, as an object or as `filters@kernel-padding-pooling`."""

    def read(self, value: Any) -> ConvolutionBlock:
        if isinstance(value, ConvolutionBlock):
            value = str(value)
        match = re.fullmatch(r"(\d{1,9})@(\d{1,9})-(\w+)-(\w+)", value) if isinstance(value, str) else None
        if match is None:
            raise Advice("rules.block")
        read = {}
        for (name, rule), text in zip(ConvolutionBlock.rules.items(), match.groups(), strict=True):
            try:
                read[name] = rule.read(text)
            except Advice as error:
                raise Advice("rules.part", label=Message(f"fields.{name}"), advice=error.message) from None
        return ConvolutionBlock(**read)


@dataclass(frozen=True, slots=True)
class Network(WithRules, ABC):
    """What all kinds of network have in common."""

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        for name, rule in self.rules.items():
            object.__setattr__(self, name, read_setting(name, rule, getattr(self, name)))

    @property
    @abstractmethod
    def hidden_layers(self) -> tuple[Layer, ...]:
        """The layers between the image and the output layer."""

    def all_layers(self, classes: int) -> tuple[Layer, ...]:
        """The layers from the image to the probabilities of this many classes."""
        return (*self.hidden_layers, Dense("output", classes, "softmax"))

    @property
    def normalizes(self) -> bool:
        """Whether it has batch normalization, whose statistics depend on the weights."""
        return any(isinstance(layer, BatchNormalization) for layer in self.hidden_layers)

    @property
    def penalized(self) -> bool:
        """Whether weights add to the loss, by l1 or l2."""
        arguments = (value for layer in self.hidden_layers for value in layer.keras_arguments.values())
        return any(isinstance(value, Penalty) for value in arguments)

    def replace(self, **changes: Any) -> Self:
        """A checked copy of the network with some fields changed."""
        return type(self)(**{name: changes.get(name, getattr(self, name)) for name in self.rules})

    def misfit(self, error: LayerDoesNotFit) -> InvalidSetting:
        """What to say about a layer that does not fit."""
        return InvalidSetting(next(iter(self.rules)), "errors.layer_does_not_fit", what=error.message)


@dataclass(frozen=True, slots=True)
class MLP(Network):
    """Dense hidden layers, with dropout after each."""

    hidden_units: _Units = (512,)
    activation: _Activation = "relu"
    batch_normalization: bool = False
    dropout: _Dropout = 0.0

    kind: ClassVar[str] = "mlp"

    @property
    def hidden_layers(self) -> tuple[Layer, ...]:
        return (Flatten("flatten"), *_dense_layers(self, self.hidden_units, self.dropout))


@dataclass(frozen=True, slots=True)
class CNN(Network):
    """Convolution blocks, dropout after the last of them, then dense layers with dropout after each."""

    blocks: Annotated[
        tuple[ConvolutionBlock, ...], Listing(BlockRule(), shortest=1, longest=8, example="16@5-same-max,36@5-same-max")
    ] = (ConvolutionBlock(16, 5), ConvolutionBlock(36, 5))
    activation: _Activation = "relu"
    batch_normalization: bool = False
    pool_padding: Literal["valid", "same"] = "valid"
    convolution_dropout: _Dropout = 0.0
    dense_units: _Units = (128,)
    dense_dropout: _Dropout = 0.0

    kind: ClassVar[str] = "cnn"

    @property
    def hidden_layers(self) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for number, block in enumerate(self.blocks, start=1):
            name = f"conv_{number}"
            sides = (block.kernel_size, block.kernel_size)
            conv = Conv2D(name, block.filters, sides, self.activation, block.padding)
            layers += _normalized(conv) if self.batch_normalization else [conv]
            if block.pooling != "none":
                pooling = MaxPooling2D if block.pooling == "max" else AveragePooling2D
                layers.append(pooling(f"pool_{number}", (2, 2), self.pool_padding))
        if self.convolution_dropout:
            layers.append(Dropout("conv_dropout", self.convolution_dropout))
        return (*layers, Flatten("flatten"), *_dense_layers(self, self.dense_units, self.dense_dropout))


@dataclass(frozen=True, slots=True)
class LayerList(Network):
    """Any list of layers, to which the output layer is added."""

    layers: Annotated[tuple[Layer, ...], LayersRule()] = read_layers(
        "conv(32,3x3,relu) pool(2) conv(64,3x3,relu) pool(2) flatten dropout(0.5)"
    )

    kind: ClassVar[str] = "layers"

    @property
    def hidden_layers(self) -> tuple[Layer, ...]:
        return self.layers

    @classmethod
    def of(cls, network: Network) -> Self:
        """The list of another network's layers; only their names differ."""
        return cls(named(network.hidden_layers))

    def misfit(self, error: LayerDoesNotFit) -> InvalidSetting:
        if error.place == len(self.layers):
            return InvalidSetting("layers", "layers.no_output", reason=error.message)
        at = layer_text(self.layers[error.place])
        return InvalidSetting("layers", "layers.misfit", number=error.place + 1, layer=at, reason=error.message)


@dataclass(frozen=True, slots=True)
class OtherNetwork(Network):
    """A network that is not a list of our layers: only its size is known. It can be used, but not trained here."""

    parameter_count: Annotated[int, Whole(0, 10**9)] = 0

    kind: ClassVar[str] = "other"

    @property
    def hidden_layers(self) -> tuple[Layer, ...]:
        return ()

    def all_layers(self, classes: int) -> tuple[Layer, ...]:  # noqa: ARG002 none is known, whatever the classes
        return ()


def widths(network: Network) -> tuple[int, ...]:
    """The filters of each convolution; the units of each hidden dense layer where there is none."""
    filters = [layer.filters for layer in network.hidden_layers if isinstance(layer, Conv2D | SeparableConv2D)]
    return tuple(filters or [layer.units for layer in network.hidden_layers if isinstance(layer, Dense)])


NETWORKS: dict[str, type[MLP] | type[CNN] | type[LayerList]] = {"mlp": MLP, "cnn": CNN, "layers": LayerList}
"""The kinds that can be trained."""
AnyNetwork = MLP | CNN | LayerList | OtherNetwork


def read_setting(field: str, rule: Rule, value: Any) -> Any:
    """A setting's value in canonical form; raises InvalidSetting, which names field, value and remedy."""
    try:
        return rule.read(value)
    except Advice as error:
        shown = value if isinstance(value, str) else repr(value)
        shown = f"{shown[:60]}…" if len(shown) > 60 else shown
        label = Message(f"fields.{field}")
        raise InvalidSetting(
            field, "errors.invalid_setting", label=label, field=field, value=shown, advice=error.message
        ) from None


def check_network(network: Network, data: DataDescription) -> None:
    """Raise InvalidSetting where a layer does not fit images of this shape, or the network is too large."""
    try:
        parameters = parameters_of(network, data)
    except LayerDoesNotFit as error:
        raise network.misfit(error) from None
    if parameters > PARAMETER_LIMIT:
        field = next(iter(network.rules))
        raise InvalidSetting(field, "errors.too_many_parameters", parameters=parameters, limit=PARAMETER_LIMIT)


def parameters_of(network: Network, data: DataDescription) -> int:
    """The number of parameters for this data, including those that are not trained; raises LayerDoesNotFit."""
    return _parameters(network, data.shape, len(data.classes))


@lru_cache(maxsize=1000)
def _parameters(network: Network, shape: Shape, classes: int) -> int:
    if isinstance(network, OtherNetwork):
        return network.parameter_count
    return sum(row.parameters for row in layer_table(network.all_layers(classes), shape))


def _dense_layers(network: MLP | CNN, units: tuple[int, ...], dropout: float) -> list[Layer]:
    layers: list[Layer] = []
    for number, width in enumerate(units, start=1):
        dense = Dense(f"dense_{number}", width, network.activation)
        layers += _normalized(dense) if network.batch_normalization else [dense]
        if dropout:
            layers.append(Dropout(f"dropout_{number}", dropout))
    return layers


def _normalized(layer: Conv2D | Dense) -> list[Layer]:
    """The layer with batch normalization between it and its activation."""
    kind, number = layer.name.split("_")
    return [
        replace(layer, activation="linear"),
        BatchNormalization(f"{kind}_norm_{number}"),
        Activation(f"{kind}_{layer.activation}_{number}", layer.activation),
    ]
