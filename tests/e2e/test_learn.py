"""The lessons in a real browser: the kernel slides without the server, and the link says where it stops."""

import re

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.e2e.conftest import eventually, needs_no_sideways_scrolling

pytestmark = pytest.mark.browser


def numbers(page: Page, place: int) -> list[float]:
    cells = page.locator(".walk .part").nth(place).locator("td").all_inner_texts()
    return [float(text.replace("−", "-")) for text in cells]


def button(page: Page, name: str) -> Locator:
    return page.locator(".player").get_by_role("button", name=name, exact=True)


def place(page: Page) -> int:
    return int(page.locator(".player input").input_value())


def test_the_kernel_slides_without_the_server_and_stops_in_the_link(page: Page, address: str) -> None:
    sent: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", listen)
    page.goto(f"{address}/learn?lesson=convolution&step=300")
    expect(button(page, "Play")).to_be_visible()
    eventually(lambda: place(page) == 300)
    button(page, "Play").click()
    before = len(sent)
    eventually(lambda: place(page) >= 305)
    assert len(sent) == before
    button(page, "Pause").click()
    stopped = place(page)
    expect(page).to_have_url(re.compile(rf"step={stopped}\b"))
    patch, kernel, products = (numbers(page, part) for part in range(3))
    assert len(patch) == 9
    assert products == pytest.approx([x * w for x, w in zip(patch, kernel, strict=True)], abs=0.03)
    shown = page.locator(".walk .lines dd").first.inner_text().replace("−", "-")
    assert float(shown) == pytest.approx(sum(products), abs=0.05)
    # what comes next is still there, but faint
    revealed = page.locator(".result .past").first.evaluate("(ink) => ink.style.clipPath")
    shares = [float(share) for share in re.findall(r"([\d.]+)%", revealed)]
    assert any(share == pytest.approx(100 * (stopped // 28 + 1) / 28, abs=0.01) for share in shares)
    page.locator(".ground .paper").focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(rf"step={stopped + 28}\b"))
    page.go_back()
    eventually(lambda: place(page) == stopped)


def test_nothing_glides_for_a_viewer_who_wants_no_motion_and_a_phone_has_one_column(phone: Page, address: str) -> None:
    phone.emulate_media(reduced_motion="reduce")
    phone.goto(f"{address}/learn?lesson=pooling")
    button(phone, "Next").click()
    pace = phone.locator(".stage").evaluate("(stage) => getComputedStyle(stage).getPropertyValue('--pace')")
    assert pace == "0ms"
    assert phone.locator(".player select").input_value() == "slow"
    assert needs_no_sideways_scrolling(phone, ".walk .paper", ".walk table", ".player > *")
