"""Keras's layers, by the names and arguments of every version."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials.keras_networks import KerasNetworks
from core.tutorials.layers import Unfit, read_layer
from core.tutorials.names import known_names, layer_name, meant
from core.tutorials.notes import Notes
from core.tutorials.values import Symbol
from core.tutorials.versions import Version


class KerasLayers(KerasNetworks):
    """Layers as Keras 3 has them, and activations that are called as functions."""

    def __init__(self, notes: Notes, version: Version) -> None:
        super().__init__(notes)
        self.version = version
        self.strided: set[int] = set()
        """Lines of the layers whose third argument is the strides, where the script's version took it otherwise."""

    def _layer(self, name: str, given: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        line = getattr(node, "lineno", 0)
        if layer_name(name) is None:
            better = meant(name, known_names()) if name[:1].isupper() else None
            if better and better != name and layer_name(better):
                self.notes.guess(Message("tutorials.misspelt", name=name, meant=better), line)
                name = better
            elif not name[:1].isupper():
                return self.unknown(node, Message("tutorials.outside", name=name))
        apart = name.startswith("Convolution") or self.version.rows_apart
        if apart and self.version.number == 2 and (sizes := _two_sizes(name, given)):
            # Keras 2 still took Keras 1's two sizes, but a second one this small was most likely meant as the strides
            apart = sizes[0] == sizes[1] or sizes[1] > 2
            self._note_kernel(name, given, apart=apart, line=line)
        try:
            layer, guesses = read_layer(name, given, named, line, rows_apart=apart)
        except Unfit as unfit:
            return self.unknown(node, unfit.why)
        for each in guesses:
            self.notes.guess(each, line)
        if layer.input_shape is not None and not isinstance(layer.input_shape, tuple):
            self.notes.unread(Message("tutorials.shape_unknown"), line)
        return layer

    def _note_kernel(self, name: str, given: Sequence[Any], *, apart: bool, line: int) -> None:
        first, second = given[1:3]
        kernel, strides = (f"{first}×{second}", 1) if apart else (f"{first}×{first}", second)
        written = f"{name}({given[0] if isinstance(given[0], int) else '…'}, {first}, {second})"
        self.notes.guess(Message("tutorials.kernel_or_strides", written=written, kernel=kernel, strides=strides), line)
        if not apart:
            self.strided.add(line)

    def _function_layer(self, name: str, path: str, tensor: Symbol, node: ast.AST) -> Symbol:
        """An activation that is called as a function, as the layer that does the same."""
        line = getattr(node, "lineno", 0)
        layer, _ = read_layer("Activation", (name,), {}, line, rows_apart=False)
        called = path.replace("tensorflow.", "tf.", 1)
        self.notes.guess(Message("tutorials.function_layer", name=called, layer=layer.kind), line)
        return Symbol((*tensor.layers, layer), tensor.shape, tensor.branches)


def _two_sizes(name: str, given: Sequence[Any]) -> tuple[int, int] | None:
    """The two whole numbers after a convolution's filters, if it was given some."""
    convolves = name in ("Conv2D", "SeparableConv2D", "Conv2DTranspose")
    sizes = tuple(given[1:3])
    return sizes if convolves and len(sizes) == 2 and all(type(each) is int for each in sizes) else None
