"""The rules of the code's architecture."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache

from core.places import ROOT
from core.queue.permissions import Access
from core.text import catalogue, placeholders
from pages.state.page_links import MOVED, PAGE_FILES

FOLDERS = ("core", "digit_lab", "pages", "benchmarks")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
SOURCES.append(ROOT / "app.py")
TESTS = sorted((ROOT / "tests").rglob("*.py"))
INTERFACE = [path for path in SOURCES if path.name == "app.py" or path.is_relative_to(ROOT / "pages")]

IMPORT_CORE = """
import importlib, pkgutil, sys
import core
for module in pkgutil.walk_packages(core.__path__, "core."):
    if not module.name.startswith("core.training") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*{name.partition(".")[0] for name in sys.modules})
"""


@cache
def parsed(path):
    """The nodes of a source's syntax tree."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def test_core_without_the_worker_imports_no_tensorflow_streamlit_or_slow_package():
    command = [sys.executable, "-c", IMPORT_CORE]
    imported = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    assert "numpy" in imported
    slow = {"sklearn", "scipy", "matplotlib", "mlxtend", "pooch"}
    assert imported & ({"tensorflow", "keras", "streamlit"} | slow) == set()


def test_no_file_has_a_vague_name():
    vague = re.compile(r"(utils?|helpers?|common|misc|managers?)\.py")
    assert [path for path in SOURCES + TESTS if vague.fullmatch(path.name)] == []


def test_every_page_is_a_short_page_py_and_every_address_but_the_first_has_a_stub():
    pages = list((ROOT / "pages").rglob("page.py"))
    assert {str(path.relative_to(ROOT)) for path in pages} == set(PAGE_FILES.values())
    assert [path for path in pages if len(path.read_text(encoding="utf-8").splitlines()) >= 80] == []
    stubs = {path.stem.partition("_")[2] for path in (ROOT / "pages").glob("[0-9]_*.py")}
    assert stubs == (PAGE_FILES.keys() | MOVED.keys()) - {"train"}


def test_every_package_is_in_the_order_of_imports():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(
        contract for contract in settings["tool"]["importlinter"]["contracts"] if contract["type"] == "layers"
    )
    ordered = {name.strip() for row in layers["layers"] for name in row.split("|")}
    packages = {f"core.{path.stem}" for path in (ROOT / "core").iterdir() if path.suffix in ("", ".py")}
    packages |= {f"pages.{path.name}" for path in (ROOT / "pages").iterdir() if path.is_dir() and path.name != "run"}
    packages |= {f"pages.run.{path.name}" for path in (ROOT / "pages/run").iterdir() if path.is_dir()}
    ignored = {"core.__init__", "core.__pycache__", "pages.__pycache__", "pages.run.__pycache__"}
    assert packages - ignored - ordered == set()


def pattern(node):
    """A string in the source as a regular expression, with anything in place of the values of an f-string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)
    return re.escape(node.value)


def strings(nodes):
    """All strings among nodes that could be the key of a text."""
    for node in nodes:
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and re.match(r"[a-z_-]+(\\)?\.", pattern(node)):
            yield pattern(node)


def said(nodes):
    """The first arguments of all calls of say."""
    for node in nodes:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
            yield node.args[0]


def test_every_text_exists_and_is_used():
    texts = set(catalogue())
    keys = {
        key
        for path in SOURCES
        for argument in said(parsed(path))
        for key in ([pattern(argument)] if isinstance(argument, ast.JoinedStr) else strings(ast.walk(argument)))
    }
    escaped = {re.escape(text) for text in texts}
    assert [key for key in keys - escaped if not any(map(re.compile(key).fullmatch, texts))] == []
    named = {key for path in SOURCES for key in strings(parsed(path))}
    composed = re.compile("|".join(key for key in named if ".+" in key))
    assert [text for text in texts if re.escape(text) not in named and not composed.fullmatch(text)] == []


def messages():
    """Each place where a source creates a message or an error, with its key and keyword arguments."""
    classes = [node for path in SOURCES for node in parsed(path) if isinstance(node, ast.ClassDef)]
    bases = {node.name: {getattr(base, "id", "") for base in node.bases} for node in classes}
    made = {"Message", "DigitLabError"} | {name for name, above in bases.items() if "DigitLabError" in above}
    for path in SOURCES:
        for node in parsed(path):
            if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in made:
                yield f"{path.name}:{node.lineno}", node.args[name == "InvalidSetting"], node.keywords


def test_a_message_has_a_text_and_exactly_its_values_which_are_no_finished_texts():
    for place, key, values in messages():
        names = {value.arg for value in values}
        for part in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
            if isinstance(part, ast.Constant | ast.JoinedStr):
                texts = list(filter(re.compile(pattern(part)).fullmatch, catalogue()))
                assert texts, place
                assert None in names or names in [placeholders(text) for text in texts], place
        calls = [node.func for part in (key, *values) for node in ast.walk(part) if isinstance(node, ast.Call)]
        assert not {"say", "clause", "plain_text"} & {getattr(called, "id", "") for called in calls}, place


def test_the_interface_has_no_texts_of_its_own():
    """The first argument of a Streamlit call that shows text comes from the catalogue."""
    shows = {"title", "header", "subheader", "caption", "markdown", "text", "button", "error", "warning", "info"}
    shows |= {"success", "toast", "metric", "selectbox", "slider", "select_slider", "number_input", "checkbox"}
    shows |= {"toggle", "radio", "segmented_control", "expander", "popover", "text_input", "pills", "progress"}
    for path in INTERFACE:
        for node in parsed(path):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in shows:
                for argument in node.args[:1]:
                    literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                    assert not literal or not re.search(r"[A-Za-z]{2}", argument.value), f"{path.name}:{node.lineno}"


def test_pages_change_runs_only_through_the_access_of_a_visitor():
    changes = {name for name in vars(Access) if not name.startswith("_")} | {"submit"}
    past = re.compile(rf"(?:queue\(\)|store\(\)|folder)\.(?:{'|'.join(sorted(changes))})\(")
    sources = (ROOT / "pages").rglob("*.py")
    found = [path for path in sources if past.search(path.read_text(encoding="utf-8"))]
    assert found == [], "use pages.state.visitor.access() instead"
