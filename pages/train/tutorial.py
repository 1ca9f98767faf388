"""From a tutorial: a person pastes code and log, and the form is filled with what the code trains."""

import contextlib
from dataclasses import dataclass, field

import streamlit as st

from core.config.printed import PrintedHistory
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.text import Message, say
from core.tutorials.reader import Reader
from core.tutorials.sandbox import Reading, ReadTraining
from pages.state.plain_text import plain_text
from pages.train.form_state import FormState, changing
from pages.train.tutorial_address import TutorialAddress
from pages.train.tutorial_findings import findings

_KEY, _TEXT, _FILE, _CHOSEN = "tutorial", "tutorial.text", "tutorial.file", "tutorial.chosen"
_ADDRESS, _BUTTON = "tutorial.address", "tutorial.open"
_TYPES = ("py", "ipynb", "txt", "md", "log")
_ROOM = 160


@dataclass
class Pasted:
    """What this visitor pasted, and what was read of it."""

    reading: Reading | None = None
    problem: Message | None = None
    chosen: int = 0
    filled: dict[int, RunConfig] = field(default_factory=dict)
    """The settings that the form got from each training."""


def is_open() -> bool:
    """Whether the tutorial is shown in place of the run."""
    return _address().is_open


def follow_address() -> None:
    """Open or close it as the page's URL says; call before the page is drawn."""
    _address().follow(came=_BUTTON not in st.session_state)


def tutorial_button() -> None:
    """The button that opens the tutorial."""
    st.button(
        say("from_tutorial.open"),
        key=_BUTTON,
        icon=":material/content_paste_go:",
        type="tertiary",
        on_click=_open,
        disabled=is_open(),
    )


def tutorial() -> None:
    """Where to paste, and below it what was read."""
    # without one, the tutorial is read a moment later
    with contextlib.suppress(OSError):
        _reader().prepare()
    pasted = _pasted()
    with st.container(key="tutorial-panel", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(say("from_tutorial.title"), anchor=False, width="stretch")
            st.button(
                say("from_tutorial.close"),
                key="tutorial.close",
                icon=":material/close:",
                type="tertiary",
                on_click=close,
            )
        _input()
        if pasted.problem is not None:
            st.error(plain_text(pasted.problem), icon=":material/error:")
        if pasted.reading is not None:
            _trainings(pasted, pasted.reading)
            findings(pasted.reading, pasted.chosen)


def close() -> None:
    """Show the run again; what was pasted stays."""
    _address().turn(is_open=False)


def printed_with(config: RunConfig) -> PrintedHistory | None:
    """What the tutorial printed, if a run with these settings trains its network on its data."""
    pasted: Pasted | None = st.session_state.get(_KEY)
    filled = pasted.filled.get(pasted.chosen) if pasted else None
    if pasted is None or pasted.reading is None or filled is None:
        return None
    same = (config.network, config.dataset, config.loss) == (filled.network, filled.dataset, filled.loss)
    return pasted.reading.printed_by(pasted.chosen) if same else None


def _open() -> None:
    _address().turn(is_open=True)
    # the form alone cannot show it
    st.rerun()


@st.cache_resource(show_spinner=False)
def _reader() -> Reader:
    return Reader()


def _pasted() -> Pasted:
    pasted: Pasted = st.session_state.setdefault(_KEY, Pasted())
    return pasted


def _address() -> TutorialAddress:
    address: TutorialAddress = st.session_state.setdefault(_ADDRESS, TutorialAddress())
    return address


def _input() -> None:
    st.caption(say("from_tutorial.about"))
    st.text_area(
        say("from_tutorial.text"),
        key=_TEXT,
        height=_ROOM,
        placeholder=say("from_tutorial.placeholder"),
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(say("from_tutorial.read"), key="tutorial.read", icon=":material/search:", on_click=_read)
        st.file_uploader(
            say("from_tutorial.file"),
            type=_TYPES,
            key=_FILE,
            label_visibility="collapsed",
            max_upload_size=20,
            on_change=_read_file,
        )


def _read() -> None:
    _take(str(st.session_state.get(_TEXT) or "").encode())


def _read_file() -> None:
    if (file := st.session_state.get(_FILE)) is not None:
        _take(file.getvalue())


def _take(content: bytes) -> None:
    """Read what was pasted and fill in its first training that can be trained here."""
    pasted = _pasted()
    pasted.reading, pasted.problem, pasted.filled = None, None, {}
    st.session_state.pop(_CHOSEN, None)
    try:
        reading = _reader().read(content)
    except DigitLabError as error:
        pasted.problem = error.message
        return
    if not reading.trainings and not reading.printed:
        pasted.problem = Message("from_tutorial.nothing")
        return
    pasted.reading = reading
    pasted.chosen = next((place for place, each in enumerate(reading.trainings) if each.config), 0)
    _fill(pasted, reading)


def _fill(pasted: Pasted, reading: Reading) -> None:
    config = reading.trainings[pasted.chosen].config if reading.trainings else None
    if config is None:
        return

    def fill(state: FormState) -> None:
        # without MNIST on this machine, its sample
        sample = config.dataset == "mnist" and state.default_dataset != "mnist"
        taken = config.replace(dataset=state.default_dataset) if sample else config
        pasted.filled[pasted.chosen] = taken
        state.take(taken)

    changing(fill)()


def _trainings(pasted: Pasted, reading: Reading) -> None:
    """Which training of the tutorial is in the form, if it has several."""
    if not reading.trainings:
        return
    if len(reading.trainings) > 1:
        st.selectbox(
            say("from_tutorial.choose"),
            range(len(reading.trainings)),
            index=pasted.chosen,
            key=_CHOSEN,
            format_func=lambda place: _label(reading.trainings[place]),
            on_change=_choose,
        )
    training = reading.trainings[pasted.chosen]
    if training.problem is not None:
        reason = Message("from_tutorial.problem", line=training.line, reason=training.problem)
        st.warning(plain_text(reason), icon=":material/warning:")
    else:
        key = "from_tutorial.filled" if training.epochs is not None else "from_tutorial.filled_built"
        st.success(say(key, line=training.line), icon=":material/check:")


def _choose() -> None:
    pasted = _pasted()
    pasted.chosen = st.session_state.get(_CHOSEN, pasted.chosen)
    if pasted.reading is not None:
        _fill(pasted, pasted.reading)


def _label(training: ReadTraining) -> str:
    if not training.layers:
        return say("from_tutorial.unreadable_training", line=training.line)
    if training.epochs is None:
        return say("from_tutorial.training_open", line=training.line, layers=training.layers)
    return say("from_tutorial.training", line=training.line, layers=training.layers, epochs=training.epochs)
