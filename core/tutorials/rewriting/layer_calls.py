"""Layers and shapes as Keras 3 takes them."""

from collections.abc import Callable, Mapping

import libcst as cst

from core.tutorials.layers import OLD_POOL_SIZES, old_name
from core.tutorials.names import constructor
from core.tutorials.rewriting.imports import Imports
from core.tutorials.rewriting.syntax import equal_sign, negative_one, number_of, pair_of, rotated, without_batch


class LayerCalls(Imports):
    """Rewrites the arguments of layers, and shapes that have the channels first."""

    def _each_argument(self, node: cst.Call, change: Callable[[cst.Arg], cst.Arg | None]) -> cst.Call:
        args = [changed for arg in node.args if (changed := change(arg)) is not None]
        if args and len(args) < len(node.args):
            last, before = args[-1], node.args[-1]
            args[-1] = last.with_changes(
                comma=before.comma, whitespace_after_arg=before.whitespace_after_arg
            )  # the last argument keeps how the call ends
        return node.with_changes(args=args)

    def _keywords(self, original: cst.Call, node: cst.Call, names: Mapping[str, str | None]) -> cst.Call:
        """The call with keyword arguments renamed, or left out where the new name is None."""

        def change(arg: cst.Arg) -> cst.Arg | None:
            if arg.keyword is None or arg.keyword.value not in names:
                return arg
            new = names[arg.keyword.value]
            if new is None:
                self._say(original, "gone", name=arg.keyword.value)
                return None
            self._say(original, "argument", old=arg.keyword.value, new=new)
            return arg.with_changes(keyword=cst.Name(new))

        return self._each_argument(node, change)

    def _layer(self, kind: str, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        table = constructor("layers", kind) or {}
        line = self._line(original)
        renames: dict[str, str | None] = {}
        for arg in node.args:
            key = arg.keyword.value if arg.keyword else ""
            if not key or key in table or key in ("input_shape", "input_dim", "name", "trainable", "dtype"):
                continue
            if better := self.facts.meant.get((line, key)):
                renames[key] = better
            elif key in ("mode", "input_length", "W_learning_rate", "weights"):
                renames[key] = None
            elif key == "batch_input_shape":
                renames[key] = "input_shape"
            elif (new := old_name(kind, key)) != key:
                renames[key] = new
        batched = "batch_input_shape" in renames
        node = self._keywords(original, node, renames)
        if batched:
            node = self._each_argument(node, without_batch)
        node = self._pool_size(kind, original, self._kernel(kind, name, original, node))
        node = self._each_argument(node, lambda arg: self._own_softmax(arg, original))
        return self._each_argument(node, lambda arg: self._last_channels(kind, arg, original))

    def _pool_size(self, kind: str, original: cst.Call, node: cst.Call) -> cst.Call:
        """The call with the pool size that earlier versions took by default."""
        given = any(arg.star or arg.keyword is None or arg.keyword.value == "pool_size" for arg in node.args)
        if kind not in OLD_POOL_SIZES or given:
            return node
        size = str(OLD_POOL_SIZES[kind])
        self._say(original, "pool_size", layer=kind, size=size)
        first = cst.Arg(cst.parse_expression(size), keyword=cst.Name("pool_size"), equal=equal_sign())
        return node.with_changes(args=[first, *node.args])

    def _own_softmax(self, arg: cst.Arg, original: cst.Call) -> cst.Arg:
        """TensorFlow's softmax by Keras's name: a saved network with TensorFlow's cannot be loaded."""
        if self._path(arg.value) != "tensorflow.nn.softmax":
            return arg
        self._say(original, "softmax")
        return arg.with_changes(value=cst.SimpleString("'softmax'"))

    def _kernel(self, kind: str, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        """The call with a kernel's rows and columns in one argument."""
        keys = {arg.keyword.value: arg for arg in node.args if arg.keyword}
        if {"nb_row", "nb_col"} <= keys.keys():
            self._say(original, "kernel")
            both = pair_of(keys["nb_row"].value, keys["nb_col"].value)
            return self._each_argument(
                node,
                lambda arg: (
                    None
                    if arg.keyword and arg.keyword.value == "nb_col"
                    else arg.with_changes(keyword=cst.Name("kernel_size"), value=both)
                    if arg.keyword and arg.keyword.value == "nb_row"
                    else arg
                ),
            )
        first = [arg for arg in node.args if arg.keyword is None and not arg.star]
        apart = self.facts.rows_apart and self._line(original) not in self.facts.strided
        apart = apart or name.startswith("Convolution")
        if kind in ("Conv2D", "SeparableConv2D", "Conv2DTranspose") and apart and len(first) >= 3:
            if any(isinstance(arg.value, cst.Tuple | cst.List | cst.SimpleString) for arg in first[1:3]):
                return node
            self._say(original, "kernel")
            rows, columns = first[1], first[2]
            args = [
                arg.with_changes(value=pair_of(rows.value, columns.value), comma=columns.comma) if arg is rows else arg
                for arg in node.args
                if arg is not columns
            ]
            return node.with_changes(args=args)
        return node

    def _last_channels(self, kind: str, arg: cst.Arg, original: cst.Call) -> cst.Arg:
        key = arg.keyword.value if arg.keyword else ""
        if key == "data_format" and isinstance(arg.value, cst.SimpleString):
            new = {"th": "channels_last", "tf": "channels_last", "channels_first": "channels_last"}.get(
                arg.value.raw_value
            )
            if new:
                self._say(original, "channels_last")
                return arg.with_changes(
                    value=arg.value.with_changes(value=arg.value.value.replace(arg.value.raw_value, new))
                )
        if kind == "BatchNormalization" and key == "axis" and self.facts.rotated and number_of(arg.value) == 1:
            self._say(original, "channels_last")
            return arg.with_changes(value=negative_one())
        return arg

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.Tuple:  # noqa: N802 LibCST's names
        # a tuple begins with its bracket for `ast`, and after it for LibCST
        start = original_node.lpar[0] if original_node.lpar else original_node
        if self.facts.rotated and self._place(start) in self.facts.rotations and len(updated_node.elements) >= 3:
            self._say(original_node, "rotated")
            return updated_node.with_changes(elements=rotated(updated_node.elements))
        return updated_node

    def _new_shape(self, arg: cst.Arg, node: cst.Call, original: cst.Call) -> cst.Arg:
        """A new shape by its place, where any NumPy takes it: the argument's name has changed."""
        if arg.keyword is None or arg.keyword.value != "newshape" or arg is not node.args[1]:
            return arg
        self._say(original, "argument", old="newshape", new="shape")
        return arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)

    def _shapes(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if name == "reshape":
            node = self._each_argument(node, lambda arg: self._new_shape(arg, node, original))
        if not self.facts.rotated or self._place(original) not in self.facts.rotations:
            return node
        if name == "expand_dims":
            self._say(original, "rotated")
            last = node.args[-1].with_changes(value=negative_one())
            return node.with_changes(args=[*node.args[:-1], last])
        if len(node.args) < 3:
            return node
        self._say(original, "rotated")
        values = [arg.value for arg in node.args]
        turned = [*values[:-3], values[-2], values[-1], values[-3]]
        return node.with_changes(
            args=[arg.with_changes(value=value) for arg, value in zip(node.args, turned, strict=True)]
        )
