"""Every text that a person reads, by key, in the reader's language."""

from core.text.catalogues import ENGLISH, catalogue, placeholders
from core.text.lines import fitted, one_line, shortened, unbroken, wide_letters
from core.text.reader import install, language, languages, speak, speaking
from core.text.wording import Message, clause, grouped, listed, named, say, sentences, stored

__all__ = [
    "ENGLISH",
    "Message",
    "catalogue",
    "clause",
    "fitted",
    "grouped",
    "install",
    "language",
    "languages",
    "listed",
    "named",
    "one_line",
    "placeholders",
    "say",
    "sentences",
    "shortened",
    "speak",
    "speaking",
    "stored",
    "unbroken",
    "wide_letters",
]
