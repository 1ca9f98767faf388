"""The worker without Keras: the network is an array of numbers, and the real code writes the run folder.

It starts in half a second. With DIES_AT=n it kills itself right before it changes a file of the run folder again after
n changes.
"""

import os
import signal
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock

import h5py
import numpy as np

BATCHES, BATCH_SIZE, SIZE = 6, 50, 64
TEST_LABELS = np.arange(200, dtype=np.uint8) % 10
TEST_IMAGES = np.zeros((200, 28, 28), np.uint8)


class Callback:
    """The part of Keras's base class that our callbacks use."""

    def __init__(self):
        self.model, self.params = None, {}

    def __getattr__(self, name):
        if name.startswith("on_"):
            return lambda *_: None
        raise AttributeError(name)

    def set_model(self, model):
        self.model = model


class ReduceLROnPlateau(Callback):
    """Halves the learning rate if the loss hardly fell in PLATEAU_EPOCHS (2) epochs; its state must be restored."""

    wait, best, cooldown_counter = 0, 1e9, 0

    def on_epoch_end(self, _, logs):
        if logs["val_loss"] < self.best - 0.02:
            self.best, self.wait = logs["val_loss"], 0
            return
        self.wait += 1
        if self.wait == int(os.environ.get("PLATEAU_EPOCHS", "2")):
            self.model.optimizer.learning_rate, self.wait = self.model.optimizer.learning_rate / 2, 0


class Network:
    """Numbers that descend a quadratic with momentum, with some noise in each batch."""

    layers = ()
    stop_training = False

    def __init__(self):
        self.numbers, self.momentum = np.full(SIZE, 1.0), np.zeros(SIZE)
        self.optimizer = SimpleNamespace(learning_rate=0.05)

    def train(self, seed, epoch, batch):
        noise = np.random.default_rng((seed, epoch, batch)).normal(0, 0.3, SIZE)
        self.momentum = 0.9 * self.momentum + self.numbers + noise
        self.numbers = self.numbers - self.optimizer.learning_rate * self.momentum
        return {"loss": float((self.numbers**2).mean()), "accuracy": 0.5}

    def get_weights(self):
        return [self.numbers]

    def set_weights(self, weights):
        self.numbers = weights[0]

    def save_weights(self, path):
        with h5py.File(path, "w") as file:
            file["numbers"], file["momentum"] = self.numbers, self.momentum
            file["rate"] = self.optimizer.learning_rate

    def load_weights(self, path):
        with h5py.File(path) as file:
            self.numbers, self.momentum = file["numbers"][:], file["momentum"][:]
            self.optimizer.learning_rate = float(file["rate"][()])


class Evaluator:
    """Predictions that depend only on the numbers."""

    def __init__(self):
        self.network = Network()

    def log_probabilities(self, images):
        logits = 5 * np.eye(10)[TEST_LABELS[: len(images)]] - np.abs(self.network.numbers[:10])
        return (logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))).astype(np.float32)

    def answers(self, held_out):
        return {part: self.log_probabilities(images) for part, images in held_out.images.items()}

    def penalty(self):
        return 0.0


def without_keras():
    """Replace the module keras by the classes above."""
    # a forked process has imported both
    for name in [name for name in sys.modules if name.partition(".")[0] == "keras" or name.startswith("core.training")]:
        del sys.modules[name]
    keras = ModuleType("keras")
    keras.Model = keras.Sequential = Network
    keras.losses = SimpleNamespace(Loss=object)
    keras.optimizers = SimpleNamespace(Optimizer=object)
    keras.callbacks = SimpleNamespace(
        Callback=Callback,
        ReduceLROnPlateau=ReduceLROnPlateau,
        EarlyStopping=type("EarlyStopping", (Callback,), {}),
        SwapEMAWeights=type("SwapEMAWeights", (Callback,), {}),
    )
    sys.modules |= {"keras": keras, "tensorflow": MagicMock()}


def train(folder, reporter, _):
    """Replaces `worker._train`: calls the callbacks in the order of `fit`."""
    from core.files import replacing
    from core.training import export, worker
    from core.training.callbacks.evaluating import Evaluating
    from core.training.callbacks.recording import Recording
    from core.training.callbacks.resuming import Resuming
    from core.training.callbacks.steering import Steering, Stopped
    from core.training.evaluation import HeldOut

    def write(*names):
        for name in names:
            with replacing(folder.path / name) as draft:
                draft.write_bytes(b"network")

    config, model, evaluator = folder.manifest().config, Network(), Evaluator()
    folder.write_manifest(folder.manifest())
    images = {"test": TEST_IMAGES, "validation": TEST_IMAGES[:50]}
    held_out = HeldOut(images, {"test": TEST_LABELS, "validation": TEST_LABELS[:50]}, "validation")
    images, losses = BATCHES * BATCH_SIZE, SimpleNamespace(last=np.zeros)
    recording = Recording(folder, reporter, images=images, batch_size=BATCH_SIZE, epochs=config.epochs, losses=losses)
    steering, plateau = Steering(folder, reporter, waited=recording.waited), ReduceLROnPlateau()
    evaluating, resuming = Evaluating(folder, evaluator, held_out), Resuming(folder, recording, [plateau])
    callbacks = [evaluating, recording, steering, plateau, resuming]
    for callback in callbacks:
        callback.set_model(model)
    first = resuming.restore(model)
    if first == 0:
        write("architecture.json", "network.tflite")
        evaluating.keep_labels()
        evaluating.keep(0)
    for callback in callbacks:
        callback.on_train_begin()
    seconds, allocated = float(os.environ.get("BATCH_SECONDS", "0")), []
    try:
        for epoch in range(first, config.epochs):
            for callback in callbacks:
                callback.on_epoch_begin(epoch)
            if epoch == 2:
                set_clock(float(os.environ.get("CLOCK_JUMPS", "0")))
            for batch in range(BATCHES):
                time.sleep(seconds)
                allocated.append(b"x" * int(os.environ.get("BATCH_BYTES", "0")))
                logs = model.train(config.seed, epoch, batch)
                for callback in callbacks:
                    callback.on_train_batch_end(batch, logs)
                if model.stop_training:
                    break
            for callback in callbacks:
                callback.on_epoch_end(epoch, logs)
            recording.show_epoch()
            if model.stop_training:
                break
    except Stopped:
        pass
    export.write_model = lambda *_: write("model.keras", "model.weights.h5", "model.tflite")
    data = SimpleNamespace(test_images=TEST_IMAGES, test_labels=TEST_LABELS)
    scores = evaluating.test_scores
    outcome = SimpleNamespace(evaluator=evaluator, test_scores=scores, stopped=steering.stopped, early=False)
    worker._keep_best(folder, reporter, outcome, data)


def set_clock(seconds):
    """Shift the clock of this process only."""
    now = time.time
    time.time = lambda: now() + seconds


def die_at(change, folder):
    """Kill this process right before it changes a file of the folder again after `change` changes."""
    left = change

    def hook(event, arguments):
        nonlocal left
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if not (writes or event in ("os.rename", "os.remove", "os.mkdir")):
            return
        if str(arguments[0]).startswith(folder):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main(arguments):
    """Run the command of the worker without Keras."""
    without_keras()
    from core.training import __main__, worker

    worker._train = train
    if "DIES_AT" in os.environ:
        die_at(int(os.environ["DIES_AT"]), str(Path(arguments[0])))
    return __main__.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
