"""User: who one person is by what she liked, in words, groups, time and company."""

import streamlit as st

from ui import page_start, state, user_view

dataset = page_start.start("user", own=("aspect", "last"))


@st.fragment
def view() -> None:
    """Everything that moves with a choice."""
    if not page_start.is_current(dataset):
        st.rerun()
    user_view.draw(dataset)


state.show(view)
