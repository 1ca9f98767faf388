"""A person at a page, with a mouse or with a keyboard alone."""

from playwright.sync_api import Locator, Page, expect

FARTHEST = 150
"""Presses of Tab after which a control counts as out of reach."""
_MOST_ARROWS = 40
_FOCUSED = """(control) => {
    const inner = (root) => root.activeElement?.shadowRoot ? inner(root.activeElement.shadowRoot) : root.activeElement;
    const focused = inner(document);
    if (!focused) return "";
    if (control === focused || control.contains(focused)) return "here";
    const row = control.closest("tbody tr");
    if (row?.contains(focused)) return "in its row";
    const group = '[role="radiogroup"], [role="tablist"], [role="grid"], [role="listbox"], .sheet, .rows tbody';
    const mine = control.closest(group);
    return mine && mine === focused.closest(group) ? "beside" : "";
}"""


class Person:
    """Acts on controls; `presses` counts the keys that the last one took to reach."""

    def __init__(self, page: Page, *, keyboard: bool) -> None:
        self.page, self.keyboard = page, keyboard
        self.presses = 0

    def press(self, control: Locator, key: str = "Enter") -> None:
        """Click a control, or reach it and press the key that operates it."""
        expect(control).to_be_visible()
        expect(control).to_be_enabled()
        self.wait()
        if not self.keyboard:
            control.click()
            return
        self.reach(control)
        self.page.keyboard.press(key)

    def type(self, field: Locator, text: str) -> None:
        """Write into a field."""
        self.press(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def reach(self, control: Locator) -> None:
        """Move the focus to a control by Tab, within a group of controls by arrow keys."""
        for self.presses in range(FARTHEST):
            where = control.evaluate(_FOCUSED)
            if where == "here":
                return
            if where == "beside":
                self._along(control)
            else:
                self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} is not reached by {FARTHEST} presses of Tab.")

    def wait(self) -> None:
        """Wait until the page is complete."""
        expect(self.page.locator("[data-test-script-state=notRunning]")).to_be_visible()

    def _along(self, control: Locator) -> None:
        # along a row of controls, or from row to row of a table
        for key in ("ArrowRight", "ArrowLeft", "Home", "ArrowDown"):
            for _ in range(_MOST_ARROWS):
                if control.evaluate(_FOCUSED) != "beside":
                    return
                self.page.keyboard.press(key)
        raise AssertionError(f"{control} is not reached by arrow keys.")
