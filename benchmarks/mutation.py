"""Whether the tests notice deliberate faults: `python -m benchmarks.mutation [--tree PATH] [--only NAME ...]`."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measurement import write_between_marks
from benchmarks.nearest_tests import SOURCES, nearest_tests
from core.places import ROOT, place

FAULTS = Path(__file__).with_name("faults.toml")
NOT_CAUGHT = "not caught"
_LEFT_OUT = "not browser and not mnist"
_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", re.MULTILINE)
_LONGEST = 3600.0
"""Seconds that one run of tests may take: a fault can make a test wait forever, and then nothing caught it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One small edit of a file of the product."""

    name: str
    breaks: str
    """What goes wrong, in a sentence."""
    edits: tuple[tuple[str, str], ...]
    """Old text and new, in the wording of this version and of older ones."""
    before: str = ""
    """The test that caught it before the test suite was made faster."""

    def edit(self, tree: Path) -> tuple[Path, str, str]:
        """The file to change, the old text and the new; raises ValueError unless one old text occurs exactly once."""
        sources = {path: path.read_text(encoding="utf-8") for top in SOURCES for path in (tree / top).rglob("*.py")}
        for old, new in self.edits:
            found = [path for path, text in sources.items() for _ in range(text.count(old))]
            if len(found) == 1:
                return found[0], old, new
        raise ValueError(f"{self.name}: no text to replace occurs exactly once in {tree}")

    @contextmanager
    def applied(self, tree: Path) -> Iterator[None]:
        """Change the file, and undo that afterwards; raises as `edit` does."""
        path, old, new = self.edit(tree)
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")


def read_faults(file: Path = FAULTS) -> list[Fault]:
    """The faults of a TOML file; raises KeyError where one lacks a key, OSError, ValueError."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return [
        Fault(
            name,
            table["breaks"],
            tuple(zip(*map(_listed, (table["old"], table["new"])), strict=True)),
            table.get("before", ""),
        )
        for name, table in tables.items()
    ]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def catches(faults: Iterable[Fault], tree: Path) -> dict[str, str]:
    """By the name of each fault, the first test that fails with it and passes without it, or NOT_CAUGHT."""
    found: dict[str, str] = {}
    broken: set[str] = set()
    waiting = list(faults)
    while waiting:
        for fault in waiting:
            found[fault.name] = _caught_by(fault, tree, broken)
            print(f"{fault.name}: {found[fault.name]}", file=sys.stderr, flush=True)
        tests = sorted(set(found.values()) - {NOT_CAUGHT} - broken)
        fails_anyway = set(_failures(tree, tests)) if tests else set()
        broken |= fails_anyway
        waiting = [fault for fault in waiting if found[fault.name] in fails_anyway]
    return found


def table(faults: Sequence[Fault], found: Mapping[str, str]) -> str:
    """A row for each fault, as Markdown, and how many were caught before and now."""
    rows = [(fault.name, fault.breaks, fault.before, found[fault.name]) for fault in faults]
    before, now = (sum(row[column] not in ("", NOT_CAUGHT) for row in rows) for column in (2, 3))
    rows.append(("**all**", "", f"{before} of {len(faults)}", f"{now} of {len(faults)}"))
    cells = [[f"`{cell}`" if cell.startswith("tests/") else cell for cell in row] for row in rows]
    head = "| Fault | What it breaks | Caught before by | Caught now by |\n|---|---|---|---|"
    return "\n".join([head, *(f"| {' | '.join(row)} |" for row in cells)])


def _caught_by(fault: Fault, tree: Path, broken: set[str]) -> str:
    left_out = [f"--deselect={test}" for test in broken]
    for tests in nearest_tests(tree, fault.edit(tree)[0]):
        with fault.applied(tree):
            failed = _failures(tree, ["-x", *left_out, *(str(path.relative_to(tree)) for path in tests)])
        if failed:
            return failed[0]
    return NOT_CAUGHT


def _failures(tree: Path, arguments: Sequence[str]) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", "-m", _LEFT_OUT, *arguments]
    # byte code is known by the second of the change, and a fault comes and goes within one
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "500"}
    try:
        ended = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        return []
    failed: list[str] = _FAILED.findall(ended.stdout)
    if ended.returncode not in (0, 1, 5) and not failed:
        raise RuntimeError(f"{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}")
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 where every fault is caught, else 1."""
    faults = {fault.name: fault for fault in read_faults()}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--tree", type=place, default=ROOT, metavar="PATH", help="another checkout to test")
    parser.add_argument("--only", nargs="+", choices=faults, metavar="NAME", help=", ".join(faults))
    parser.add_argument("--write", type=place, metavar="FILE", help="put the table between the marks of this document")
    options = parser.parse_args(arguments)
    chosen = [faults[name] for name in options.only or faults]
    with tempfile.TemporaryDirectory(prefix="digit-lab-mutation-", ignore_cleanup_errors=True) as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(options.tree, tree, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*_cache"))
        found = catches(chosen, tree)
    print(table(chosen, found))
    if options.write:
        write_between_marks(options.write, table(chosen, found), "faults")
    return 1 if NOT_CAUGHT in found.values() else 0


if __name__ == "__main__":
    sys.exit(main())
