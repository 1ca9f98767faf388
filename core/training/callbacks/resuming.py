"""The points from which a training goes on: weights, optimizer and callbacks' state after some of its epochs."""

import contextlib
import json
import math
from collections.abc import Sequence
from typing import Any

import h5py
import keras
import numpy as np

from core.config.run import RunConfig
from core.config.schedule import continued_rate, planned_rate
from core.errors import DigitLabError
from core.files import replacing
from core.runs.curves import CurveReader, csv_line
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.states import MILESTONES, drop_states, resume_point
from core.runs.weight_arrays import read_weights
from core.training.callbacks.averaging import SwapEMAWeights
from core.training.callbacks.recording import Recording
from core.training.one_cycle import OneCycle, set_rate

_MEMORY: dict[type[keras.callbacks.Callback], tuple[str, ...]] = {
    keras.callbacks.EarlyStopping: ("wait", "best", "best_epoch", "stopped_epoch"),
    keras.callbacks.ReduceLROnPlateau: ("wait", "best", "cooldown_counter"),
    SwapEMAWeights: ("_ema_weights_in_model",),
}
"""The callbacks' state to restore; Keras itself loses it between two fits."""

_SETTINGS, _DRAWS = "config", "dropout"


class Resuming(keras.callbacks.Callback):
    """Writes the training's state after every epoch, after all other callbacks, and restores it at the start.

    The newest state is the point from which the run resumes. Others are kept for forks: of MILESTONES, of the best
    epoch so far, and of the one that a fork began with.
    """

    def __init__(self, folder: RunFolder, recording: Recording, others: Sequence[keras.callbacks.Callback]) -> None:
        super().__init__()
        manifest = folder.manifest()
        self._config, self._origin = manifest.config, manifest.origin
        self._folder = folder
        self._recording = recording
        self._others = [other for other in others if type(other) in _MEMORY]
        self._remembered: dict[str, Any] = {}

    def restore(self, model: keras.Model) -> int:
        """Restore model and files to the last finished epoch and return it; 0 if there is none.

        A fork begins with the state that it took over or, without one, with its origin's weights and a new optimizer.
        Raises DigitLabError if the state or the weights are damaged.
        """
        path = resume_point(self._folder)
        if path is None:
            return self._begin(model)
        try:
            with h5py.File(path) as file:
                point = json.loads(file.attrs["digit_lab"])
            model.load_weights(path)
            epoch, row = int(point["epoch"]), tuple(math.nan if v is None else float(v) for v in point["row"])
            self._remembered = dict(point["callbacks"])
            # earlier versions stored neither
            before = RunConfig.from_json(point[_SETTINGS]) if _SETTINGS in point else self._config
            draws = np.array(point.get(_DRAWS, []), np.uint32)
        except (OSError, ValueError, KeyError, TypeError, DigitLabError):
            raise DigitLabError("training.bad_resume_point", file=f"{path.parent.name}/{path.name}") from None
        if before.seed == self._config.seed:
            for state, values in zip(_draws(model), draws, strict=False):
                state.assign(values)
        self._adapt(model, before, epoch)
        self._cut(epoch, row)
        _place(model.optimizer, self._config.updates_per_epoch * epoch)
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
        draws = [state.numpy().tolist() for state in _draws(self.model)]
        point = {"epoch": epoch + 1, "row": row, "callbacks": memory, _SETTINGS: self._config.to_json(), _DRAWS: draws}
        with replacing(self._folder.state(epoch + 1)) as draft:
            self.model.save_weights(draft)
            with h5py.File(draft, "a") as file:
                file.attrs["digit_lab"] = json.dumps(point)
        kept = {epoch + 1, self._recording.best_epoch(), self._origin.epoch if self._origin else None}
        # a state too many does no harm
        with contextlib.suppress(OSError):
            drop_states(self._folder, but={each for each in kept if each is not None} | MILESTONES)

    def _begin(self, model: keras.Model) -> int:
        """Begin a run that has no state: from its random weights or, for a fork, from those of its origin's epoch."""
        epoch = self._origin.epoch if self._origin else 0
        if self._origin:
            table = self._config.layer_table
            model.set_weights(read_weights(self._folder.weights(epoch), table))
            model.optimizer.learning_rate = planned_rate(self._config, epoch)
        self._cut(epoch, None)
        _place(model.optimizer, self._config.updates_per_epoch * epoch)
        return epoch

    def _adapt(self, model: keras.Model, before: RunConfig, epoch: int) -> None:
        """Adapt a restored state, which a run with the settings `before` wrote, to this run."""
        after = self._config
        if before != after:
            rate = set_rate(model.optimizer)
            model.optimizer.learning_rate = continued_rate(rate, before, after, epoch)
        if before.early_stopping != after.early_stopping:
            self._remembered.pop(keras.callbacks.EarlyStopping.__name__, None)
        if self._origin and self._origin.epoch == epoch and self.stopped_early:
            # a fork from the end of a run that stopped early must train on, not stop again
            self._remembered[keras.callbacks.EarlyStopping.__name__] |= {"stopped_epoch": 0, "wait": 0}

    def _cut(self, epoch: int, row: tuple[float, ...] | None) -> None:
        """Remove from the CSVs what came after the state, since it will be trained again."""
        for path, columns in ((self._folder.epochs_csv, EPOCH_COLUMNS), (self._folder.batches_csv, BATCH_COLUMNS)):
            # a file that cannot be read must not be overwritten
            rows = [r for r in CurveReader(path, columns, strict=True).read() if r[0] <= epoch]
            if row is not None and columns is EPOCH_COLUMNS:
                rows = [r for r in rows if r[0] < epoch] + [row]
            with replacing(path) as draft:
                draft.write_text(",".join(columns) + "\n" + "".join(map(csv_line, rows)), encoding="utf-8")


def _draws(model: keras.Model) -> list[Any]:
    """The state of each dropout layer's random numbers, which Keras does not save."""
    return [layer.seed_generator.state for layer in model.layers if hasattr(layer, "seed_generator")]


def _place(optimizer: keras.optimizers.Optimizer, updates: int) -> None:
    """Set the place in a one-cycle schedule: the updates so far, with those made before a fork."""
    if isinstance(optimizer, OneCycle):
        optimizer.ahead = updates - int(optimizer.iterations)


def _memory(callback: keras.callbacks.Callback) -> dict[str, Any]:
    values = {name: getattr(callback, name, None) for name in _MEMORY[type(callback)]}
    return {
        name: float(value) if isinstance(value, float) or hasattr(value, "dtype") else value
        for name, value in values.items()
        if value is not None
    }
