"""Does ahead of a run what TensorFlow does once in a process."""

import numpy as np

from core.config.datasets import BUILT_IN
from core.config.network import MLP
from core.config.run import RunConfig
from core.data import datasets
from core.training.evaluation import Evaluator, HeldOut
from core.training.images import TrainingImages
from core.training.networks import build_network, build_optimizer
from core.training.objective import training_loss
from core.training.precision import choose_precision
from core.training.prepared import Prepared, batches_per_window, practised, prepared

_BATCH = 2


def rehearse() -> None:
    """Train a tiny network on empty images and load the available data sets; a later run sets its own seed."""
    config = RunConfig(preset="mlp", network=MLP(hidden_units=(1,)))
    model = build_network(config, choose_precision(config.precision), quick=True)
    model.compile(build_optimizer(config), training_loss(config), metrics=["accuracy"])
    images, labels = np.zeros((_BATCH, *config.data.image_shape), np.uint8), np.zeros(_BATCH, np.uint8)
    training = TrainingImages(images, labels, batch_size=_BATCH, seed=1)
    training.first_batches(1)
    model.fit(training.batches, verbose=0)
    Evaluator(build_network(config)).log_probabilities(images)
    for name in BUILT_IN:
        if datasets.status(name).state == "ready":
            datasets.load(name)


def prepare_for(config: RunConfig) -> Prepared | None:
    """What a run with these settings needs before its first batch; None where it is not worth the work ahead.

    A data set that a person brought may be changed until then, and large networks would take memory for nothing.
    """
    if config.dataset not in BUILT_IN or datasets.status(config.dataset).state != "ready":
        return None
    if batches_per_window(config) == 1:
        return None
    data = datasets.load(config.dataset)
    parts = datasets.split(data, config.validation)
    ready = prepared(config, parts.train_images, parts.train_labels, choose_precision(config.precision))
    return practised(ready, HeldOut.of(data, parts, config.validation))
