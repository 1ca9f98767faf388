"""The table of runs, which AppTest knows only as a component."""

import pytest

from tests.pages.actions import choose
from tests.pages.shown import component

TABLE = "runs.table"


class Table:
    """What the table of the last rerun shows, and what a browser sends for it."""

    def __init__(self, test):
        self.test = test

    @property
    def data(self):
        return component(self.test, TABLE)

    @property
    def columns(self):
        return [column["key"] for column in self.data["columns"]]

    @property
    def rows(self):
        """The rows by id, each with its cells by column."""
        return {
            row["id"]: row | dict(zip(self.columns, row["cells"], strict=True)) | {"name": row["name"]}
            for row in self.data["rows"]
        }

    @property
    def names(self):
        return [row["name"] for row in self.data["rows"]]

    def text(self, row_id, column):
        return self.rows[row_id][column]["text"]

    def choose(self, *ids):
        """Select exactly these rows."""
        self.test = choose(self.test, TABLE, {"ids": list(ids), "turn": self.data["turn"] + 1})

    def sort(self, column):
        self.test = choose(self.test, TABLE, column, event="sort")

    def open(self, row_id):
        self.test = choose(self.test, TABLE, row_id, event="open")


@pytest.fixture
def table():
    return Table
