"""How wide a chart's text is, for a margin that has room for it: Plotly's own margins move the chart as they adapt."""

import math

from core.text import wide_letters

_LATIN, _CHINESE = 6.9, 12.0
"""Pixels of a letter in 12 px, on average in a wide sans-serif font."""


def text_width(text: str) -> int:
    """Pixels that a tick's text takes at most."""
    chinese = wide_letters(text)
    return math.ceil(_CHINESE * chinese + _LATIN * (len(text) - chinese))
