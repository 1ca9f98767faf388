"""A network's layers as one line of text: `conv(32,3x3,relu) pool(2) flatten dense(128,relu) dropout(0.5)`.

Arguments are written in the order of `Layer.leading` by their value alone, then as `name=value`; what equals the
default is left out. A value alone goes to the first of those arguments that can take it, so `conv(32,3x3,same)` is
short for `conv(32,3x3,padding=same)`. The output layer is not written: every network ends with it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from core.config.layer import Layer, Shape
from core.config.layers import KINDS, Reshape
from core.config.rules import Rule
from core.errors import Advice
from core.text import Message

MOST_LAYERS = 80
_LONGEST = 10_000
"""Characters, more than the longest list has."""
_OUTPUT = re.compile(r"\bdense\(\s*(\d{1,6})\s*,\s*softmax\s*\)\s*,?$", re.IGNORECASE)
_WORD = re.compile(r"\s*([A-Za-z0-9_.=+-]+)\s*(\(([^()]*)\))?\s*,?")


@dataclass(frozen=True, slots=True)
class LayersRule(Rule):
    """A list of layers, as such or as text; each gets a name of its own, such as `conv_2`."""

    classes: int | None = None
    """The units of the output layer, if known: a text may write it, as `dense(10,softmax)`, and need not."""

    def read(self, value: Any) -> tuple[Layer, ...]:
        if not isinstance(value, str):
            try:
                value = layers_text(value)
            except (TypeError, AttributeError):
                raise Advice("layers.advice") from None
        return read_layers(value, self.classes)

    def write(self, value: Sequence[Layer]) -> str:
        return layers_text(value)


def read_layers(text: str, classes: int | None = None) -> tuple[Layer, ...]:
    """The layers that a text describes, without the output layer; raises Advice, which names the word to change.

    Where `classes` is given, an output layer in the text must have as many units.
    """
    layers: list[Layer] = []
    if len(text) > _LONGEST:
        raise Advice("layers.too_many", most=MOST_LAYERS)
    at, text = 0, text.strip()
    if written := _OUTPUT.search(text):
        if classes is not None and int(written[1]) != classes:
            raise Advice("layers.other_classes", units=int(written[1]), classes=classes)
        text = text[: written.start()].strip()
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None or (found[2] is None and text[found.end() : found.end() + 1] == "("):
            raise Advice("layers.unreadable", part=_quoted(text[at:]))
        layers.append(_read(found[1], found[3]))
        if len(layers) > MOST_LAYERS:
            raise Advice("layers.too_many", most=MOST_LAYERS)
        at = found.end()
    return named(layers)


def layers_text(layers: Sequence[Layer]) -> str:
    """The text that `read_layers` turns back into the layers."""
    return " ".join(map(layer_text, layers))


def layer_text(layer: Layer) -> str:
    """One layer of that text."""
    changed = {
        each.name: layer.rules[each.name].write(getattr(layer, each.name))
        for each in fields(layer)
        if each.name in layer.rules and getattr(layer, each.name) != each.default
    }
    # a rule that takes what is meant for a later argument would take it away: name that argument
    alone = {name: text for name in layer.leading if (text := changed.get(name)) is not None}
    leading, given = [], set[str]()
    for name, text in alone.items():
        if _taker(layer, text, given) != name:
            break
        leading.append(text)
        given.add(name)
    named_ones = [f"{name}={text}" for name, text in changed.items() if name not in given]
    arguments = ",".join([*leading, *named_ones])
    return f"{layer.word}({arguments})" if arguments else layer.word


def named(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """The layers, each with a name of its own: its word and a number among those of its kind."""
    seen: Counter[str] = Counter()
    found = []
    for layer in layers:
        seen[layer.word] += 1
        found.append(replace(layer, name=f"{layer.word}_{seen[layer.word]}"))
    return tuple(found)


def new_layer(word: str, shape: Shape) -> Layer:
    """A layer of this kind with usual arguments, for a person to change, and an input of this shape."""
    layer = _read(word, _USUAL.get(word))
    return Reshape("", shape) if isinstance(layer, Reshape) else layer


_USUAL = {
    "conv": "32,3x3,relu",
    "depthwise": "3x3,relu",
    "separable": "32,3x3,relu",
    "dense": "128,relu",
    "pool": "2",
    "avgpool": "2",
    "dropout": "0.25",
    "spatialdropout": "0.25",
    "activation": "relu",
    "reshape": "14x14x4",
    "rescaling": "2,-1",
}


def _read(word: str, arguments: str | None) -> Layer:
    kind = KINDS.get(word.lower())
    if kind is None:
        raise Advice("layers.unknown", word=_quoted(word), known=tuple(KINDS))
    values: dict[str, Any] = {}
    parts = [part.strip() for part in arguments.split(",")] if arguments and arguments.strip() else []
    for part in parts:
        name, equals, text = (piece.strip() for piece in part.partition("="))
        if not equals:
            name, text = _taker(kind, part, set(values)) or _first_free(kind, part, values), part
        elif name not in kind.rules:
            raise _wrong(word, part, Message("layers.no_argument", known=tuple(kind.rules) or "–"))
        if name in values:
            raise _wrong(word, part, Message("layers.twice", name=name))
        try:
            values[name] = kind.rules[name].read(text)
        except Advice as error:
            raise _wrong(word, part, error.message) from None
    for each in fields(kind):
        if each.name in kind.rules and each.default is MISSING and each.name not in values:
            raise Advice("layers.missing", word=word, name=each.name, example=_example(word))
    return kind(name="", **values)


def _taker(kind: type[Layer] | Layer, text: str, given: set[str]) -> str | None:
    """The first leading argument not given yet that can take a value written alone."""
    for name in kind.leading:
        if name not in given and _takes(kind.rules[name], text):
            return name
    return None


def _takes(rule: Rule, text: str) -> bool:
    try:
        rule.read(text)
    except Advice:
        return False
    return True


def _first_free(kind: type[Layer], part: str, values: dict[str, Any]) -> str:
    """The argument that a value which none can take was most likely meant for; its rule says what to write."""
    free = [name for name in kind.leading if name not in values]
    if not free:
        raise _wrong(kind.word, part, Message("layers.no_argument", known=tuple(kind.rules) or "–"))
    return free[0]


def _wrong(word: str, part: str, advice: Message) -> Advice:
    return Advice("layers.argument", word=word, part=_quoted(part), advice=advice)


def _example(word: str) -> str:
    return f"{word}({_USUAL[word]})"


def _quoted(text: str) -> str:
    """What a person wrote, short enough for a sentence."""
    return f"{text[:24]}…" if len(text) > 24 else text
