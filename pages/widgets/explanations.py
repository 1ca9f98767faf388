"""The help of a section, which explains all that is in it."""

from collections.abc import Mapping

from core.text import named


def explanations(texts: Mapping[str, str], *, first: str = "") -> str:
    """Markdown with each text after its name, below `first`, which needs none."""
    explained = (named(f"**{name}**", text) for name, text in texts.items())
    return "\n\n".join(filter(None, [first, *explained]))
