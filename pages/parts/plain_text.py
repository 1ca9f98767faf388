"""Text from outside, shown as the characters that it has."""

_MEANS_SOMETHING = frozenset(r"\`*_{}[]<>()#+-.!|~$:&")


def plain_text(text: str, longest: int = 300) -> str:
    """The text for a place that renders Markdown, cut and without line breaks, so that it stays what it is."""
    # a colon that begins the name of an icon means something even behind a backslash; an invisible joiner ends that
    line = " ".join(text.split()).replace(":material", ":\u2060material")
    short = line if len(line) <= longest else f"{line[: longest - 1]}…"
    return "".join(f"\\{character}" if character in _MEANS_SOMETHING else character for character in short)
