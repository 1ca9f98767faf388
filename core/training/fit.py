"""Trains a run's network from the first batch to the last and records it."""

import contextlib
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.config.augmentation import AUGMENTATIONS
from core.config.run import RunConfig
from core.config.schedule import PLATEAU_FACTOR, PLATEAU_PATIENCE, cosine_factor
from core.runs.first_updates import UPDATES
from core.runs.folder import RunFolder
from core.runs.reporter import Reporter
from core.training.augmentation import distort
from core.training.batch_losses import BatchLosses
from core.training.callbacks.announcing import Announcing
from core.training.callbacks.averaging import SwapEMAWeights
from core.training.callbacks.evaluating import Evaluating
from core.training.callbacks.recording import WINDOW_SECONDS, Recording
from core.training.callbacks.resuming import Resuming
from core.training.callbacks.steering import Steering, Stopped
from core.training.callbacks.stepping import Stepping
from core.training.evaluation import Evaluator, HeldOut
from core.training.export import write_architecture, write_network
from core.training.images import TrainingImages
from core.training.networks import build_network, build_optimizer
from core.training.normalization import statistics_sample
from core.training.objective import training_loss

# a cautious estimate for one core, used only to choose the number of batches in a window
_MULTIPLY_ADDS_PER_SECOND = 2e10


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a fit ended."""

    evaluator: Evaluator
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
) -> Outcome:
    """Train on images uint8 (n, *image_shape) and labels (n,) until done or stopped; resumes if it can."""
    model = compiled_network(config, precision, images=len(images))
    evaluator = Evaluator(build_network(config))
    training = TrainingImages(
        images, labels, batch_size=config.batch_size, seed=config.seed, augment=augment_of(config)
    )
    losses = BatchLosses(model, batches_per_window(config))
    recording = Recording(
        folder, reporter, images=len(images), batch_size=config.batch_size, epochs=config.epochs, losses=losses
    )
    steering = Steering(folder, reporter, waited=recording.waited)
    evaluating = Evaluating(folder, evaluator, held_out, statistics_sample(config, images))
    evaluating.set_model(model)
    averaging = [SwapEMAWeights()] if config.weight_averaging else []
    keras_callbacks = _keras_callbacks(config)
    resuming = Resuming(folder, recording, [*averaging, *keras_callbacks])
    first = resuming.restore(model)
    stepping = Stepping(
        folder, seed=config.seed, places=training.first_batches(UPDATES), augmented=config.augmentation != "off"
    )
    announced: list[Callable[[], Any]] = [lambda: write_network(folder, evaluator.network)]
    # a fork may have both from its origin
    if not folder.architecture.exists():
        write_architecture(folder, evaluator.network)
    if not folder.labels.exists():
        evaluating.keep_labels()
    if first == 0:
        stepping.watch(model)
        evaluating.take_weights()
        announced.append(lambda: evaluating.keep(0))
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
    return Outcome(evaluator, steering.stopped, early)


def compiled_network(config: RunConfig, precision: str, *, images: int) -> Any:
    """A new network of a run, ready to be trained on this many images."""
    keras.utils.set_random_seed(config.seed)
    batches = math.ceil(images / config.batch_size)
    model = build_network(config, precision, quick=True)
    model.compile(
        build_optimizer(config, batches=batches),
        training_loss(config),
        # made here, since metrics that make variables while being traced are traced twice
        metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
        steps_per_execution=min(batches_per_window(config), batches),
        # XLA makes convolutions slower on a CPU; Keras's "auto" uses it only on a GPU
        jit_compile="auto",
    )
    model.optimizer.build(model.trainable_variables)
    return model


def batches_per_window(config: RunConfig) -> int:
    """How many batches to run in one execution, between two checks for requests: about a fifth of a second's worth."""
    work = sum(row.multiply_adds for row in config.layer_table)
    seconds = max(0.002, 3 * work * config.batch_size / _MULTIPLY_ADDS_PER_SECOND)
    return max(1, min(round(WINDOW_SECONDS / seconds), config.updates_per_epoch))


def augment_of(config: RunConfig) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor] | None:
    """The run's augmentation, as `TrainingImages` takes it."""
    if config.augmentation == "off":
        return None
    amounts = asdict(AUGMENTATIONS[config.augmentation])
    return lambda images, seed: distort(images, seed, **amounts)


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
