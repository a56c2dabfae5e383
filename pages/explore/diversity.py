"""Diversity: trade it against relevance, and see at once what it does to one list and to everybody."""

import streamlit as st

from ui import diversity_view, page_start, state

dataset = page_start.start("diversity")


@st.fragment
def view() -> None:
    """Everything that moves with a knob: one fragment, so that a slider step redraws no more than this."""
    if not page_start.is_current(dataset):
        st.rerun()
    diversity_view.draw(dataset)


state.show(view)
