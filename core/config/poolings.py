"""The kinds of pooling: their arguments and shapes."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from core.config.layer import Layer, Maybe, Padding, Pair, Shape, Size, Steps, Window, map_sides, places_on


@dataclass(frozen=True, slots=True)
class Pooling(Layer):
    """One value of each window goes on."""

    pool_size: Steps
    padding: Padding = "valid"
    strides: Annotated[Pair | None, Maybe(Size(1, 64))] = None
    """None for windows side by side."""

    leading: ClassVar[tuple[str, ...]] = ("pool_size", "padding")
    kind: ClassVar[Literal["max", "average"]]

    @property
    def window(self) -> Window:
        return Window(self.pool_size, self.strides or self.pool_size, padding=self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        return (*places_on(self.window, shape), shape[-1])


@dataclass(frozen=True, slots=True)
class MaxPooling2D(Pooling):
    """The largest value of each window goes on."""

    word: ClassVar[str] = "pool"
    kind: ClassVar[Literal["max", "average"]] = "max"


@dataclass(frozen=True, slots=True)
class AveragePooling2D(Pooling):
    """The mean of each window goes on."""

    word: ClassVar[str] = "avgpool"
    kind: ClassVar[Literal["max", "average"]] = "average"


@dataclass(frozen=True, slots=True)
class GlobalPooling(Layer):
    """One value of each map goes on."""

    def output_shape(self, shape: Shape) -> Shape:
        map_sides(shape)
        return shape[-1:]


@dataclass(frozen=True, slots=True)
class GlobalAveragePooling2D(GlobalPooling):
    """The mean of each map goes on."""

    word: ClassVar[str] = "globalavgpool"


@dataclass(frozen=True, slots=True)
class GlobalMaxPooling2D(GlobalPooling):
    """The largest value of each map goes on."""

    word: ClassVar[str] = "globalmaxpool"
