"""Texts that fit their place: in one line, and not too long."""


def one_line(text: str) -> str:
    """The text in one line, without characters that cannot be printed: controls, direction marks, lone surrogates."""
    # the two joiners belong to letters and emoji
    shown = (character if character.isprintable() or character in "\u200c\u200d" else " " for character in text)
    return " ".join("".join(shown).split())


def shortened(text: str, longest: int) -> str:
    """The text in at most this many characters, cut in the middle: `mlp-512 · rate 0.…batch 64`.

    Names share their beginnings, and what tells them apart is often at the end.
    """
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 3
    return f"{text[: longest - 1 - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"
