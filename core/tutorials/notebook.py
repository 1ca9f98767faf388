"""A notebook's code and outputs, of formats 2 to 4."""

from dataclasses import dataclass
from typing import Any

from core.errors import DigitLabError

_MOST_CELLS = 2_000


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells' sources in order, and everything that they printed."""

    cells: tuple[str, ...]
    printed: str

    @property
    def code(self) -> str:
        """All cells as one script, each under its number."""
        return "\n\n".join(f"# In[{number}]:\n{source}" for number, source in enumerate(self.cells, start=1))


def is_notebook(text: str) -> bool:
    """Whether a text is a notebook's file, damaged or not."""
    start = text.lstrip()[:1]
    return start == "{" and ('"cells"' in text or '"worksheets"' in text)


def read_notebook(text: str) -> Notebook:
    """The notebook in a file; raises DigitLabError for a damaged one."""
    notebook = load(text)
    sources: list[str] = []
    printed: list[str] = []
    for cell in notebook.cells[:_MOST_CELLS]:
        if cell.cell_type == "code":
            sources.append(_text(cell.source))
            printed += [_printed(output) for output in cell.get("outputs", [])]
    return Notebook(tuple(sources), "\n".join(filter(None, printed)))


def load(text: str) -> Any:
    """The notebook as nbformat's object of format 4; raises DigitLabError for a damaged one."""
    # imported late, since few readers bring a notebook
    import nbformat

    try:
        return nbformat.convert(nbformat.reader.reads(text), 4)
    except Exception as error:  # nbformat raises all kinds of errors for a damaged notebook
        raise DigitLabError("tutorials.bad_notebook") from error


def _printed(output: Any) -> str:
    if output.get("output_type") == "stream":
        return _text(output.get("text", ""))
    data = output.get("data") or {}
    return _text(data.get("text/plain", "") or "")


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
