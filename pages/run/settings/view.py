"""The fields of the link to Settings and code."""

from pages.state.view import RunView


class SettingsView(RunView, address="run", tab="settings"):
    pass
