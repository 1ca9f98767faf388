"""Load a network into LiteRT and check that it matches the run's settings."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from core.array_types import Floats
from core.config.layers import IMAGE_SHAPE, LayerRow
from core.errors import UnreadableRun


class NetworkFile:
    """A `.tflite` file with the signature "layers"; thread-safe by a lock, because an interpreter is not.

    Raises UnreadableRun if the file is missing or damaged, or its layers differ from the layer table.
    """

    def __init__(self, path: Path, table: Sequence[LayerRow], weights: Sequence[Floats] = ()) -> None:
        self._weights = {f"w{number}": values for number, values in enumerate(weights)}
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
        expected = {"image": (-1, *IMAGE_SHAPE), **{name: values.shape for name, values in self._weights.items()}}
        if inputs != expected:
            raise UnreadableRun("inference.another_network", file=path.name)
        try:
            found = {name: values.shape[1:] for name, values in self.layers(np.zeros((1, 28, 28), np.float32)).items()}
        except Exception:
            raise UnreadableRun("runs.file_damaged", file=path.name) from None
        if found != {row.layer.name: row.output_shape for row in table}:
            raise UnreadableRun("inference.another_network", file=path.name)

    def layers(self, images: Floats) -> Mapping[str, Floats]:
        """Every layer's output float32 (n, ...) by name, for images (n, 28, 28)."""
        with self._lock:
            outputs: Mapping[str, Floats] = self._run(image=images[..., None], **self._weights)
        return outputs
