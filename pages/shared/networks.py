"""Networks of runs with their weights, loaded once for all visitors."""

import streamlit as st

from core.array_types import Floats
from core.inference.classifier import Classifier, load
from core.runs.entries import Run
from core.runs.folder import RunFolder
from core.runs.weight_arrays import weights_by_layer

Stamp = tuple[str, int, int]


def network(run: Run, epoch: int) -> tuple[Classifier, dict[str, list[Floats]]]:
    """A run's network after an epoch, and its weights by layer; raises UnreadableRun."""
    return _network(weights_stamp(run.folder, epoch), run.folder)


def weights_stamp(folder: RunFolder, epoch: int) -> Stamp:
    """Identifies the weights after an epoch, which a resumed run may write again."""
    path = folder.weights(epoch)
    return str(folder.path), epoch, path.stat().st_mtime_ns if path.exists() else 0


@st.cache_resource(max_entries=24, show_spinner=False)
def _network(stamp: Stamp, _folder: RunFolder) -> tuple[Classifier, dict[str, list[Floats]]]:
    _, epoch, _ = stamp
    classifier = load(_folder, epoch)
    return classifier, weights_by_layer(_folder.weights(epoch), classifier.table)
