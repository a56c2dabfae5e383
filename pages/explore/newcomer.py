"""Newcomer: build somebody nobody knows, answer by answer, and watch the list follow."""

import streamlit as st

from ui import newcomer_answers, newcomer_list, newcomer_saved, newcomer_ways, page_start, preparing, resources, state
from ui.knob_panel import knob_panel, strategy_picker
from ui.text import t

dataset = page_start.start("newcomer", own=(newcomer_answers.NAME, *newcomer_ways.BALANCE))


@st.fragment
def view() -> None:
    """Everything that moves with an answer or a knob."""
    if not page_start.is_current(dataset):
        st.rerun()
    said = st.container()
    tell, show = st.columns([1, 1.15], gap="large")
    with tell:
        asks, given, ways, head = st.container(), st.container(), st.container(), st.container(horizontal=True)
    with head:
        text = newcomer_saved.draw(dataset)
    with said:
        persona = newcomer_answers.read(dataset, text)
        newcomer_answers.outcome()
    with head:
        newcomer_answers.start_again(persona)
    with ways:
        newcomer_ways.sentence(dataset, possible=newcomer_ways.words_possible(dataset))
        newcomer_ways.categories(dataset, persona)
        newcomer_ways.titles(dataset)
    st.markdown(f"## {t('newcomer.knobs')}")
    first, rest = st.columns([1, 1.15], gap="large")
    with first:
        flat = strategy_picker(dataset)
        balance = newcomer_ways.balance()
    with rest:
        recipe = knob_panel(dataset, flat)
    if recipe is None:
        return
    with show:
        if not preparing.vectors_ready(recipe):
            return
    with show:
        run = newcomer_list.answer(dataset, recipe, persona, balance)
    with asks:
        newcomer_ways.ask(dataset, resources.vectors(recipe), persona, run)
    if run is None:
        return
    with show:
        newcomer_list.draw(dataset, run, recipe, persona)
        newcomer_list.take_along(recipe, persona, balance)
        found = newcomer_list.moved(dataset, recipe, persona, balance)
        if found is not None:
            newcomer_list.settling(dataset, recipe, persona, found)
    with given:
        newcomer_answers.given(dataset, persona, newcomer_list.told(recipe, persona, found))


state.show(view)
