"""State shared by all visitors: the runs, their queue, and cached reads."""

import gc
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.analysis.answers import Answers
from core.analysis.history import History
from core.charts.learning_curves import LearningCurves
from core.cluster.keeper import queue_for
from core.cluster.overview import ClusterOverview, read_overview
from core.config.datasets import ABOUT_FILE, BUILT_IN, data_folder
from core.data import datasets
from core.files import Stamp, Version, stamp
from core.queue.overview import Overview
from core.queue.queue import Queue
from core.runs.cross_validation import OutOfSample, read_out_of_sample, result_file
from core.runs.entries import Run
from core.runs.folder import RunFolder
from core.runs.predictions import Part, predicted_epochs, read_answers, read_course, read_history
from core.runs.printed import printed_for
from core.runs.store import RunStore
from core.server.limits import Settings
from core.server.retention import Retention
from core.sweeps.folder import TRIALS_FILE, SweepFolder, SweepStore, TrialRecord
from core.sweeps.keeper import Keeper
from core.text import Message, language

SAME_SECONDS = 0.1
_cached = threading.local()


@st.cache_resource
def store() -> RunStore:
    """All runs."""
    return RunStore()


@st.cache_resource
def settings() -> Settings:
    """The server's settings; raises DigitLabError if they cannot be read."""
    return Settings.read()


@st.cache_resource(on_release=Queue.close)
def queue() -> Queue:
    """The queue, whose own thread starts with the first visit."""
    runs = queue_for(store(), settings(), retention=Retention(settings()))
    runs.watch()
    _keeper()
    return runs


def cluster_overview() -> ClusterOverview | None:
    """The cluster on which runs train, as it was last seen; None where they train on this machine."""
    return read_overview(store().runs_dir) if settings().ray else None


@st.cache_resource
def sweeps() -> SweepStore:
    """All sweeps of these runs."""
    return SweepStore(store())


@st.cache_resource(on_release=Keeper.close)
def _keeper() -> Keeper:
    """What has sweeps driven, by a thread of its own."""
    keeper = Keeper(sweeps())
    keeper.watch()
    return keeper


def sweep_trials(folder: SweepFolder) -> list[TrialRecord]:
    """The trials of a sweep, read again once they have changed; raises UnreadableRun."""
    return _sweep_trials(str(folder.path), trials_version(folder), folder)


def trials_version(folder: SweepFolder) -> Stamp:
    """Changes whenever a trial of a sweep begins or ends."""
    return stamp(f"{folder.path}/{TRIALS_FILE}")


def look() -> Overview:
    """All runs, the active one and the queued ones.

    Read from disk once per rerun, which has its own thread, and again after the rerun changed a run.
    """
    moment = (queue(), store().changes)
    known = getattr(_cached, "known", None)
    if known is None or known[0] != moment or time.monotonic() - known[1] > SAME_SECONDS:
        _cached.known = known = (moment, time.monotonic(), queue().look())
    overview: Overview = known[2]
    return overview


@st.cache_resource
def settle_memory() -> None:
    """Exempt everything loaded with the first page from garbage collection.

    A full collection would scan all of it each time while all visitors wait.
    """
    gc.collect()
    gc.freeze()


def answers(run: Run, epoch: int, part: Part) -> Answers:
    """A run's predictions after an epoch; raises UnreadableRun."""
    return _answers(_written(run.folder, [epoch]), epoch, part, run)


def history(run: Run, part: Part) -> History:
    """A run's predicted classes after each epoch; raises UnreadableRun."""
    epochs = predicted_epochs(run.folder)
    return _history(_written(run.folder, epochs), epochs, part, run)


def course(run: Run, part: Part) -> tuple[tuple[int, ...], NDArray[np.float16]]:
    """The epochs in order and their log-probabilities (epochs, n, 10); raises UnreadableRun."""
    epochs = predicted_epochs(run.folder)
    return _course(_written(run.folder, epochs), epochs, part, run)


def out_of_sample(run: Run) -> OutOfSample | None:
    """The predictions of a run's training digits by cross-validation, None if there are none; raises UnreadableRun."""
    path = result_file(run.folder, run.manifest, shipped=run.shipped)
    written = stamp(str(path))
    return None if written is None else _out_of_sample(str(path), written, run)


def learning_curves(run: Run) -> LearningCurves:
    """A run's curves, read once for all visitors who watch it in one language."""
    return _learning_curves(str(run.folder.path), language(), run)


def dataset(name: str) -> datasets.Dataset | None:
    """A data set, or None if it is not ready or not this visitor's; never downloads or converts."""
    return _dataset(name, _version(name)) if data_status(name).state == "ready" else None


def data_status(name: str) -> datasets.Status:
    """Availability of a data set to this visitor."""
    # imported here, because that module needs this one
    from pages.state.visitor import data_access

    if not data_access().may_see(name):
        return datasets.Status("failed", Message("data_add.private", name=name))
    return datasets.status(name)


def is_available(name: str) -> bool:
    """Whether a data set is on this machine or being prepared."""
    return data_status(name).state in ("ready", "local", "preparing")


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(name: str, version: Stamp) -> datasets.Dataset:  # noqa: ARG001 part of the key
    return datasets.load(name)


def _version(name: str) -> Stamp:
    """Changes when a data set that a person brought is described again, or deleted and added again."""
    return None if name in BUILT_IN else stamp(str(data_folder() / name / ABOUT_FILE))


@st.cache_resource(max_entries=8, show_spinner=False)
def _sweep_trials(path: str, version: Stamp, _folder: SweepFolder) -> list[TrialRecord]:  # noqa: ARG001 the key
    return _folder.trials()


@st.cache_resource(max_entries=24, show_spinner=False)
def _learning_curves(path: str, tag: str, _run: Run) -> LearningCurves:  # noqa: ARG001 the key
    config = _run.manifest.config
    return LearningCurves(_run.folder, config.updates_per_epoch, printed_for(_run.folder, config))


@st.cache_resource(max_entries=24, show_spinner=False)
def _answers(written: str, epoch: int, part: Part, _run: Run) -> Answers:  # noqa: ARG001 part of the key
    return read_answers(_run.folder, _run.manifest.config, epoch, part, _labels_beside(_run))


@st.cache_resource(max_entries=4, show_spinner=False)
def _history(written: str, epochs: tuple[int, ...], part: Part, _run: Run) -> History:  # noqa: ARG001 part of the key
    return read_history(_run.folder, _run.manifest.config, epochs, part, _labels_beside(_run))


@st.cache_resource(max_entries=2, show_spinner=False)
def _course(
    written: str,  # noqa: ARG001 part of the key
    epochs: tuple[int, ...],
    part: Part,
    _run: Run,
) -> tuple[tuple[int, ...], NDArray[np.float16]]:
    return read_course(_run.folder, _run.manifest.config, epochs, part)


@st.cache_resource(max_entries=8, show_spinner=False)
def _out_of_sample(path: str, written: Version, _run: Run) -> OutOfSample:  # noqa: ARG001 part of the key
    return read_out_of_sample(Path(path), _run.manifest.config)


def _labels_beside(run: Run) -> datasets.Dataset | None:
    """The data set if ready, for a run without stored labels, as early versions wrote them."""
    return None if run.folder.labels.exists() else dataset(run.manifest.config.dataset)


def _written(folder: RunFolder, epochs: Iterable[int]) -> str:
    """A cache key with the files' times, since a resumed run may write an epoch again."""
    times = [path.stat().st_mtime_ns if (path := folder.predictions(e)).exists() else 0 for e in epochs]
    return f"{folder.path} {times}"
