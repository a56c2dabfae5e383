"""Compare: two or three recipes side by side, for one user and for everybody."""

import streamlit as st

from ui import compare_view, page_start, state

dataset = page_start.start("compare", compare_view.OWN)


@st.fragment
def view() -> None:
    """Everything that moves with a choice: one fragment, so that a step redraws no more than this."""
    if not page_start.is_current(dataset):
        st.rerun()
    compare_view.draw(dataset)


state.show(view)
