"""The map of one list with what a change did to it: what left, what entered, and an arrow from one to the other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.explain.ledger import Gone
from core.recipe import Recipe
from core.serving import CONTENT
from core.types import Dataset

from . import map_view, resources, state
from .channels import channel_name
from .figures import map_fallback
from .map import MapOverlay, colouring, embedding_map
from .map_scene import Scene, scene
from .text import plain_markdown, t

HEIGHT = 520


def draw(dataset: Dataset, recipe: Recipe, user: int, gone: Sequence[Gone]) -> None:
    """The map with arrows. gone: what left the list, and what stands for it."""
    view = scene(dataset, recipe, user, "", 2)
    left = [one.item for one in gone]
    entered = [one.instead for one in gone if one.instead is not None]
    st.markdown(f"**{moves_words(left, entered)}**")
    overlay = overlay_of(view, gone)
    points = resources.map_points(recipe, view.layout)
    colours = resources.fixed_colours(dataset.name, colouring.CATEGORY)
    events = embedding_map(points, colours, overlay, key="diversity-map", height=HEIGHT)
    if not events.webgl:
        figure = map_fallback.build(points, colours, overlay, dark=state.is_dark())
        st.plotly_chart(figure, key="diversity-map-fallback", theme=None)
    if left or entered:
        st.caption(t("pictures.map_caption"))
    outside = sum(not view.has_place(item) for item in {*left, *view.ranked})
    if outside:
        st.caption(t("pictures.map_no_place", n=outside))
    if view.of_texts and recipe.strategy != CONTENT:
        st.caption(t("pictures.map_of_texts", name=plain_markdown(channel_name(recipe.strategy))))
    else:
        map_view.said_of_space(view)
    map_view.trust_line(view)


def overlay_of(view: Scene, gone: Sequence[Gone]) -> MapOverlay:
    """The list, what left it, and arrows between those that have a place on the map."""
    pairs = [(one.item, one.instead) for one in gone if one.instead is not None]
    return MapOverlay(
        user_xy=map_view.pair(view.user_place()),
        ranked=view.ranked,
        dim=True,
        left=[one.item for one in gone if view.has_place(one.item)],
        arrows=[(out, into) for out, into in pairs if view.has_place(out) and view.has_place(into)],
    )


def moves_words(left: Sequence[int], entered: Sequence[int]) -> str:
    """How many came and went."""
    if not left and not entered:
        return t("pictures.map_same")
    return t("pictures.map_moves", entered=len(entered), left=len(left))
