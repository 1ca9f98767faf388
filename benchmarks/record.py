"""What recording costs a script: its time recorded and alone, and whether it learns the same."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measurement import Measurement
from benchmarks.setting import Setting
from core.child_process import environment

TIMES = 1.03
"""The most that a recorded script may take, as a multiple of its time alone."""
_PAIRS = 5
_EPOCHS = 2
"""Enough that a run of the script takes half a minute, and all of them some five."""
_SCRIPT = """
import hashlib, json, sys, time
import numpy as np
import keras
keras.utils.set_random_seed(1)
with np.load(sys.argv[1]) as file:
    images, labels = file["x_train"].astype("float32")[..., None] / 255, file["y_train"]
    held_out = file["x_test"].astype("float32")[..., None] / 255, file["y_test"]
layers = keras.layers
model = keras.Sequential([
    layers.Input((28, 28, 1)), layers.Conv2D(16, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(36, 5, padding="same", activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.25),
    layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.5), layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
began = time.perf_counter()
model.fit(images, labels, batch_size=300, epochs=int(sys.argv[2]), validation_data=held_out, verbose=2)
seconds = time.perf_counter() - began
weights = b"".join(values.tobytes() for values in model.get_weights())
print(json.dumps({"fit_s": seconds, "weights": hashlib.sha256(weights).hexdigest()}))
"""


def record(setting: Setting) -> list[Measurement]:
    """Time of the whole script and of its `fit`, recorded and alone, each pair in the other order.

    The ratio is that of the quickest runs, as in Python's `timeit`: what else happens on a machine only slows a run,
    on two cores by half. Processor time has all that the script's own process does for the record; wall time has also
    what the recorder takes away from it.
    """
    folder = setting.folder / "record"
    folder.mkdir()
    (folder / "own.py").write_text(_SCRIPT, encoding="utf-8")
    found: dict[str, tuple[list[float], list[float]]] = {
        name: ([], []) for name in ("recorded script", "recorded fit", "recorded script, processor time")
    }
    weights = set()
    for pair in range(1 if setting.quick else _PAIRS):
        for recorded in (True, False) if pair % 2 == 0 else (False, True):
            before = _processor_seconds()
            seconds, told = _run(folder, setting, recorded=recorded, epochs=_EPOCHS)
            figures = (seconds, told["fit_s"], _processor_seconds() - before)
            for (ours, alone), figure in zip(found.values(), figures, strict=True):
                (ours if recorded else alone).append(figure)
            weights.add(told["weights"])
            _wait_for_recorder()
    rows = [Measurement.of("recorded: different weights", "", [len(weights) - 1.0], limit=0)]
    for name, (ours, alone) in found.items():
        rows.append(Measurement.of(name, "s", ours, alone, against="the script alone"))
        rows.append(Measurement.of(f"{name}: ratio of the quickest", "", [min(ours) / min(alone)], limit=TIMES))
    return rows


def _run(folder: Path, setting: Setting, *, recorded: bool, epochs: int) -> tuple[float, dict[str, float]]:
    script = ["own.py", str(setting.digits), str(epochs)]
    command = [sys.executable, *(["-m", "digit_lab.record"] if recorded else []), *script]
    began = time.perf_counter()
    ended = subprocess.run(
        command, cwd=folder, env=environment({"TF_CPP_MIN_LOG_LEVEL": "3"}), capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, json.loads(ended.stdout.splitlines()[-1])


def _processor_seconds() -> float:
    """Of all child processes that have ended; the recorder is none of them."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _wait_for_recorder() -> None:
    runs = Path(os.environ["DIGIT_LAB_RUNS"])
    until = time.monotonic() + 300
    while list(runs.glob(".recording-*")) and time.monotonic() < until:
        time.sleep(0.2)
