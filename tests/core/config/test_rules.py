"""A field's type, rule and default come from one declaration."""

from dataclasses import dataclass, fields
from typing import Annotated, ClassVar, Literal

import pytest

from core.config.network import CNN, MLP, ConvolutionBlock, LayerList
from core.config.rules import Choice, Flag, Whole, WithRules
from core.config.run import RunConfig
from core.server.limits import Settings


@dataclass(frozen=True, slots=True)
class _Base(WithRules):
    size: Annotated[int | None, Whole(1, 9)] = None
    kind: ClassVar[Literal["base"]] = "base"


@dataclass(frozen=True, slots=True)
class _Derived(_Base):
    color: Literal["red", "blue"] = "red"
    loud: bool = False
    note: str = ""


def test_rules_come_from_the_fields_in_their_order() -> None:
    expected = {"size": Whole(1, 9), "color": Choice(("red", "blue")), "loud": Flag()}
    assert _Derived.rules == expected
    assert list(_Derived.rules) == list(expected)


def test_a_derived_class_does_not_change_its_base() -> None:
    assert _Base.rules == {"size": Whole(1, 9)}


@pytest.mark.parametrize("cls", [RunConfig, MLP, CNN, LayerList, ConvolutionBlock, Settings])
def test_every_setting_has_a_rule(cls: type[WithRules]) -> None:
    assert [*cls.rules] == [f.name for f in fields(cls) if f.name not in ("network", "data")]  # type: ignore[arg-type]  # a dataclass
