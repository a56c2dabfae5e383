"""Explain: why one user has one item, by exact arithmetic that can be tried out."""

import streamlit as st

from ui import explain_view, page_start, state

dataset = page_start.start("explain", explain_view.OWN)


@st.fragment
def view() -> None:
    """Everything that moves with a choice: one fragment, so that a click redraws no more than this."""
    if not page_start.is_current(dataset):
        st.rerun()
    explain_view.draw(dataset)


state.show(view)
