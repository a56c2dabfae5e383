"""The knobs between pool and list: method and strength in sight, the rest folded away; and what the pool is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.errors import InputError
from core.recipe import Recipe
from core.registry import stage
from core.types import Dataset

from . import controls
from .text import plain_markdown, t, words


def diversity_knobs(dataset: Dataset, flat: Mapping[str, Any]) -> dict[str, Any]:
    """Draw method, strength, and, folded, space, scale, spacing, exploration and pool. Returns flat values.

    flat: what the panel has chosen so far; K and the selection are used for the words on the pool. Where it holds the
    strength already, a page has drawn that elsewhere, and says itself what the pool is worth.
    """
    on_top = "diversity" in flat
    found = {} if on_top else {"diversity": controls.number("diversity")} | method_knobs(dataset)
    with st.expander(t("diversity.more"), icon=":material/shuffle:"):
        found |= arranging_knobs(dataset)
        if not on_top:
            _pool_caption(dataset, {**flat, **found})
    return found


def _pool_caption(dataset: Dataset, flat: Mapping[str, Any]) -> None:
    chosen = {
        name: flat[name]
        for name in ("k", "select", "threshold", "pool", "diversity", "spacing", "exploration")
        if name in flat
    }
    try:
        st.caption(pool_words(Recipe.from_flat(chosen), len(dataset.catalog)))
    except InputError:  # what does not fit together is said by the panel
        return


def method_knobs(dataset: Dataset) -> dict[str, Any]:
    """The method that makes lists diverse, what it does, and what it brings."""
    chosen = controls.choice("diversify")
    st.caption(about(chosen))
    return {"diversify": chosen} | controls.stage_knobs("diversify", chosen, dataset)


def arranging_knobs(dataset: Dataset) -> dict[str, Any]:
    """Where likeness is measured, on which scale relevance stands, what follows diversifying, and the pool."""
    found: dict[str, Any] = {name: controls.choice(name) for name in ("diversity_space", "relevance_scale")}
    for name in ("spacing", "exploration"):
        found[name] = controls.choice(name)
        found |= controls.stage_knobs(name, found[name], dataset)
    found["pool"] = controls.whole("pool", high=len(dataset.catalog))
    return found


def about(method: str) -> str:
    """A method's label and, where there are words, what it does, in markdown."""
    title, line = str(stage("diversify").get(method).label), words().get(f"diversify.{method}", "")
    return f"{plain_markdown(title)}. {line}".strip()


def pool_words(recipe: Recipe, n_items: int) -> str:
    """What the pool is worth under a recipe: how many candidates there are for how many places, or why it is idle."""
    if "k" not in stage("select").get(recipe.select).uses:
        return t("diversity.pool_threshold")
    if not recipe.rearranges:
        return t("diversity.pool_idle_one" if recipe.k == 1 else "diversity.pool_idle", k=recipe.k)
    size = min(recipe.pool_size, n_items)
    if size <= recipe.k:
        return t("diversity.pool_just_one" if size == 1 else "diversity.pool_just", pool=f"{size:,}")
    return t("diversity.pool_one" if recipe.k == 1 else "diversity.pool", pool=f"{size:,}", k=recipe.k)
