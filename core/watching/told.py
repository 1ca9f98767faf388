"""The files through which a program reports one training, as `digit_lab.record` writes them."""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.array_types import Floats
from core.files import replacing
from core.runs.control import Request


class Told:
    """What the program has reported since the last look, and what it is asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offset = 0
        self._waiting = deque[Request]()

    def events(self) -> Iterator[tuple[str, float, list[Any]]]:
        """Each new event: its kind, its time in seconds since 1970, and its values."""
        try:
            with (self._folder / "events.jsonl").open("rb") as file:
                file.seek(self._offset)
                chunk = file.read()
        except FileNotFoundError:
            return
        # the last line may be incomplete
        whole = chunk[: chunk.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            kind, when, *values = json.loads(line)
            yield kind, when, values

    def answers(self, epoch: int) -> Floats | None:
        """The network's outputs float32 (n, classes) after an epoch; None where the program has not computed them."""
        path = self._folder / f"answers-{epoch:04d}.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as file:
            outputs: Floats = file["outputs"]
        path.unlink()
        if outputs.ndim != 2 or not np.isfinite(outputs).all():
            return None
        # one output says how likely the second of two classes is
        return np.concatenate([1 - outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs

    def ask_for(self, what: str) -> None:
        """Ask the program for something, or not to give it, from the next epoch on; raises OSError."""
        (self._folder / what).touch()

    def pass_on(self, requests: Sequence[Request]) -> None:
        """Hand the requests of pages to the program, one after another; raises OSError."""
        self._waiting.extend(requests)
        target = self._folder / "command.json"
        if self._waiting and not target.exists():
            request = self._waiting.popleft()
            with replacing(target) as draft:
                draft.write_text(json.dumps({"command": request.command, "value": request.value}), encoding="utf-8")
