"""Where Keras 3 keeps what a script imports."""

import re
from collections.abc import Sequence
from typing import Any

import libcst as cst
from libcst.metadata import PositionProvider

from core.text import Message
from core.tutorials.rewriting.changes import Changes
from core.tutorials.rewriting.facts import Facts
from core.tutorials.rewriting.input_data import feeds_batches, loader
from core.tutorials.rewriting.input_data import imported_as as loader_imported_as
from core.tutorials.rewriting.modules import GONE, RENAMED, is_keras, moved
from core.tutorials.rewriting.syntax import (
    bound_name,
    dotted,
    from_dotted,
    import_line,
    imported_as,
    imports_keras,
    is_docstring,
    is_import,
    late_futures,
    listed,
    without_late_futures,
)


class Imports(cst.CSTTransformer):
    """Rewrites imports, and adds those and the labels that a script forgets."""

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

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:  # noqa: N802 LibCST's names
        module = dotted(node.module) if node.module else ""
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                name = dotted(alias.name)
                self._aliases[bound_name(alias) or name] = f"{module}.{name}"

    def visit_Import(self, node: cst.Import) -> None:  # noqa: N802 LibCST's names
        for alias in node.names:
            if bound := bound_name(alias):
                self._aliases[bound] = dotted(alias.name)

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:  # noqa: N802 LibCST's names
        names = []
        for alias in updated_node.names:
            old = dotted(alias.name)
            new = moved(old)
            if new and old not in ("keras",):
                self._say(original_node, "module", old=old, new=new)
                alias = alias.with_changes(name=from_dotted(new))
            names.append(alias)
        return updated_node.with_changes(names=names)

    def leave_ImportFrom(  # noqa: N802 LibCST's names
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom | cst.FlattenSentinel[Any] | cst.RemovalSentinel:
        module = dotted(updated_node.module) if updated_node.module else ""
        if module == "sklearn.cross_validation":
            self._say(original_node, "module", old=module, new="sklearn.model_selection")
            return updated_node.with_changes(module=from_dotted("sklearn.model_selection"))
        if isinstance(updated_node.names, cst.ImportStar):
            new = moved(module)
            if new is None:
                return updated_node
            self._say(original_node, "module", old=module, new=new)
            return updated_node.with_changes(module=from_dotted(new))
        kept: list[cst.ImportAlias] = []
        elsewhere: dict[str, list[cst.ImportAlias]] = {}
        for alias in updated_node.names:
            name = dotted(alias.name)
            if name in GONE and is_keras(module) and self._is_unused(name):
                self._say(original_node, "unused", name=name)
                continue
            where, renamed = self._import_of(module, name, original_node) if is_keras(module) else (module, name)
            if renamed != name:
                alias = imported_as(alias, renamed)
            if where == (moved(module) or module):
                kept.append(alias)
            else:
                elsewhere.setdefault(where, []).append(alias)
        new = moved(module)
        if new and kept:
            self._say(original_node, "module", old=module, new=new)
        first = updated_node.with_changes(module=from_dotted(new)) if new else updated_node
        if not elsewhere and not kept:
            return cst.RemoveFromParent() if not self._is_indented(original_node) else updated_node
        if not elsewhere:
            return first.with_changes(names=listed(kept))
        others = [
            cst.ImportFrom(module=from_dotted(where), names=listed(aliases)) for where, aliases in elsewhere.items()
        ]
        if not kept:
            return cst.FlattenSentinel(others) if len(others) > 1 else others[0]
        return cst.FlattenSentinel([first.with_changes(names=listed(kept), rpar=first.rpar), *others])

    def leave_SimpleStatementLine(  # noqa: N802 LibCST's names
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement:
        name = loader_imported_as(original_node)
        if name is None or feeds_batches("\n".join(self._lines)):
            return updated_node
        self._say(original_node, "input_data")
        self._inserted.add("keras")
        made: cst.BaseStatement = loader(name).with_changes(leading_lines=updated_node.leading_lines)
        return made

    def _is_unused(self, name: str) -> bool:
        """Whether no line besides imports has a name, or each that has it is changed."""
        uses = re.compile(rf"\b{name}\b")
        lines = (line for line in self._lines if not re.match(r"\s*(from|import)\b", line))
        return name in ("merge", "set_session") or not any(uses.search(line) for line in lines)

    def _is_indented(self, node: cst.CSTNode) -> bool:
        return self._place(node)[1] > 0

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
            "losses",
            "metrics",
            "initializers",
        ):
            self._say(node, "renamed", old=name, new=RENAMED[name])
            return target, RENAMED[name]
        if name == "Input" and target.endswith(".models"):
            return target.replace(".models", ".layers"), name
        return target, name

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:  # noqa: N802 LibCST's
        for late in late_futures(original_node):
            self._say(late, "future")
        updated_node = self._with_labels(without_late_futures(updated_node))
        for name in self.facts.imports:
            self._say_import(name)
        lines = [import_line(name) for name in self.facts.imports]
        bound = {name for name, path in self._aliases.items() if path == "keras"}
        if (
            "keras" in self._inserted
            and "keras" not in {*bound, *self.facts.imports}
            and not imports_keras(updated_node)
        ):
            lines.insert(0, "import keras")
            self.changes.add(1, Message("tutorials.change.import_keras"))
        body = list(updated_node.body)
        at = 0
        for place, statement in enumerate(body):
            if is_import(statement, "__future__") or (place == 0 and is_docstring(statement)):
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
