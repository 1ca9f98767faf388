"""What a person looks at: a run, an epoch, a cell of the matrix, a digit; as a link has it.

A link holds only what differs from the default, under the names of View's fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Literal, Self

from core.config.network import CLASSES
from core.config.rules import Choice, Flag, Number, Rule, Whole
from core.errors import Advice
from core.text import say

LONGEST_TEXT = 200

INSIDE_PARTS = ("layers", "convolution", "pooling", "output", "occlusion", "weights", "map")
DATA_ASPECTS = ("digits", "one", "typical", "split", "augmentation", "environment")
LESSONS = ("descent", "step", "batch", "ladder")


@dataclass(frozen=True, slots=True)
class EpochName:
    """The number of an epoch, `best` or `last`."""

    def read(self, value: Any) -> int | str:
        if value in ("best", "last"):
            return str(value)
        try:
            return Whole(0, 10**6).read(value)
        except ValueError:
            raise Advice("view.epoch_advice") from None

    def write(self, value: int | str) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Text:
    """Any text, cut."""

    longest: int = LONGEST_TEXT

    def read(self, value: Any) -> str:
        return str(value)[: self.longest]

    def write(self, value: str) -> str:
        return value


_CLASS = Whole(0, CLASSES - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The choices of the pages that look at runs; None is "any"."""

    run: str = ""
    epoch: int | str = "best"
    images: Literal["test", "validation"] = "test"
    true: int | None = None
    predicted: int | None = None
    shares: bool = False
    section: str = "classes"
    show: str = "mistakes"
    answers: str = "wrong"
    low: int = 0
    high: int = 100
    sort: Literal["loss", "confidence", "margin", "index"] = "loss"
    page: int = 1
    digit: int | None = None
    find: str = ""
    first: str = "25"
    runs: str = ""
    epoch_a: int | str = "best"
    epoch_b: int | str = "best"
    diff_true: int | None = None
    diff_predicted: int | None = None
    against: Literal["epoch", "update", "seconds"] = "epoch"
    metric: Literal["loss", "accuracy"] = "loss"
    source: Literal["draw", "upload", "test"] = "draw"
    index: int = 0
    model: str = ""
    model_epoch: int | str = "best"
    others: str = "auto"
    subject: Literal["test", "mistake", "drawing"] = "test"
    part: str = "layers"
    layer: str = ""
    map: int = 0
    row: int | None = None
    column: int | None = None
    kernel: str = "learned"
    padding: Literal["own", "same", "valid"] = "own"
    change: Literal["shift", "rotation", "thickness", "noise"] = "shift"
    patch: int = 6
    order: Literal["strength", "number"] = "strength"
    projection: Literal["pca", "tsne"] = "pca"
    dataset: str = ""
    aspect: str = "digits"
    lesson: str = "descent"
    step: int | None = None
    rate: float = 0.1
    batch: int = 128
    network: str = "mlp-512"
    passes: int = 2

    rules: ClassVar[dict[str, Rule]] = {
        "run": Text(),
        "epoch": EpochName(),
        "images": Choice(("test", "validation")),
        "true": _CLASS,
        "predicted": _CLASS,
        "shares": Flag(),
        "section": Choice(("classes", "calibration", "epochs")),
        "show": Choice(("mistakes", "labels", "table", "first")),
        "answers": Choice(("wrong", "all")),
        "low": Whole(0, 100),
        "high": Whole(0, 100),
        "sort": Choice(("loss", "confidence", "margin", "index")),
        "page": Whole(1, 10**6),
        "digit": Whole(0, 10**6),
        "find": Text(),
        "first": Choice(("10", "25")),
        "runs": Text(4000),
        "epoch_a": EpochName(),
        "epoch_b": EpochName(),
        "diff_true": _CLASS,
        "diff_predicted": _CLASS,
        "against": Choice(("epoch", "update", "seconds")),
        "metric": Choice(("loss", "accuracy")),
        "source": Choice(("draw", "upload", "test")),
        "index": Whole(0, 10**6),
        "model": Text(),
        "model_epoch": EpochName(),
        "others": Text(4000),
        "subject": Choice(("test", "mistake", "drawing")),
        "part": Choice(INSIDE_PARTS),
        "layer": Text(40),
        "map": Whole(0, 10**5),
        "row": Whole(0, 27),
        "column": Whole(0, 27),
        "kernel": Text(),
        "padding": Choice(("own", "same", "valid")),
        "change": Choice(("shift", "rotation", "thickness", "noise")),
        "patch": Whole(2, 14),
        "order": Choice(("strength", "number")),
        "projection": Choice(("pca", "tsne")),
        "dataset": Text(40),
        "aspect": Choice(DATA_ASPECTS),
        "lesson": Choice(LESSONS),
        "step": Whole(0, 10**6),
        "rate": Number(0.0001, 10, example=0.1),
        "batch": Whole(1, 60_000),
        "network": Choice(("mlp-512", "lenet-20-50", "cnn-16-36")),
        "passes": Whole(1, 2),
    }

    def to_query(self, names: Iterable[str]) -> dict[str, str]:
        """A link's parameters: those of these names that are not at their default."""
        default = View()
        return {
            name: self.rules[name].write(value)
            for name in names
            if (value := getattr(self, name)) != getattr(default, name)
        }

    def following(self, params: Mapping[str, str], names: Iterable[str]) -> tuple[Self, list[str]]:
        """This view with these names as a link has them, and a sentence for each value that cannot be used.

        A name that the link has not is at its default.
        """
        default, changes, problems = View(), dict[str, Any](), list[str]()
        for name in names:
            changes[name] = getattr(default, name)
            if params.get(name):
                try:
                    changes[name] = self.rules[name].read(params[name])
                except ValueError as advice:
                    problems.append(say("view.unusable", name=name, value=_short(params[name]), advice=advice))
        return replace(self, **changes), problems


VIEW_NAMES = tuple(field.name for field in fields(View))

PAGE_NAMES: dict[str, tuple[str, ...]] = {
    "results": ("run", "epoch", "images", "true", "predicted", "shares", "section"),
    "mistakes": (
        *("run", "epoch", "images", "show", "answers", "true", "predicted"),
        *("low", "high", "sort", "page", "digit", "find", "first"),
    ),
    "inside": (
        *("run", "epoch", "subject", "digit", "part", "layer", "map", "row", "column"),
        *("kernel", "padding", "change", "patch", "order", "projection", "runs"),
    ),
    "data": ("dataset", "aspect", "digit", "true"),
    "lessons": ("lesson", "run", "step", "rate", "batch", "network", "dataset", "passes"),
    "draw": ("source", "index", "model", "model_epoch", "others"),
    "runs": ("runs", "against", "metric", "epoch_a", "epoch_b", "images", "diff_true", "diff_predicted"),
}
"""What the address of each page says."""


def _short(text: str) -> str:
    return f"{text[:60]}…" if len(text) > 60 else text
