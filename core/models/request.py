"""What a person asks when they open a finished model: on which data set, under which name."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from core.config.run import RunConfig
from core.runs.folder import RunFolder
from core.runs.log_files import LogFiles
from core.runs.manifest import Manifest
from core.runs.model_file import Format, InputForm, ModelFile, Outputs

FILE = "request.json"
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Request:
    """Written by the server for the process that makes the run, which gives the run its name and its file's."""

    name: str
    file: str
    format: Format
    digest: str
    """SHA-256 of the file."""
    dataset: str
    validation: Literal["none", "last-20"] = "none"
    """Whether the last 20 % of the training images are evaluated too."""
    epoch: int = 1
    """After which the model was saved."""
    epochs: int = 1
    """Of the whole training, as far as it is known."""
    others: tuple[int, ...] = ()
    """Other epochs whose weights the folder has, each in a folder of `OTHERS`."""
    logs: dict[str, Any] | None = None
    """What the manifest says of the logs of its training."""

    def write(self, folder: RunFolder) -> None:
        (folder.path / FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def manifest(self, config: RunConfig, form: InputForm, outputs: Outputs) -> Manifest:
        """The manifest of the run that the model becomes."""
        model = ModelFile(self.file, self.format, self.digest, form, outputs)
        logs = LogFiles.from_json(self.logs) if self.logs else None
        return Manifest(self.name, time.time(), config, {"dataset_digest": config.data.digest}, model=model, logs=logs)

    @classmethod
    def read(cls, folder: RunFolder) -> Self:
        values: dict[str, Any] = folder.read_json(FILE)
        return cls(**{**values, "others": tuple(values["others"])})


def other_folder(folder: Path, epoch: int) -> Path:
    """Where the files of another epoch's checkpoint are."""
    return folder / OTHERS / f"{epoch:04d}"
