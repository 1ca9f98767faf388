"""One run on disk: the folder through which the worker and the pages communicate.

All files but the two CSVs are replaced atomically, so readers never see half a file. docs/architecture.md describes
the format.
"""

import contextlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.files import replacing
from core.runs.control import Control
from core.runs.label import Label, name_line
from core.runs.manifest import Group, Manifest, Origin
from core.runs.recorded import Recorded
from core.runs.status import Status
from core.runs.terms import Terms
from core.text import Message

EPOCH_COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
BATCH_COLUMNS = ("epoch", "batch", "loss", "accuracy", "images_per_second", "learning_rate")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run's folder; reading raises UnreadableRun if a file is damaged or missing."""

    path: Path

    @classmethod
    def create(
        cls,
        runs_dir: Path,
        config: RunConfig,
        status: Status,
        name: str = "",
        *,
        terms: Terms | None = None,
        files: Mapping[str, Any] = MappingProxyType({}),
        origin: Origin | None = None,
        group: Group | None = None,
        number: int | None = None,
        recorded: Recorded | None = None,
        named: Message | None = None,
        fill: Callable[["RunFolder"], None] = lambda _: None,
    ) -> Self:
        """A new folder with manifest, status, terms, other JSON `files` and what `fill` adds; it appears complete.

        Raises OSError, and what `fill` raises.
        """
        created = time.time()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
        runs_dir.mkdir(parents=True, exist_ok=True)
        run_id, path = _new_draft(runs_dir, f"{stamp}-{config.preset}")
        draft = cls(path)
        try:
            first_name = name_line(name) or config.preset
            manifest = Manifest(first_name, created, config, {}, origin, group, number, recorded=recorded, named=named)
            draft.write_manifest(manifest)
            draft.write_status(status)
            if terms is not None:
                draft.write_terms(terms)
            for file, values in files.items():
                draft._write_json(file, values)
            fill(draft)
            draft.path.rename(runs_dir / run_id)
        except BaseException:
            shutil.rmtree(draft.path, ignore_errors=True)
            raise
        return cls(runs_dir / run_id)

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def epochs_csv(self) -> Path:
        return self.path / "epochs.csv"

    @property
    def batches_csv(self) -> Path:
        return self.path / "batches.csv"

    @property
    def log(self) -> Path:
        return self.path / "worker.log"

    @property
    def labels(self) -> Path:
        return self.path / "labels.npz"

    @property
    def architecture(self) -> Path:
        return self.path / "architecture.json"

    @property
    def here(self) -> Path:
        """A file that is there if the run is to train on this machine, although others train on a cluster."""
        return self.path / "here"

    @property
    def control(self) -> Control:
        return Control(self.path / "control")

    def weights(self, epoch: int) -> Path:
        return self.path / "checkpoints" / f"epoch-{epoch:04d}.weights.h5"

    def state(self, epoch: int) -> Path:
        return self.path / "checkpoints" / f"state-{epoch:04d}.weights.h5"

    def predictions(self, epoch: int) -> Path:
        return self.path / "predictions" / f"epoch-{epoch:04d}.npz"

    def epochs(self, pattern: str) -> tuple[int, ...]:
        """The numbers of the files that match, such as `predictions/epoch-*.npz`, ascending."""
        found = (path.name.partition(".")[0].partition("-")[2] for path in self.path.glob(pattern))
        return tuple(sorted(int(number) for number in found if number.isascii() and number.isdigit()))

    def manifest(self) -> Manifest:
        return Manifest.from_json(self.read_json("run.json"))

    def write_manifest(self, manifest: Manifest) -> None:
        self._write_json("run.json", manifest.to_json())

    def label(self) -> Label:
        """The run's label; empty where there is none or it cannot be read."""
        try:
            return Label.from_json(self.read_json("label.json"))
        except (UnreadableRun, KeyError, TypeError):
            return Label()

    def write_label(self, label: Label) -> None:
        """Write the label, which the worker never does; raises OSError."""
        self._write_json("label.json", asdict(label))

    def terms(self) -> Terms:
        """The run's terms; where there are none or they cannot be read, the run is the server owner's alone."""
        try:
            return Terms.from_json(self.read_json("terms.json"))
        except (UnreadableRun, KeyError, TypeError, ValueError):
            return Terms()

    def write_terms(self, terms: Terms) -> None:
        """Write the terms, which only the server does; raises OSError."""
        self._write_json("terms.json", asdict(terms))

    def status(self) -> Status:
        """The status; interrupted if the worker has died."""
        return Status.from_json(self.read_json("status.json")).as_seen(time.time())

    def write_status(self, status: Status) -> None:
        self._write_json("status.json", status.to_json())

    def change_status(self, **changes: Any) -> Status:
        """Write the status with some fields changed and return it."""
        status = replace(self.status(), **changes)
        self.write_status(status)
        return status

    def log_tail(self, lines: int = 200) -> str:
        """The last lines of the worker's output."""
        if not self.log.is_file():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - lines * 200))
            return "\n".join(file.read().decode("utf-8", errors="replace").splitlines()[-lines:])

    def read_json(self, name: str) -> Any:
        """The content of a JSON file."""
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UnreadableRun("runs.file_missing", file=name) from None
        except (OSError, ValueError, RecursionError):
            raise UnreadableRun("runs.file_damaged", file=name) from None

    def _write_json(self, name: str, values: Any) -> None:
        with replacing(self.path / name) as draft:
            draft.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def _new_draft(runs_dir: Path, begins: str) -> tuple[str, Path]:
    """A new id that begins so, and an empty folder whose name keeps others from the same id; raises OSError."""
    while True:
        run_id = f"{begins}-{secrets.token_hex(3)}"
        draft = runs_dir / f".new-{run_id}"
        with contextlib.suppress(FileExistsError):
            draft.mkdir()
            # not before: until now another process may have made this run
            if not (runs_dir / run_id).exists():
                return run_id, draft
            draft.rmdir()
