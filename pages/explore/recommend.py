"""Recommend: one real user, her history, her list, and what each knob does to it."""

import streamlit as st

from ui import page_start, recommend_view, state
from ui.knob_panel import knob_panel, strategy_picker

dataset = page_start.start("recommend")


@st.fragment
def view() -> None:
    """Everything that moves with a knob: one fragment, so that a slider step redraws no more than this."""
    if not page_start.is_current(dataset):
        st.rerun()
    user = recommend_view.pick_user(dataset)
    past = st.container()
    knobs, results = st.columns([1, 2.4], gap="large")
    with knobs:
        recipe = knob_panel(dataset, strategy_picker(dataset), user)
    if user is not None:
        with past:
            recommend_view.history(dataset, recipe, user)
    with results:
        if recipe is not None and user is not None:
            recommend_view.results(dataset, recipe, user)


state.show(view)
