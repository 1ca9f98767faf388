"""Networks as a script builds them: layer by layer, in a list, or as a chain of tensors."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import Message
from core.tutorials.calls import Calls
from core.tutorials.evaluator import is_channels_first
from core.tutorials.layers import Unfit
from core.tutorials.names import layer_name
from core.tutorials.networks import flattened
from core.tutorials.notes import Notes
from core.tutorials.shapes import follow
from core.tutorials.values import Class, Instance, Layer, Made, Network, Symbol, Unknown


class KerasNetworks(Calls):
    """`Sequential`, `Model` and layers that are called with tensors."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes)
        self.networks: list[Network] = []

    def _sequential(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Network:
        network = Network(node.lineno)
        self.networks.append(network)
        layers = given[0] if given else named.get("layers")
        if isinstance(layers, Unknown):
            network.problem = layers
        for layer in layers if isinstance(layers, list | tuple) else []:
            self._add(network, layer, node)
        return network

    def _add(self, network: Network, layer: Any, node: ast.AST) -> None:
        match layer:
            case Unknown():
                network.problem = network.problem or layer
            case Symbol((), shape):
                network.input_shape = shape
            case Layer() | Network():
                if not network.layers and isinstance(layer, Layer) and layer.input_shape is not None:
                    network.input_shape = layer.input_shape
                network.layers.append(layer)
            case Instance(kind=kind):
                network.problem = self.unknown(node, Message("tutorials.own_layer", name=kind.name))
            case Class(name=name):
                network.problem = self.unknown(node, Message("tutorials.own_layer", name=name))
            case Made(path) if layer_name(path.rpartition(".")[2]) is None:
                network.problem = self.unknown(node, Message("tutorials.own_layer", name=path.rpartition(".")[2]))
            case _:
                network.problem = self.unknown(node, Message("tutorials.no_such_layer"))

    def _functional(self, given: Sequence[Any], named: Mapping[str, Any], node: ast.Call) -> Network:
        network = Network(node.lineno)
        self.networks.append(network)
        start = named.get("inputs", named.get("input", given[0] if given else None))
        end = named.get("outputs", named.get("output", given[1] if len(given) > 1 else None))
        several = [each for each in (start, end) if isinstance(each, list | tuple) and len(each) > 1]
        start, end = (each[0] if isinstance(each, list | tuple) and each else each for each in (start, end))
        if several:
            network.problem = self.unknown(node, Message("tutorials.several_inputs"))
        elif isinstance(end, Unknown):
            network.problem = end
        elif not isinstance(end, Symbol) or not isinstance(start, Symbol):
            network.problem = self.unknown(node, Message("tutorials.not_constant"))
        elif end.branches:
            network.problem = self.unknown(node, Message("tutorials.branches"))
        else:
            skipped = len(start.layers) if end.layers[: len(start.layers)] == start.layers else 0
            network.layers = list(end.layers[skipped:])
            network.input_shape = start.shape
        return network

    def _merged(self, tensors: Sequence[Any]) -> Any:
        for each in tensors:
            if isinstance(each, Unknown):
                return each
        found = [each for each in tensors if isinstance(each, Symbol)]
        return Symbol(found[0].layers if found else (), None, branches=True)

    def apply(self, layer: Any, to: Any, node: ast.AST) -> Any:
        if isinstance(to, Unknown):
            return to
        if isinstance(to, list):
            return self._merged(to)
        if isinstance(layer, Network) and layer.problem is not None:
            return layer.problem
        if not isinstance(to, Symbol) or isinstance(layer, Made):
            return self.unknown(node, Message("tutorials.not_constant"))
        return Symbol((*to.layers, layer), to.shape, to.branches)

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        match owner:
            case Symbol(layers=layers, shape=shape) if name == "shape":
                return self._shape_after(layers, shape, node)
            case Network(layers=layers, input_shape=shape) if name in ("output_shape", "input_shape"):
                return self._shape_after(layers if name == "output_shape" else (), shape, node)
        return super().attribute(owner, name, node)

    def _shape_after(self, layers: Sequence[Any], shape: Any, node: ast.AST) -> Any:
        """The shape of a batch that has gone through layers."""
        unknown = self.unknown(node, Message("tutorials.not_constant"))
        flat = list(flattened(layers))
        whole = isinstance(shape, tuple | list) and all(isinstance(side, int) for side in shape)
        if not whole or not all(isinstance(each, Layer) for each in flat):
            return (None, *shape) if isinstance(shape, tuple | list) and not flat else unknown
        if flat and is_channels_first(shape):
            return unknown
        try:
            for layer in flat:
                shape, _ = follow(layer, shape)
        except Unfit:
            return unknown
        return (None, *shape)
