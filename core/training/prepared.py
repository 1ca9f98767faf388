"""What a training needs before its first batch: made at its start, or ahead of it by a process that waits for it."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.config.augmentation import AUGMENTATIONS
from core.config.run import RunConfig
from core.runs.first_updates import UPDATES
from core.training.augmentation import distort
from core.training.batch_losses import BatchLosses
from core.training.callbacks.recording import WINDOW_SECONDS
from core.training.callbacks.stepping import Stepping
from core.training.evaluation import Evaluator, HeldOut
from core.training.images import TrainingImages
from core.training.networks import build_network, build_optimizer
from core.training.normalization import statistics_sample
from core.training.objective import training_loss

# a cautious estimate for one core, used only to choose the number of batches in a window
_MULTIPLY_ADDS_PER_SECOND = 2e10


@dataclass(frozen=True, slots=True)
class Prepared:
    """A network before its first batch, and the images that it will be trained on."""

    config: RunConfig
    precision: str
    model: Any
    evaluator: Evaluator
    training: TrainingImages
    losses: BatchLosses
    stepping: Stepping
    untrained: dict[str, np.ndarray] | None = None
    """The evaluator's log-probabilities (n, classes) by part before the first batch, once it is practised."""


def prepared(config: RunConfig, images: np.ndarray, labels: np.ndarray, precision: str) -> Prepared:
    """Build the network of a run; images uint8 (n, *image_shape) and labels (n,) for training."""
    model = compiled_network(config, precision, images=len(images))
    evaluator = Evaluator(build_network(config), statistics_sample(config, images))
    training = TrainingImages(
        images, labels, batch_size=config.batch_size, seed=config.seed, augment=augment_of(config)
    )
    losses = BatchLosses(model, batches_per_window(config))
    stepping = Stepping(
        seed=config.seed, places=training.first_batches(UPDATES), augmented=config.augmentation != "off"
    )
    return Prepared(config, precision, model, evaluator, training, losses, stepping)


def practised(ready: Prepared, held_out: HeldOut) -> Prepared:
    """Train a new network on one batch, so that all is traced and compiled, undo it, and evaluate the network."""
    model = ready.model
    ready.stepping.watch(model)
    variables = [*model.variables, *model.optimizer.variables]
    before = [variable.numpy() for variable in variables]
    model.fit(ready.training.batches.take(1), verbose=0, shuffle=False)
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
    ready.evaluator.network.set_weights(model.get_weights())
    return replace(ready, untrained=ready.evaluator.answers(held_out))


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
