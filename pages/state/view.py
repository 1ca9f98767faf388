"""What a page shows, as stored in its link; each page has a View in its folder.

A link holds only the fields that differ from their defaults. A field name means the same on every page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self, dataclass_transform

from core.config.datasets import MOST_CLASSES
from core.config.rules import Rule, Whole, WithRules
from core.errors import Advice
from core.text import Message

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class EpochName(Rule):
    """The number of an epoch, `best` or `last`."""

    def read(self, value: Any) -> int | str:
        if value in ("best", "last"):
            return str(value)
        try:
            return Whole(0, 10**6).read(value)
        except Advice:
            raise Advice("view.epoch_advice") from None


@dataclass(frozen=True, slots=True)
class Text(Rule):
    """Any text, cut to this length."""

    longest: int = LONGEST_TEXT

    def read(self, value: Any) -> str:
        return str(value)[: self.longest]


# fields that mean the same on several pages
RunId = Annotated[str, Text()]
RunIds = Annotated[str, Text(4000)]
Epoch = Annotated[int | str, EpochName()]
Images = Literal["test", "validation"]
AnyClass = Annotated[int | None, Whole(0, MOST_CLASSES - 1)]
AnyDigit = Annotated[int | None, Whole(0, 10**6)]
DatasetName = Annotated[str, Text(40)]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class View(WithRules):
    """The fields of a page's link, as a frozen dataclass; a base class shared by several pages has no address."""

    address: ClassVar[str] = ""
    tab: ClassVar[str] = ""
    """The tab's name, on a page with a view for each of its tabs."""
    names: ClassVar[set[str]] = set()
    """The field names of all views."""

    def __init_subclass__(cls, address: str = "", tab: str = "") -> None:
        super().__init_subclass__()
        cls.address, cls.tab = address, tab
        View.names.update(cls.rules)
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def from_query(cls, params: Mapping[str, str]) -> tuple[Self, list[Message]]:
        """The view for a link's parameters, and a message for each invalid value."""
        values, problems = dict[str, Any](), list[Message]()
        for name, rule in cls.rules.items():
            if text := params.get(name):
                try:
                    values[name] = rule.read(text)
                except Advice as error:
                    problems.append(unusable(name, text, error.message))
        return cls(**values), problems

    def to_query(self) -> dict[str, str]:
        """The parameters of the view's link: the fields that differ from their defaults."""
        default = type(self)()
        return {
            name: rule.write(value)
            for name, rule in self.rules.items()
            if (value := getattr(self, name)) != getattr(default, name)
        }


class RunView(View):
    """A run."""

    run: RunId = ""


class AnswersView(RunView):
    """A run's predictions after an epoch, or those in a row, column or cell of the confusion matrix."""

    epoch: Epoch = "best"
    images: Images = "test"
    true: AnyClass = None
    predicted: AnyClass = None


def unusable(name: str, value: str, advice: Message) -> Message:
    """What is wrong with a parameter of a link."""
    return Message("view.unusable", name=name, value=f"{value[:60]}…" if len(value) > 60 else value, advice=advice)
