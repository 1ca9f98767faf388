"""A chart of 10×10 cells as the browser has drawn it: its numbers and clicks on its cells."""

import numpy as np
from playwright.sync_api import Page

from tests.e2e.conftest import eventually


def counts(page: Page, name: str = "confusion-matrix") -> np.ndarray:
    """The matrix that the browser has drawn."""
    found = page.evaluate(
        """(name) => {
            const chart = document.querySelector(`[class*=st-key-${name}] .js-plotly-plot`);
            return chart?.data?.find((trace) => trace.customdata)?.customdata ?? [];
        }""",
        name,
    )
    matrix = np.full((10, 10), -1000)
    for true, predicted, count in found:
        matrix[true, predicted] = count
    return matrix


def texts(page: Page, name: str = "confusion-matrix") -> list[str]:
    """The numbers as they stand in the cells."""
    return page.locator(f"[class*=st-key-{name}] .heatmap-label").all_text_contents()


CELL = """([name, true_digit, predicted]) => {
    const chart = document.querySelector(`[class*=st-key-${name}] .js-plotly-plot`);
    const box = chart?.getBoundingClientRect();
    if (!(Math.abs(chart?._fullLayout?.width - box?.width) < 1)) return null; // it is still being drawn
    const { xaxis, yaxis } = chart._fullLayout;
    const [x, y] = [xaxis._offset + xaxis.d2p(`${predicted}`), yaxis._offset + yaxis.d2p(`${true_digit}`)];
    return { at: [box.x + x, box.y + y], below: chart._hoverdata?.[0]?.customdata?.slice(0, 2) ?? null };
}"""
"""Where a cell is on the screen, and which cell the chart finds below the pointer."""


def click_cell(page: Page, true: int, predicted: int, name: str = "confusion-matrix") -> None:
    """Click a cell once the chart itself finds it below the pointer."""

    def on_the_cell() -> bool:
        if not (cell := page.evaluate(CELL, [name, true, predicted])):
            return False
        page.mouse.move(*cell["at"])
        return (page.evaluate(CELL, [name, true, predicted]) or {}).get("below") == [true, predicted]

    eventually(on_the_cell)
    page.mouse.down()
    page.mouse.up()
