"""Whether a drawing looks like one digit at all: ten classes are answered for anything."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.errors import DigitLabError
from core.inference.classifier import Classifier, load
from core.inference.familiarity import Familiarity
from core.runs.store import Run
from pages.parts.models import DEFAULT, Model
from pages.parts.resources import store


def familiar(digit: NDArray[np.float32], models: Sequence[Model]) -> bool:
    """Whether float32 (28, 28) is like the digits that the first network knows, or else a shipped one that can tell."""
    for model in models[:1]:
        known = _familiarity(str(model.run.folder.path), model.run)
        if known is not None and known.epoch == model.epoch:
            return known.accepts(digit, model.classifier.activations(digit))
    judge = _shipped_judge()
    return judge is None or judge[0].accepts(digit, judge[1].activations(digit))


@st.cache_resource(max_entries=12, show_spinner=False)
def _familiarity(path: str, _run: Run) -> Familiarity | None:  # noqa: ARG001 the key
    try:
        return Familiarity.load(_run.folder)
    except DigitLabError:
        return None


@st.cache_resource(show_spinner=False)
def _shipped_judge() -> tuple[Familiarity, Classifier] | None:
    shipped = [run for run in store().runs() if run.shipped and run.manifest is not None]
    for run in sorted(shipped, key=lambda run: run.id != DEFAULT):
        known = _familiarity(str(run.folder.path), run)
        if known is not None:
            try:
                return known, load(run.folder, known.epoch)
            except DigitLabError:
                continue
    return None
