"""Run a preset's Keras code unchanged: `python -m benchmarks.plain mlp-512 mnist --epochs 5 --seed 1`.

Prints one JSON line with the seconds of `fit` and the test accuracy.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.config.datasets import BUILT_IN
from core.config.keras_script import keras_code
from core.config.presets import PRESETS
from core.data.datasets import load
from core.keras_settings import settle


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plain", description=__doc__)
    parser.add_argument("network", choices=tuple(PRESETS))
    parser.add_argument("dataset", choices=tuple(BUILT_IN))
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    config = PRESETS[options.network].replace(dataset=options.dataset, seed=options.seed, precision="float32")
    code = keras_code(config.replace(epochs=options.epochs or config.epochs))
    print(json.dumps(_run(code)))
    return 0


def _run(code: str) -> dict[str, float]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    settle()
    import keras

    seconds = []
    fit = keras.Sequential.fit

    def timed(model: Any, *values: Any, **named: Any) -> Any:
        began = time.perf_counter()
        history = fit(model, *values, verbose=0, **named)
        seconds.append(time.perf_counter() - began)
        return history

    keras.Sequential.fit = timed
    keras.datasets.mnist.load_data = _digits
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "keras_code", "exec"), names)
    return {"fit_s": seconds[0], "test_accuracy": float(names["accuracy"])}


def _digits() -> Any:
    """Replaces Keras's load_data by the digits available on this machine."""
    data = load("mnist")
    train, test = (data.train_images, data.train_labels), (data.test_images, data.test_labels)
    return tuple(map(np.array, train)), tuple(map(np.array, test))


if __name__ == "__main__":
    sys.exit(main())
