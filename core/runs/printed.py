"""What a tutorial printed for its training, kept with the run that repeats it."""

from collections.abc import Mapping
from typing import Any

from core.config.presets import printed_history
from core.config.printed import PrintedHistory
from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.runs.folder import RunFolder

FILE = "printed.json"


def printed_for(folder: RunFolder, config: RunConfig) -> PrintedHistory | None:
    """What the tutorial printed that this run repeats: its own, else that of its preset."""
    try:
        own = PrintedHistory.from_json(folder.read_json(FILE))
    except UnreadableRun:
        own = None
    return own or printed_history(config)


def files_of(printed: PrintedHistory | None) -> Mapping[str, Any]:
    """The files of a run that begins with a printed history."""
    return {FILE: printed.to_json()} if printed else {}
