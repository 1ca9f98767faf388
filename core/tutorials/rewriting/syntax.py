"""Small pieces of LibCST's trees: read, made and changed."""

from collections.abc import Sequence
from itertools import dropwhile, takewhile
from typing import Any

import libcst as cst

from core.tutorials.names import USUAL, home


def dotted(node: cst.CSTNode | None) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(value=owner, attr=cst.Name(value=name)):
            before = dotted(owner)
            return f"{before}.{name}" if before else ""
    return ""


def holds(node: cst.CSTNode, kind: type[cst.CSTNode]) -> bool:
    """Whether a node of this kind is in the tree; to import LibCST's matchers takes as long as reading a tutorial."""
    return isinstance(node, kind) or any(holds(child, kind) for child in node.children)


def from_dotted(path: str) -> Any:  # an Attribute or a Name, as an import or an expression needs it
    return cst.parse_expression(path)


def bound_name(alias: cst.ImportAlias) -> str:
    return alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else ""


def imported_as(alias: cst.ImportAlias, name: str) -> cst.ImportAlias:
    """The import of another name under the old one, so that the rest of the script stays."""
    if alias.asname or name == dotted(alias.name):
        return alias.with_changes(name=cst.Name(name))
    return alias.with_changes(
        name=cst.Name(name),
        asname=cst.AsName(cst.Name(dotted(alias.name)), cst.SimpleWhitespace(" "), cst.SimpleWhitespace(" ")),
    )


def listed(aliases: Sequence[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """The names with commas between them and none at the end."""
    found = [
        alias if isinstance(alias.comma, cst.Comma) else alias.with_changes(comma=comma()) for alias in aliases[:-1]
    ]
    return [*found, aliases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def last_name(node: cst.CSTNode) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(attr=cst.Name(value=name)):
            return name
    return ""


def last_renamed(node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    return node.with_changes(attr=cst.Name(name)) if isinstance(node, cst.Attribute) else cst.Name(name)


def pair_of(first: cst.BaseExpression, second: cst.BaseExpression) -> cst.Tuple:
    return cst.Tuple([cst.Element(first, comma=comma()), cst.Element(second)])


def rotated(elements: Sequence[cst.BaseElement]) -> list[cst.BaseElement]:
    values = [each.value for each in elements]
    turned = [*values[:-3], values[-2], values[-1], values[-3]]
    return [each.with_changes(value=value) for each, value in zip(elements, turned, strict=True)]


def without_batch(arg: cst.Arg) -> cst.Arg:
    if arg.keyword and arg.keyword.value == "input_shape" and isinstance(arg.value, cst.Tuple):
        elements = list(arg.value.elements[1:])
        if len(elements) == 1:
            elements[0] = elements[0].with_changes(comma=cst.Comma())
        return arg.with_changes(value=arg.value.with_changes(elements=elements))
    return arg


def number_of(node: cst.CSTNode) -> float | None:
    try:
        return float(node.value) if isinstance(node, cst.Integer | cst.Float) else None
    except ValueError:
        return None


def negative_one() -> cst.UnaryOperation:
    return cst.UnaryOperation(cst.Minus(), cst.Integer("1"))


def equal_sign() -> cst.AssignEqual:
    return cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def comma() -> cst.Comma:
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def is_import(statement: cst.CSTNode, module: str) -> bool:
    parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else []
    return any(isinstance(each, cst.ImportFrom) and dotted(each.module) == module for each in parts)


def late_futures(module: cst.Module) -> list[cst.SimpleStatementLine]:
    """The imports from `__future__` below other statements, where Python refuses them."""
    top = dropwhile(lambda each: is_import(each, "__future__") or is_docstring(each), module.body)
    return [each for each in top if isinstance(each, cst.SimpleStatementLine) and is_import(each, "__future__")]


def without_late_futures(module: cst.Module) -> cst.Module:
    """The module without them; the comments above them stand above what follows."""
    late, body = late_futures(module), list[Any]()
    above: tuple[cst.EmptyLine, ...] = ()
    for each in module.body:
        if each in late:
            above = (*above, *getattr(each, "leading_lines", ()))
            continue
        body.append(each.with_changes(leading_lines=(*above, *each.leading_lines)) if above else each)
        above = ()
    return module.with_changes(body=body) if late else module


def imports_keras(module: cst.Module) -> bool:
    parts = [each for line in module.body if isinstance(line, cst.SimpleStatementLine) for each in line.body]
    imports = [each for each in parts if isinstance(each, cst.Import)]
    return any(
        dotted(alias.name).partition(".")[0] == "keras" and not alias.asname for each in imports for alias in each.names
    )


def is_docstring(statement: cst.CSTNode) -> bool:
    parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else []
    return len(parts) == 1 and isinstance(parts[0], cst.Expr) and isinstance(parts[0].value, cst.SimpleString)


def shared(old: str, new: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return "".join(letter for letter, _ in same)


def import_line(name: str) -> str:
    if name not in USUAL:
        return f"from {home(name)} import {name}"
    return f"import {USUAL[name]}" + ("" if USUAL[name] == name else f" as {name}")
