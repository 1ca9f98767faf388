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

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

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


def test_a_message_has_a_text_and_exactly_its_values_which_are_not_finished_texts():
    for place, key, values in messages():
        names = {value.arg for value in values}
        for part in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
            if isinstance(part, ast.Constant | ast.JoinedStr):
                texts = list(filter(re.compile(pattern(part)).fullmatch, catalogue()))
                assert texts, place
                assert None in names or names in [placeholders(text) for text in texts], place
        calls = [node.func for part in (key, *values) for node in ast.walk(part) if isinstance(node, ast.Call)]
        assert not {"say", "clause", "plain_text"} & {getattr(called, "id", "") for called in calls}, place


def logs(called):
    """Whether a call writes to the server's log."""
    return getattr(called.value, "id", "") == "_log"


def test_the_interface_has_no_texts_of_its_own():
    """The first argument of a Streamlit call that shows text comes from the catalogue."""
    shows = {"title", "header", "subheader", "caption", "markdown", "text", "button", "error", "warning", "info"}
    shows |= {"success", "toast", "metric", "selectbox", "slider", "select_slider", "number_input", "checkbox"}
    shows |= {"toggle", "radio", "segmented_control", "expander", "popover", "text_input", "pills", "progress"}
    for path in INTERFACE:
        for node in parsed(path):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in shows and not logs(node.func):
                for argument in node.args[:1]:
                    literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                    assert not literal or not re.search(r"[A-Za-z]{2}", argument.value), f"{path.name}:{node.lineno}"


WORDED = {"say", "clause", "listed", "grouped", "named", "sentences", "plain_text"}
MARKUP = re.compile(r":material/\w+:|:[a-z]+\[|<[^>]*>|\\n")


def outside_functions(root):
    """What a node contains, without the functions in it."""
    inner = [root]
    while inner:
        node = inner.pop()
        yield node
        inner += (child for child in ast.iter_child_nodes(node) if not isinstance(child, FUNCTIONS))


def is_worded(node):
    """Whether an expression is a text of the catalogue."""
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in WORDED


def glued(node):
    """Whether this puts a sentence together from parts, which another language orders or joins otherwise."""
    match node:
        case ast.BinOp(op=ast.Add()) | ast.AugAssign(op=ast.Add()):
            parts = (node.value,) if isinstance(node, ast.AugAssign) else (node.left, node.right)
            return any(map(is_worded, parts))
        case ast.JoinedStr(values=values):
            plain = "".join(part.value for part in values if isinstance(part, ast.Constant))
            words = [is_worded(part.value) for part in values if isinstance(part, ast.FormattedValue)]
            return any(words) and re.search(r"[A-Za-z.,;:?!]", MARKUP.sub("", plain)) is not None
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=between), attr="join")):
            return isinstance(between, str) and re.fullmatch(r"[,.:] | and | or ", between) is not None
    return False


def test_no_sentence_is_put_together_from_parts():
    """`listed`, `named` and `sentences` join texts as the language does."""
    shown = [*INTERFACE, *(ROOT / "core/charts").glob("*.py"), *(ROOT / "core/export/report").glob("*.py")]
    assert [f"{path.name}:{node.lineno}" for path in shown for node in parsed(path) if glued(node)] == []


def test_nothing_is_worded_before_its_reader_is_known():
    """Neither where a module is imported, nor in a cache that readers of several languages share."""
    for path in (path for path in SOURCES if not path.is_relative_to(ROOT / "benchmarks")):
        tree, *_ = nodes = parsed(path)
        at_import = [node.lineno for node in outside_functions(tree) if is_worded(node)]
        assert at_import == [] or path.name == "app.py", path
        for function in (node for node in nodes if isinstance(node, FUNCTIONS)):
            kept = "cache" in " ".join(map(ast.unparse, getattr(function, "decorator_list", ())))
            worded = [node.lineno for node in outside_functions(function) if is_worded(node)]
            names = {argument.arg for argument in function.args.args}
            assert not (kept and worded) or "tag" in names or path.name == "visitor.py", path


def test_pages_change_runs_only_through_the_access_of_a_visitor():
    changes = {name for name in vars(Access) if not name.startswith("_")} | {"submit"}
    past = re.compile(rf"(?:queue\(\)|store\(\)|folder)\.(?:{'|'.join(sorted(changes))})\(")
    sources = (ROOT / "pages").rglob("*.py")
    found = [path for path in sources if past.search(path.read_text(encoding="utf-8"))]
    assert found == [], "use pages.state.visitor.access() instead"
