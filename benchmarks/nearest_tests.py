"""Which test files are most likely to notice a change of one file of the product."""

import ast
from itertools import takewhile
from pathlib import Path

SOURCES = ("core", "pages")
_TESTS = ("core", "pages", "faults")
_NEAR = 3
"""Steps: a test that imports or mirrors the changed file is at 0, one of a file that imports it at 1."""


def nearest_tests(tree: Path, changed: Path) -> list[list[Path]]:
    """Groups of test files, the nearest to a changed file first: what mirrors it, imports it, imports an importer, …

    The last two groups are all others of its folder, and of its part of the product.
    """
    imports = {_module(path, tree): _imports(path, tree) for top in SOURCES for path in (tree / top).rglob("*.py")}
    steps = {_module(changed, tree): 0}
    for step in range(1, _NEAR + 1):
        steps |= {name: step for name, used in imports.items() if name not in steps and used & steps.keys()}
    groups: list[list[Path]] = [[] for _ in range(_NEAR + 3)]
    home = changed.relative_to(tree).parent
    tests = sorted(path for top in _TESTS for path in (tree / "tests" / top).rglob("test_*.py"))
    for test in sorted(tests, key=lambda path: -len(_shared(path.relative_to(tree / "tests").parts, home.parts))):
        folder = test.parent.relative_to(tree / "tests")
        # a test of a page starts it by its path and imports nothing of it
        names = _imports(test, tree) | {name for name in steps if _mirrors(test, name, tree)}
        step = min((steps[name] for name in names & steps.keys()), default=_NEAR)
        if _mirrors(test, _module(changed, tree), tree):
            groups[0].append(test)
        elif step < _NEAR:
            groups[1 + step].append(test)
        elif len(folder.parts) > 1 and (folder == home or folder in home.parents):
            groups[-2].append(test)
        elif folder.parts[0] == home.parts[0]:
            groups[-1].append(test)
    return [group for group in groups if group]


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    """The names with which both paths begin."""
    return [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]


def _mirrors(test: Path, module: str, tree: Path) -> bool:
    """Whether a test has the path of a module, or in the same part of the product its name, unless that is `page`."""
    folder, name = test.relative_to(tree / "tests").parent.parts, test.stem.removeprefix("test_")
    part, *_, stem = module.split(".")
    return module == ".".join((*folder, name)) or (name != "page" and (part, stem) == (folder[0], name))


def _module(path: Path, tree: Path) -> str:
    return ".".join(path.relative_to(tree).with_suffix("").parts)


def _imports(path: Path, tree: Path) -> set[str]:
    """The product's modules that a file imports, at its top or later, itself or by what tests share."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    files = {name: tree / f"{name.replace('.', '/')}.py" for name in found}
    shared = [file for name, file in files.items() if name.startswith("tests.") and file.is_file()]
    own = {name for name, file in files.items() if name.startswith(SOURCES) and file.is_file()}
    return own.union(*(_imports(file, tree) for file in shared))
