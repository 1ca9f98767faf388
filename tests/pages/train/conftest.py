"""Fixtures for the tests of Train."""

import pytest

from pages.state import left_links


@pytest.fixture(autouse=True)
def url_settles_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_links, "LATE_SECONDS", 0)
