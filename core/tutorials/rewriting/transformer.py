"""Changes a script's syntax tree for Keras 3 and keeps everything else as it is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

import libcst as cst
from libcst.metadata import PositionProvider

from core.text import Message
from core.tutorials.layers import old_name
from core.tutorials.names import USUAL, constructor, home, layer_name
from core.tutorials.optimizers import OLD_RATES
from core.tutorials.rewriting.changes import Changes
from core.tutorials.rewriting.facts import Facts
from core.tutorials.rewriting.modules import RENAMED, is_keras, moved

_FIT_GONE = {
    "show_accuracy",
    "workers",
    "use_multiprocessing",
    "max_queue_size",
    "nb_worker",
    "pickle_safe",
    "max_q_size",
}
_FIT_NAMES = {"nb_epoch": "epochs", "nb_val_samples": "validation_steps", "generator": "x", "val_samples": "steps"}
_GENERATORS = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
_TRAINS = {"fit", "evaluate", "predict", *_GENERATORS}
_NUMPY = {"float": "float", "int": "int", "bool": "bool", "object": "object", "str": "str"}
_STRINGS = {"adadelta": "Adadelta", "adagrad": "Adagrad", "nadam": "Nadam", "adamax": "Adamax"}
_INPUTS = {"input": "inputs", "output": "outputs"}
_BACKEND = {"set_image_dim_ordering", "image_dim_ordering", "set_image_data_format"}


class ForKeras3(cst.CSTTransformer):
    """Rewrites one script; `changes` says why."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, facts: Facts, changes: Changes, lines: Sequence[str]) -> None:
        super().__init__()
        self.facts, self.changes, self._lines = facts, changes, lines
        self._aliases: dict[str, str] = {}
        self._inserted: set[str] = set()
        self._comparing = 0

    def _line(self, node: cst.CSTNode) -> int:
        line: int = self.get_metadata(PositionProvider, node).start.line
        return line

    def _place(self, node: cst.CSTNode) -> tuple[int, int]:
        """Line and column as `ast` counts them, in bytes."""
        start = self.get_metadata(PositionProvider, node).start
        return start.line, len(self._lines[start.line - 1][: start.column].encode())

    def _say(self, node: cst.CSTNode, key: str, **values: object) -> None:
        self.changes.add(self._line(node), Message(f"tutorials.change.{key}", **values))

    def _path(self, node: cst.BaseExpression) -> str:
        """The dotted path of a name, its first part as imported; empty for any other expression."""
        match node:
            case cst.Name(value=name):
                return self._aliases.get(name, name)
            case cst.Attribute(value=owner, attr=cst.Name(value=name)):
                before = self._path(owner)
                return f"{before}.{name}" if before else ""
        return ""

    # imports

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:  # noqa: N802 LibCST's names
        module = _dotted(node.module) if node.module else ""
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                name = _dotted(alias.name)
                self._aliases[_bound(alias) or name] = f"{module}.{name}"

    def visit_Import(self, node: cst.Import) -> None:  # noqa: N802 LibCST's names
        for alias in node.names:
            if bound := _bound(alias):
                self._aliases[bound] = _dotted(alias.name)

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:  # noqa: N802 LibCST's names
        names = []
        for alias in updated_node.names:
            old = _dotted(alias.name)
            new = moved(old)
            if new and old not in ("keras",):
                self._say(original_node, "module", old=old, new=new)
                alias = alias.with_changes(name=_from_dotted(new))
            names.append(alias)
        return updated_node.with_changes(names=names)

    def leave_ImportFrom(  # noqa: N802 LibCST's names
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom | cst.FlattenSentinel[Any]:
        module = _dotted(updated_node.module) if updated_node.module else ""
        if module == "sklearn.cross_validation":
            self._say(original_node, "module", old=module, new="sklearn.model_selection")
            return updated_node.with_changes(module=_from_dotted("sklearn.model_selection"))
        if isinstance(updated_node.names, cst.ImportStar):
            new = moved(module)
            if new is None:
                return updated_node
            self._say(original_node, "module", old=module, new=new)
            return updated_node.with_changes(module=_from_dotted(new))
        kept: list[cst.ImportAlias] = []
        elsewhere: dict[str, list[cst.ImportAlias]] = {}
        for alias in updated_node.names:
            name = _dotted(alias.name)
            where, renamed = self._import_of(module, name, original_node) if is_keras(module) else (module, name)
            if renamed != name:
                alias = _renamed(alias, renamed)
            if where == (moved(module) or module):
                kept.append(alias)
            else:
                elsewhere.setdefault(where, []).append(alias)
        new = moved(module)
        if new and kept:
            self._say(original_node, "module", old=module, new=new)
        first = updated_node.with_changes(module=_from_dotted(new)) if new else updated_node
        if not elsewhere:
            return first.with_changes(names=_listed(kept))
        others = [
            cst.ImportFrom(module=_from_dotted(where), names=_listed(aliases)) for where, aliases in elsewhere.items()
        ]
        if not kept:
            return cst.FlattenSentinel(others) if len(others) > 1 else others[0]
        return cst.FlattenSentinel([first.with_changes(names=_listed(kept), rpar=first.rpar), *others])

    def _import_of(self, module: str, name: str, node: cst.ImportFrom) -> tuple[str, str]:
        """The module and the name that Keras 3 has for an imported name."""
        line = self._line(node)
        target = moved(module) or module
        if better := self.facts.meant.get((line, name)):
            self._say(node, "misspelt", name=name, meant=better)
            return target, better
        if name in ("np_utils", "vis_utils", "generic_utils"):
            root = target.rpartition(".")[0] or target
            self._say(node, "np_utils", name=name)
            return (root, "utils") if target.endswith(".utils") else (target, name)
        new = moved(f"{module}.{name}")
        if new and new.rpartition(".")[0] != target:
            self._say(node, "module", old=f"{module}.{name}", new=new)
            return new.rpartition(".")[0], new.rpartition(".")[2]
        if name in RENAMED and target.rpartition(".")[2] in (
            "optimizers",
            "layers",
            "constraints",
            "regularizers",
            "utils",
        ):
            self._say(node, "renamed", old=name, new=RENAMED[name])
            return target, RENAMED[name]
        if name == "Input" and target.endswith(".models"):
            return target.replace(".models", ".layers"), name
        return target, name

    # names and keys

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:  # noqa: N802
        written = _dotted(updated_node)
        if not written:
            return self._respelt_method(original_node, updated_node)
        first, _, rest = written.partition(".")
        path = self._aliases.get(first, first)
        if path in ("numpy", "np") and rest in _NUMPY:
            self._say(original_node, "numpy", name=rest)
            return cst.Name(_NUMPY[rest])
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

    def _respelt_method(self, original: cst.Attribute, updated: cst.Attribute) -> cst.Attribute:
        name = updated.attr.value
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
            ending = old.removeprefix(_shared(old, new))
            if len(value) > 3 and ending and old.endswith(value) and value.endswith(ending):
                return value.removesuffix(ending) + new.removeprefix(_shared(old, new))
        return None

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.Subscript:  # noqa: N802
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

    def _accuracy(self, value: cst.BaseExpression, at: cst.CSTNode) -> cst.SimpleString | None:
        """The key under which the history has the accuracy, for the older one."""
        if not isinstance(value, cst.SimpleString) or value.raw_value not in ("acc", "val_acc"):
            return None
        new = value.raw_value.replace("acc", "accuracy")
        self._say(at, "accuracy", old=value.raw_value, new=new)
        return value.with_changes(value=value.value.replace(value.raw_value, new))

    # calls

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802 LibCST's names
        path = self._path(original_node.func)
        name = path.rpartition(".")[2] or _last(original_node.func)
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
            ({"l2", "l1"}, lambda _, o, u: self._keywords(o, u, {"l": _last(o.func)})),
            ({"maxnorm", "MaxNorm"}, lambda _, o, u: self._keywords(o, u, {"m": "max_value"})),
        )

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

    def _accuracy_argument(self, arg: cst.Arg, at: cst.CSTNode) -> cst.Arg:
        new = self._accuracy(arg.value, at)
        return arg if new is None else arg.with_changes(value=new)

    def _layer(self, kind: str, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        table = constructor("layers", kind) or {}
        line = self._line(original)
        renames: dict[str, str | None] = {}
        for arg in node.args:
            key = arg.keyword.value if arg.keyword else ""
            if not key or key in table or key in ("input_shape", "input_dim", "name", "trainable", "dtype", "weights"):
                continue
            if better := self.facts.meant.get((line, key)):
                renames[key] = better
            elif key in ("mode", "input_length") or (key == "W_learning_rate"):
                renames[key] = None
            elif key == "batch_input_shape":
                renames[key] = "input_shape"
            elif (new := old_name(kind, key)) != key:
                renames[key] = new
        batched = "batch_input_shape" in renames
        node = self._keywords(original, node, renames)
        if batched:
            node = self._each_argument(node, _without_batch)
        node = self._kernel(kind, name, original, node)
        return self._each_argument(node, lambda arg: self._last_channels(kind, arg, original))

    def _kernel(self, kind: str, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        """The call with a kernel's rows and columns in one argument."""
        keys = {arg.keyword.value: arg for arg in node.args if arg.keyword}
        if {"nb_row", "nb_col"} <= keys.keys():
            self._say(original, "kernel")
            both = _pair(keys["nb_row"].value, keys["nb_col"].value)
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
        apart = self.facts.rows_apart or name.startswith("Convolution")
        if kind in ("Conv2D", "SeparableConv2D", "Conv2DTranspose") and apart and len(first) >= 3:
            if any(isinstance(arg.value, cst.Tuple | cst.List | cst.SimpleString) for arg in first[1:3]):
                return node
            self._say(original, "kernel")
            rows, columns = first[1], first[2]
            args = [
                arg.with_changes(value=_pair(rows.value, columns.value), comma=columns.comma) if arg is rows else arg
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
        if kind == "BatchNormalization" and key == "axis" and self.facts.rotated and _number(arg.value) == 1:
            self._say(original, "channels_last")
            return arg.with_changes(value=_negative_one())
        return arg

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.Tuple:  # noqa: N802 LibCST's names
        # a tuple begins with its bracket for `ast`, and after it for LibCST
        start = original_node.lpar[0] if original_node.lpar else original_node
        if self.facts.rotated and self._place(start) in self.facts.rotations and len(updated_node.elements) >= 3:
            self._say(original_node, "rotated")
            return updated_node.with_changes(elements=_rotated(updated_node.elements))
        return updated_node

    def _shapes(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if not self.facts.rotated or self._place(original) not in self.facts.rotations:
            return node
        if name == "expand_dims":
            self._say(original, "rotated")
            last = node.args[-1].with_changes(value=_negative_one())
            return node.with_changes(args=[*node.args[:-1], last])
        if len(node.args) < 3:
            return node
        self._say(original, "rotated")
        values = [arg.value for arg in node.args]
        turned = [*values[:-3], values[-2], values[-1], values[-3]]
        return node.with_changes(
            args=[arg.with_changes(value=value) for arg, value in zip(node.args, turned, strict=True)]
        )

    def _backend(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if name == "image_dim_ordering":
            self._say(original, "dim_ordering")
            return node.with_changes(func=_last_renamed(node.func, "image_data_format"))
        value = node.args[0].value if node.args else None
        if isinstance(value, cst.SimpleString) and value.raw_value in ("th", "tf", "channels_first"):
            self._say(original, "channels_last" if value.raw_value != "tf" else "dim_ordering")
            word = value.with_changes(value=value.value.replace(value.raw_value, "channels_last"))
            func = _last_renamed(node.func, "set_image_data_format")
            return node.with_changes(func=func, args=[node.args[0].with_changes(value=word)])
        return node

    def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> cst.Comparison:  # noqa: N802
        """`K.image_dim_ordering() == "th"` compares with another word now."""
        self._comparing -= 1
        if _last(getattr(original_node.left, "func", original_node.left)) != "image_dim_ordering":
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

    def _trains(self, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        if name in _GENERATORS:
            self._say(original, "generator", old=name, new=_GENERATORS[name])
            node = node.with_changes(func=_last_renamed(node.func, _GENERATORS[name]))
            if len(node.args) > 1 and node.args[1].keyword is None and name == "fit_generator":
                # the second argument of fit is the labels
                second = node.args[1].with_changes(keyword=cst.Name("steps_per_epoch"), equal=_equal())
                node = node.with_changes(args=[node.args[0], second, *node.args[2:]])
        names: dict[str, str | None] = dict.fromkeys(_FIT_GONE) | _FIT_NAMES
        keys = {arg.keyword.value for arg in node.args if arg.keyword}
        if "samples_per_epoch" in keys:
            names["samples_per_epoch"] = None
            names["nb_val_samples"] = None
        used = {key for key in names if key in keys}
        node = self._keywords(original, node, {key: names[key] for key in used})
        return self._each_argument(node, self._whole_steps)

    def _whole_steps(self, arg: cst.Arg) -> cst.Arg:
        if arg.keyword and arg.keyword.value in ("steps_per_epoch", "validation_steps", "steps"):
            value = arg.value
            if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Divide):
                return arg.with_changes(value=value.with_changes(operator=cst.FloorDivide()))
        return arg

    def _predicts(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if not isinstance(original.func, cst.Attribute):
            return node
        node = node.with_changes(func=_last_renamed(node.func, "predict"))
        self._say(original, name)
        if name == "predict_proba":
            return node
        axis = cst.Arg(_negative_one(), keyword=cst.Name("axis"), equal=_equal())
        return cst.Call(cst.Attribute(node, cst.Name("argmax")), [axis])

    def _compiles(self, _: str, original: cst.Call, node: cst.Call) -> cst.Call:
        if not isinstance(original.func, cst.Attribute):
            return node
        return self._keywords(original, node, {"class_mode": None, "sample_weight_mode": None})

    def _optimizer(self, kind: str, original: cst.Call, node: cst.Call) -> cst.Call:
        table = constructor("optimizers", kind) or {}
        keys = {arg.keyword.value: arg for arg in node.args if arg.keyword}
        if _last(node.func) != kind and isinstance(node.func, cst.Attribute):
            self._say(original, "renamed", old=_last(node.func), new=kind)
            node = node.with_changes(func=_last_renamed(node.func, kind))
        node = self._keywords(original, node, {"lr": "learning_rate"})
        positional = bool(node.args) and node.args[0].keyword is None
        if self.facts.old_rates and kind in OLD_RATES and not positional and not {"lr", "learning_rate"} & keys.keys():
            self._say(original, "rate", optimizer=kind, rate=OLD_RATES[kind])
            rate = cst.Arg(cst.Float(str(OLD_RATES[kind])), keyword=cst.Name("learning_rate"), equal=_equal())
            node = node.with_changes(args=[rate.with_changes(comma=_comma()) if node.args else rate, *node.args])
        if "decay" in keys and "decay" not in table:
            return self._decay(original, node)
        unknown = [key for key in keys if key not in table and key not in ("lr", "decay", "name")]
        return self._keywords(original, node, dict.fromkeys(unknown))

    def _decay(self, original: cst.Call, node: cst.Call) -> cst.Call:
        """The learning rate as a schedule that falls as `decay` made it fall; without `decay` where it is 0."""
        decay = next(arg.value for arg in node.args if arg.keyword and arg.keyword.value == "decay")
        if _number(decay) == 0:
            return self._keywords(original, node, {"decay": None})
        self._say(original, "decay")
        self._inserted.add("keras")
        rate = next((arg for arg in node.args if arg.keyword and arg.keyword.value == "learning_rate"), None)
        rate = rate or next((arg for arg in node.args if arg.keyword is None), None)
        default = (constructor("optimizers", RENAMED.get(_last(node.func), _last(node.func))) or {}).get(
            "learning_rate", {}
        )
        start = rate.value if rate else cst.parse_expression(str(default.get("default", 0.01)))
        schedule = cst.Call(
            _from_dotted("keras.optimizers.schedules.InverseTimeDecay"),
            [
                cst.Arg(start, comma=_comma()),
                cst.Arg(cst.Integer("1"), keyword=cst.Name("decay_steps"), equal=_equal(), comma=_comma()),
                cst.Arg(decay, keyword=cst.Name("decay_rate"), equal=_equal()),
            ],
        )
        if rate is None:
            new = cst.Arg(schedule, keyword=cst.Name("learning_rate"), equal=_equal(), comma=_comma())
            node = node.with_changes(args=[new, *node.args])
        return self._each_argument(
            node,
            lambda arg: (
                None
                if arg.keyword and arg.keyword.value == "decay"
                else arg.with_changes(value=schedule)
                if rate is not None and arg is rate
                else arg
            ),
        )

    def _callback(self, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        gone: dict[str, str | None] = {"period": None, "epsilon": "min_delta"} if name != "TensorBoard" else {}
        if name == "TensorBoard":
            gone = dict.fromkeys(("write_grads", "batch_size", "embeddings_layer_names"))
        node = self._keywords(original, node, gone)
        if not self.facts.accuracy_key:
            return node

        def change(arg: cst.Arg) -> cst.Arg:
            arg = self._accuracy_argument(arg, original)
            if isinstance(arg.value, cst.SimpleString) and re.search(r"\{(val_)?acc\b", arg.value.value):
                self._say(original, "accuracy", old="acc", new="accuracy")
                text = re.sub(r"\{(val_)?acc\b", r"{\1accuracy", arg.value.value)
                return arg.with_changes(value=arg.value.with_changes(value=text))
            return arg

        return self._each_argument(node, change)

    def _as_matrix(self, _: str, original: cst.Call, node: cst.Call) -> cst.Call:
        self._say(original, "renamed", old="as_matrix", new="to_numpy")
        return node.with_changes(func=_last_renamed(node.func, "to_numpy"), args=[])

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:  # noqa: N802, ARG002 LibCST's
        updated_node = self._with_labels(updated_node)
        for name in self.facts.imports:
            self._say_import(name)
        lines = [_import_line(name) for name in self.facts.imports]
        bound = {name for name, path in self._aliases.items() if path == "keras"}
        if (
            "keras" in self._inserted
            and "keras" not in {*bound, *self.facts.imports}
            and not _imports_keras(updated_node)
        ):
            lines.insert(0, "import keras")
            self.changes.add(1, Message("tutorials.change.import_keras"))
        body = list(updated_node.body)
        at = 0
        for place, statement in enumerate(body):
            if _is_import(statement, "__future__") or (place == 0 and _is_docstring(statement)):
                at = place + 1
        body[at:at] = [cst.parse_statement(f"{line}\n") for line in lines]
        return updated_node.with_changes(body=body)

    def _say_import(self, name: str) -> None:
        self.changes.add(1, Message("tutorials.change.import_missing", name=name))

    def _with_labels(self, module: cst.Module) -> cst.Module:
        """The script with the labels defined that it uses and never defines."""
        body = list(module.body)
        for name, (source, one_hot) in self.facts.labels.items():
            uses = re.compile(rf"\b{re.escape(name)}\b")
            at = next((place for place, each in enumerate(body) if uses.search(module.code_for_node(each))), None)
            if at is None:
                continue
            if one_hot:
                self._inserted.add("keras")
            made = f"keras.utils.to_categorical({source})" if one_hot else source
            body.insert(at, cst.parse_statement(f"{name} = {made}\n"))
            self.changes.add(0, Message("tutorials.change.labels", name=name, source=source))
        return module.with_changes(body=body)


def _import_line(name: str) -> str:
    if name not in USUAL:
        return f"from {home(name)} import {name}"
    return f"import {USUAL[name]}" + ("" if USUAL[name] == name else f" as {name}")


def _shared(old: str, new: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return "".join(letter for letter, _ in same)


def _dotted(node: cst.CSTNode | None) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(value=owner, attr=cst.Name(value=name)):
            before = _dotted(owner)
            return f"{before}.{name}" if before else ""
    return ""


def _from_dotted(path: str) -> Any:  # an Attribute or a Name, as an import or an expression needs it
    return cst.parse_expression(path)


def _bound(alias: cst.ImportAlias) -> str:
    return alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else ""


def _renamed(alias: cst.ImportAlias, name: str) -> cst.ImportAlias:
    """The import of another name under the old one, so that the rest of the script stays."""
    if alias.asname or name == _dotted(alias.name):
        return alias.with_changes(name=cst.Name(name))
    return alias.with_changes(
        name=cst.Name(name),
        asname=cst.AsName(cst.Name(_dotted(alias.name)), cst.SimpleWhitespace(" "), cst.SimpleWhitespace(" ")),
    )


def _listed(aliases: Sequence[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """The names with commas between them and none at the end."""
    found = [
        alias if isinstance(alias.comma, cst.Comma) else alias.with_changes(comma=_comma()) for alias in aliases[:-1]
    ]
    return [*found, aliases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _last(node: cst.CSTNode) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(attr=cst.Name(value=name)):
            return name
    return ""


def _last_renamed(node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name(name)) if isinstance(node, cst.Attribute) else cst.Name(name)


def _pair(first: cst.BaseExpression, second: cst.BaseExpression) -> cst.Tuple:
    return cst.Tuple([cst.Element(first, comma=_comma()), cst.Element(second)])


def _rotated(elements: Sequence[cst.BaseElement]) -> list[cst.BaseElement]:
    values = [each.value for each in elements]
    turned = [*values[:-3], values[-2], values[-1], values[-3]]
    return [each.with_changes(value=value) for each, value in zip(elements, turned, strict=True)]


def _without_batch(arg: cst.Arg) -> cst.Arg:
    if arg.keyword and arg.keyword.value == "input_shape" and isinstance(arg.value, cst.Tuple):
        elements = list(arg.value.elements[1:])
        if len(elements) == 1:
            elements[0] = elements[0].with_changes(comma=cst.Comma())
        return arg.with_changes(value=arg.value.with_changes(elements=elements))
    return arg


def _number(node: cst.CSTNode) -> float | None:
    try:
        return float(node.value) if isinstance(node, cst.Integer | cst.Float) else None
    except ValueError:
        return None


def _negative_one() -> cst.UnaryOperation:
    return cst.UnaryOperation(cst.Minus(), cst.Integer("1"))


def _equal() -> cst.AssignEqual:
    return cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def _comma() -> cst.Comma:
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _is_import(statement: cst.CSTNode, module: str) -> bool:
    parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else []
    return any(isinstance(each, cst.ImportFrom) and _dotted(each.module) == module for each in parts)


def _imports_keras(module: cst.Module) -> bool:
    parts = [each for line in module.body if isinstance(line, cst.SimpleStatementLine) for each in line.body]
    imports = [each for each in parts if isinstance(each, cst.Import)]
    return any(
        _dotted(alias.name).partition(".")[0] == "keras" and not alias.asname
        for each in imports
        for alias in each.names
    )


def _is_docstring(statement: cst.CSTNode) -> bool:
    parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else []
    return len(parts) == 1 and isinstance(parts[0], cst.Expr) and isinstance(parts[0].value, cst.SimpleString)
