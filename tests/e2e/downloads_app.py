"""A page with the downloads of the first run in DIGIT_LAB_RUNS at ?epoch."""

import streamlit as st

from core.runs.predictions import predicted_epochs
from core.runs.store import RunStore
from pages.run.results.downloads import downloads
from pages.shared.run_header import Looked
from pages.state.server_state import answers

run = RunStore().runs()[0]
epoch = int(st.query_params["epoch"])
downloads(Looked(run, predicted_epochs(run.folder), epoch, "test", answers(run, epoch, "test")))
