"""The scripts in static/ load in every browser, and their versions never mix in a browser's cache."""

import re
from hashlib import sha256

import pytest

from core.places import ROOT

STATIC = ROOT / "static"
SCRIPTS = sorted(path for path in STATIC.glob("*.js") if not path.name.startswith("plotly-"))
IMPORT = re.compile(r'(?:\bfrom|^import) "([^"]+)";', re.MULTILINE)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_awaits_while_it_loads(script):
    """If two components import a module with a top-level await, WebKit gives the second an unfinished module.

    https://bugs.webkit.org/show_bug.cgi?id=242740
    """
    assert re.findall(r"\bawait\b|\bimport\s*\(", script.read_text(encoding="utf-8")) == []


def test_every_imported_module_exists_and_has_its_version_in_its_name():
    names = [name for script in SCRIPTS for name in IMPORT.findall(script.read_text(encoding="utf-8"))]
    assert names
    for name in names:
        assert re.fullmatch(r"\./(\w+-[0-9a-f]{8}|plotly-basic-[\d.]+\.min)\.js", name)
        assert (STATIC / name).is_file(), name


def test_a_version_in_a_file_name_is_the_hash_of_the_contents():
    for script in (path for path in SCRIPTS if "-" in path.name):
        version = sha256(script.read_bytes()).hexdigest()[:8]
        assert script.name == f"{script.name.partition('-')[0]}-{version}.js", (
            "The module has changed: rename it, and change the name in what imports it."
        )


DECLARED = re.compile(r"(?<![-\w])(padding|margin|gap|row-gap|column-gap|font)((?:-[a-z]+)*): ?([^;\"'`}]*)")
LENGTH = re.compile(r"(?<![\w./-])([\d.]+)(rem|px)")
STYLED = [*STATIC.glob("*.css"), *SCRIPTS, *sorted((ROOT / "pages").rglob("*.py"))]
OF_A_CELL = 10.5
"""Pixels of a number in a cell, the largest that has room."""


def scale(kind):
    """The pixels of this kind of custom property."""
    rems = re.findall(rf"--{kind}-\w+: ([\d.]+)rem", (STATIC / "frame.css").read_text(encoding="utf-8"))
    return {16 * float(rem) for rem in rems}


def test_spacing_and_type_keep_to_one_scale():
    scales = {True: scale("type") | {OF_A_CELL}, False: scale("space") | {0}}
    assert min(map(len, scales.values())) > 5
    off = []
    for path in STYLED:
        for kind, _, value in DECLARED.findall(path.read_text(encoding="utf-8")):
            # what grows with the screen has its own steps
            if "vw" not in value and "--cell" not in value:
                sizes = (float(number) * (16 if unit == "rem" else 1) for number, unit in LENGTH.findall(value))
                off += [(path.name, kind, value) for size in sizes if size not in scales[kind == "font"]]
    assert off == []
