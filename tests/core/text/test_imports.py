"""A text is worded when it is shown: one kept from the import of a module would have the first reader's language."""

import ast

import pytest

from core.places import ROOT

_WORDING = {"core.text", "core.formatting"}
_UNWORDED = {"catalogue", "languages", "Message", "placeholders", "one_line", "shortened"}


def worded_at_import(source: str) -> list[int]:
    """The lines that word a text as the module is imported."""
    tree = ast.parse(source)
    worders = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"core", *_WORDING}
        for name in node.names
        if name.name not in _UNWORDED and (node.module != "core" or name.name == "formatting")
    }
    return [
        call.lineno
        for call in _at_import(tree)
        if isinstance(call, ast.Call) and worders & {getattr(part, "id", "") for part in _chain(call.func)}
    ]


def _at_import(node):
    """What runs when a module is imported, defaults of arguments included, but nothing in functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from (
                part
                for default in (*child.args.defaults, *child.args.kw_defaults)
                if default is not None
                for part in ast.walk(default)
            )
        else:
            yield child
            yield from _at_import(child)


def _chain(function):
    while isinstance(function, ast.Attribute):
        function = function.value
    yield function


def test_no_module_words_a_text_as_it_is_imported():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("core", "pages", "digit_lab")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in worded_at_import(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from core import formatting as figures\nTINY = figures.probability(0)", [2]),
        ("from core.text import say\nclass View:\n    title = [say('a') for _ in 'ab']", [3]),
        ("from core.text import say\ndef title(text=say('a')):\n    return say(text)", [2]),
        ("from core.text import Message\nTITLE = Message('a')\nNAMES = {'a': lambda: say('a')}", []),
    ],
)
def test_the_rule_sees_a_text_that_is_kept(source, lines):
    assert worded_at_import(source) == lines
