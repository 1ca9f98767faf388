"""What Keras has when a script runs: `python -m benchmarks.tutorials.witness FOLDER` runs the scripts in it.

Only our own scripts, rewritten for Keras 3, are run, with `fit` replaced by a record of what it is given, and the data
sets by zeros of the same shape.
"""

import builtins
import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np

_SHAPES = {"mnist": (28, 28), "fashion_mnist": (28, 28), "cifar10": (32, 32, 3)}
_UNHELD = {"name", "trainable", "dtype", "zero_output_for_mask", "backward_layer"}
"""What Keras's config has besides the constructor's arguments."""


def main() -> int:
    """Run each script, and print what every `fit` was given, or the error, as one JSON object."""
    found: dict[str, Any] = {}
    for path in sorted(Path(sys.argv[1]).glob("*.py")):
        found[path.stem] = _run(path.read_text(encoding="utf-8"))
    print(json.dumps(found))
    return 0


def _run(code: str) -> Any:
    records: list[dict[str, Any]] = []
    output = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.chdir(folder))
        stack.enter_context(contextlib.redirect_stdout(output))
        for replaced in _replacements(records):
            stack.enter_context(replaced)
        try:
            exec(compile(code, "script", "exec"), {"__name__": "__main__"})
        except SystemExit:
            pass
        except Exception:
            return {"error": traceback.format_exc(limit=-3), "fits": records}
    return {"fits": records}


def _replacements(records: list[dict[str, Any]]) -> Iterator[Any]:
    import keras
    import pandas as pd

    def fit(self: Any, x: Any = None, y: Any = None, batch_size: Any = None, epochs: int = 1, **others: Any) -> Any:
        others["y"] = y
        records.append(_record(self, x, batch_size, epochs))
        steps = list(range(epochs))
        names = ("loss", "accuracy", "acc", "val_loss", "val_accuracy", "val_acc")
        return SimpleNamespace(history={name: [0.5] * epochs for name in _history(self, names, others)}, epoch=steps)

    def predict(self: Any, x: Any, **_: Any) -> Any:
        return np.zeros((len(x), self.output_shape[-1]))

    yield mock.patch.object(keras.Model, "fit", fit)
    yield mock.patch.object(keras.Model, "predict", predict)
    yield mock.patch.object(keras.Model, "evaluate", lambda *_, **__: [0.1, 0.9])
    for name, shape in _SHAPES.items():
        module = importlib.import_module(f"keras.datasets.{name}")
        yield mock.patch.object(module, "load_data", _loader(shape))
    yield mock.patch.object(pd, "read_csv", _table)
    yield mock.patch.object(builtins, "input", lambda *_: "3")
    yield mock.patch.object(sys, "argv", ["script.py"])
    sklearn = importlib.import_module("sklearn.datasets")
    whole = SimpleNamespace(data=np.zeros((70_000, 784), np.float32), target=np.arange(70_000) % 10)
    yield mock.patch.object(sklearn, "fetch_openml", lambda *_, **__: whole)
    yield mock.patch.dict(sys.modules, {name: _silent(name) for name in ("matplotlib", "matplotlib.pyplot", "seaborn")})
    yield mock.patch.dict(os.environ)


def _history(model: Any, names: tuple[str, ...], others: dict[str, Any]) -> list[str]:
    """The keys that Keras 3 would give the history: the accuracy is called as `compile` named it."""
    metrics = [str(each) for each in (model._compile_metrics._user_metrics or [])] if model._compile_metrics else []
    short = "acc" in metrics
    validated = bool(others.get("validation_data") or others.get("validation_split"))
    return [
        name
        for name in names
        if (validated or not name.startswith("val_")) and not name.endswith("accuracy" if short else "acc")
    ]


def _loader(shape: tuple[int, ...]) -> Callable[[], Any]:
    def load_data(*_: Any, **__: Any) -> Any:
        training = 50_000 if len(shape) == 3 else 60_000
        return tuple(
            (np.zeros((count, *shape), np.uint8), (np.arange(count) % 10).astype(np.uint8))
            for count in (training, 10_000)
        )

    return load_data


def _table(path: str, *_: Any, **__: Any) -> Any:
    import pandas as pd

    labeled = "test" not in path or "fashion" in path
    names = [*(["label"] if labeled else []), *(f"pixel{number}" for number in range(784))]
    return pd.DataFrame(np.arange(2_000)[:, None] % 10 * np.ones(len(names), np.uint8)[None], columns=names)


def _silent(name: str) -> ModuleType:
    """A module in which everything can be called and nothing happens."""
    module = ModuleType(name)
    module.__getattr__ = lambda _: mock.MagicMock()  # type: ignore[method-assign]  # a module's own hook
    return module


def _record(model: Any, x: Any, batch_size: Any, epochs: int) -> dict[str, Any]:
    import keras

    if not model.built:
        first = x[:2] if isinstance(x, np.ndarray) else next(iter(x))[0]
        model(np.asarray(first))
    # of a schedule, where it begins
    rate = keras.ops.convert_to_numpy(model.optimizer.learning_rate)
    loss = keras.losses.get(model.loss)
    return {
        "layers": [_layer(each) for each in _flat(model, keras)],
        "parameters": model.count_params(),
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": float(rate),
        "loss": getattr(loss, "name", None) or loss.__name__,
        "batch_size": batch_size if isinstance(x, np.ndarray) or batch_size else _batch(x),
        "epochs": epochs,
    }


def _batch(x: Any) -> int | None:
    if hasattr(x, "batch_size"):
        return int(x.batch_size)
    return int(next(iter(x))[0].shape[0]) if hasattr(x, "element_spec") else None


def _flat(model: Any, keras: Any) -> Iterator[Any]:
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _flat(layer, keras)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def _plain(value: Any) -> Any:
    """A number of NumPy's as Python's, anything else as a text."""
    return value.item() if isinstance(value, np.generic) else str(value)


def _layer(layer: Any) -> dict[str, Any]:
    return {"class": type(layer).__name__, **_held(json.loads(json.dumps(layer.get_config(), default=_plain)))}


def _held(config: dict[str, Any]) -> dict[str, Any]:
    held = {key: value for key, value in config.items() if key not in _UNHELD}
    for key, value in held.items():
        if isinstance(value, dict) and value.get("class_name") == "function":
            # TensorFlow's own function in place of Keras's
            held[key] = value["config"].removesuffix("_v2")
        elif isinstance(value, dict) and value.get("module") == "keras.layers":
            held[key] = {"class": value["class_name"], **_held(value["config"])}
    return held


if __name__ == "__main__":
    sys.exit(main())
