"""Changes a script's syntax tree for Keras 3 and keeps everything else as it is written."""

from collections.abc import Callable

import libcst as cst

from core.tutorials.names import constructor, layer_name
from core.tutorials.optimizers import OLD_RATES, TENSORFLOW_1
from core.tutorials.rewriting.modules import RENAMED, moved, tensorflow_2
from core.tutorials.rewriting.syntax import (
    dotted,
    from_dotted,
    holds,
    last_name,
    last_renamed,
    shared,
)
from core.tutorials.rewriting.training_calls import TrainingCalls

_GENERATORS = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
_TRAINS = {"fit", "evaluate", "predict", *_GENERATORS}
_NUMPY = {"float": "float", "int": "int", "bool": "bool", "object": "object", "str": "str"}
_STRINGS = {"adadelta": "Adadelta", "adagrad": "Adagrad", "nadam": "Nadam", "adamax": "Adamax"}
_INPUTS = {"input": "inputs", "output": "outputs"}
_MERGES = {"sum": "add", "concat": "concatenate", "mul": "multiply", "ave": "average", "max": "maximum", "dot": "dot"}
_BACKEND = {"set_image_dim_ordering", "image_dim_ordering", "set_image_data_format"}


class ForKeras3(TrainingCalls):
    """Rewrites one script; `changes` says why."""

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:  # noqa: N802
        written = dotted(updated_node)
        if not written:
            return self._respelt_method(original_node, updated_node)
        first, _, rest = written.partition(".")
        path = self._aliases.get(first, first)
        if path in ("numpy", "np") and rest in _NUMPY:
            self._say(original_node, "numpy", name=rest)
            return cst.Name(_NUMPY[rest])
        if path == "tensorflow" and (new := self._optimizer_of(rest) or tensorflow_2(rest)):
            self._say(original_node, "module", old=written, new=f"{first}.{new}")
            return cst.parse_expression(f"{first}.{new}")
        root = "tf" if path == "tensorflow" else path
        if path in ("keras", "tensorflow") and (new := moved(f"{root}.{rest}")) and new.startswith(root):
            self._say(original_node, "module", old=written, new=first + new.removeprefix(root))
            return cst.parse_expression(first + new.removeprefix(root))
        if path.startswith(("keras.", "tensorflow.")) and (new := moved(f"{path}.{rest}")):
            # `from keras import layers` and `layers.core.Dense`
            short = moved(path) or path
            if new.startswith(f"{short}.") and first + new.removeprefix(short) != written:
                self._say(original_node, "module", old=written, new=first + new.removeprefix(short))
                return cst.parse_expression(first + new.removeprefix(short))
        return self._respelt_method(original_node, updated_node)

    def _optimizer_of(self, rest: str) -> str | None:
        """Keras's optimizer for one of TensorFlow 1, unless the script trains with TensorFlow 1 itself."""
        kind = TENSORFLOW_1.get(rest.removeprefix("compat.v1.").removeprefix("train."))
        own = any(".minimize(" in line for line in self._lines)
        return f"keras.optimizers.{kind}" if kind and "train." in rest and not own else None

    def _respelt_method(self, original: cst.Attribute, updated: cst.Attribute) -> cst.Attribute:
        name = updated.attr.value
        if name == "lr" and last_name(updated.value) == "optimizer":
            self._say(original, "renamed", old="lr", new="learning_rate")
            return updated.with_changes(attr=cst.Name("learning_rate"))
        if better := self.facts.meant.get((self._line(original.attr), name)):
            self._say(original, "misspelt", name=name, meant=better)
            return updated.with_changes(attr=cst.Name(better))
        return updated

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802 LibCST's names
        name = updated_node.value
        if name not in self._aliases and (better := self.facts.meant.get((self._line(original_node), name))):
            self._say(original_node, "misspelt", name=name, meant=better)
            return updated_node.with_changes(value=better)
        if updated_node.value == "xrange":
            self._say(original_node, "python_2", old="xrange", new="range")
            return cst.Name("range")
        if updated_node.value == "raw_input":
            self._say(original_node, "python_2", old="raw_input", new="input")
            return cst.Name("input")
        return updated_node

    def leave_SimpleString(  # noqa: N802 LibCST's names
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        value = updated_node.raw_value
        if new := self._file(value):
            self._say(original_node, "file", old=value, new=new)
            return updated_node.with_changes(value=updated_node.value.replace(value, new))
        kind = _STRINGS.get(value.lower())
        if kind and value in self.facts.optimizers and not self._comparing:
            self._say(original_node, "rate", optimizer=kind, rate=OLD_RATES[kind])
            self._inserted.add("keras")
            return cst.parse_expression(f"keras.optimizers.{kind}(learning_rate={OLD_RATES[kind]})")
        if better := self.facts.meant.get((self._line(original_node), value)):
            self._say(original_node, "misspelt", name=value, meant=better)
            return updated_node.with_changes(value=updated_node.value.replace(value, better))
        return updated_node

    def _file(self, value: str) -> str | None:
        """The name that Keras 3 takes for a file's name or the end of one."""
        for old, new in self.facts.files.items():
            if value == old:
                return new
            ending = old.removeprefix(shared(old, new))
            if len(value) > 3 and ending and old.endswith(value) and value.endswith(ending):
                return value.removesuffix(ending) + new.removeprefix(shared(old, new))
        return None

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.Subscript:  # noqa: N802
        if isinstance(updated_node.value, cst.Attribute) and updated_node.value.attr.value == "ix":
            # by place or by name: pandas has one for each now
            named = any(holds(each, cst.SimpleString) for each in updated_node.slice)
            self._say(original_node, "renamed", old="ix", new="loc" if named else "iloc")
            owner = updated_node.value.with_changes(attr=cst.Name("loc" if named else "iloc"))
            updated_node = updated_node.with_changes(value=owner)
        if self.facts.accuracy_key and len(updated_node.slice) == 1:
            index = updated_node.slice[0].slice
            if isinstance(index, cst.Index) and (new := self._accuracy(index.value, original_node)):
                element = updated_node.slice[0].with_changes(slice=index.with_changes(value=new))
                return updated_node.with_changes(slice=[element])
        if self.facts.rotated and len(updated_node.slice) == 4 and self._place(original_node) in self.facts.rotations:
            self._say(original_node, "rotated")
            parts = [each.slice for each in updated_node.slice]
            turned = [parts[0], parts[2], parts[3], parts[1]]
            elements = [each.with_changes(slice=part) for each, part in zip(updated_node.slice, turned, strict=True)]
            return updated_node.with_changes(slice=elements)
        return updated_node

    def visit_Comparison(self, node: cst.Comparison) -> None:  # noqa: N802, ARG002 LibCST's names
        self._comparing += 1

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802 LibCST's names
        path = self._path(original_node.func)
        name = path.rpartition(".")[2] or last_name(original_node.func)
        kind = layer_name(self.facts.meant.get((self._line(original_node), name), name))
        if self.facts.accuracy_key and isinstance(original_node.func, cst.Name) and name in self.facts.functions:
            updated_node = self._each_argument(updated_node, lambda arg: self._accuracy_argument(arg, original_node))
        if kind and (name[:1].isupper()):
            return self._layer(kind, name, original_node, updated_node)
        if name in _BACKEND:
            return self._backend(name, original_node, updated_node)
        if name in _TRAINS and isinstance(original_node.func, cst.Attribute):
            return self._trains(name, original_node, updated_node)
        optimizer = RENAMED.get(name, name)
        if constructor("optimizers", optimizer) and (
            "optimizers" in path or name in self._aliases or name[:1].isupper()
        ):
            return self._optimizer(optimizer, original_node, updated_node)
        for names, rule in self._rules():
            if name in names:
                return rule(name, original_node, updated_node)
        return updated_node

    def _rules(self) -> tuple[tuple[set[str], Callable[[str, cst.Call, cst.Call], cst.BaseExpression]], ...]:
        return (
            ({"predict_classes", "predict_proba"}, self._predicts),
            ({"compile"}, self._compiles),
            ({"reshape", "resize", "expand_dims"}, self._shapes),
            ({"to_categorical"}, lambda _, o, u: self._keywords(o, u, {"nb_classes": "num_classes"})),
            ({"Model"}, lambda _, o, u: self._keywords(o, u, _INPUTS)),
            ({"EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint", "TensorBoard"}, self._callback),
            ({"as_matrix"}, self._as_matrix),
            ({"display"}, self._displays),
            ({"int_shape"}, self._int_shape),
            ({"reset_states"}, self._resets),
            ({"merge"}, self._merges),
            ({"set_value", "get_value", "set_session"}, self._of_session),
            ({"l2", "l1"}, lambda _, o, u: self._keywords(o, u, {"l": last_name(o.func)})),
            ({"maxnorm", "MaxNorm"}, lambda _, o, u: self._keywords(o, u, {"m": "max_value"})),
        )

    def _backend(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if name == "image_dim_ordering":
            self._say(original, "dim_ordering")
            return node.with_changes(func=last_renamed(node.func, "image_data_format"))
        value = node.args[0].value if node.args else None
        if isinstance(value, cst.SimpleString) and value.raw_value in ("th", "tf", "channels_first"):
            self._say(original, "channels_last" if value.raw_value != "tf" else "dim_ordering")
            word = value.with_changes(value=value.value.replace(value.raw_value, "channels_last"))
            func = last_renamed(node.func, "set_image_data_format")
            return node.with_changes(func=func, args=[node.args[0].with_changes(value=word)])
        return node

    def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> cst.Comparison:  # noqa: N802
        """`K.image_dim_ordering() == "th"` compares with another word now."""
        self._comparing -= 1
        if last_name(getattr(original_node.left, "func", original_node.left)) != "image_dim_ordering":
            return updated_node
        words = {"th": "channels_first", "tf": "channels_last"}
        targets = []
        for each in updated_node.comparisons:
            word = each.comparator
            if isinstance(word, cst.SimpleString) and word.raw_value in words:
                new = word.with_changes(value=word.value.replace(word.raw_value, words[word.raw_value]))
                each = each.with_changes(comparator=new)
            targets.append(each)
        return updated_node.with_changes(comparisons=targets)

    def _int_shape(self, _: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if len(node.args) != 1 or "backend" not in self._path(original.func):
            return node
        self._say(original, "renamed", old="int_shape", new="shape")
        return cst.Attribute(node.args[0].value, cst.Name("shape"))

    def _of_session(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        """What Keras did with TensorFlow 1's session, and variables do themselves now."""
        first = node.args[0].value if node.args else None
        if first is None or "backend" not in self._path(original.func):
            return node
        if name == "set_session":
            self._say(original, "session", name=name)
            return first
        new = "assign" if name == "set_value" else "numpy"
        self._say(original, "renamed", old=name, new=new)
        return node.with_changes(func=cst.Attribute(first, cst.Name(new)), args=node.args[1:])

    def _merges(self, _: str, original: cst.Call, node: cst.Call) -> cst.Call:
        """Keras 1's one function for all ways to join branches."""
        given = {arg.keyword.value: arg.value for arg in node.args if arg.keyword}
        mode = given.get("mode")
        function = _MERGES.get(mode.raw_value) if isinstance(mode, cst.SimpleString) else None
        if "layers" not in self._path(original.func) or function is None:
            return node
        self._say(original, "renamed", old="merge", new=function)
        self._inserted.add("keras")
        node = self._keywords(original, node, {"mode": None, "output_shape": None, "concat_axis": "axis"})
        return node.with_changes(func=from_dotted(f"keras.layers.{function}"))

    def _displays(self, _: str, original: cst.Call, node: cst.Call) -> cst.Call:
        """What only a notebook has without an import."""
        own = "display" in self._aliases or "display" in self.facts.functions
        if own or not isinstance(original.func, cst.Name):
            return node
        self._say(original, "display", old="display", new="print")
        return node.with_changes(func=cst.Name("print"))

    def _resets(self, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        if not isinstance(original.func, cst.Attribute) or name in self.facts.functions:
            return node
        self._say(original, "renamed", old="reset_states", new="reset_state")
        return node.with_changes(func=last_renamed(node.func, "reset_state"))

    def _as_matrix(self, _: str, original: cst.Call, node: cst.Call) -> cst.Call:
        self._say(original, "renamed", old="as_matrix", new="to_numpy")
        return node.with_changes(func=last_renamed(node.func, "to_numpy"), args=[])
