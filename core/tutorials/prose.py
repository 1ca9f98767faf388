"""Words and outputs between the lines of code that happen to parse as Python."""

import ast

_PRINTED = {"array", "Counter", "tensor", "Index", "RangeIndex", "Series", "dtype"}
"""Names that a session prints before the values of what it shows."""


def without_prose(tree: ast.Module, lines: list[str]) -> list[str] | None:
    """The lines without words and outputs that happen to parse; None if there are none."""
    known = _bound_names(tree)
    gone: set[int] = set()
    for node in tree.body:
        if _is_prose(node, known):
            gone |= set(range(node.lineno - 1, (node.end_lineno or node.lineno)))
    if not gone:
        return None
    # a line may hold code after a semicolon
    kept = {
        place
        for node in tree.body
        if not _is_prose(node, known)
        for place in range(node.lineno - 1, node.end_lineno or 0)
    }
    return ["" if place in gone - kept else line for place, line in enumerate(lines)]


def _is_prose(node: ast.stmt, known: set[str]) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in _PRINTED and name not in known:
            return True
        case ast.AnnAssign(value=None, annotation=annotation):
            return (
                not isinstance(annotation, ast.Name | ast.Attribute | ast.Subscript)
                or _first_name(annotation) not in known
            )
        case ast.Expr(value=ast.Constant(value=value)):
            return not isinstance(value, str)
        case ast.Expr(
            value=ast.List() | ast.Tuple() | ast.UnaryOp() | ast.BinOp() | ast.Compare() | ast.Set() as value
        ):
            names = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
            return not names & known
        case ast.Expr(value=ast.Name() | ast.Attribute() | ast.Subscript() as value):
            return _first_name(value) not in known
    return False


def _first_name(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound_names(tree: ast.Module) -> set[str]:
    found = {"print", "int", "float", "str", "len", "list", "dict", "tuple", "object"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found
