"""On whose behalf a run was started, and for how long it may train (`terms.json`)."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Terms:
    """Who started a run and how long it may take, as the server recorded it."""

    visitor: str = ""
    """The digest of the visitor's key; empty where no visitor started the run."""
    seconds: float = 0.0
    """The longest that the run may take; 0 for no limit."""
    timed_out: bool = False
    """Whether the run was stopped because of that limit."""
    address: str = ""
    """The digest of the visitor's network address where the browser keeps no key, else empty."""

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The terms in a file; raises KeyError, TypeError or ValueError if they are invalid."""
        visitor, seconds = values["visitor"], float(values["seconds"])
        address = values.get("address", "")  # earlier versions wrote none
        if not isinstance(visitor, str) or not isinstance(address, str):
            raise TypeError(values)
        return cls(visitor, seconds, values["timed_out"] is True, address)
