"""The theme is readable in light and dark mode."""

import tomllib
from dataclasses import asdict

import pytest

from core.charts.palette import DARK, LIGHT
from core.places import ROOT

THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]


def luminance(color: str) -> float:
    """Relative luminance, 0 to 1, by WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_and_buttons_have_the_contrast_of_wcag_aa(name: str) -> None:
    theme = THEME[name]
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5  # Streamlit writes on primary buttons in white
    for background in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], background) >= 7
        assert contrast(theme["linkColor"], background) >= 4.5
        for line in ("primaryColor", "blueColor", "orangeColor", "greenColor", "redColor"):
            assert contrast(theme[line], background) >= 3, line


def test_each_digit_has_its_own_color_with_contrast_on_dark() -> None:
    for theme in (THEME["light"], THEME["dark"]):
        assert len(set(theme["chartCategoricalColors"])) == 10
    assert min(contrast(color, theme["backgroundColor"]) for color in theme["chartCategoricalColors"]) >= 3


@pytest.mark.parametrize(("name", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_charts_and_report_have_the_colors_of_the_theme(name: str, palette: object) -> None:
    roles = {"blueColor": "training", "orangeColor": "validation", "greenColor": "test", "redColor": "wrong"}
    colors = asdict(palette)
    assert {role: colors[role] for role in roles.values()} == {roles[key]: THEME[name][key] for key in roles}
    report = (ROOT / "core/export/report/report.css").read_text(encoding="utf-8")
    assert [role for role in roles.values() if f"--{role}: {colors[role]};" not in report] == []
