"""A data set on trial: read in another process, looked at, then kept or discarded: `python -m core.data.draft FOLDER`.

What a stranger uploads may be made to exhaust memory or time; then only that process ends.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Literal, Self

from core import child_process
from core.config.datasets import data_folder
from core.data.about import About, read_about, write_about
from core.data.adding import Report, Stage, Texts, add_known, build
from core.data.arrays import Arrays
from core.data.dataset_folder import read_arrays
from core.data.form import Wish
from core.data.importing import Choices
from core.data.store import AddedDataset, check_new, expected_shapes, place_new
from core.errors import DigitLabError, reason_of
from core.files import replacing
from core.text import Message, stored

_DRAFTS = ".drafts"
_KEPT_SECONDS = 86_400
_TICK = 0.2
_REQUEST, _STATE, _SET, _INCOMING = "request.json", "state.json", "set", "incoming"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that reads may use; 0 for no limit."""

    memory: int = 0
    """Bytes."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """How far a draft is, and what was wrong."""

    state: Literal["working", "ready", "failed"]
    stage: Stage = "read"
    share: float = 0.0
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A folder beside the data sets with the files that were sent, and what they became."""

    folder: Path

    @classmethod
    def new(cls) -> Self:
        """An empty draft; also removes those that were forgotten a day ago. Raises DigitLabError."""
        root = data_folder() / _DRAFTS
        try:
            root.mkdir(parents=True, exist_ok=True)
            for left in root.iterdir():
                if time.time() - left.stat().st_mtime > _KEPT_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)
            draft = cls(root / secrets.token_hex(8))
            (draft.folder / _INCOMING).mkdir(parents=True)
        except OSError as error:
            raise DigitLabError("data_add.unwritable", folder=data_folder(), reason=reason_of(error)) from error
        return draft

    def receive(self, files: Iterable[tuple[str, BinaryIO]]) -> list[Path]:
        """Write files that were sent, by names of which only the last part is used; raises DigitLabError."""
        paths = []
        try:
            for number, (name, file) in enumerate(files):
                last = PurePath(name.replace("\\", "/")).name.lstrip(".") or f"file-{number}"
                path = self.folder / _INCOMING / last[-100:]
                with path.open("xb") as written:
                    shutil.copyfileobj(file, written, 1 << 20)
                paths.append(path)
        except FileExistsError:
            raise DigitLabError("data_add.twice", name=last) from None
        except OSError as error:
            raise DigitLabError("data_add.unwritable", folder=data_folder(), reason=reason_of(error)) from error
        return paths

    def start(
        self, paths: Sequence[Path], choices: Choices, limits: Limits, *, title: str = ""
    ) -> "subprocess.Popen[bytes]":
        """Start the process that reads these files, again if they were read with other choices; raises OSError."""
        (self.folder / _STATE).unlink(missing_ok=True)
        shutil.rmtree(self.folder / _SET, ignore_errors=True)
        request = {
            "paths": [str(path) for path in paths],
            "wish": asdict(choices.wish),
            "share": choices.share,
            "seed": choices.seed,
            "most_bytes": choices.most_bytes,
            "limits": asdict(limits),
            "title": title,
        }
        return self._run(request)

    def start_known(self, name: str) -> "subprocess.Popen[bytes]":
        """Start the process that downloads a well-known data set, which it then keeps; raises OSError."""
        return self._run({"known": name})

    def paths(self) -> list[Path]:
        """The files that are or were read."""
        return [Path(path) for path in json.loads((self.folder / _REQUEST).read_text(encoding="utf-8"))["paths"]]

    def _run(self, request: dict[str, Any]) -> "subprocess.Popen[bytes]":
        (self.folder / _REQUEST).write_text(json.dumps(request), encoding="utf-8")
        return subprocess.Popen(
            child_process.command("core.data.draft", str(self.folder)),
            env=child_process.environment({"OPENBLAS_NUM_THREADS": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def state(self) -> State:
        """How far it is; "working" until the process has written anything."""
        try:
            values = json.loads((self.folder / _STATE).read_text(encoding="utf-8"))
            return State(values["state"], values["stage"], float(values["share"]), Message.read(values))
        except (OSError, ValueError, KeyError, TypeError):
            return State("working")

    def about(self) -> About:
        """The description with all findings; raises DigitLabError if it is not ready."""
        return read_about(self.folder / _SET)

    def arrays(self) -> Arrays | None:
        """The arrays as memory maps, None if they are damaged."""
        return read_arrays(self.folder / _SET, expected_shapes(self.about().description))

    @property
    def bytes(self) -> int:
        """The size of its arrays."""
        return sum(path.stat().st_size for path in (self.folder / _SET).glob("*.npy"))

    def keep(self, name: str, **changes: Any) -> About:
        """Make it a data set with this free name and these changes of its description; raises DigitLabError."""
        check_new(name)
        about = replace(self.about(), **changes)

        def make(folder: Path) -> None:
            for path in (self.folder / _SET).glob("*.npy"):
                path.rename(folder / path.name)
            write_about(folder, about)

        place_new(AddedDataset.named(name), make)
        self.discard()
        return about

    def discard(self) -> None:
        """Delete it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def main(folder: Path) -> int:
    """Do what the draft's request says, and write how far it is."""
    request = json.loads((folder / _REQUEST).read_text(encoding="utf-8"))
    written = 0.0

    def report(stage: Stage, share: float) -> None:
        nonlocal written
        if time.monotonic() - written > _TICK:
            written = time.monotonic()
            _write(folder, State("working", stage, share))

    try:
        if "known" in request:
            add_known(request["known"], [], report)
        else:
            _limit(Limits(**request["limits"]), folder)
            _build(request, folder, report)
    except DigitLabError as error:
        return _failed(folder, error.message)
    except MemoryError:
        return _failed(folder, Message("data_add.no_memory"))
    except OSError as error:
        name = Path(str(error.filename)).name if error.filename else "–"
        return _failed(folder, Message("data_add.no_file", path=name, reason=reason_of(error)))
    _write(folder, State("ready", "check", 1.0))
    return 0


def _build(request: dict[str, Any], folder: Path, report: Report) -> None:
    wish = request["wish"]
    size = tuple(wish["size"]) if wish["size"] else None
    choices = Choices(
        Wish(size, wish["mode"], wish["channels"]), request["share"], request["seed"], request["most_bytes"]
    )
    (folder / _SET).mkdir()
    build([Path(path) for path in request["paths"]], folder / _SET, choices, Texts(request["title"]), report)


def _failed(folder: Path, message: Message) -> int:
    shutil.rmtree(folder / _SET, ignore_errors=True)
    _write(folder, State("failed", message=message))
    return 2


def _write(folder: Path, state: State) -> None:
    values = {"state": state.state, "stage": state.stage, "share": state.share, **stored(state.message)}
    # a discarded draft has no folder any more
    with contextlib.suppress(OSError), replacing(folder / _STATE) as draft:
        draft.write_text(json.dumps(values), encoding="utf-8")


def _limit(limits: Limits, folder: Path) -> None:
    """Limit this process's memory, where the system can, and its time."""
    if limits.memory and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    if limits.seconds:

        def end() -> None:
            _failed(folder, Message("data_add.too_slow", minutes=round(limits.seconds / 60)))
            os._exit(2)

        timer = threading.Timer(limits.seconds, end)
        timer.daemon = True
        timer.start()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
