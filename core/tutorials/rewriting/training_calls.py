"""Training, optimizers and callbacks as Keras 3 takes them."""

import re

import libcst as cst

from core.tutorials.names import constructor
from core.tutorials.optimizers import OLD_RATES
from core.tutorials.rewriting.layer_calls import LayerCalls
from core.tutorials.rewriting.modules import RENAMED
from core.tutorials.rewriting.syntax import (
    comma,
    equal_sign,
    from_dotted,
    last_name,
    last_renamed,
    negative_one,
    number_of,
)

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


class TrainingCalls(LayerCalls):
    """Rewrites what trains, predicts and watches."""

    def _accuracy(self, value: cst.BaseExpression, at: cst.CSTNode) -> cst.SimpleString | None:
        """The key under which the history has the accuracy, for the older one."""
        if not isinstance(value, cst.SimpleString) or value.raw_value not in ("acc", "val_acc"):
            return None
        new = value.raw_value.replace("acc", "accuracy")
        self._say(at, "accuracy", old=value.raw_value, new=new)
        return value.with_changes(value=value.value.replace(value.raw_value, new))

    def _accuracy_argument(self, arg: cst.Arg, at: cst.CSTNode) -> cst.Arg:
        new = self._accuracy(arg.value, at)
        return arg if new is None else arg.with_changes(value=new)

    def _trains(self, name: str, original: cst.Call, node: cst.Call) -> cst.Call:
        if name in _GENERATORS:
            self._say(original, "generator", old=name, new=_GENERATORS[name])
            node = node.with_changes(func=last_renamed(node.func, _GENERATORS[name]))
            if len(node.args) > 1 and node.args[1].keyword is None and name == "fit_generator":
                # the second argument of fit is the labels
                second = node.args[1].with_changes(keyword=cst.Name("steps_per_epoch"), equal=equal_sign())
                node = node.with_changes(args=[node.args[0], second, *node.args[2:]])
        names: dict[str, str | None] = dict.fromkeys(_FIT_GONE) | _FIT_NAMES
        keys = {arg.keyword.value for arg in node.args if arg.keyword}
        if "samples_per_epoch" in keys:
            names["samples_per_epoch"] = None
            names["nb_val_samples"] = None
        used = {key: names[key] for key in names if key in keys}
        node = self._keywords(original, node, used | self._misspelt_keywords(node, original))
        return self._each_argument(node, self._whole_steps)

    def _misspelt_keywords(self, node: cst.Call, original: cst.Call) -> dict[str, str | None]:
        """The misspelt arguments of a call, to those that they mean."""
        lines = {arg.keyword.value: self._line(arg) for arg in original.args if arg.keyword}
        keys = (arg.keyword.value for arg in node.args if arg.keyword)
        found = {key: self.facts.meant.get((lines.get(key, 0), key)) for key in keys}
        return {key: better for key, better in found.items() if better is not None}

    def _whole_steps(self, arg: cst.Arg) -> cst.Arg:
        if arg.keyword and arg.keyword.value in ("steps_per_epoch", "validation_steps", "steps"):
            value = arg.value
            if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Divide):
                return arg.with_changes(value=value.with_changes(operator=cst.FloorDivide()))
        return arg

    def _predicts(self, name: str, original: cst.Call, node: cst.Call) -> cst.BaseExpression:
        if not isinstance(original.func, cst.Attribute):
            return node
        node = node.with_changes(func=last_renamed(node.func, "predict"))
        self._say(original, name)
        if name == "predict_proba":
            return node
        axis = cst.Arg(negative_one(), keyword=cst.Name("axis"), equal=equal_sign())
        return cst.Call(cst.Attribute(node, cst.Name("argmax")), [axis])

    def _compiles(self, _: str, original: cst.Call, node: cst.Call) -> cst.Call:
        if not isinstance(original.func, cst.Attribute):
            return node
        names: dict[str, str | None] = {"class_mode": None, "sample_weight_mode": None}
        node = self._keywords(original, node, names | self._misspelt_keywords(node, original))
        return self._each_argument(node, lambda arg: self._listed_metric(arg, original))

    def _listed_metric(self, arg: cst.Arg, at: cst.CSTNode) -> cst.Arg:
        if arg.keyword is None or arg.keyword.value != "metrics" or not isinstance(arg.value, cst.SimpleString):
            return arg
        self._say(at, "metrics")
        return arg.with_changes(value=cst.List([cst.Element(arg.value)]))

    def _optimizer(self, kind: str, original: cst.Call, node: cst.Call) -> cst.Call:
        table = constructor("optimizers", kind) or {}
        keys = {arg.keyword.value: arg for arg in node.args if arg.keyword}
        if last_name(node.func) != kind and isinstance(node.func, cst.Attribute):
            self._say(original, "renamed", old=last_name(node.func), new=kind)
            node = node.with_changes(func=last_renamed(node.func, kind))
        node = self._keywords(original, node, {"lr": "learning_rate"})
        if "epsilon" in keys and last_name(keys["epsilon"].value) == "None":
            # Keras 3 would compute with None; its default is what None meant
            self._say(original, "epsilon")
            node = self._each_argument(node, lambda arg: None if _names(arg, "epsilon") else arg)
        positional = bool(node.args) and node.args[0].keyword is None
        if self.facts.old_rates and kind in OLD_RATES and not positional and not {"lr", "learning_rate"} & keys.keys():
            self._say(original, "rate", optimizer=kind, rate=OLD_RATES[kind])
            rate = cst.Arg(cst.Float(str(OLD_RATES[kind])), keyword=cst.Name("learning_rate"), equal=equal_sign())
            node = node.with_changes(args=[rate.with_changes(comma=comma()) if node.args else rate, *node.args])
        if "decay" in keys and "decay" not in table:
            return self._decay(original, node)
        unknown = [key for key in keys if key not in table and key not in ("lr", "decay", "name")]
        return self._keywords(original, node, dict.fromkeys(unknown))

    def _decay(self, original: cst.Call, node: cst.Call) -> cst.Call:
        """The learning rate as a schedule that falls as `decay` made it fall; without `decay` where it is 0."""
        decay = next(arg.value for arg in node.args if arg.keyword and arg.keyword.value == "decay")
        if number_of(decay) == 0:
            return self._keywords(original, node, {"decay": None})
        self._say(original, "decay")
        self._inserted.add("keras")
        rate = next((arg for arg in node.args if arg.keyword and arg.keyword.value == "learning_rate"), None)
        rate = rate or next((arg for arg in node.args if arg.keyword is None), None)
        default = (constructor("optimizers", RENAMED.get(last_name(node.func), last_name(node.func))) or {}).get(
            "learning_rate", {}
        )
        start = rate.value if rate else cst.parse_expression(str(default.get("default", 0.01)))
        schedule = cst.Call(
            from_dotted("keras.optimizers.schedules.InverseTimeDecay"),
            [
                cst.Arg(start, comma=comma()),
                cst.Arg(cst.Integer("1"), keyword=cst.Name("decay_steps"), equal=equal_sign(), comma=comma()),
                cst.Arg(decay, keyword=cst.Name("decay_rate"), equal=equal_sign()),
            ],
        )
        if rate is None:
            new = cst.Arg(schedule, keyword=cst.Name("learning_rate"), equal=equal_sign(), comma=comma())
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
            gone = dict.fromkeys(("write_grads", "batch_size", "embeddings_layer_names", "embeddings_data"))
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


def _names(arg: cst.Arg, keyword: str) -> bool:
    return arg.keyword is not None and arg.keyword.value == keyword
