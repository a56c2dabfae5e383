"""Map: where the items, the user and her list lie, and how far that picture may be believed."""

import streamlit as st

from ui import fitting, map_scene, map_view, page_choices, page_start, preparing, recommend_view, state
from ui.knob_panel import knob_panel, strategy_picker

dataset = page_start.start("map")


@st.fragment
def view() -> None:
    """Everything that moves with a knob; the points themselves are sent once."""
    if not page_start.is_current(dataset):
        st.rerun()
    user = recommend_view.pick_user(dataset)
    picture, side = st.columns([3, 1], gap="medium")
    with side:
        strategy = strategy_picker(dataset)
        shape = page_choices.one_of("shape", (map_view.FLAT, map_view.DEEP), map_view.FLAT)
        by = page_choices.one_of("colour", map_view.colourings(dataset), map_view.colourings(dataset)[0])
        phrase = page_choices.phrase(dataset)
        dim = page_choices.switch("dim")
        recipe = knob_panel(dataset, strategy)
    with picture:
        if recipe is None or user is None or not fitting.ready(recipe):
            return
        dims = 3 if shape == map_view.DEEP else 2
        drawn = map_scene.scene(dataset, recipe, user, phrase, dims)
        events = map_view.draw(drawn, by, dim)
        map_view.said_of_space(drawn)
        map_view.trust_line(drawn)
        if not drawn.final:
            preparing.map_progress(recipe, dims)
        map_view.details(drawn, events)
        if page_choices.switch("table"):
            map_view.as_table(drawn)
    map_view.list_below(drawn)


state.show(view)
