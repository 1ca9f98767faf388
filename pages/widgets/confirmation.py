"""A dialog that asks before something is deleted."""

from collections.abc import Callable

import streamlit as st


def confirm_deletion(title: str, loses: str, key: str, keep: str, delete: str, on_delete: Callable[[], None]) -> None:
    """Open a dialog that says what would be lost; on_delete runs as the callback of its button `delete`.

    `key` begins the keys of both buttons.
    """

    @st.dialog(title)
    def ask() -> None:
        st.markdown(loses)
        with st.container(horizontal=True, horizontal_alignment="right"):
            kept = st.button(keep, key=f"{key}.keep")
            deleted = st.button(
                delete, key=f"{key}.delete_now", type="primary", icon=":material/delete:", on_click=on_delete
            )
        if kept or deleted:
            st.rerun()

    ask()
