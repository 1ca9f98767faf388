"""Trains a run's network from the first batch to the last and records it."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from core.config.run import RunConfig
from core.config.schedule import PLATEAU_FACTOR, PLATEAU_PATIENCE, cosine_factor
from core.runs.folder import RunFolder
from core.runs.reporter import Reporter
from core.runs.states import resume_point
from core.training.callbacks.announcing import Announcing
from core.training.callbacks.averaging import SwapEMAWeights
from core.training.callbacks.evaluating import Evaluating
from core.training.callbacks.recording import Recording
from core.training.callbacks.resuming import Resuming
from core.training.callbacks.steering import Steering, Stopped
from core.training.evaluation import Evaluator, HeldOut, Score
from core.training.export import write_architecture, write_network
from core.training.prepared import Prepared, prepared


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a fit ended."""

    evaluator: Evaluator
    test_scores: dict[int, Score]
    """Of the epochs that were trained in this fit."""
    stopped: bool
    early: bool
    """Whether early stopping ended it."""


def fit(
    config: RunConfig,
    folder: RunFolder,
    reporter: Reporter,
    *,
    images: np.ndarray,
    labels: np.ndarray,
    held_out: HeldOut,
    precision: str,
    ahead: Prepared | None = None,
) -> Outcome:
    """Train on images uint8 (n, *image_shape) and labels (n,) until done or stopped; resumes if it can.

    `ahead` was prepared and practised for a run on these images and `held_out` before; it is used by a new run with
    its settings.
    """
    manifest = folder.manifest()
    is_new = manifest.origin is None and resume_point(folder) is None
    if ahead is not None and is_new and (ahead.config, ahead.precision) == (config, precision):
        ready, practised = ahead, True
    else:
        ready, practised = prepared(config, images, labels, precision), False
    model, evaluator, training, stepping = ready.model, ready.evaluator, ready.training, ready.stepping
    recording = Recording(
        folder, reporter, images=len(images), batch_size=config.batch_size, epochs=config.epochs, losses=ready.losses
    )
    steering = Steering(folder, reporter, waited=recording.waited)
    evaluating = Evaluating(folder, evaluator, held_out)
    evaluating.set_model(model)
    averaging = [SwapEMAWeights()] if config.weight_averaging else []
    keras_callbacks = _keras_callbacks(config)
    resuming = Resuming(folder, recording, [*averaging, *keras_callbacks])
    first = resuming.restore(model)
    stepping.write_to(folder)
    announced: list[Callable[[], Any]] = [lambda: write_network(folder, evaluator.network)]
    # a fork may have both from its origin
    if not folder.architecture.exists():
        write_architecture(folder, evaluator.network)
    if not folder.labels.exists():
        evaluating.keep_labels()
    if first == 0:
        if not practised:
            stepping.watch(model)
            evaluating.take_weights()
        announced.append(lambda: evaluating.keep(0, ready.untrained))
    callbacks = [
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: training.start_epoch(epoch)),  # noqa: ARG005
        *averaging,
        evaluating,
        recording,
        stepping,
        Announcing(*announced, waited=recording.waited),
        steering,
        *keras_callbacks,
        resuming,
        # after the resume point is written, so that an epoch once shown is never lost
        keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: recording.show_epoch()),  # noqa: ARG005
    ]
    epochs = first if resuming.stopped_early else config.epochs
    with contextlib.suppress(Stopped):
        model.fit(training.batches, epochs=epochs, initial_epoch=first, verbose=0, shuffle=False, callbacks=callbacks)
    early = any(getattr(callback, "stopped_epoch", 0) > 0 for callback in keras_callbacks)
    return Outcome(evaluator, evaluating.test_scores, steering.stopped, early)


def _keras_callbacks(config: RunConfig) -> list[Any]:
    callbacks: list[Any] = []
    if config.schedule == "plateau":
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(
                monitor=config.monitor, mode="min", factor=PLATEAU_FACTOR, patience=PLATEAU_PATIENCE, min_lr=1e-6
            )
        )
    if config.schedule == "cosine":
        # by ratio, so that a rate set by hand stays in effect
        def rate(epoch: int, current: float) -> float:
            before = cosine_factor(epoch, config.epochs) if epoch else 1.0
            return float(current) * cosine_factor(epoch + 1, config.epochs) / before

        callbacks.append(keras.callbacks.LearningRateScheduler(rate))
    if config.early_stopping != "off":
        mode = "max" if config.early_stopping.endswith("accuracy") else "min"
        callbacks.append(
            keras.callbacks.EarlyStopping(monitor=config.early_stopping, mode=mode, patience=config.patience)
        )
    return callbacks
