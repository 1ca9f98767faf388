"""What a value of a script is known to be, without running it."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.text import Message
from core.tutorials.notes import Note

PLAIN = (bool, int, float, str, bytes, type(None), list, tuple, dict, set, range)
"""Python's own types, whose values are worth what they say."""


class Numbers(list[Any]):
    """A small array of NumPy's: its operators calculate with each number."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return Numbers(found) if isinstance(key, slice) else found

    def copy(self) -> "Numbers":
        """Another array with the same numbers."""
        return Numbers(self)


Part = Literal["train", "test", "validation", "all"]
MethodKind = Literal["method", "static", "class", "property"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be read, with the reason and the line it came from."""

    why: Message
    line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in a library, such as `keras.layers.Dense`."""

    path: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a value, not yet called."""

    owner: Any
    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the script, with the scope that it was defined in."""

    node: ast.FunctionDef | ast.Lambda
    scope: "Scope"
    kind: MethodKind = "method"
    """What it is in a class."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A function with some of its arguments given, as `functools.partial` makes it."""

    function: Any
    given: tuple[Any, ...]
    named: Mapping[str, Any]


@dataclass(slots=True)
class Class:
    """A class of the script."""

    name: str
    bases: tuple[Any, ...]
    members: dict[str, Any]
    fields: tuple[str, ...] = ()
    """The names that are annotated in it, in order: what a data class or named tuple takes."""


@dataclass(slots=True)
class Instance:
    """An object of a class of the script."""

    kind: Class
    attributes: dict[str, Any] = field(default_factory=dict)
    network: "Network | None" = None
    """What it trains as, if the class is a Keras model."""


@dataclass(slots=True)
class Scope:
    """Names and values of a function or the script."""

    values: dict[str, Any] = field(default_factory=dict)
    outer: "Scope | None" = None
    shared: set[str] = field(default_factory=set)
    """The names declared global."""

    def find(self, name: str) -> Any:
        """The value of a name here or further out; raises KeyError."""
        if name in self.values:
            return self.values[name]
        if self.outer is None:
            raise KeyError(name)
        return self.outer.find(name)

    def put(self, name: str, value: Any) -> None:
        if name in self.shared and self.outer is not None:
            self.outer.put(name, value)
        else:
            self.values[name] = value


@dataclass(frozen=True, slots=True)
class Array:
    """A part of a data set: images, labels, or a table with both."""

    dataset: str
    part: Part
    content: Literal["images", "labels", "table"]
    shape: tuple[int | None, ...]
    scale: float | None = 1.0
    """What each pixel value of 0 to 255 was multiplied by; None if that cannot be read."""
    offset: float | None = 0.0
    one_hot: bool = False
    loaded: int | None = None
    """How many images its part has when it is loaded; None if a split made the part."""
    chosen: bool = False
    """Whether only those that meet a condition are left."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Images and labels that come in batches: a tf.data data set or a generator."""

    images: Any
    labels: Any
    batch_size: Any = None
    augmented: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """An object of a library, such as an optimizer, with its arguments."""

    path: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]
    line: int

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A Keras layer with every argument that Keras 3 holds, and the input shape that it declares."""

    kind: str
    arguments: Mapping[str, Any]
    line: int
    input_shape: Any = None
    wraps: Any = None
    """The layer within a wrapper such as TimeDistributed."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A tensor of the functional API: the layers it went through since the input."""

    layers: tuple[Any, ...]
    shape: Any
    branches: bool = False


@dataclass(slots=True, eq=False)
class Network:
    """A Keras model of the script."""

    line: int
    layers: list[Any] = field(default_factory=list)
    input_shape: Any = None
    compiled: "Compiled | None" = None
    problem: Unknown | None = None
    """Why its layers cannot be read as one chain."""
    trained: bool = False
    defaults: dict[str, Any] = field(default_factory=dict)
    """Arguments of fit that a wrapper keeps, as scikit-learn's does."""
    wrapped: "Wrapped | None" = None


@dataclass(frozen=True, slots=True)
class Rate:
    """The optimizer of a network, or its learning rate, which a script may set after `compile`."""

    network: Network


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a wrapper such as scikit-learn's builds a network with."""

    build: Function
    settings: Mapping[str, Any]
    notes: tuple[Note, ...]
    """The notes made about the function when it was followed."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The arguments of `compile`."""

    optimizer: Any
    loss: Any
    line: int
    rate: Any = None
    """The learning rate that was set later, if any."""


@dataclass(frozen=True, slots=True)
class Parser:
    """An argparse parser, with the default of each option."""

    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Namespace:
    """What a parser or a simple object gives by attribute."""

    values: dict[str, Any]
