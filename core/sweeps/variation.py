"""What a sweep varies: a setting, or the size of one layer, with a list of values or a range.

As text, `batch_size=64,128,256`, `learning_rate=0.0001..0.01:log` and `filters.2=16..64` (the second convolution's).
Values that contain commas, such as lists of layers, are separated by semicolons.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.config.layer import Layer
from core.config.network import CNN, MLP, UNITS, ConvolutionBlock, LayerList, read_setting
from core.config.rules import Choice, Flag, Listing, Number, Rule, Whole
from core.config.run import RunConfig, setting_names, setting_rule
from core.errors import DigitLabError, InvalidSetting
from core.text import Message, catalogue

Value = str | int | float | bool
FIXED = ("preset", "kind", "dataset", "validation", "seed")
"""Settings that are the same in all trials: their losses could not be compared, or would differ by luck alone."""
_MOST_VALUES = 100
_POINTS = 5
_SIZES = ("filters", "units")
_DIGITS = 4
"""Significant digits of a number from a range, as many as a person would write."""


@dataclass(frozen=True, slots=True)
class Values:
    """A setting that takes each of these values."""

    name: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]
    """Each value as in a link."""

    def grid(self) -> tuple[Value, ...]:
        """The values that a grid tries."""
        return self.values

    def write(self) -> str:
        """The text that `read_variation` turns back into this."""
        separator = ";" if any("," in text for text in self.texts) else ","
        return f"{self.name}={separator.join(self.texts)}"


@dataclass(frozen=True, slots=True)
class Range:
    """A number between two others; `log` tries as many values below 0.001 as from there to 0.01."""

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    points: int = _POINTS
    """How many of its values a grid tries."""

    def grid(self) -> tuple[Value, ...]:
        """The values that a grid tries: both ends, and others at equal distances."""
        ends = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        steps = [ends[0] + (ends[1] - ends[0]) * step / (self.points - 1) for step in range(self.points)]
        numbers = [math.exp(step) if self.log else step for step in steps]
        return tuple(dict.fromkeys(self.number(number) for number in numbers))

    def number(self, value: float) -> Value:
        """A number of the range as a run has it."""
        return round(value) if self.whole else float(f"{value:.{_DIGITS}g}")

    def write(self) -> str:
        """The text that `read_variation` turns back into this."""
        rule = Number(0, 0, 0)
        scale = ":log" if self.log else ""
        points = "" if self.points == _POINTS else f":{self.points}"
        return f"{self.name}={rule.write(self.low)}..{rule.write(self.high)}{scale}{points}"


Variation = Values | Range


def read_variation(text: str, config: RunConfig) -> Variation:
    """What `name=values` or `name=low..high` varies of a run; raises DigitLabError, which says what is wrong."""
    name, equals, given = (part.strip() for part in text.partition("="))
    if not equals:
        raise DigitLabError("sweeps.not_a_variation", text=text[:60])
    rule = _rule(name, config)
    if not given:
        raise InvalidSetting(name, "sweeps.empty", name=name)
    return _range(name, given, rule) if ".." in given else _values(name, given, rule)


def applied(config: RunConfig, values: Mapping[str, Any]) -> RunConfig:
    """The run with these varied settings; raises InvalidSetting where it cannot be trained."""
    changes = {name: value for name, value in values.items() if "." not in name}
    changed = config.replace(**changes)
    sizes = [(name.partition("."), value) for name, value in values.items() if "." in name]
    for (name, _, place), value in sizes:
        changed = _resized(changed, name, int(place), value)
    return changed


def variable_names(config: RunConfig) -> list[str]:
    """All settings of a run that can be varied, then the sizes of its layers."""
    names = [name for name in setting_names(config.network.kind) if name not in FIXED]
    network = config.network
    if isinstance(network, MLP):
        return names + [f"hidden_units.{place + 1}" for place in range(len(network.hidden_units))]
    if isinstance(network, CNN):
        blocks = [f"filters.{place + 1}" for place in range(len(network.blocks))]
        return names + blocks + [f"dense_units.{place + 1}" for place in range(len(network.dense_units))]
    layers = network.layers if isinstance(network, LayerList) else ()
    return names + [f"layers.{place}" for place, layer in enumerate(layers, start=1) if _size(layer)]


def setting_of(name: str) -> str:
    """The setting that a varied name belongs to: `filters.2` is one of `blocks`."""
    setting = name.partition(".")[0]
    return "blocks" if setting == "filters" else setting


def label(name: str) -> Message:
    """What a person reads for a varied name, such as “Learning rate” or “Filters of convolution 2”."""
    setting, dot, place = name.partition(".")
    return Message(f"sweeps.size.{setting}", place=int(place)) if dot else Message(f"fields.{name}")


def value_label(name: str, value: Value) -> Message | str:
    """What a person reads for a varied value: the name of an option, else the value itself."""
    key = f"report.flag.{str(value).lower()}" if isinstance(value, bool) else f"options.{name}.{value}"
    return Message(key) if key in catalogue() else str(value)


def suggested(name: str, config: RunConfig) -> str:
    """Values to begin with, as text: all of a few, a range around a number, or half, once and twice a count."""
    rule = _rule(name, config)
    if name == "learning_rate":
        return "0.0001..0.01:log"
    if isinstance(rule, Choice):
        return ",".join(rule.options)
    if isinstance(rule, Flag):
        return "true,false"
    now = _now(name, config)
    if isinstance(rule, Whole):
        counts = (now // 2, now, 2 * now) if now else (0, 1, 2)
        return ",".join(dict.fromkeys(str(min(max(count, rule.low), rule.high)) for count in counts))
    if isinstance(rule, Number):
        low, high = max(rule.low, now / 2), min(rule.high, 2 * now or rule.example)
        return f"{rule.write(low)}..{rule.write(high)}"
    text = rule.write(now)
    return f"{text}; "


def _rule(name: str, config: RunConfig) -> Rule:
    """The rule of each value of a varied name; raises InvalidSetting for what cannot be varied."""
    known = variable_names(config)
    if name in FIXED:
        raise InvalidSetting(name, f"sweeps.fixed.{name}")
    if name not in known:
        raise InvalidSetting(name, "errors.unknown_setting", name=name[:60], known=known)
    setting, dot, place = name.partition(".")
    if setting == "filters":
        return ConvolutionBlock.rules["filters"]
    if dot and isinstance(config.network, LayerList):
        layer = config.network.layers[int(place) - 1]
        return type(layer).rules[_size(layer)]
    return UNITS if dot else setting_rule(config.network.kind, name)


def _now(name: str, config: RunConfig) -> Any:
    """What a varied name is in this run."""
    setting, dot, place = name.partition(".")
    network = config.network
    if not dot:
        return getattr(config if name in RunConfig.rules else network, name)
    if setting == "filters" and isinstance(network, CNN):
        return network.blocks[int(place) - 1].filters
    if isinstance(network, LayerList):
        layer = network.layers[int(place) - 1]
        return getattr(layer, _size(layer))
    return getattr(network, setting)[int(place) - 1]


def _values(name: str, given: str, rule: Rule) -> Values:
    listed = ";" in given or not isinstance(rule, Whole | Number | Choice | Flag)
    parts = [part.strip() for part in given.split(";" if listed else ",")]
    if "" in parts and not isinstance(rule, Listing):
        raise InvalidSetting(name, "sweeps.empty", name=name)
    read = [read_setting(setting_of(name), rule, part) for part in parts]
    texts = tuple(dict.fromkeys(rule.write(value) for value in read))
    if len(texts) < 2:
        raise InvalidSetting(name, "sweeps.one_value", name=name, value=texts[0])
    if len(texts) > _MOST_VALUES:
        raise InvalidSetting(name, "sweeps.many_values", name=name, count=len(texts), most=_MOST_VALUES)
    plain = isinstance(rule, Whole | Number | Flag)
    return Values(name, tuple(rule.read(text) for text in texts) if plain else texts, texts)


def _range(name: str, given: str, rule: Rule) -> Range:
    if not isinstance(rule, Whole | Number):
        raise InvalidSetting(name, "sweeps.no_range", name=name)
    ends, *more = given.split(":")
    low_text, _, high_text = ends.partition("..")
    points = [part for part in more if part != "log"]
    if len(more) > 2 or len(points) > 1 or not all(part.isdecimal() and 2 <= int(part) <= 20 for part in points):
        raise InvalidSetting(name, "sweeps.bad_range", text=given[:60])
    log = "log" in more
    if log and low_text.strip("0.-+ ") == "":
        raise InvalidSetting(name, "sweeps.log_from_zero", name=name)
    low, high = (read_setting(setting_of(name), rule, text) for text in (low_text, high_text))
    if low >= high:
        key = "sweeps.one_value" if low == high else "sweeps.backwards"
        raise InvalidSetting(name, key, name=name, value=rule.write(low))
    count = int(points[0]) if points else _POINTS
    return Range(name, low, high, log, isinstance(rule, Whole), count)


def _size(layer: Layer) -> str:
    """The name of the argument that is a layer's size; empty where it has none."""
    return next((name for name in _SIZES if name in type(layer).rules), "")


def _resized(config: RunConfig, name: str, place: int, value: int) -> RunConfig:
    """The run with the size of one layer changed; raises InvalidSetting where it has no such layer."""
    network = config.network
    if isinstance(network, LayerList) and place <= len(network.layers) and _size(network.layers[place - 1]):
        layer = network.layers[place - 1]
        sized = replace(layer, **{_size(layer): value})  # type: ignore[arg-type] # by name
        return config.replace(layers=_with(network.layers, place, sized))
    if isinstance(network, CNN) and name == "filters" and place <= len(network.blocks):
        return config.replace(blocks=_with(network.blocks, place, replace(network.blocks[place - 1], filters=value)))
    units = getattr(network, name, ())
    if place <= len(units):
        return config.replace(**{name: _with(units, place, value)})
    raise InvalidSetting(setting_of(name), "sweeps.no_such_layer", name=f"{name}.{place}")


def _with(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:
    return (*items[: place - 1], item, *items[place:])
