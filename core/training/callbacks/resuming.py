"""The point from which a killed run resumes: weights, optimizer and callbacks' state."""

import json
import math
from collections.abc import Sequence
from typing import Any

import h5py
import keras

from core.errors import DigitLabError
from core.files import replacing
from core.runs.curves import CurveReader
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.training.callbacks.recording import Recording, csv_line

_MEMORY: dict[type[keras.callbacks.Callback], tuple[str, ...]] = {
    keras.callbacks.EarlyStopping: ("wait", "best", "best_epoch", "stopped_epoch"),
    keras.callbacks.ReduceLROnPlateau: ("wait", "best", "cooldown_counter"),
    keras.callbacks.SwapEMAWeights: ("_ema_weights_in_model",),
}
"""The callbacks' state to restore; Keras itself loses it between two fits."""


class Resuming(keras.callbacks.Callback):
    """Writes the resume point after every epoch, after all other callbacks, and restores it at the start."""

    def __init__(self, folder: RunFolder, recording: Recording, others: Sequence[keras.callbacks.Callback]) -> None:
        super().__init__()
        self._path = folder.path / "checkpoints" / "resume.weights.h5"
        self._folder = folder
        self._recording = recording
        self._others = [other for other in others if type(other) in _MEMORY]
        self._remembered: dict[str, Any] = {}

    def restore(self, model: keras.Model) -> int:
        """Restore model and files to the last finished epoch and return it; 0 if there is none.

        Raises DigitLabError if the resume point is damaged.
        """
        if not self._path.exists():
            self._cut(0, None)
            return 0
        try:
            with h5py.File(self._path) as file:
                point = json.loads(file.attrs["digit_lab"])
            model.load_weights(self._path)
            epoch, row = int(point["epoch"]), tuple(math.nan if v is None else float(v) for v in point["row"])
            self._remembered = dict(point["callbacks"])
        except (OSError, ValueError, KeyError, TypeError):
            raise DigitLabError("training.bad_resume_point") from None
        self._cut(epoch, row)
        return epoch

    @property
    def stopped_early(self) -> bool:
        """Whether early stopping had already ended the resumed training."""
        return any(remembered.get("stopped_epoch", 0) > 0 for remembered in self._remembered.values())

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        for other in self._others:
            for name, value in self._remembered.get(type(other).__name__, {}).items():
                setattr(other, name, value)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        memory = {type(other).__name__: _memory(other) for other in self._others}
        row = [None if math.isnan(value) else value for value in self._recording.row]
        with replacing(self._path) as draft:
            self.model.save_weights(draft)
            with h5py.File(draft, "a") as file:
                file.attrs["digit_lab"] = json.dumps({"epoch": epoch + 1, "row": row, "callbacks": memory})

    def _cut(self, epoch: int, row: tuple[float, ...] | None) -> None:
        """Remove from the CSVs what came after the resume point, since it will be trained again."""
        for path, columns in ((self._folder.epochs_csv, EPOCH_COLUMNS), (self._folder.batches_csv, BATCH_COLUMNS)):
            # a file that cannot be read must not be overwritten
            rows = [r for r in CurveReader(path, columns, strict=True).read() if r[0] <= epoch]
            if row is not None and columns is EPOCH_COLUMNS:
                rows = [r for r in rows if r[0] < epoch] + [row]
            with replacing(path) as draft:
                draft.write_text(",".join(columns) + "\n" + "".join(map(csv_line, rows)), encoding="utf-8")


def _memory(callback: keras.callbacks.Callback) -> dict[str, Any]:
    values = {name: getattr(callback, name, None) for name in _MEMORY[type(callback)]}
    return {
        name: float(value) if isinstance(value, float) or hasattr(value, "dtype") else value
        for name, value in values.items()
        if value is not None
    }
