"""The parts of the User page: who this is in one sentence and six figures, then one aspect at a time."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.answer import plain
from core.errors import InputError
from core.recipe import Recipe
from core.registry import stage
from core.serving import CONTENT, has_space
from core.types import Dataset

from . import blocks, cards, controls, fitting, page_choices, recommend_view, state, user_facts, user_parts, user_place
from .knob_panel import strategy_picker
from .nav import page_files
from .text import plain_markdown, t
from .user_facts import Facts
from .user_words import sentence, tiles

ASPECTS = ("taste", "interests", "time", "recent", "activity", "map", "readers")
BY_LOG = ("taste", "activity")
"""Aspects that need no vectors."""
KEPT = (*controls.ENCODER, "postprocess", "normalize", "events")
"""Choices made on other pages that hold here as well."""
LINKS = (("recommend", ":material/format_list_numbered:"), ("explain", ":material/help_center:"))


def draw(dataset: Dataset) -> None:
    """Everything below the lead."""
    user = recommend_view.pick_user(dataset)
    head = st.container()
    left, right = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    with right, st.popover(_space_label(), icon=":material/scatter_plot:", width="stretch"):
        recipe = _recipe(dataset, strategy_picker(dataset))
        if recipe is not None and not has_space(recipe):
            st.caption(t("user.of_texts"))
    with left:
        aspect = page_choices.one_of("aspect", ASPECTS, ASPECTS[0])
    if recipe is None or user is None:
        return
    body = st.container()
    try:
        facts = user_facts.facts(dataset, recipe, user)
    except InputError as error:
        blocks.error_card(str(error))
        return
    with body:
        ready = fitting.ready(recipe)
        if ready or aspect in BY_LOG:
            _aspect(aspect, facts)
    with head:
        _head(facts, ready)


def _space_label() -> str:
    """The strategy in whose space the user is looked at, before its picker is drawn."""
    name = str(state.chosen("strategy") or state.url_value("strategy") or CONTENT)
    known = name in stage("strategies").names() and has_space(Recipe(strategy=name))
    return t("user.space", name=plain_markdown(name)) if known else t("user.space_texts")


def _recipe(dataset: Dataset, flat: dict[str, Any]) -> Recipe | None:
    kept = {name: state.chosen(name) for name in KEPT}
    given = {name: value for name, value in kept.items() if value is not None}
    try:
        return Recipe.from_flat(given | flat | {"dataset": dataset.name})
    except InputError as error:
        blocks.error_card(str(error))
        return None


def _head(facts: Facts, ready: bool) -> None:
    """The sentence, the figures, and where to go from here."""
    st.markdown(f"## {sentence(facts, ready)}")
    cards.stat_tiles(tiles(facts, ready), key="user-tiles")
    owner = str(plain(facts.log.user_ids[facts.user]))
    known = {path.stem: str(path) for path in page_files()}
    with st.container(horizontal=True, gap="medium"):
        for name, icon in LINKS:
            if name in known:
                query = {"user": owner, "strategy": facts.recipe.strategy, "dataset": facts.dataset.name}
                st.page_link(known[name], label=t(f"user.to_{name}"), icon=icon, query_params=query)


def _aspect(aspect: str, facts: Facts) -> None:
    {
        "taste": user_parts.taste,
        "interests": user_place.interests,
        "time": user_parts.time,
        "recent": user_parts.recent,
        "activity": user_parts.activity,
        "map": user_place.place_on_map,
        "readers": user_parts.readers,
    }[aspect](facts)
