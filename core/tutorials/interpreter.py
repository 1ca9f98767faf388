"""Follows a script's statements, without running them, and collects the trainings on the way."""

import ast
from collections.abc import Sequence
from typing import Any

from core.text import Message
from core.tutorials.calls import Returned
from core.tutorials.definitions import Definitions
from core.tutorials.evaluator import TooMuch
from core.tutorials.values import Array, Batches, Class, Function, Instance, Network, Unknown

_MOST_ROUNDS = 200
"""Of a loop; a longer one is followed once, with its variable unknown."""
_FITS = {"fit", "fit_generator"}
_BUILDS = {"Sequential", "Model", "compile", *_FITS}
_MATTERS = {"fit", "fit_generator", "compile", "add", "Sequential", "Model", "build_model", "train", "main"}
_OWN_LOOPS = {
    "GradientTape": "tutorials.own_loop",
    "placeholder": "tutorials.tensorflow_1",
    "Estimator": "tutorials.tensorflow_1",
}
"""Names that only a training without `fit` needs."""
_OTHERS = {
    **{"torch": "PyTorch", "mxnet": "MXNet", "chainer": "Chainer", "paddle": "Paddle", "flax": "Flax"},
    "sklearn.neural_network": "scikit-learn",
}
"""Libraries that train without Keras, by their modules."""
_IMPORTS = (ast.Import, ast.ImportFrom)
_LOADS = {"load_model", "load_weights", "model_from_json", "exit"}


class _Left(Exception):
    """A `break` or `continue`."""

    def __init__(self, ends: bool) -> None:
        self.ends = ends


class Interpreter(Definitions):
    """Statements; an unknown condition takes the branch that most likely trains."""

    def follow(self, tree: ast.Module) -> None:
        """Follow a whole script, then what it defines and never calls if it trains nothing."""
        try:
            self._safely(tree.body)
            if not self.trainings:
                self._call_functions(tree)
            if not self.trainings:
                self._note_own_loop(tree)
            found = self.networks or self.trainings or self.notes.all
            if not found and any(isinstance(each, _IMPORTS) for each in tree.body):
                self.notes.unread(Message("tutorials.no_keras_network"), 0)
        except TooMuch:
            self.notes.unread(Message("tutorials.too_much"), 0)

    def _safely(self, body: Sequence[ast.stmt]) -> None:
        try:
            self.run(body)
        except (Returned, _Left):
            pass
        except SystemExit:
            pass

    def _call_functions(self, tree: ast.Module) -> None:
        """Call the script's functions that build or train a network, with their defaults."""
        found = [each for each in self.scope.values.values() if isinstance(each, Function)]
        for function in found:
            if function.node in self.followed or self.trainings:
                continue
            if isinstance(function.node, ast.FunctionDef) and _names(function.node) & _MATTERS:
                before = len(self.networks)
                self.call(function, (), {}, function.node)
                if len(self.networks) == before:
                    continue
        for each in list(self.scope.values.values()):
            if isinstance(each, Class) and not self.trainings:
                self._use_class(each, tree)

    def _use_class(self, kind: Class, tree: ast.Module) -> None:
        """Call the methods that train in a class that the script defines but never uses."""
        methods = {name: each for name, each in kind.members.items() if isinstance(each, Function)}
        for each in methods.values():
            if each.kind in ("static", "class"):
                self.call(each, (kind,) if each.kind == "class" else (), {}, tree)
        if self.trainings or not any(_names(each.node) & _BUILDS for each in methods.values()):
            return
        made = self.create(kind, (), {}, tree)
        for name, each in methods.items():
            if each.kind == "method" and name != "__init__" and _names(each.node) & _FITS and not self.trainings:
                self._own_method(made, name, (), {}, tree)

    def _note_own_loop(self, tree: ast.Module) -> None:
        """Say where a script without `fit` trains: in a loop of its own, with TensorFlow 1, or without Keras."""
        for statement in tree.body:
            if (name := _other_library(statement)) and not self.networks:
                self.notes.unread(Message("tutorials.other_library", name=name), statement.lineno)
                return
        for each in ast.walk(tree):
            if isinstance(each, ast.Attribute | ast.Name):
                name = each.attr if isinstance(each, ast.Attribute) else each.id
                if name in _OWN_LOOPS:
                    self.notes.unread(Message(_OWN_LOOPS[name]), each.lineno)
                    return

    def run(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            method = getattr(self, f"_do_{type(statement).__name__.lower()}", None)
            if method is not None:
                method(statement)

    def _do_expr(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _do_assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.assign(target, value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value))

    def _do_augassign(self, node: ast.AugAssign) -> None:
        before = self.evaluate(node.target)
        self.assign(node.target, self.binary(node.op, before, self.evaluate(node.value), node))

    def _do_global(self, node: ast.Global) -> None:
        self.scope.shared |= set(node.names)

    def _do_return(self, node: ast.Return) -> None:
        raise Returned(self.evaluate(node.value) if node.value else None)

    def _do_break(self, node: ast.Break) -> None:  # noqa: ARG002 all statements are followed alike
        raise _Left(ends=True)

    def _do_continue(self, node: ast.Continue) -> None:  # noqa: ARG002 all statements are followed alike
        raise _Left(ends=False)

    def _do_with(self, node: ast.With) -> None:
        for item in node.items:
            value = self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
        self.run(node.body)

    def _do_try(self, node: ast.Try) -> None:
        handled = [statement for handler in node.handlers for statement in handler.body]
        if _names_in(node.body) & _LOADS and _names_in(handled) & _MATTERS:
            # a file that is loaded if it exists, else a network that is built
            self.notes.guess(Message("tutorials.left_branch"), node.lineno)
            self.run(handled)
            return
        self.run(node.body)
        self.run(node.orelse)
        self.run(node.finalbody)

    def _do_if(self, node: ast.If) -> None:
        test = self.evaluate(node.test)
        if isinstance(test, Unknown | Array | Batches):
            body = _names_in(node.body)
            other = _names_in(node.orelse)
            taken = not body & _LOADS or bool(other & _LOADS)
            self.unknown_tests += bool((body | other) & _FITS)
            if (body | other) & _MATTERS:
                branch = "tutorials.took_branch" if taken else "tutorials.left_branch"
                self.notes.guess(Message(branch), node.lineno)
        else:
            taken = bool(test)
        self.run(node.body if taken else node.orelse)

    def _do_for(self, node: ast.For) -> None:
        items = self.evaluate(node.iter)
        if isinstance(items, dict):
            items = list(items)
        rounds: Sequence[Any]
        if isinstance(items, list | tuple | range | str) and _short(items):
            rounds = items
        else:
            unknown = items if isinstance(items, Unknown) else self.unknown(node, Message("tutorials.loop_variable"))
            rounds = [unknown]
            if _names_in(node.body) & {*_FITS, "add"}:
                self.notes.guess(Message("tutorials.loop_once"), node.lineno)
        for each in rounds:
            self.assign(node.target, each)
            if self._round(node.body):
                return
        self.run(node.orelse)

    def _do_while(self, node: ast.While) -> None:
        for _ in range(_MOST_ROUNDS):
            test, before = self.evaluate(node.test), self.unknown_tests
            known = not isinstance(test, Unknown)
            if (known and not test) or self._round(node.body) or not known:
                return
            if self.unknown_tests > before:
                # whether a round trains is not known, so that more rounds say nothing more
                break
        if _names_in(node.body) & {*_FITS, "add"}:
            self.notes.guess(Message("tutorials.loop_once"), node.lineno)

    def _do_match(self, node: ast.Match) -> None:
        subject = self.evaluate(node.subject)
        for case in node.cases:
            fits = self._fits(case.pattern, subject) and (case.guard is None or self.evaluate(case.guard) is True)
            if fits or isinstance(subject, Unknown):
                if isinstance(subject, Unknown) and _names_in(case.body) & _MATTERS:
                    self.notes.guess(Message("tutorials.took_branch"), case.pattern.lineno)
                self.run(case.body)
                return

    def _fits(self, pattern: ast.pattern, subject: Any) -> bool:
        """Whether a value fits a pattern of plain values or names."""
        match pattern:
            case ast.MatchOr(patterns=several):
                return any(self._fits(each, subject) for each in several)
            case ast.MatchValue(value=value):
                return bool(self.evaluate(value) == subject)
            case ast.MatchSingleton(value=value):
                return value is subject
            case ast.MatchAs(pattern=inner, name=name):
                fits = inner is None or self._fits(inner, subject)
                if fits and name is not None:
                    self.scope.put(name, subject)
                return fits
        return False

    def _round(self, body: Sequence[ast.stmt]) -> bool:
        """Follow a loop's body once; whether a `break` ends the loop."""
        try:
            self.run(body)
        except _Left as left:
            return left.ends
        return False

    def unfinished(self) -> list[Network]:
        """The networks that are built and never trained."""
        made = [each.network for each in self.scope.values.values() if isinstance(each, Instance) and each.network]
        return [each for each in [*self.networks, *made] if not each.trained and (each.layers or each.problem)]


def _short(items: Sequence[Any]) -> bool:
    try:
        return len(items) <= _MOST_ROUNDS
    except OverflowError:
        return False


def _names_in(body: Sequence[ast.stmt]) -> set[str]:
    return {name for statement in body for name in _names(statement)}


def _names(node: ast.AST) -> set[str]:
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.Attribute):
            found.add(each.attr)
    return found


def _other_library(statement: ast.stmt) -> str | None:
    """The library that an import brings and that trains without Keras."""
    match statement:
        case ast.Import(names=[ast.alias(name=module), *_]) | ast.ImportFrom(module=str(module)):
            return _OTHERS.get(module) or _OTHERS.get(module.partition(".")[0])
    return None
