"""A tutorial's script for Keras 3: as code, as a diff, as a notebook."""

import difflib
import json
import re
from dataclasses import dataclass

from core.tutorials.notebook import load
from core.tutorials.reading import Tutorial
from core.tutorials.rewriting.changes import Change, Changes

_CELL = re.compile(r"^# In\[(\d+)\]:$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A script before and after, and why each line changes."""

    before: str
    after: str
    changes: tuple[Change, ...]

    @property
    def diff(self) -> str:
        """The changed lines with three lines around each, in the unified format, without file names."""
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=3)
        return "\n".join(list(lines)[2:])


def for_keras_3(tutorial: Tutorial) -> Rewritten:
    """The tutorial's script with the fewest changes that Keras 3 needs."""
    # imported late, since only the rewriting needs it
    import libcst as cst
    from libcst.metadata import MetadataWrapper

    from core.tutorials.rewriting.transformer import ForKeras3

    code = tutorial.pasted.code
    changes = Changes()
    try:
        wrapper = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
        after = wrapper.visit(ForKeras3(tutorial.facts, changes, code.split("\n"))).code
    except (cst.ParserSyntaxError, RecursionError):
        after = code
    ordered = sorted(changes.all, key=lambda change: change.line)
    return Rewritten(_squeezed(code), _squeezed(after), tuple(ordered))


def _squeezed(code: str) -> str:
    """The code with at most two empty lines in a row, where a page's prose stood."""
    return re.sub(r"\n{4,}", "\n\n\n", code).strip("\n") + "\n"


def as_notebook(tutorial: Tutorial, after: str, original: str | None = None) -> str:
    """The rewritten script as a notebook's file: the person's own with its cells changed, or one cell."""
    import nbformat

    cells = _CELL.split(after)
    if tutorial.notebook is None or original is None or len(cells) < 3:
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(after.strip("\n"))])
        return str(nbformat.writes(made))
    sources = {int(number): text.strip("\n") for number, text in zip(cells[1::2], cells[2::2], strict=True)}
    notebook = load(original)
    own = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(own, start=1):
        magics = [line for line in cell.source.splitlines() if re.match(r"\s*[%!?]", line)]
        source = sources.get(number, cell.source)
        for magic in magics:
            source = source.replace(f"# {magic.strip()}", magic, 1)
        cell.source = source
        cell.outputs, cell.execution_count = [], None
    return json.dumps(notebook, ensure_ascii=False, indent=1)
