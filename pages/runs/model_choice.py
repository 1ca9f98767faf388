"""The choice of a data set for an uploaded model, and its evaluation with progress."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO, Self

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.bundle.beside import Beside, model_among
from core.bundle.model_format import model_format
from core.bundle.open import Opened
from core.bundle.open_model import Wish, look_into, open_model
from core.config.datasets import dataset_title, describe, known_names
from core.errors import DigitLabError, InvalidSetting
from core.models.reading import FoundModel
from core.text import Message, listed, say
from pages.state.language import key_for_labels
from pages.state.server_state import is_available, store
from pages.state.visitor import access


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """An uploaded model, what was uploaded with it, and the data sets that fit it, those on this machine first."""

    ids: tuple[str, ...]
    """Of all uploaded files."""
    name: str
    file: IO[bytes]
    format: str
    model: FoundModel
    beside: Beside
    datasets: Sequence[str]

    @classmethod
    def of(cls, files: Sequence[UploadedFile]) -> Self | None:
        """Read the files; None where there is no model among them. Raises DigitLabError where one is refused."""
        with st.spinner(say("models.reading")):
            among = model_among([(file.name, file) for file in files], store().runs_dir)
            if among is None:
                return None
            (name, file), beside = among
            model = look_into(file)
        fitting = [name for name in known_names() if access().may_use(name) and _fits(model, name)]
        if not fitting:
            key = "models.no_data" if model.classes else "models.no_data_of_shape"
            reason = Message(key, shape=_shape(model), **({"classes": model.classes} if model.classes else {}))
            raise DigitLabError("bundles.refused", reason=reason)
        fitting.sort(key=lambda name: not is_available(name))
        return cls(_ids(files), name, file, model_format(file) or "", model, beside, fitting)

    def is_of(self, files: Sequence[UploadedFile]) -> bool:
        """Whether these are the files that were read."""
        return self.ids == _ids(files)


def model_choice(choice: ModelChoice) -> tuple[Wish, Beside] | None:
    """What the model is, and pickers; what was chosen once the button is pressed, else None."""
    classes = choice.model.classes
    key = "models.what_shape" if classes else "models.what_shape_alone"
    what = say(key, format=say(f"models.format.{choice.format}"), shape=_shape(choice.model), classes=classes)
    st.caption(say("models.choose", what=_with(what, choice.beside)))
    key = f"opening.model.{choice.ids[0]}"
    # side by side, so that the button is in view on a low screen
    with st.container(horizontal=True):
        dataset = st.selectbox(
            say("models.dataset"),
            choice.datasets,
            format_func=lambda name: say(dataset_title(name)),
            key=key_for_labels(f"{key}.dataset"),
        )
        beside = _saved_after(choice.beside, key)
    held_out = st.checkbox(say("models.validation"), key=f"{key}.validation")
    pressed = st.button(say("models.open"), type="primary", icon=":material/play_arrow:", key=f"{key}.open")
    return (Wish(dataset, "last-20" if held_out else "none"), beside) if pressed else None


def evaluated(choice: ModelChoice, wish: Wish, beside: Beside) -> Opened:
    """The run of the model, with progress; raises DigitLabError."""
    bar = st.progress(0.0, say("models.evaluating"))
    return open_model(
        choice.file,
        choice.name,
        store().runs_dir,
        wish,
        beside=beside,
        sign=access().sign,
        progress=lambda share: bar.progress(share, say("models.evaluating")),
    )


def _ids(files: Sequence[UploadedFile]) -> tuple[str, ...]:
    return tuple(file.file_id for file in files)


def _saved_after(beside: Beside, key: str) -> Beside:
    """The same after the epoch that a person chooses, where only they can know it."""
    if not beside.training or beside.others or beside.epochs == 1:
        return beside
    label, about = say("logs.after_epoch"), say("logs.after_help")
    epoch = st.number_input(label, 1, beside.epochs, beside.epoch, help=about, key=f"{key}.epoch", width=220)
    return replace(beside, epoch=epoch)


def _with(what: str, beside: Beside) -> str:
    """What the model is, with what else was uploaded."""
    more = []
    if beside.others:
        more.append(say("logs.checkpoints", count=1 + len(beside.others)))
    if beside.training:
        count = len(beside.training.rows)
        more.append(say("logs.curves" if count > 1 else "logs.curves_one", count=count))
    return listed([what, *more])


def _fits(model: FoundModel, name: str) -> bool:
    try:
        return model.fits(describe(name))
    except InvalidSetting:
        return False


def _shape(model: FoundModel) -> str:
    return "×".join(str(side) if side else say("models.any_side") for side in model.input_shape)
