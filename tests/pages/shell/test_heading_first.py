"""The heading comes before the rest of a visit's first page."""

from types import SimpleNamespace


def test_the_script_waits_after_the_heading_once_in_a_visit(app, monkeypatch):
    waited = []
    monkeypatch.setattr("pages.shell.heading_first.time", SimpleNamespace(sleep=waited.append))
    test = app()
    assert len(waited) == 1
    test.run()
    assert len(waited) == 1
