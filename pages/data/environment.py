"""The machine and the package versions."""

import streamlit as st

from core import environment as here
from core.data.datasets import Dataset
from core.text import say
from pages.data.view import DataView
from pages.state.server_state import store
from pages.widgets.compact_table import Row, compact_table


def environment(data: Dataset, view: DataView) -> None:  # noqa: ARG001 all parts of the page have this signature
    """Tables of versions and of the machine; folders by name only, since visitors must not see paths."""
    versions, machine = st.columns(2, gap="large")
    with versions:
        found = here.versions()
        st.markdown(f"**{say('data_page.versions')}**", help=say("data_page.versions_help"), width="content")
        _table({name: number or say("data_page.missing") for name, number in found.items()})
    whole, own = here.memory()
    facts = {
        "system": here.system(),
        "processor": here.processor(),
        "cores": str(here.cores()),
        "memory": say("data_page.gigabytes", amount=f"{whole:.1f}"),
        "own_memory": say("data_page.gigabytes", amount=f"{own:.2f}"),
        "runs": store().runs_dir.name,
    }
    with machine:
        st.markdown(f"**{say('data_page.machine')}**", help=say("data_page.machine_help"), width="content")
        _table({say(f"data_page.facts.{name}"): text for name, text in facts.items()})


def _table(rows: dict[str, str]) -> None:
    compact_table((), [Row(row) for row in rows.items()])
