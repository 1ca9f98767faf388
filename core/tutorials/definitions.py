"""What a script imports and defines."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.text import Message
from core.tutorials.libraries import Libraries
from core.tutorials.names import known_names, meant
from core.tutorials.values import Class, Function, MethodKind, Partial, Reference, Scope, Unknown

_METHODS: Mapping[str, MethodKind] = {
    **{"staticmethod": "static", "classmethod": "class"},
    **{"property": "property", "cached_property": "property"},
}
"""What a decorator makes of a function in a class."""


class Definitions(Libraries):
    """Imports, functions and classes."""

    def _do_import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.scope.put(alias.asname, Reference(alias.name))
            else:
                first = alias.name.partition(".")[0]
                self.scope.put(first, Reference(first))

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
                continue
            name = alias.name
            if module.partition(".")[0] in ("keras", "tensorflow") and name[:1].isupper() and name not in known_names():
                name = self._respelt(name, node.lineno)
            self.scope.put(alias.asname or alias.name, Reference(f"{module}.{name}"))

    def _respelt(self, name: str, line: int) -> str:
        better = meant(name, known_names())
        # a name of a class that exists in Keras, though not one that matters here
        if better is None or abs(len(better) - len(name)) > 2:
            return name
        self.notes.guess(Message("tutorials.misspelt", name=name, meant=better), line)
        return better

    def _do_functiondef(self, node: ast.FunctionDef) -> None:
        decorators = {getattr(each, "id", getattr(each, "attr", "")) for each in node.decorator_list}
        kinds = [kind for name, kind in _METHODS.items() if name in decorators]
        function: Any = Function(node, self.scope, *kinds[:1])
        if options := self._options(node.decorator_list):
            function = Partial(function, (), options)
        self.scope.put(node.name, function)

    def _options(self, decorators: Sequence[ast.expr]) -> dict[str, Any]:
        """The defaults of the options that click gives to a function."""
        found: dict[str, Any] = {}
        for each in decorators:
            if not isinstance(each, ast.Call) or self.evaluate(each.func) != Reference("click.option"):
                continue
            given, named = self._arguments(each)
            names = sorted((name for name in given if isinstance(name, str)), key=lambda name: name.startswith("-"))
            names = [names[0]] if names and names[0][:1] != "-" else [name for name in names if name.startswith("--")]
            if names:
                value = named.get("default", Unknown(Message("tutorials.option"), each.lineno))
                found[names[0].partition("/")[0].lstrip("-").replace("-", "_")] = value
        return found

    def _do_classdef(self, node: ast.ClassDef) -> None:
        bases = tuple(self.evaluate(each) for each in node.bases)
        outside, self.scope = self.scope, Scope(outer=self.scope)
        try:
            self.run(node.body)
            members = self.scope.values
        finally:
            self.scope = outside
        # methods see the names around the class, and not its members
        own = {
            name: replace(each, scope=outside) if isinstance(each, Function) else each for name, each in members.items()
        }
        annotated = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
        fields = tuple(each.id for each in annotated if isinstance(each, ast.Name))
        self.scope.put(node.name, Class(node.name, bases, own, fields))
