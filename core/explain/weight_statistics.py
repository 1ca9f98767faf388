"""How training changed each layer's weights, and how active its units are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.array_types import Bytes, Doubles, Floats
from core.config.layers import Activation, LayerRow
from core.explain.forward import outputs, table_of
from core.runs.folder import RunFolder
from core.runs.weight_arrays import weights_by_layer

DIGITS = 1_000
"""Number of test digits for measuring the activity of units."""

KEPT = 64
"""Outputs kept per layer and digit, drawn at random: 64,000 in total show the same distribution as millions."""

BINS = 40
_TAIL = 99.9
"""Percentile that limits a histogram's axis; the few values beyond are counted in the end bins."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """A layer's outputs on test digits: a sample float32 (n,), and the share of all outputs that are exactly 0.

    `silent` counts the units that were 0 for every digit and position; None if the activation is not ReLU.
    """

    sample: Floats
    zeros: float
    units: int
    silent: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Shares of values per bin, float64 (BINS,), between edges (BINS + 1,), for the epoch and the untrained network."""

    edges: Doubles
    now: Doubles
    untrained: Doubles


def learning_layers(table: Sequence[LayerRow]) -> dict[str, LayerRow]:
    """Convolutions and dense layers by name, each with the layer that produces its output.

    That is the layer itself, or the activation after its batch normalization.
    """
    found: dict[str, LayerRow] = {}
    name = ""
    for row in table:
        if any("kernel" in weight for weight in row.weights):
            name = row.layer.name
            found[name] = row
        elif isinstance(row.layer, Activation) and name:
            found[name] = row
    return found


def kernels(weights: Mapping[str, Sequence[Floats]], table: Sequence[LayerRow]) -> dict[str, Floats]:
    """The kernels of each convolution and dense layer, in one row; see `weights_by_layer`."""
    found = {}
    for row in table:
        named = zip(row.weights, weights[row.layer.name], strict=True)
        if parts := [values.ravel() for name, values in named if "kernel" in name]:
            found[row.layer.name] = np.concatenate(parts)
    return found


def moved(folder: RunFolder, epoch: int) -> dict[str, float]:
    """Distance of each layer's weights from the untrained ones, relative to the norm of those: ‖w − w₀‖ / ‖w₀‖.

    Raises UnreadableRun if either epoch's weights are missing.
    """
    table = table_of(folder)
    first = kernels(weights_by_layer(folder.weights(0), table), table)
    now = kernels(weights_by_layer(folder.weights(epoch), table), table)
    return {name: float(np.linalg.norm(now[name] - start) / np.linalg.norm(start)) for name, start in first.items()}


def activity(folder: RunFolder, epoch: int, images: Bytes) -> dict[str, Activity]:
    """Activity of each convolution and dense layer on images uint8 (n, *image_shape); raises UnreadableRun."""
    layers = learning_layers(table_of(folder))
    random = np.random.default_rng(0)
    samples: dict[str, list[Floats]] = {name: [] for name in layers}
    zeros, counted = dict.fromkeys(layers, 0), dict.fromkeys(layers, 0)
    awake = {name: np.zeros(row.output_shape[-1], bool) for name, row in layers.items()}
    for batch in outputs(folder, epoch, images):
        for name, row in layers.items():
            values = batch[row.layer.name]
            by_unit = values.reshape(-1, values.shape[-1])
            awake[name] |= (by_unit > 0).any(axis=0)
            zeros[name] += values.size - int(np.count_nonzero(values))
            counted[name] += values.size
            samples[name].append(values.ravel()[random.integers(values.size, size=KEPT * len(values))])
    return {
        name: Activity(
            sample=np.concatenate(samples[name]),
            zeros=zeros[name] / counted[name],
            units=len(awake[name]),
            silent=int((~awake[name]).sum()) if getattr(row.layer, "activation", "") == "relu" else None,
        )
        for name, row in layers.items()
    }


def histogram(now: Floats, untrained: Floats) -> Histogram:
    """Histograms over the same bins, with 0 at an edge; values float32 of any shape, without NaN."""
    both = [values.ravel() for values in (now, untrained) if values.size]
    ends = [np.percentile(values, [100 - _TAIL, _TAIL]) for values in both]
    low = min((float(end[0]) for end in ends), default=0.0)
    high = max((float(end[1]) for end in ends), default=0.0)
    if low >= 0:
        low, high = 0.0, high or 1.0
    else:
        high = max(high, -low)
        low = -high
    edges = np.linspace(low, high, BINS + 1)
    return Histogram(edges, _shares(now, edges), _shares(untrained, edges))


def _shares(values: Floats, edges: Doubles) -> Doubles:
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    return counts / max(values.size, 1)
