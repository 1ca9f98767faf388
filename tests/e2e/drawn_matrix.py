"""A chart of 10×10 cells as the browser has drawn it: its numbers, and clicks on them."""

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


def click_cell(page: Page, true: int, predicted: int, name: str = "confusion-matrix") -> None:
    """Click where the chart itself says that the pointer is on the cell."""

    def on_the_cell() -> bool:
        # a chart that is being drawn may still change its size
        where = page.evaluate(
            """([name, x, y]) => {
                const chart = document.querySelector(`[class*=st-key-${name}] .js-plotly-plot`);
                const box = chart?.getBoundingClientRect();
                if (!box || !(Math.abs(chart._fullLayout?.width - box.width) < 1)) return null;
                const { xaxis, yaxis } = chart._fullLayout;
                return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
            }""",
            [name, str(predicted), str(true)],
        )
        if where is None:
            return False
        page.mouse.move(*where)
        return hovered(page, name) == [true, predicted]

    eventually(on_the_cell)
    page.mouse.down()
    page.mouse.up()


def hovered(page: Page, name: str) -> list[int]:
    """The cell below the pointer as the chart sees it."""
    found: list[int] = page.evaluate(
        """(name) => {
            const chart = document.querySelector(`[class*=st-key-${name}] .js-plotly-plot`);
            return chart?._hoverdata?.[0]?.customdata?.slice(0, 2) ?? [];
        }""",
        name,
    )
    return found
