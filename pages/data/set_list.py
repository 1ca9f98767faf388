"""All data sets with what is known about them, and what their owner may change."""

import tempfile
from pathlib import Path

import numpy as np
import streamlit as st

from core.array_types import Bytes
from core.config.datasets import BUILT_IN, DataDescription, dataset_title
from core.data.about import LENGTHS, About
from core.data.known import KNOWN
from core.data.sprite import sheet_uri
from core.data.store import AddedDataset
from core.formatting import size
from core.text import listed, say, sentences
from pages.data.review import counts
from pages.data.trial import Trial
from pages.data.undo import undo
from pages.shared.made_file import problem_of, reporting, tell
from pages.shared.run_controls import attempt
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset, look
from pages.state.theme import colors
from pages.state.url_state import change
from pages.state.visitor import data_access
from pages.widgets.confirmation import confirm_deletion

_STRIP, _SIDE = 14, 32
_MOST_DOWNLOAD = 400_000_000
"""Bytes of a data set that a browser is sent; a larger one is exported by the command line."""


def set_list(own: Trial) -> None:
    """A row for each data set, built-in ones first, then the well-known ones that can be downloaded."""
    brought = data_access().visible()
    for name, description in BUILT_IN.items():
        if dataset(name):
            _row(name, say(dataset_title(name)), description, "")
    for added, about in brought:
        _row(
            added.name,
            plain_text(about.title or added.name, longest=60),
            about.description,
            size(added.bytes),
            (added, about),
        )
    # where the deleted set was, since the page may be scrolled
    undo()
    here = {added.name for added, _ in brought}
    missing = [name for name in KNOWN if name not in here]
    if missing and data_access().may_name_paths():
        _known(own, missing)


def _row(
    name: str, title: str, description: DataDescription, space: str, brought: tuple[AddedDataset, About] | None = None
) -> None:
    data = dataset(name)
    facts = say("data_sets.facts", **counts(description))
    licence = plain_text(brought[1].licence, longest=60) if brought else ""
    with st.container(border=True, key=f"data_set.{name}", gap="xsmall"):
        st.markdown(f"**{title}** :small[:gray[{' · '.join(filter(None, [facts, space, licence]))}]]")
        if data is not None:
            st.html(_strip(data.train_images, ink=description.is_digits))
        if brought and brought[1].note:
            st.caption(plain_text(brought[1].note, longest=300))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            page_link("train", say("data_sets.train"), icon="play_arrow", parameters={"dataset": name})
            label, key = say("data_sets.open"), f"data_set.open.{name}"
            st.button(label, key=key, type="tertiary", icon=":material/visibility:", on_click=_open, args=(name,))
            if brought and data_access().may_change(brought[1]):
                _manage(*brought)


def _strip(images: Bytes, *, ink: bool) -> str:
    """The first images in a row; one picture, whatever their number."""
    some = np.ascontiguousarray(images[:_STRIP])
    if ink and not colors().dark:
        some = 255 - some
    uri = sheet_uri(some, len(some), ink=False)
    alt = say("data_sets.examples", count=len(some))
    return (
        f'<div style="overflow:hidden;height:{_SIDE}px"><img alt="{alt}" src="{uri}" '
        f'style="height:{_SIDE}px;max-width:none;image-rendering:pixelated;border-radius:4px"></div>'
    )


def _open(name: str) -> None:
    change(dataset=name, aspect="digits", digit=None, true=None)


def _manage(added: AddedDataset, about: About) -> None:
    """Buttons to change the texts of a data set, to download it and to delete it."""
    name, problem = added.name, problem_of(f"data_set.{added.name}")
    if st.button(say("data_sets.change"), key=f"data_set.change.{name}", type="tertiary", icon=":material/edit:"):
        _change(name, about)
    if added.bytes <= _MOST_DOWNLOAD:
        st.download_button(
            say("data_sets.export"),
            data=reporting(lambda: _npz(added), problem),
            file_name=f"{name}.npz",
            mime="application/octet-stream",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
            key=f"data_set.export.{name}",
        )
        tell(problem)
    if st.button(say("data_sets.delete"), key=f"data_set.delete.{name}", type="tertiary", icon=":material/delete:"):
        _confirm(name, about)


def _change(name: str, about: About) -> None:
    """Open a dialog with the texts of a data set."""

    @st.dialog(say("data_sets.change_title", title=plain_text(about.title or name, longest=60)))
    def ask() -> None:
        with st.form(f"data_set.texts.{name}", border=False):
            for text, longest in LENGTHS.items():
                kept = getattr(about, text).replace("\n", " ")
                st.text_input(say(f"data_sets.{text}"), kept, longest, key=f"data_set.{text}.{name}")
            if about.owner:
                st.checkbox(say("data_sets.shared"), about.shared, key=f"data_set.shared.{name}")
            key = f"data_set.save.{name}"
            if st.form_submit_button(say("data_sets.save"), key=key, type="primary", on_click=_save, args=(name,)):
                st.rerun()

    ask()


def _save(name: str) -> None:
    """Keep what the form holds."""
    held = {text: st.session_state.get(f"data_set.{text}.{name}") for text in (*LENGTHS, "shared")}
    attempt(lambda: data_access().describe(name, **{text: value for text, value in held.items() if value is not None}))


def _npz(added: AddedDataset) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.npz"
        added.export(path)
        return path.read_bytes()


def _confirm(name: str, about: About) -> None:
    runs = [run.name for run in look().runs if run.manifest.config.dataset == name]
    loses = say("data_sets.loses")
    if runs:
        named = listed(plain_text(run, longest=40) for run in runs[:5])
        key = "data_sets.needed_one" if len(runs) == 1 else "data_sets.needed"
        loses = sentences([say(key, count=len(runs), runs=named), loses])

    def delete() -> None:
        attempt(lambda: data_access().delete(name))
        change(dataset="")

    confirm_deletion(
        say("data_sets.delete_title", title=about.title or name),
        loses,
        f"data_set.{name}",
        say("data_sets.keep"),
        say("data_sets.delete"),
        delete,
    )


def _known(own: Trial, names: list[str]) -> None:
    st.markdown(f"**{say('data_sets.known')}**", help=say("data_sets.known_help"), width="content")
    busy = own.draft is not None
    for name in names:
        known = KNOWN[name]
        megabytes = sum(file.size for file in known.mirrors[0].files) / 1e6
        with st.container(horizontal=True, vertical_alignment="center"):
            facts = say("data_sets.known_facts", classes=len(known.classes), count=f"{known.training + known.test:,}")
            st.markdown(
                f"{known.title} :small[:gray[{facts}]]",
                width="stretch",
                help=plain_text(f"{known.source}. {known.licence}"),
            )
            st.button(
                say("data_sets.download", size=f"{megabytes:.0f}"),
                key=f"data_set.download.{name}",
                icon=":material/cloud_download:",
                type="tertiary",
                disabled=busy,
                on_click=own.download,
                args=(name,),
            )
