"""A finished model's `.tflite` file, run as it is: from images to the probabilities of the classes."""

import threading
from pathlib import Path
from typing import Any

import numpy as np

from core.array_types import Floats
from core.errors import UnreadableRun
from core.runs.model_file import InputForm, Outputs, log_probabilities

FILE = "model.tflite"


class ModelNetwork:
    """A network with one input and one output, whatever their numbers' types; thread-safe by a lock.

    Raises UnreadableRun if the file is missing or cannot be run.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            content = path.read_bytes()
        except OSError:
            raise UnreadableRun("runs.file_missing", file=path.name) from None
        # imported late, because most pages do not need it
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            (self._input,) = self._interpreter.get_input_details()
            (self._output,) = self._interpreter.get_output_details()
            signature = [int(side) for side in self._input["shape_signature"]]
            self.input_shape: tuple[int | None, ...] = tuple(side if side > 0 else None for side in signature[1:])
            self._any_batch = signature[0] < 1
            self._prepared = -1
            self._prepare(1)
            self.classes = int(np.prod(self._output["shape"]))
        except Exception:  # a damaged file can raise a dozen different errors
            raise UnreadableRun("runs.file_damaged", file=path.name) from None

    def __call__(self, values: Floats) -> Floats:
        """The output float32 (n, classes) for input float32 (n, *shape)."""
        step = len(values) if self._any_batch else 1
        pieces = [self._answered(values[at : at + step]) for at in range(0, len(values), max(step, 1))]
        return np.concatenate(pieces) if pieces else np.empty((0, self.classes), np.float32)

    def _answered(self, values: Floats) -> Floats:
        with self._lock:
            self._prepare(len(values), values.shape[1:])
            self._interpreter.set_tensor(self._input["index"], _stored(values, self._input))
            self._interpreter.invoke()
            found = self._interpreter.get_tensor(self._output["index"])
        scale, zero = self._output["quantization"]
        real = (found.astype(np.float32) - zero) * scale if scale else found.astype(np.float32)
        answers: Floats = real.reshape(len(values), -1)
        return answers

    def _prepare(self, count: int, shape: tuple[int, ...] = ()) -> None:
        if self._prepared == count:
            return
        if self._any_batch:
            sides = shape or tuple(side or 1 for side in self.input_shape)
            self._interpreter.resize_tensor_input(self._input["index"], [count, *sides])
        self._interpreter.allocate_tensors()
        self._prepared = count
        (self._output,) = self._interpreter.get_output_details()


def _stored(values: Floats, details: Any) -> np.ndarray:
    """Real numbers as the network's input has them: quantized, or as they are."""
    kind, (scale, zero) = details["dtype"], details["quantization"]
    if kind == np.float32:
        return np.ascontiguousarray(values, np.float32)
    limits = np.iinfo(kind)
    found: np.ndarray = np.clip(np.round(values / (scale or 1.0) + zero), limits.min, limits.max).astype(kind)
    return found


class ModelReader:
    """A finished model and the form in which it takes images."""

    BATCH = 250

    def __init__(self, network: ModelNetwork, form: InputForm, outputs: Outputs) -> None:
        self._network, self._form, self._outputs = network, form, outputs

    def log_probabilities(self, images: Floats) -> Floats:
        """Of the classes, float32 (n, classes), for images float32 (n, height, width, channels) in 0..1."""
        batches = [images[at : at + self.BATCH] for at in range(0, len(images), self.BATCH)]
        answers = [log_probabilities(self._network(self._form(batch)), self._outputs) for batch in batches]
        return np.concatenate(answers) if answers else np.empty((0, self._network.classes), np.float32)
