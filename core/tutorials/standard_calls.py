"""What Python's standard library and NumPy's arithmetic of single numbers return."""

import ast
import json
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from core.text import Message
from core.tutorials.data_calls import DataCalls
from core.tutorials.library_call import NOT_FOLLOWED, Handler, LibraryCall
from core.tutorials.values import Function, Namespace, Parser, Partial

_ARITHMETIC: Mapping[str, Callable[[Any], Any]] = {
    **{"ceil": math.ceil, "floor": math.floor, "sqrt": math.sqrt, "prod": math.prod, "log2": math.log2},
    **{"int32": int, "int64": int},
}


class StandardCalls(DataCalls):
    """Functions, options, files and texts."""

    def _functools_reduce(self, call: LibraryCall) -> Any:
        items = call.given[1] if len(call.given) > 1 else None
        if call.path != "functools.reduce" or not isinstance(items, list | tuple):
            return NOT_FOLLOWED
        value, *rest = [*call.given[2:], *list(items)]
        for each in rest:
            value = self._called(call.first, [value, each], {}, call.node)
        return value

    def _functools_partial(self, call: LibraryCall) -> Any:
        partial = call.path == "functools.partial" and call.given
        return Partial(call.first, tuple(call.given[1:]), call.named) if partial else NOT_FOLLOWED

    def _parser(self, call: LibraryCall) -> Any:  # noqa: ARG002 all handlers take the call
        return Parser()

    def _simple_namespace(self, call: LibraryCall) -> Any:
        return Namespace(dict(call.named)) if call.path.startswith(("types.", "argparse.")) else NOT_FOLLOWED

    def _field(self, call: LibraryCall) -> Any:
        if not call.path.startswith("dataclasses."):
            return NOT_FOLLOWED
        make = call.named.get("default_factory")
        return self.call(make, (), {}, call.node) if isinstance(make, Function) else call.named.get("default")

    def _machine(self, call: LibraryCall) -> Any:
        """What depends on the machine: files that exist, processors."""
        return self.unknown(call.node, Message("tutorials.machine"))

    def _join(self, call: LibraryCall) -> Any:
        paths = call.path.startswith("os.path") and all(isinstance(each, str) for each in call.given)
        return "/".join(call.given) if paths else NOT_FOLLOWED

    def _environment(self, call: LibraryCall) -> Any:
        if not call.path.startswith("os."):
            return NOT_FOLLOWED
        return call.given[1] if len(call.given) > 1 else None

    def _dictionary(self, call: LibraryCall) -> Any:
        return dict(call.first) if isinstance(call.first, dict) else {}

    def _arithmetic(self, call: LibraryCall) -> Any:
        try:
            return _ARITHMETIC[call.name](call.first)
        except (TypeError, ValueError, OverflowError):
            return self.unknown(call.node, Message("tutorials.not_constant"))

    def _literal(self, call: LibraryCall) -> Any:
        """The value that a text of JSON or Python writes down."""
        if call.path not in ("json.loads", "ast.literal_eval") or not isinstance(call.first, str):
            return NOT_FOLLOWED
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                return self._bounded(read(call.first), call.node)
        return self.unknown(call.node, Message("tutorials.not_constant"))

    def _exit(self, call: LibraryCall) -> Any:
        if call.path in ("sys.exit", "os._exit"):
            raise SystemExit
        return NOT_FOLLOWED


STANDARD_CALLS: Mapping[str, Handler] = {
    "reduce": StandardCalls._functools_reduce,
    "partial": StandardCalls._functools_partial,
    "ArgumentParser": StandardCalls._parser,
    **dict.fromkeys(("SimpleNamespace", "Namespace"), StandardCalls._simple_namespace),
    "field": StandardCalls._field,
    **dict.fromkeys(("exists", "isfile", "isdir", "is_available"), StandardCalls._machine),
    "join": StandardCalls._join,
    **dict.fromkeys(("getenv", "get"), StandardCalls._environment),
    **dict.fromkeys(("OrderedDict", "defaultdict"), StandardCalls._dictionary),
    **dict.fromkeys(_ARITHMETIC, StandardCalls._arithmetic),
    **dict.fromkeys(("loads", "literal_eval"), StandardCalls._literal),
    **dict.fromkeys(("exit", "_exit"), StandardCalls._exit),
}
