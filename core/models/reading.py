"""Reads a stranger's finished model in a separate process: `python -m core.models.reading FOLDER`.

The folder has the model's file, or the two of an unpacked `.keras`. The process may write no file, and its memory and
time are limited. Keras is not imported.
"""

import contextlib
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import child_process
from core.config.datasets import DataDescription
from core.config.layer import Shape
from core.config.layer_text import layers_text
from core.errors import DigitLabError, UnreadableRun
from core.inference.model_network import FILE, ModelNetwork
from core.models.description import NotOurLayers
from core.models.input_forms import shaped
from core.models.keras_file import description_of, image_shape, stored_arrays, weights_of
from core.models.keras_graph import keras_graph
from core.models.keras_layers import KerasLayers, keras_layers
from core.models.operators import check_model
from core.models.sandbox import ALONE, REFUSED, confine, refusal

TIMEOUT = 60.0
"""Seconds; the largest network takes five."""
_MOST_CLASSES = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundModel:
    """What a model's file says of itself."""

    layers: str | None
    """Its hidden layers as text; None for a network that is not a list of ours and is run as it is."""
    input_shape: tuple[int | None, ...]
    """Without the batch; None for any length."""
    classes: int | None
    """None where only running it tells."""
    logits: bool

    def fits(self, data: DataDescription) -> bool:
        """Whether its input and classes are those of this data."""
        try:
            shaped(self.input_shape, data)
        except UnreadableRun:
            return False
        return self.classes in (None, len(data.classes))

    def is_list_for(self, data: DataDescription) -> bool:
        """Whether our layers can be the whole network, from these images on; raises UnreadableRun for others."""
        return self.layers is not None and shaped(self.input_shape, data).as_layers(data.shape) is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "layers": self.layers,
            "input_shape": list(self.input_shape),
            "classes": self.classes,
            "logits": self.logits,
        }


def read_model(folder: Path, others: Sequence[Path] = (), *, timeout: float = TIMEOUT) -> FoundModel:
    """What is in a model's files; `others` have weights of other epochs, which must be of the same network.

    Raises UnreadableRun, which says in one sentence what was refused.
    """
    folders = [str(each.absolute()) for each in (folder, *others)]
    ended = child_process.run("core.models.reading", *folders, timeout=timeout, changes=ALONE)
    last = (ended.out.splitlines() or [""])[-1]
    if ended.code == 0:
        with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
            return _found(json.loads(last))
    if ended.code == REFUSED:
        raise UnreadableRun(refusal(last))
    _log.warning("reading a model ended with %s:\n%s", ended.code, ended.err[-2_000:])
    raise UnreadableRun("models.too_slow" if ended.code is None else "models.crashed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the model is as the last line and return 0, or 3 after a message that says what was refused."""
    path, *others = map(Path, sys.argv[1:] if arguments is None else arguments)
    confine(60_000_000)
    try:
        print(json.dumps(read(path, others).to_json()), flush=True)
    except DigitLabError as error:
        print(json.dumps(error.message.to_json()), flush=True)
        return REFUSED
    return 0


def read(folder: Path, others: Sequence[Path] = ()) -> FoundModel:
    """As `read_model`, in this process."""
    if (folder / FILE).is_file():
        check_model(folder / FILE)
        network = ModelNetwork(folder / FILE)
        return FoundModel(None, network.input_shape, network.classes, logits=False)
    description = description_of(folder)
    try:
        model = keras_layers(description)
        shape = image_shape(model)
        weights_of(folder, model, shape)
        for other in others:
            _check_other(other, model, shape)
    except NotOurLayers:
        if others:
            raise UnreadableRun("logs.several_models") from None
        graph = keras_graph(description)
        stored_arrays(folder, graph.layers)
        return FoundModel(None, graph.input_shape, graph.classes, logits=False)
    return FoundModel(layers_text(model.hidden), model.input_shape, model.classes, model.logits)


def _check_other(folder: Path, model: KerasLayers, shape: Shape) -> None:
    try:
        weights_of(folder, model, shape)
    except UnreadableRun as error:
        raise UnreadableRun("logs.in_epoch", epoch=int(folder.name), reason=error.message) from None


def _found(values: Any) -> FoundModel:
    """What the other process printed, which a crafted file may have taken over; raises ValueError."""
    shape, classes = tuple(values["input_shape"]), values["classes"]
    sound = isinstance(values["layers"], str | None) and isinstance(values["logits"], bool)
    sound = sound and 1 <= len(shape) <= 4 and all(side is None or type(side) is int for side in shape)
    if not sound or not (classes is None or (type(classes) is int and 0 < classes < _MOST_CLASSES)):
        raise ValueError(values)
    return FoundModel(values["layers"], shape, classes, values["logits"])


if __name__ == "__main__":
    sys.exit(main())
