"""Fixtures for the tests of Train."""

import pytest

from pages.train import form_state


@pytest.fixture(autouse=True)
def url_settles_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_state, "SETTLING_SECONDS", 0)
