"""Trains a run's network once per fold, and predicts each training digit by the network that did not learn from it."""

import contextlib
import math
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.config.run import RunConfig
from core.errors import DigitLabError
from core.files import replacing
from core.runs.cross_validation import FILE, CrossValidation, fold_of_each, write_out_of_sample
from core.runs.folder import RunFolder
from core.runs.predictions import compact
from core.runs.reporter import Reporter
from core.text import Message
from core.training.callbacks.pace import Pace
from core.training.callbacks.recording import WINDOW_SECONDS
from core.training.callbacks.steering import Steering, Stopped
from core.training.evaluation import Evaluator
from core.training.images import TrainingImages
from core.training.networks import build_network
from core.training.normalization import statistics_sample, take_statistics
from core.training.prepared import augment_of, compiled_network


def cross_validate(
    folder: RunFolder,
    reporter: Reporter,
    job: CrossValidation,
    config: RunConfig,
    *,
    images: np.ndarray,
    labels: np.ndarray,
    precision: str,
) -> None:
    """Predict images uint8 (n, *image_shape) with labels (n,) out of sample; the result goes into the job's folder.

    Keeps each finished fold, so that a resumed job trains only the others. Raises DigitLabError if the loss became NaN.
    """
    fold = fold_of_each(labels, job.folds, config.seed)
    found = np.zeros((len(labels), len(config.data.classes)), np.float16)
    progress = _Progress(reporter, job, config.batch_size)
    steering = Steering(folder, reporter, waited=progress.waited)
    for number in range(job.folds):
        inside, kept = fold == number, folder.path / f"fold-{number}.npy"
        answers = _read(kept, (int(inside.sum()), len(config.data.classes)))
        if answers is None:
            progress.begin(number, int((~inside).sum()))
            evaluator = _train(job, config, images[~inside], labels[~inside], precision, [progress, steering])
            if steering.stopped:
                reporter.end("stopped", Message("cross_validation.stopped", done=number, folds=job.folds))
                return
            answers = compact(evaluator.log_probabilities(images[inside]))
            with replacing(kept) as draft:
                np.save(draft, answers, allow_pickle=False)
        found[inside] = answers
    write_out_of_sample(folder.path / FILE, found, labels, job)
    reporter.end("finished", epoch=job.folds * job.epochs, batch=0)


def _train(
    job: CrossValidation,
    config: RunConfig,
    images: np.ndarray,
    labels: np.ndarray,
    precision: str,
    callbacks: list[keras.callbacks.Callback],
) -> Evaluator:
    """Train a new network with the run's settings and recorded learning rates, and nothing held out."""
    model = compiled_network(config, precision, images=len(images))
    training = TrainingImages(
        images, labels, batch_size=config.batch_size, seed=config.seed, augment=augment_of(config)
    )
    averaging = [keras.callbacks.SwapEMAWeights(swap_on_epoch=True)] if config.weight_averaging else []
    callbacks = [
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: training.start_epoch(epoch)),  # noqa: ARG005
        keras.callbacks.LearningRateScheduler(lambda epoch, _: job.rates[epoch]),
        *averaging,
        *callbacks,
    ]
    with contextlib.suppress(Stopped):
        model.fit(training.batches, epochs=job.epochs, verbose=0, shuffle=False, callbacks=callbacks)
    evaluator = Evaluator(build_network(config))
    evaluator.network.set_weights(model.get_weights())
    sample = statistics_sample(config, images)
    if sample is not None:
        take_statistics(evaluator.network, sample)
    return evaluator


class _Progress(keras.callbacks.Callback):
    """Keeps the job's status up to date, whose `epoch` counts the finished epochs of all folds."""

    def __init__(self, reporter: Reporter, job: CrossValidation, batch_size: int) -> None:
        super().__init__()
        self._reporter = reporter
        self._job = job
        self._batch_size = batch_size
        self._pace = Pace()
        self._started = time.perf_counter() - reporter.status.seconds

    def begin(self, fold: int, images: int) -> None:
        """Start a fold, counted from 0, whose network learns from this many images."""
        self._fold = fold
        self._batches = math.ceil(images / self._batch_size)
        self._window_started: float | None = None
        self._window_batch = 0
        self._reporter.change(state="training", epoch=fold * self._job.epochs, batch=0)

    def waited(self, seconds: float) -> None:
        """Leave out a pause."""
        self._started += seconds
        self._window_started = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        self._done = self._fold * self._job.epochs + epoch
        self._window_batch = 0

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        if logs and not math.isfinite(logs["loss"]):
            raise DigitLabError("cross_validation.not_a_number", fold=self._fold + 1)
        # with several batches per execution, the last batch number of an epoch overshoots
        batches, now = min(batch + 1, self._batches), time.perf_counter()
        began = self._window_started
        if began is not None and batches < self._batches and now - began < WINDOW_SECONDS:
            return
        if began is not None:
            self._pace.add_window(batches - self._window_batch, now - began)
        # a fold's first window traces its graph, and gives no pace
        self._window_started, self._window_batch = now, batches
        left = self._job.folds * self._job.epochs * self._batches - self._done * self._batches - batches
        self._reporter.change(
            state="training",
            epoch=self._done,
            batch=batches,
            seconds=now - self._started,
            seconds_left=self._pace.seconds_left(left, 0),
        )


def _read(path: Path, shape: tuple[int, int]) -> np.ndarray | None:
    """The predictions of a fold that an earlier process finished; None if there are none."""
    try:
        answers: np.ndarray = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return answers if answers.shape == shape and answers.dtype == np.float16 else None
