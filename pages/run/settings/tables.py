"""The tables of a run's settings and of the machine that trained it."""

import streamlit as st

from core.config.setting_table import setting_table
from core.export.report.facts import machine_rows
from core.runs.entries import Run
from core.text import say
from pages.widgets.compact_table import Row, compact_table


def settings_table(run: Run) -> None:
    """Every setting; those that differ from the preset have a sign, bold type and the preset's value beside them."""
    settings = setting_table(run.manifest.config)
    preset = settings[0].value
    st.subheader(say("run_settings.settings"), anchor=False, help=say("run_settings.settings_help"))
    changed = sum(setting.changed for setting in settings)
    key = "run_settings.as_preset" if changed == 0 else f"run_settings.changed{'_one' if changed == 1 else ''}"
    st.caption(say(key, count=changed, preset=preset))
    heads = [say("run_settings.setting"), say("run_settings.value")]
    if changed:
        heads.append(say("run_settings.preset", preset=preset))
    rows = []
    for setting in settings:
        value = setting.value if setting.used else say("run_settings.unused", value=setting.value)
        sign = say("run_settings.differs", value=value)
        cells = (setting.label, sign if setting.changed else value, setting.preset if setting.changed else "")
        rows.append(Row(cells[: len(heads)], bold=setting.changed, quiet=not setting.used))
    compact_table(heads, rows)


def machine(run: Run) -> None:
    """Versions, processor, and the data set's source and digest; a sentence for a run that has not started."""
    st.subheader(say("run_settings.machine"), anchor=False, help=say("run_settings.machine_help"))
    rows = machine_rows(run.manifest.environment)
    if not rows:
        st.caption(say("run_settings.not_started"))
        return
    compact_table((), [Row(row) for row in rows])
