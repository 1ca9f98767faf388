"""Stub of a page's address: as the first request to a new server, it builds the menu and reruns."""

from pages.shell.navigation import go_through_app

go_through_app()
