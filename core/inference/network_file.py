"""Load a network into LiteRT and check that it matches the run's settings."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from core.array_types import Floats
from core.config.layers import LayerRow
from core.errors import UnreadableRun


class NetworkFile:
    """A `.tflite` file with the signature "layers"; thread-safe by a lock, because an interpreter is not.

    Raises UnreadableRun if the file is missing or damaged, or its layers differ from the layer table.
    """

    def __init__(self, path: Path, table: Sequence[LayerRow], weights: Sequence[Floats] = ()) -> None:
        self._weights = {f"w{number}": values for number, values in enumerate(weights)}
        self._shape = table[0].input_shape
        self._lock = threading.Lock()
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise UnreadableRun("runs.file_missing", file=path.name) from None
        except OSError:
            raise UnreadableRun("runs.file_damaged", file=path.name) from None
        # imported late, because most pages do not need it
        from ai_edge_litert.interpreter import Interpreter

        try:
            # one thread, because one digit takes less time than waking a second thread
            self._run = Interpreter(model_content=content, num_threads=1).get_signature_runner("layers")
            inputs = {name: tuple(of["shape_signature"]) for name, of in self._run.get_input_details().items()}
        except Exception:  # a damaged file can raise a dozen different errors
            raise UnreadableRun("runs.file_damaged", file=path.name) from None
        expected = {"image": (-1, *self._shape), **{name: values.shape for name, values in self._weights.items()}}
        if inputs != expected:
            raise UnreadableRun("inference.another_network", file=path.name)
        try:
            blank = np.zeros((1, *self._shape), np.float32)
            found = {name: values.shape[1:] for name, values in self.layers(blank).items()}
        except Exception:
            raise UnreadableRun("runs.file_damaged", file=path.name) from None
        if found != {row.layer.name: row.output_shape for row in table}:
            raise UnreadableRun("inference.another_network", file=path.name)

    def layers(self, images: Floats) -> Mapping[str, Floats]:
        """Every layer's output float32 (n, ...) by name, for images (n, *image_shape)."""
        with self._lock:
            outputs: Mapping[str, Floats] = self._run(image=images.reshape(-1, *self._shape), **self._weights)
        return outputs
