"""A short walk through every page and component in Firefox and WebKit, at the sizes of a desktop and an iPad.

WebKit uses the live chart, the matrix and the canvas at the size of an iPad. With --slow, both see all pages at both
sizes.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from core.config.presets import PRESETS
from core.data import datasets
from core.explain.projection import write_points
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.text import say
from tests.e2e import drawn_matrix, engines
from tests.e2e.conftest import Lab, eventually
from tests.e2e.walker import PATIENCE, SIZES, Walker
from tests.faults.server import Server

pytestmark = pytest.mark.browser

RUN = "cnn-16-36-5k"
CHART, OPTION = ".stPlotlyChart", "[role=radio], [data-testid^=stBaseButton-segmented_control]"
CELL = (5, 3)
"""True and predicted digit of a nonempty cell in this run's confusion matrix."""


@pytest.fixture(scope="module")
def training(lab: Lab) -> Iterator[Any]:
    """A run that trains during the whole test and hardly uses the processor."""
    # the map of digits is made in advance, because computing it takes 15 seconds
    points = np.random.default_rng(1).normal(size=(1000, 2)).astype(np.float32)
    shipped = RunFolder(SHIPPED_DIR / RUN)
    write_points(shipped, shipped.status().best_epoch or 0, datasets.load("mnist-5k"), points)
    server = Server(lab.runs_dir)
    server.launcher.environment = {"BATCH_SECONDS": "0.2", "PLATEAU_EPOCHS": "1000"}
    try:
        run = server.begun(PRESETS["mlp-512"].replace(dataset="mnist-5k", epochs=1000), PATIENCE)
        eventually(lambda: run.status().epoch, PATIENCE)
        yield run
    finally:
        server.close()


@pytest.fixture(
    scope="module",
    params=[pytest.param(engines.firefox, marks=pytest.mark.slow), engines.webkit],
    ids=["firefox", "webkit"],
)
def walker(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Walker]:
    """A visitor with each browser but Chromium, which all other tests use."""
    with request.param() as engine:
        yield Walker(engine, lab.address)


INSIDE = (
    f"/run?tab=inside&run={RUN}&part=convolution&layer=conv_1",
    {
        "": {".pixels": 6, ".picture": 1},
        "inside.parts.layers": {".sheet": 2, ".pixels": 2},
        "inside.parts.pooling": {CHART: 2},
        "inside.parts.output": {CHART: 1},
    },
)
LESSONS = (
    f"/learn?run={RUN}",
    {
        "": {".walk .paper": 1},
        "lessons.names.convolution": {".walk .paper": 2},
        "lessons.names.descent": {".race svg": 2},
        "lessons.names.step": {".sheet": 1},
    },
)
VIEWS = [
    (f"/runs?runs={RUN},mlp-512", {"": {CHART: 1, ".rows tbody a": 2}}),
    (f"/run?tab=mistakes&run={RUN}", {"": {".sheet": 1, ".picture": 1, CHART: 1}}),
    INSIDE,
    (
        f"/run?tab=inside&run={RUN}&part=occlusion",
        {
            "": {CHART: 1, ".picture": 2},
            "inside.parts.weights": {CHART: 4},
            "inside.parts.map": {".map canvas": 1},
        },
    ),
    LESSONS,
    (
        "/data?dataset=mnist-5k",
        {
            "": {".sheet": 1, CHART: 1},
            "data_page.aspects.one": {".picture": 1},
            "data_page.aspects.augmentation": {".picture": 2, ".sheet": 1},
        },
    ),
]
"""Links, each with the parts at least drawn there and after each choice (key of its text -> CSS selector -> number)."""


def sizes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The sizes at which a browser looks: both with --slow, else an iPad's."""
    return tuple(SIZES) if request.config.getoption("--slow") else tuple(SIZES)[1:]


def epochs(walker: Walker) -> int:
    """The number of epochs that both live charts have drawn."""
    function = """() => {
        const lines = [...document.querySelectorAll(".live-chart-plot")].map(
            (plot) => plot.data?.find(({ name }) => name === "Training")?.x.length ?? 0);
        return lines.length === 2 ? Math.min(...lines) : 0;
    }"""
    drawn: int = walker.run(function)
    return drawn


def hovered_cell(walker: Walker) -> Any:
    return walker.run(drawn_matrix.CELL, ["confusion-matrix", *CELL])


def watch_a_training(walker: Walker, size: str) -> None:
    walker.look(size, {".live-chart": 2})
    walker.wait(lambda: epochs(walker) >= 1, lambda: epochs(walker))
    before = epochs(walker)
    walker.wait(lambda: epochs(walker) > before, lambda: epochs(walker))


def click_a_cell(walker: Walker) -> None:
    walker.box("[class*=st-key-confusion-matrix]")

    def on_it() -> bool:
        cell = hovered_cell(walker)
        if cell is None:
            return False
        walker.move(cell["at"])
        return (hovered_cell(walker) or {}).get("below") == list(CELL)

    walker.wait(on_it, lambda: hovered_cell(walker))
    walker.follow(lambda: walker.drag(hovered_cell(walker)["at"]))


def draw_a_one(walker: Walker) -> None:
    x, y, width, height = walker.box("canvas.upper-canvas")
    walker.drag(
        (x + 0.5 * width, y + 0.2 * height), (x + 0.48 * width, y + 0.5 * height), (x + 0.46 * width, y + 0.8 * height)
    )


def test_live_chart_matrix_and_canvas_are_drawn_and_used(walker: Walker, training: Any, request: Any) -> None:
    for size in sizes(request):
        walker.open(f"/?run={training.id}")
        watch_a_training(walker, size)
        walker.open(f"/run?tab=results&run={RUN}")
        walker.look(size, {CHART: 1})
        click_a_cell(walker)
        walker.look(size, {".sheet": 1})
        walker.open(f"/draw?model={RUN}")
        walker.look(size, {"canvas.upper-canvas": 1})
        draw_a_one(walker)
        walker.look(size, {".picture": 3, ".sheet": 1})


@pytest.mark.slow
def test_other_pages_are_drawn(walker: Walker, training: Any, request: Any) -> None:  # noqa: ARG001 it trains meanwhile
    for link, choices in VIEWS:
        walker.open(link)
        for key, parts in choices.items():
            if key:
                # at the size of an iPad the control scrolls, and the pointer does not reach its last options
                walker.resize("desktop")
                walker.follow(lambda key=key: walker.click(OPTION, say(key)))
            for size in sizes(request):
                walker.look(size, parts)
