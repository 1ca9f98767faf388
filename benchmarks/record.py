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
"""The most that a recorded training may take, as a multiple of its time alone."""
_SCRIPT = """
import hashlib, json, sys, time
from pathlib import Path
import numpy as np
import keras
from digit_lab.record import DigitLab

with np.load(sys.argv[1]) as file:
    images, labels = file["x_train"].astype("float32")[..., None] / 255, file["y_train"]
    held_out = file["x_test"].astype("float32")[..., None] / 255, file["y_test"]
layers = keras.layers

def fit(recorded):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        layers.Input((28, 28, 1)), layers.Conv2D(16, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(36, 5, padding="same", activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.25),
        layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    began, processor = time.perf_counter(), time.process_time()
    model.fit(images, labels, batch_size=300, epochs=2, validation_data=held_out, verbose=0,
        callbacks=[DigitLab()] if recorded else [])
    taken = time.perf_counter() - began, time.process_time() - processor
    weights = b"".join(values.tobytes() for values in model.get_weights())
    return {"recorded": recorded, "seconds": taken[0], "processor": taken[1],
        "weights": hashlib.sha256(weights).hexdigest()}

def recorders_are_done(fits):
    states = [json.loads(path.read_text())["state"] for path in Path(sys.argv[2]).glob("*/status.json")]
    return states.count("finished") == fits

for turn in range(1 + int(sys.argv[3])):
    for recorded in (True, False) if turn % 2 else (False, True):
        print(json.dumps({"turn": turn, **fit(recorded)}), flush=True)
        until = time.monotonic() + 300
        while recorded and not recorders_are_done(turn + 1) and time.monotonic() < until:
            time.sleep(0.2)
"""
_START = "import keras"


def record(setting: Setting) -> list[Measurement]:
    """Trainings in one process, recorded and alone by turns, and the start of a recorded script.

    In two processes, the same training takes half as long again in one as in the other, whichever is recorded.
    """
    folder, runs = setting.folder / "record", Path(os.environ["DIGIT_LAB_RUNS"])
    folder.mkdir()
    (folder / "own.py").write_text(_SCRIPT, encoding="utf-8")
    (folder / "start.py").write_text(_START, encoding="utf-8")
    turns = setting.turns(full=7, quick=1)
    told = [
        json.loads(line) for line in _run(folder, "own.py", str(setting.digits), str(runs), str(turns)).splitlines()
    ]
    # the first training of each kind also pays for what TensorFlow does once
    ours, alone = ([each for each in told if each["recorded"] is kind and each["turn"]] for kind in (True, False))
    starts: tuple[list[float], list[float]] = [], []
    for turn in range(1 + turns):
        for recorded in (True, False) if turn % 2 else (False, True):
            began = time.perf_counter()
            _run(folder, *(["-m", "digit_lab.record"] if recorded else []), "start.py")
            if turn:
                starts[0 if recorded else 1].append(time.perf_counter() - began)
    fits: dict[str, tuple[list[float], list[float]]] = {
        name: ([each[key] for each in ours], [each[key] for each in alone])
        for name, key in (("recorded fit", "seconds"), ("recorded fit, processor time", "processor"))
    }
    whole = tuple(
        [sum(both) for both in zip(*each, strict=True)] for each in zip(starts, fits["recorded fit"], strict=True)
    )
    rows = [
        Measurement.of("recorded: weights that differ", "", [len({each["weights"] for each in told}) - 1.0], limit=0),
        Measurement.of("start of a recorded script", "s", *starts, against="the script alone"),
    ]
    for name, found in {**fits, "start and recorded fit": whole}.items():
        pair = [one / other for one, other in zip(*found, strict=True)]
        rows.append(Measurement.of(name, "s", *found, against="the same alone"))
        rows.append(Measurement.of(f"{name}: ratio of a pair", "", pair, limit=TIMES))
    return rows


def _run(folder: Path, *arguments: str) -> str:
    changes = {"TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(changes), capture_output=True, text=True, check=True
    ).stdout
