"""The live chart in a real browser: new points keep zoom, drag, hover and hidden lines."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.conftest import eventually, serving_script

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_script("live_chart_app.py", tmp_path_factory.mktemp("app")) as address:
        yield address


@pytest.fixture
def page(page: Page, address: str) -> Page:
    page.goto(address)
    drawn(page)
    return page


def plot(page: Page) -> Locator:
    return page.locator(".live-chart-plot").first


def drawn(page: Page) -> None:
    eventually(lambda: page.locator(".live-chart-plot .scatterlayer .trace").count() >= 10)


def trace(page: Page, name: str) -> dict[str, Any]:
    found = plot(page).evaluate("(plot, name) => plot.data.find((trace) => trace.name === name)", name)
    assert isinstance(found, dict)
    return found


def ranges(page: Page) -> list[list[float]]:
    read = "(plot) => ['xaxis', 'yaxis'].map((axis) => plot._fullLayout[axis].range.map((v) => +v.toFixed(6)))"
    found = plot(page).evaluate(read)
    assert isinstance(found, list)
    return found


def press(page: Page, button: str, points: int) -> None:
    """Press a button of the app and wait until the chart has this many batches."""
    page.get_by_role("button", name=button).click()
    eventually(lambda: len(trace(page, "Each batch")["x"]) == points)


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """The screen position of a point in the first chart, given as shares of its plot area."""
    box = plot(page).locator(".nsewdrag").bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def zoom(page: Page) -> None:
    page.mouse.move(*at(page, 0.3, 0.3))
    page.mouse.down()
    page.mouse.move(*at(page, 0.7, 0.8), steps=5)
    page.mouse.up()


def test_zoom_stays_with_new_points_and_dark_colors_until_a_new_run(page: Page) -> None:
    plot(page).evaluate("(plot) => (plot.dataset.known = 'yes')")
    home = ranges(page)
    zoom(page)
    eventually(lambda: ranges(page) != home)
    zoomed = ranges(page)
    for points in (70, 80, 90):
        press(page, "More points", points)
    assert trace(page, "Each batch")["x"] == pytest.approx([(i + 1) / 20 for i in range(90)])
    assert trace(page, "Training")["line"]["color"].upper() == "#3B5BDB"
    page.emulate_media(color_scheme="dark")
    eventually(lambda: trace(page, "Training")["line"]["color"].upper() == "#8EA2FF")
    assert trace(page, "Validation")["line"]["color"].upper() == "#FFA94D"
    assert plot(page).get_attribute("data-known") == "yes"
    assert ranges(page) == zoomed
    press(page, "New run", 30)
    eventually(lambda: ranges(page)[0] == home[0])


def test_a_logarithmic_axis_and_smoothing_keep_the_zoom(page: Page) -> None:
    home = ranges(page)
    zoom(page)
    eventually(lambda: ranges(page) != home)
    epochs, (low, high) = ranges(page)
    page.get_by_text("Log axis").click()
    eventually(lambda: ranges(page) == [epochs, pytest.approx([math.log10(low), math.log10(high)], abs=1e-5)])
    measured = trace(page, "Training")["y"]
    page.get_by_text("Smooth").click()
    smooth = "(plot) => plot.data.findLast((trace) => trace.name === 'Training').y.slice(0, 2)"
    # by hand: an average over about 5 points keeps 4/5 of what it had, and starts without bias towards 0
    first, second = measured[:2]
    eventually(lambda: plot(page).evaluate(smooth) == pytest.approx([first, (0.8 * first + second) / 1.8]))
    assert ranges(page)[0] == epochs
    page.get_by_text("Log axis").click()
    eventually(lambda: ranges(page) == [epochs, pytest.approx([low, high], abs=1e-4)])


def test_double_click_resets_the_zoom_and_a_second_one_shows_all_points(page: Page) -> None:
    home = ranges(page)
    zoom(page)
    eventually(lambda: ranges(page) != home)
    page.mouse.dblclick(*at(page, 0.5, 0.5))
    eventually(lambda: ranges(page) == home)
    assert home[1][1] < 1.5  # the loss of 2.3 in the first batches does not set the scale
    page.wait_for_timeout(500)  # otherwise Plotly does not see a second double click
    page.mouse.dblclick(*at(page, 0.5, 0.5))
    eventually(lambda: ranges(page)[1][1] > 2.2)


def test_points_that_arrive_during_a_drag_do_not_end_it(page: Page) -> None:
    home = ranges(page)
    page.mouse.move(*at(page, 0.3, 0.3))
    page.mouse.down()
    page.mouse.move(*at(page, 0.5, 0.6), steps=3)
    page.get_by_role("button", name="More points").evaluate("(button) => button.click()")
    page.get_by_text("70 points").wait_for()
    page.mouse.move(*at(page, 0.7, 0.8), steps=3)
    page.mouse.up()
    eventually(lambda: len(trace(page, "Each batch")["x"]) == 70)
    (left, right), _ = ranges(page)
    width = home[0][1] - home[0][0]
    assert left == pytest.approx(home[0][0] + 0.3 * width, abs=0.02 * width)
    assert right == pytest.approx(home[0][0] + 0.7 * width, abs=0.02 * width)


def test_hover_in_both_charts_and_hidden_lines_stay_while_points_arrive(page: Page) -> None:
    page.get_by_role("button", name="Tutorial").first.click()
    eventually(lambda: trace(page, "Tutorial")["visible"] is False)
    page.mouse.move(*at(page, 0.25, 0.5), steps=3)
    label = plot(page).locator(".hoverlayer .legend")
    label.wait_for()
    before = label.text_content()
    page.get_by_role("button", name="More points").evaluate("(button) => button.click()")
    eventually(lambda: len(trace(page, "Each batch")["x"]) == 70)
    assert label.text_content() == before
    other = page.locator(".live-chart-plot").nth(1).locator(".hoverlayer .legend")
    assert (other.text_content() or "").startswith("Epoch 2")
    assert before and before.startswith("Epoch 2") and "Tutorial" not in before
    assert trace(page, "Tutorial")["visible"] is False


def test_a_lost_message_is_detected_and_leaves_no_gap(page: Page) -> None:
    asked: list[bool] = []
    page.on("websocket", lambda line: line.on("framesent", lambda frame: asked.append("gap" in str(frame))))
    page.reload()
    drawn(page)
    assert not any(asked)
    press(page, "Lose a message", 80)
    assert any(asked)
    assert trace(page, "Each batch")["x"] == pytest.approx([(i + 1) / 20 for i in range(80)])


def test_a_message_without_news_draws_nothing(page: Page) -> None:
    plots = page.locator(".live-chart-plot")
    plots.evaluate_all(
        "(all) => all.forEach((plot) => plot.on('plotly_afterplot', () => (plot.drawn = 1 + (plot.drawn ?? 0))))"
    )
    page.get_by_text("Log axis").click()
    eventually(lambda: plots.first.evaluate("(plot) => plot.drawn") == 1)
    press(page, "More points", 70)
    # the first is the only one with a new axis
    eventually(lambda: plots.evaluate_all("(all) => all.map((plot) => plot.drawn)") == [2, 1])


def test_arrow_keys_show_the_values_of_epochs(page: Page) -> None:
    assert plot(page).get_attribute("role") == "figure"
    assert plot(page).get_attribute("aria-label") == "loss over the epochs"
    plot(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    label = plot(page).locator(".hoverlayer .legend")
    eventually(lambda: label.count() and "Epoch 2" in (label.text_content() or ""))


def test_the_legend_has_the_newest_values_and_no_label_covers_a_curve(page: Page) -> None:
    legend = page.locator(".live-chart-legend").first
    shown = [text.replace("\n", " ") for text in legend.locator("button").all_inner_texts()]
    newest = {name: f"{trace(page, name)['y'][-1]:.4g}" for name in ("Training", "Validation")}
    assert [f"{name} {value}" for name, value in newest.items() if f"{name} {value}" not in shown] == []
    assert {"Each batch", "Tutorial"} <= set(shown)
    assert "epoch 3" in shown
    assert plot(page).locator(".scatterlayer text").count() == 0


def test_a_charts_place_is_taken_before_its_scripts_arrive(page: Page) -> None:
    page.route("**/plotly-basic-*", lambda _: None)
    page.reload()
    place = page.locator("[class*=st-key-live_chart_]").first
    place.wait_for()
    assert page.locator(".live-chart-plot").count() == 0
    eventually(lambda: (place.bounding_box() or {}).get("height") == 320)
    assert place.evaluate("(place) => getComputedStyle(place).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_every_part_fits_the_width_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    eventually(lambda: plot(page).evaluate("(plot) => plot._fullLayout.width === plot.clientWidth"))
    host = page.locator(".live-chart").first.bounding_box()
    area = plot(page).locator(".nsewdrag").bounding_box()
    bar = plot(page).locator(".modebar").bounding_box()
    head = page.locator(".live-chart-head").first.bounding_box()
    assert host and area and bar and head
    assert host["width"] < 390 and host["height"] == 320
    # the toolbar stands at the end of the legend's second row
    for button in page.locator(".live-chart-legend").first.locator("button").all():
        box = button.bounding_box()
        assert box and (box["y"] + box["height"] <= bar["y"] + 2 or box["x"] + box["width"] <= bar["x"])
    assert max(head["y"] + head["height"], bar["y"] + bar["height"]) <= area["y"] + 1
    assert area["y"] + area["height"] <= host["y"] + host["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_buttons_beside_the_legend_save_a_picture(page: Page) -> None:
    for name, beginning in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as saved:
            plot(page).get_by_role("button", name=name).click()
        assert saved.value.path().read_bytes().startswith(beginning)
        assert saved.value.suggested_filename.endswith(f".{name.lower()}")
