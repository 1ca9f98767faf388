"""What a check found: a sentence with numbers, and images that show it."""

from dataclasses import dataclass
from typing import Any, Literal, Self

from core.text import Message

MOST_EXAMPLES = 24

PartName = Literal["train", "test"]
Level = Literal["problem", "note"]
"""A problem makes results wrong or misleading; a note is good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and the images that show it, each by part and index; pairs stand side by side."""

    message: Message
    level: Level = "note"
    examples: tuple[tuple[PartName, int], ...] = ()
    paired: bool = False
    """Whether the examples are pairs."""

    def to_json(self) -> dict[str, Any]:
        return {
            "said": self.message.to_json(),
            "message": str(self.message),
            "level": self.level,
            "examples": [list(example) for example in self.examples],
            "paired": self.paired,
        }

    @classmethod
    def from_json(cls, values: Any) -> Self | None:
        """The finding that `to_json` wrote; None for anything else."""
        try:
            message = Message.read(values)
            level, paired = values["level"], values["paired"] is True
            examples = tuple((part, index) for part, index in values["examples"][:MOST_EXAMPLES])
        except (TypeError, KeyError, ValueError, AttributeError):
            return None
        known = all(part in ("train", "test") and type(index) is int and index >= 0 for part, index in examples)
        return cls(message, level, examples, paired) if message and level in ("problem", "note") and known else None
