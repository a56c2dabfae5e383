"""Interests as groups with names, and where they and the user lie among the items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.answer import plain
from core.layout.place import place
from core.portrait.interests import Interest
from core.portrait.near import LIKED, NEW, SEEN

from . import blocks, map_view, resources, state
from .figures import map_fallback
from .map import DEFAULT_WORDS, MapOverlay, colouring, embedding_map
from .text import group, plain_markdown, t
from .user_facts import Facts

HEIGHT = 480
TYPICAL = 5
A_ROW = 3
MARKS = {LIKED: "user.near_liked", SEEN: "user.near_seen", NEW: "user.near_new"}


def interests(facts: Facts) -> None:
    """A box an interest: its name, its share, its words, its typical items."""
    found = _found(facts)
    if not found:
        st.info(t("user.no_interests"))
        return
    key = "user.interests_one" if len(found) == 1 else "user.interests_title"
    st.markdown(f"### {t(key, n=len(found), items=f'{len(facts.liked):,}')}")
    named = list(enumerate(zip(names_of(found), found, strict=True), start=1))
    for start in range(0, len(found), A_ROW):
        for column, (number, (name, one)) in zip(st.columns(A_ROW), named[start : start + A_ROW], strict=False):
            with column, st.container(border=True, height="stretch"):
                _interest(facts, number, name, one)
    st.caption(t("user.interests_caption"))


def _found(facts: Facts) -> tuple[Interest, ...]:
    """Her interests; those of a history of a thousand likes take a moment, once."""
    with st.spinner(t("user.grouping")):
        return facts.interests


def names_of(found: Sequence[Interest]) -> list[str]:
    """What each is called: its categories; where two share those, with the words that tell them apart."""
    plain_names = [" · ".join(one.names) or t("user.interest_unnamed") for one in found]
    return [
        f"{name} ({', '.join(one.words[:2])})" if plain_names.count(name) > 1 and one.words else name
        for name, one in zip(plain_names, found, strict=True)
    ]


def _interest(facts: Facts, number: int, name: str, one: Interest) -> None:
    share = f"{100 * one.share:.0f}"
    st.markdown(f"**{number}. {plain_markdown(name)}**  \n{t('user.interest_share', share=share, n=len(one.items))}")
    titles = facts.dataset.catalog.titles[one.items[:TYPICAL]]
    st.markdown("\n".join(f"- {plain_markdown(str(title))}" for title in titles))
    words = f"{t('user.interest_words')} {plain_markdown(', '.join(one.words))}. " if one.words else ""
    st.caption(words + t("user.interest_tightness", cosine=f"{one.tightness:.2f}"))


def place_on_map(facts: Facts) -> None:
    """The map with the user, her likes, and a number at the most typical item of each interest; then what is near."""
    recipe = facts.shown
    vectors, placed = resources.shown_space(recipe)
    layout, final = resources.layout(recipe, 2)
    typical = [int(one.items[0]) for one in _found(facts)]
    shown = [item for item in facts.liked.tolist() if placed is None or placed[item]]
    overlay = MapOverlay(
        user_xy=_spot(vectors.values, layout.xy, facts, unit=vectors.unit),
        history=shown,
        ranked=list(dict.fromkeys(typical)),
        dim=True,
    )
    st.markdown(f"### {_map_title(facts.interests)}")
    points = resources.map_points(recipe, layout)
    colours = resources.fixed_colours(facts.dataset.name, colouring.CATEGORY)
    words = {**DEFAULT_WORDS, **group("user.map_words")}
    events = embedding_map(points, colours, overlay, key="user-map", height=HEIGHT, words=words)
    if not events.webgl:
        figure = map_fallback.build(points, colours, overlay, dark=state.is_dark())
        st.plotly_chart(figure, key="user-map-fallback", theme=None)
    st.caption(t("user.map_caption") if final else t("map.trust_quick"))
    if not facts.space.own:
        st.caption(t("user.of_texts"))
    _near(facts)


def _map_title(found: Sequence[Interest]) -> str:
    if len(found) < 2:
        return t("user.map_title")
    return "\u2003".join(f"{number}. {plain_markdown(name)}" for number, name in enumerate(names_of(found), start=1))


def _spot(values: np.ndarray, xy: np.ndarray, facts: Facts, *, unit: bool) -> tuple[float, float] | None:
    if not np.isfinite(facts.vector).all():
        return None
    found = place(values, xy, facts.vector[None, :], unit=unit)[0]
    return map_view.pair(found) if np.isfinite(found).all() else None


def _near(facts: Facts) -> None:
    if not facts.near:
        st.info(t("user.no_place"))
        return
    liked = sum(one.state == LIKED for one in facts.near)
    st.markdown(f"### {t('user.near_title', liked=liked, n=len(facts.near))}")
    catalog, items = facts.dataset.catalog, [one.item for one in facts.near]
    st.dataframe(
        {
            t("table.title"): [str(catalog.titles[item]) for item in items],
            t("user.column_cosine"): [one.cosine for one in facts.near],
            t("user.column_state"): [t(MARKS[one.state]) for one in facts.near],
            t("table.category"): [blocks.subtitle_of(facts.dataset, item) for item in items],
            t("table.id"): [str(plain(catalog.item_ids[item])) for item in items],
        },
        column_config={t("user.column_cosine"): st.column_config.NumberColumn(format="%.3f")},
        hide_index=True,
        width="stretch",
        key="user-near",
    )
