"""The app without a browser, on runs that a test lays out."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.presets import PRESETS
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.process import Owner
from core.runs.status import ACTIVE, Status
from core.runs.store import ROOT

EPOCHS = [
    (1, 0.6, 0.82, 0.30, 0.91, 0.001, 2),
    (2, 0.3, 0.91, 0.22, 0.94, 0.001, 2),
    (3, 0.2, 0.94, 0.2, 0.95, 0.001, 2),
]
BATCHES = [(epoch, batch, 0.9 / epoch, 0.8, 9000) for epoch in (1, 2, 3) for batch in (12, 25)]


@pytest.fixture
def runs_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DIGIT_LAB_WARM_WORKER", "off")
    st.cache_resource.clear()
    yield tmp_path / "runs"
    st.cache_resource.clear()


@pytest.fixture
def make_run(runs_dir):
    """A run with three epochs in this state; an active one belongs to the process of the test."""

    def make(state, *, config=None, epochs=EPOCHS, **status):
        config = config or PRESETS["mlp-512"].replace(dataset="mnist-5k", validation="last-20")
        owner = Owner.this() if state in ACTIVE else None
        status = {"epoch": len(epochs), "best_epoch": len(epochs) or None, "learning_rate": 0.001, **status}
        folder = RunFolder.create(runs_dir, config, Status(state=state, owner=owner, **status))
        for path, columns, rows in (
            (folder.epochs_csv, EPOCH_COLUMNS, epochs),
            (folder.batches_csv, BATCH_COLUMNS, BATCHES if epochs else []),
        ):
            path.write_text("\n".join(",".join(map(str, row)) for row in [columns, *rows]) + "\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def app(runs_dir):  # noqa: ARG001 the runs must lie where the app looks
    """Runs the app with these query parameters."""

    def run(**parameters):
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for name, value in parameters.items():
            test.query_params[name] = value
        return test.run()

    return run


def texts(test):
    """All that a person can read, as one text."""
    kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info")
    found = [element.value for kind in kinds for element in getattr(test, kind)]
    bars = [element.proto.text for element in test.get("progress")]
    return "\n".join([*found, *bars])


def chart(test, metric):
    """The traces that the live chart of this metric was sent, by name."""
    for element in test.get("bidi_component"):
        data = json.loads(element.proto.json)
        if data["key"] == f"watch_{metric}":
            return {trace["name"]: trace for trace in data["traces"]}
    raise AssertionError(f"no chart of {metric}")
