"""The choice of a data set for an uploaded model, and its evaluation with progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.bundle.open import Opened
from core.bundle.open_model import Wish, look_into, model_format, open_model
from core.config.datasets import dataset_title, describe, known_names
from core.errors import DigitLabError, InvalidSetting
from core.models.reading import FoundModel
from core.text import Message, say
from pages.state.server_state import is_available, store
from pages.state.visitor import access


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """An uploaded model, and the data sets that fit it, those on this machine first."""

    file_id: str
    format: str
    model: FoundModel
    datasets: Sequence[str]

    @classmethod
    def of(cls, file: UploadedFile) -> Self:
        """Read the file; raises DigitLabError where it is refused or no data set fits."""
        with st.spinner(say("models.reading")):
            model = look_into(file)
        fitting = [name for name in known_names() if access().may_use(name) and _fits(model, name)]
        if not fitting:
            key = "models.no_data" if model.classes else "models.no_data_of_shape"
            reason = Message(key, shape=_shape(model), **({"classes": model.classes} if model.classes else {}))
            raise DigitLabError("bundles.refused", reason=reason)
        return cls(
            file.file_id, model_format(file) or "", model, sorted(fitting, key=lambda name: not is_available(name))
        )


def model_choice(choice: ModelChoice) -> Wish | None:
    """What the model is, and pickers; what was chosen once the button is pressed, else None."""
    classes = choice.model.classes
    key = "models.what_shape" if classes else "models.what_shape_alone"
    what = say(key, format=say(f"models.format.{choice.format}"), shape=_shape(choice.model), classes=classes)
    st.caption(say("models.choose", what=what))
    key = f"opening.model.{choice.file_id}"
    dataset = st.selectbox(
        say("models.dataset"),
        choice.datasets,
        format_func=lambda name: say(dataset_title(name)),
        key=f"{key}.dataset",
    )
    held_out = st.checkbox(say("models.validation"), key=f"{key}.validation")
    pressed = st.button(say("models.open"), type="primary", icon=":material/play_arrow:", key=f"{key}.open")
    return Wish(dataset, "last-20" if held_out else "none") if pressed else None


def evaluated(file: UploadedFile, wish: Wish) -> Opened:
    """The run of the model, with progress; raises DigitLabError."""
    bar = st.progress(0.0, say("models.evaluating"))
    return open_model(
        file,
        file.name,
        store().runs_dir,
        wish,
        sign=access().sign,
        progress=lambda share: bar.progress(share, say("models.evaluating")),
    )


def _fits(model: FoundModel, name: str) -> bool:
    try:
        return model.fits(describe(name))
    except InvalidSetting:
        return False


def _shape(model: FoundModel) -> str:
    return "×".join(str(side) if side else say("models.any_side") for side in model.input_shape)
