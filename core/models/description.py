"""What a Keras model's JSON says: its layers and the order they come in, read as data, without Keras.

Keras builds any object that a description names, and a Lambda layer brings code of its own: neither is ever given to
it, and a description that needs either is refused by name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.errors import UnreadableRun
from core.runs.weight_arrays import keras_name
from core.text import one_line, shortened

_LONGEST_NAME = 40
_DEEPEST = 60
"""Nested descriptions; the deepest networks have a third of this."""
_MOST_PARTS = 100_000
MODELS = ("Sequential", "Functional", "Model")
"""The classes of models that are made of layers."""


class NotOurLayers(Exception):
    """The network is sound, but not a list of our layers."""


@dataclass(frozen=True, slots=True)
class Described:
    """A layer of the file: its class, name, place among those of its class, and arguments."""

    kind: str
    name: str
    place: str
    config: Mapping[str, Any]
    within: tuple["Described", ...] = ()
    """The models that it is part of, the outermost first; none for a layer of the model itself."""

    @property
    def path(self) -> str:
        """A name that no other layer of the file has."""
        return "/".join(each.name for each in (*self.within, self))


def check_harmless(description: Any) -> None:
    """Raise UnreadableRun, which names the layer, where a description needs code that Keras does not have."""
    for part in _parts(description):
        kind, module = part.get("class_name"), part.get("module")
        registered = part.get("registered_name")
        if kind is None:
            continue
        if not isinstance(kind, str):
            raise UnreadableRun("models.no_description")
        config = part.get("config")
        own_name = config.get("name") if isinstance(config, Mapping) else None
        name = shown(own_name if isinstance(own_name, str) else kind)
        if "lambda" in kind.lower():
            raise UnreadableRun("models.lambda", layer=name)
        foreign = isinstance(module, str) and module.partition(".")[0] not in ("keras", "builtins")
        if foreign or (isinstance(registered, str) and ">" in registered):
            raise UnreadableRun("models.custom", layer=name, kind=shown(kind))


def described_layers(description: Mapping[str, Any]) -> Iterator[Described]:
    """A model's layers as they are listed; raises NotOurLayers for models of other kinds and repeated names."""
    kind, config = description["class_name"], description["config"]
    if kind not in MODELS:
        raise NotOurLayers
    # the first versions of Keras wrote the list alone
    listed = config if isinstance(config, list) else config["layers"]
    seen, names = Counter[str](), set[str]()
    for layer in listed:
        snake = keras_name(layer["class_name"])
        name = layer["config"].get("name", layer.get("name", snake))
        place = f"{snake}_{seen[snake]}" if seen[snake] else snake
        seen[snake] += 1
        if name in names:
            raise NotOurLayers
        names.add(name)
        yield Described(layer["class_name"], name, place, layer["config"])


class Tensor(NamedTuple):
    """What a layer gave when it was called."""

    layer: str
    call: int
    """0 for the first of the layer's calls in the model."""
    place: int
    """0 for the first of what the call gave."""


def sources_of(node: Any) -> Iterator[Tensor]:
    """The tensors that a node gets, as Keras 3 and as Keras 2 write them."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            yield Tensor(*node["config"]["keras_history"])
            return
        for value in node.values():
            yield from sources_of(value)
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and isinstance(node[1], int):
            yield Tensor(*node[:3])
            return
        for value in node:
            yield from sources_of(value)


def ends(listed: Any) -> Iterator[Tensor]:
    """The tensors that a model begins or ends with."""
    if listed and isinstance(listed[0], str):
        yield Tensor(*listed[:3])
    else:
        yield from (Tensor(*each[:3]) for each in listed)


def input_shape(description: Mapping[str, Any], described: list[Described]) -> tuple[int | None, ...]:
    """The shape of the first layer's input, or of what the model was built for; without the batch."""
    first = described[0].config
    config = description["config"]
    built = config.get("build_input_shape") if isinstance(config, Mapping) else None
    shape = first.get("batch_shape") or first.get("batch_input_shape") or built
    if not isinstance(shape, list) or not 2 <= len(shape) <= 5:
        raise NotOurLayers
    if any(side is not None and (type(side) is not int or side < 1) for side in shape[1:]):
        raise ValueError(shape)
    return tuple(shape[1:])


def shown(name: str) -> str:
    return shortened(one_line(name[:400]), _LONGEST_NAME)


def _parts(description: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in a description; raises UnreadableRun where they are too many or too deep."""
    waiting, seen = [(description, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST or seen > _MOST_PARTS:
            raise UnreadableRun("models.no_description")
        if isinstance(part, Mapping):
            yield part
            waiting += [(value, depth + 1) for value in part.values()]
        elif isinstance(part, list):
            waiting += [(value, depth + 1) for value in part]
