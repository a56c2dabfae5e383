"""Evaluate: strategies compared on held-back behaviour, with intervals, tests, and single users."""

import streamlit as st

from ui import evaluate_view, page_start, state

dataset = page_start.start("evaluate")


@st.fragment
def view() -> None:
    """Everything that moves with a choice: one fragment, so that a step of K redraws no more than this."""
    if not page_start.is_current(dataset):
        st.rerun()
    evaluate_view.draw(dataset)


state.show(view)
