"""Train: the two-tower model, its choices, its curves while it learns, and the models that are kept."""

import streamlit as st

from ui import page_start, state, train_view

dataset = page_start.start("train")


@st.fragment
def view() -> None:
    """Everything that moves with a choice: one fragment, so that a changed knob redraws no more than this."""
    if not page_start.is_current(dataset):
        st.rerun()
    train_view.draw(dataset)


state.show(view)
