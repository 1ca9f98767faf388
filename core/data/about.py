"""What is kept about a data set that a person brought, in `about.json` beside its arrays."""

import json
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from core.config.datasets import ABOUT_FILE, DataDescription
from core.data.checks.finding import Finding
from core.data.readers.source import Skipped
from core.errors import DigitLabError
from core.files import Stamp, replacing, stamp
from core.text import Message, one_line, shortened

LENGTHS = {"title": 60, "licence": 200, "source": 400, "note": 1_000}
"""The most characters of each text that a person writes."""


class UnreadableAbout(DigitLabError):
    """A data set's description that is damaged."""


@dataclass(frozen=True, slots=True)
class About:
    """A data set's description for networks, and for people; texts are cut if too long."""

    description: DataDescription
    title: str
    licence: str = ""
    source: str = ""
    note: str = ""
    created: float = 0.0
    owner: str = ""
    """The digest of the visitor's key; empty for the owner of the server."""
    shared: bool = False
    """Whether other visitors may see and use a visitor's data set."""
    kind: str = ""
    """The kind of files it came from."""
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def __post_init__(self) -> None:
        for name, longest in LENGTHS.items():
            lines = "\n".join(one_line(line) for line in getattr(self, name)[: 4 * longest].splitlines())
            text = lines.strip() if name == "note" else one_line(lines)
            object.__setattr__(self, name, shortened(text, longest))

    def is_of(self, visitor: str) -> bool:
        """Whether this visitor, by the digest of their key, has added the data set."""
        return bool(visitor) and secrets.compare_digest(self.owner, visitor)

    def is_visible_to(self, visitor: str) -> bool:
        """Whether a visitor who does not own the server may see it."""
        return not self.owner or self.shared or self.is_of(visitor)

    def to_json(self) -> dict[str, Any]:
        texts = {name: getattr(self, name) for name in LENGTHS}
        return (
            self.description.to_json()
            | texts
            | {
                "created": self.created,
                "owner": self.owner or None,
                "shared": self.shared,
                "kind": self.kind,
                "findings": [finding.to_json() for finding in self.findings],
                "skipped": [{"name": each.name, "said": each.reason.to_json()} for each in self.skipped],
            }
        )

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """What `to_json` wrote; raises DigitLabError for anything else."""
        description = DataDescription.from_json(values)
        try:
            texts = {name: values.get(name, "") for name in LENGTHS}
            owner, created = values.get("owner") or "", float(values.get("created", 0))
            kind = values.get("kind", "")
            findings = tuple(found for each in values.get("findings", []) if (found := Finding.from_json(each)))
            skipped = tuple(
                Skipped(str(each["name"])[:100], reason)
                for each in values.get("skipped", [])
                if (reason := Message.from_json(each["said"]))
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            raise UnreadableAbout("datasets.bad_description") from None
        if not all(isinstance(text, str) for text in (*texts.values(), owner, kind)) or not 0 <= created < 10**10:
            raise UnreadableAbout("datasets.bad_description")
        shared = values.get("shared") is True
        return cls(
            description,
            **texts,
            created=created,
            owner=owner,
            shared=shared,
            kind=kind,
            findings=findings,
            skipped=skipped,
        )


def read_about(folder: Path) -> About:
    """The description in a folder; raises DigitLabError if it is missing or damaged."""
    path = folder / ABOUT_FILE
    return _read(path, stamp(str(path)))


@lru_cache(maxsize=200)
def _read(path: Path, version: Stamp) -> About:  # noqa: ARG001 a changed file is read again
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise UnreadableAbout("datasets.bad_description") from None
    return About.from_json(values)


def write_about(folder: Path, about: About) -> None:
    """Write or replace the description; raises OSError."""
    with replacing(folder / ABOUT_FILE) as draft:
        draft.write_text(json.dumps(about.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
