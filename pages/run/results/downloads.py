"""Downloads for the shown run and epoch, each made on demand."""

from collections.abc import Callable
from datetime import tzinfo

import numpy as np
import streamlit as st

from core.analysis.confusion import confusion_matrix
from core.array_types import Bytes
from core.bundle.format import ENDED, ENDING
from core.bundle.write import bundle
from core.errors import UnreadableRun
from core.export.csv import matrix_csv, metrics_csv, predictions_csv
from core.export.keras_files import architecture_and_weights, keras_model
from core.export.tflite import tflite
from core.runs.predictions import dataset_of, images_of, labels_of
from core.runs.weights import weights_of
from core.text import say
from pages.shared.file_name import file_stem
from pages.shared.made_file import Problem, problem_of, reporting, tell
from pages.shared.run_header import Looked
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset
from pages.state.visitor_time import zone

_MIME = {"html": "text/html", "csv": "text/csv", "zip": "application/zip"}


@st.fragment
def downloads(looked: Looked) -> None:
    """A button that opens the list of files."""
    popover = st.popover(
        say("downloads.title"), icon=":material/download:", key="downloads.open", on_change="rerun", width="content"
    )
    if popover.open:
        with popover:
            _files(looked)


def _files(looked: Looked) -> None:
    folder, epoch, answers = looked.run.folder, looked.epoch, looked.answers
    problem = problem_of("downloads")
    # read here: the thread that makes the file has no visitor
    here = zone()
    _file("report", "html", lambda: _report(looked, here), looked, problem)
    st.caption(say("downloads.model", epoch=epoch))
    try:
        weights_of(folder, epoch)
    except UnreadableRun as error:
        st.caption(plain_text(error.message))
    else:
        with st.container(horizontal=True, gap="small"):
            _file("keras", "keras", lambda: keras_model(folder, epoch), looked, problem)
            _file("weights", "zip", lambda: architecture_and_weights(folder, epoch), looked, problem)
            _file("tflite", "tflite", lambda: tflite(folder, epoch), looked, problem)
    st.caption(say("downloads.csv"))
    with st.container(horizontal=True, gap="small"):
        _file("metrics", "csv", lambda: metrics_csv(folder), looked, problem)
        _file("predictions", "csv", lambda: predictions_csv(answers), looked, problem)
        _file("matrix", "csv", lambda: matrix_csv(confusion_matrix(answers)), looked, problem)
    if looked.run.status.state in ENDED:
        _file("whole", ENDING.removeprefix("."), lambda: bundle(folder), looked, problem)
    tell(problem)


def _file(kind: str, ending: str, make: Callable[[], bytes], looked: Looked, problem: Problem) -> None:
    primary = kind == "report"
    st.download_button(
        say(f"downloads.{kind}"),
        data=reporting(make, problem),
        file_name=file_name(looked, kind, ending),
        mime=_MIME.get(ending.rpartition(".")[2], "application/octet-stream"),
        help=say(f"downloads.{kind}_help"),
        key=f"downloads.{kind}",
        on_click="ignore",
        type="primary" if primary else "secondary",
        icon=":material/description:" if primary else None,
        width="stretch" if primary else "content",
    )


def file_name(looked: Looked, kind: str, ending: str) -> str:
    """The run's name, the epoch and, for tables and the report, the kind: `cnn-16-36-epoch-15.keras`."""
    name = file_stem(looked.run)
    if kind == "whole":
        return f"{name}.{ending}"
    if kind == "metrics":
        return f"{name}-{kind}.{ending}"
    what = "" if kind in ("keras", "weights", "tflite") else f"-{kind}"
    part = f"-{looked.part}" if kind in ("predictions", "matrix", "report") and looked.part != "test" else ""
    return f"{name}-epoch-{looked.epoch}{part}{what}.{ending}"


def _report(looked: Looked, in_zone: tzinfo | None) -> bytes:
    # loading the template engine takes 60 ms, which only the report needs
    from core.export.report.document import html_report

    page = html_report(
        looked.run.folder,
        looked.run.manifest,
        looked.run.status,
        looked.answers,
        _images(looked),
        looked.epoch,
        part=looked.part,
        zone=in_zone,
    )
    return page.encode()


def _images(looked: Looked) -> Bytes | None:
    """The predicted digits, if their data set is on this machine and unchanged."""
    data = dataset(dataset_of(looked.run.manifest.config, looked.part))
    if data is None or not np.array_equal(labels_of(data, looked.part), looked.answers.labels):
        return None
    return images_of(data, looked.part)
