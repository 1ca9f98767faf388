"""The colors of every chart, in both themes."""

import colorsys
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

READABLE = 4.5
"""The least contrast of text with its ground, by WCAG 2.2, success criterion 1.4.3."""

Scale = tuple[str, ...]
"""Colors as #rrggbb at equal distances from the lowest to the highest value."""

CLASSES: Scale = (
    *("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE"),
    *("#AA3377", "#8C8C8C", "#DDAA33", "#004488", "#997700"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One theme's colors, as #rrggbb."""

    training: str
    validation: str
    test: str
    wrong: str
    text: str
    quiet: str
    """Secondary text; contrast still at least 4.5:1 on background and panel."""
    literal: str
    """Strings and numbers in code; contrast likewise."""
    faint: str
    """Grid lines."""
    background: str
    panel: str
    """Neutral cells and areas."""
    bar: str
    """Bars that show neither a part of the data nor mistakes."""
    classes: Scale
    runs: Scale
    """Ten colors that tell runs apart, also for the color-blind; contrast at least 3:1 on background and panel."""
    errors: Scale
    """From no errors to many."""
    difference: Scale
    """From fewer errors through no change to more errors."""

    @property
    def dark(self) -> bool:
        """Whether digits are bright on dark, as in MNIST, instead of ink on paper."""
        return contrast(self.background, "#000000") < contrast(self.background, "#FFFFFF")


LIGHT = Palette(
    training="#3B5BDB",
    validation="#E8590C",
    test="#2B8A3E",
    wrong="#C92A2A",
    text="#1B1F24",
    quiet="#626B76",
    literal="#237032",
    faint="#E4E7EB",
    background="#FFFFFF",
    panel="#F0F2F5",
    bar="#9AA5B1",
    classes=CLASSES,
    runs=(
        *("#4A61FC", "#F9435C", "#4D967B", "#6F0CCF", "#A25413"),
        *("#256BA6", "#B81B82", "#552502", "#867FCC", "#852D4B"),
    ),
    errors=("#FFFFFF", "#F3B4B4", "#C92A2A"),
    difference=("#3B5BDB", "#B4C0F3", "#FFFFFF", "#F3B4B4", "#C92A2A"),
)
DARK = Palette(
    training="#8EA2FF",
    validation="#FFA94D",
    test="#69DB7C",
    wrong="#FF8787",
    text="#E6E9ED",
    quiet="#9AA4B0",
    literal="#69DB7C",
    faint="#2A313A",
    background="#0F1216",
    panel="#242B33",
    bar="#55606C",
    classes=(*CLASSES[:8], "#A3BFFA", CLASSES[9]),  # the dark blue of 8 cannot be seen here
    runs=(
        *("#13BFFE", "#FC7445", "#1FAF8E", "#837AFD", "#D2C979"),
        *("#FC82CD", "#A7FB0F", "#E7D4F0", "#B4600D", "#517D9E"),
    ),
    errors=("#191E24", "#FF8787"),
    difference=("#8EA2FF", "#191E24", "#FF8787"),
)


def palette(theme: str) -> Palette:
    """The colors of a theme: "dark", or light for any other value."""
    return DARK if theme == "dark" else LIGHT


def class_colors(colors: Palette, count: int) -> Scale:
    """A color for each of this many classes: the palette's ten, or for more, hues at equal distances."""
    if count <= len(colors.classes):
        return colors.classes[:count]
    lightness = 0.68 if colors.dark else 0.42
    hues = (colorsys.hls_to_rgb(place / count, lightness, 0.6) for place in range(count))
    return tuple("#{:02X}{:02X}{:02X}".format(*(round(255 * value) for value in hue)) for hue in hues)


def stops(scale: Scale) -> list[list[float | str]]:
    """A scale in Plotly's format."""
    return [[i / (len(scale) - 1), color] for i, color in enumerate(scale)]


def color_at(scale: Scale, share: float) -> str:
    """The color at a share (0 to 1) of a scale, interpolated as Plotly does."""
    place = min(max(share, 0.0), 1.0) * (len(scale) - 1)
    low = min(int(place), len(scale) - 2)
    (a, b) = list(pairwise(scale))[low]
    mixed = [round(x + (y - x) * (place - low)) for x, y in zip(_channels(a), _channels(b), strict=True)]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


@lru_cache(maxsize=1024)
def ink(colors: Palette, ground: str) -> str:
    """The most readable text color on a ground: the theme's text or its background, or black or white if those fail."""
    for pair in ((colors.text, colors.background), ("#000000", "#FFFFFF")):
        best = max(pair, key=lambda color: contrast(color, ground))
        if contrast(best, ground) >= READABLE:
            break
    return best


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colors, from 1 to 21, by WCAG 2.2."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def faded(color: str, opacity: float) -> str:
    """A color with an opacity, as rgba()."""
    return f"rgba({','.join(map(str, _channels(color)))},{opacity:g})"


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
