"""Time from a change in the form until the page shows it."""

from playwright.sync_api import Page

from benchmarks.browsing import chromium, click_to_texts, first, visitor, wait_until_idle
from benchmarks.first_page import finished_run
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, PAGES, serving
from benchmarks.setting import Setting
from core.config.presets import PRESETS

# the finished run beside the form uses another network, so the figures can only come from the form
_CHOSEN = ("lenet-20-50", "cnn-16-36")


def click(setting: Setting) -> list[Measurement]:
    """Choose a preset, compared with choosing among as many options on a bare page."""
    runs_dir = finished_run(setting)
    ours, plain = [], []
    with (
        chromium() as browser,
        serving(APP, setting.folder, runs_dir) as app,
        serving(PAGES / "choice.py", setting.folder) as bare,
        visitor(browser) as page,
        visitor(browser) as bare_page,
    ):
        page.goto(app.address)
        bare_page.goto(bare.address)
        first(page, "chart")
        for turn in range(2 + setting.turns(full=20, quick=6)):
            taken = choose_preset(page, turn, setting)
            wait_until_idle(bare_page)
            bare_page.bring_to_front()
            bare_taken = click_to_texts(bare_page, _pill("choice", 1 + turn % 2), [f"chosen: {1 + turn % 2}"])
            # the first of each also loads what the page needs
            if turn > 1:
                ours.append(taken)
                plain.append(bare_taken)
    return [Measurement.of("Click to redraw", "ms", ours, plain, against="bare page, choice", limit=150)]


def choose_preset(page: Page, turn: int, setting: Setting) -> float:
    """Milliseconds from a click on one of two presets, by turns, until the form shows what it is."""
    wait_until_idle(page)
    page.bring_to_front()
    return click_to_texts(page, preset_button(turn), shown_of_preset(turn, setting))


def preset_button(turn: int) -> str:
    """One of two presets, by turns."""
    return _pill("form-preset", list(PRESETS).index(_CHOSEN[turn % 2]))


def shown_of_preset(turn: int, setting: Setting) -> list[str]:
    """What the form shows about a network at its top and bottom: parameters, and updates in total."""
    config = PRESETS[_CHOSEN[turn % 2]].replace(dataset=setting.dataset)
    return [f"{config.parameters:,}", f"{config.updates_per_epoch * config.epochs:,}"]


def _pill(key: str, place: int) -> str:
    return f".st-key-{key} [role=radio] >> nth={place}"
