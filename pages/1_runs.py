"""Runs where a server that has built no menu yet is asked for this address: builds it, and runs once more."""

from pages.shell.navigation import go_through_app

go_through_app()
