"""Parts of pages, each in a small app of its own."""

import pytest

from pages.train import form_state


@pytest.fixture(autouse=True)
def an_address_that_settles_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_state, "SETTLING_SECONDS", 0)
