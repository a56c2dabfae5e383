"""The panel of knobs that pages share: what is moved most stands on top, the rest is folded away.

The panel always draws every widget, so that no choice falls out of the address while vectors are being made.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.errors import InputError
from core.recipe import STAGE_FIELDS, Recipe
from core.registry import Knob, stage
from core.scoring import LONG_TERM
from core.serving import CONTENT, has_space, reads_space
from core.types import Dataset
from core.vectors import OWN_VECTORS, model_of, template_of

from . import blocks, controls, resources, state, strategy, taste_said
from .context_knobs import context_knobs
from .diversity_knobs import diversity_knobs
from .text import plain_markdown, t, words

DISLIKED = "disliked_upto"
"""A knob in the unit of the log's weights."""
RECENT = "recent-popularity"
"""The strategy that is another one where there are no times."""


def knob_panel(dataset: Dataset, flat: dict[str, Any], user: int | None = None) -> Recipe | None:
    """Draw all other knobs; returns the recipe, or None, with a sentence in place, while they do not fit together.

    flat: what ``strategy_picker`` returned. user: whose taste is told, index in the data set; None = nobody's.
    """
    top, diverse, context, more, encoder = (st.container() for _ in range(5))
    try:
        with encoder, st.expander(t("knobs.encoder"), icon=":material/neurology:"):
            flat = flat | _encoder_knobs(dataset)
        with more, st.expander(t("knobs.more"), icon=":material/tune:"):
            flat |= _more_knobs(dataset, str(flat["strategy"]))
        with context:
            flat |= context_knobs(dataset)
        with top:
            flat |= _ranking_knobs(dataset, flat)
        with diverse:
            flat |= diversity_knobs(dataset, flat)
        with top:
            recipe = Recipe.from_flat(flat | {"dataset": dataset.name}, n_items=len(dataset.catalog))
            if has_space(recipe) and recipe.normalize and recipe.metric in ("cosine", "euclidean"):
                st.caption(t("knobs.rank_alike"))
        if user is not None and _there(recipe):
            more.caption(taste_said.line(dataset, recipe, user))
    except InputError as error:
        blocks.error_card(str(error))
        return None
    return recipe


def strategy_picker(dataset: Dataset) -> dict[str, Any]:
    """Draw the first decision: the strategy, what it does, and its own knobs. Returns flat values."""
    name = controls.strategy()
    st.caption(about(name))
    if name == RECENT and dataset.interactions.times is None:
        st.caption(t("knobs.timeless"))
    if not stage("strategies").knobs(name):
        return {"strategy": name}
    with st.expander(t("knobs.strategy"), icon=":material/instant_mix:"):
        return {"strategy": name} | controls.stage_knobs("strategies", name, dataset, controls.typed)


def about(name: str) -> str:
    """A strategy's label and what it does, in markdown."""
    title, line = str(stage("strategies").get(name).label), words().get(f"strategy.{name}", "")
    return f"**{plain_markdown(title)}.** {line}"


def _ranking_knobs(dataset: Dataset, flat: dict[str, Any]) -> dict[str, Any]:
    """K, and where the strategy has a space, what ranks in it."""
    name = str(flat["strategy"])
    if not stage("strategies").get(name).embedded:
        st.caption(t("knobs.own_score"))
        return controls.own_score_knobs(dataset)
    chosen = controls.ranking_knobs(dataset, lambda metric: metric_range(dataset, flat, metric), flat["normalize"])
    if name != CONTENT:
        as_trained = chosen["metric"] == "dot" and not flat["normalize"]
        st.caption(t("knobs.own_space") + ("" if as_trained else " " + t("knobs.as_trained")))
    return chosen


def metric_range(dataset: Dataset, flat: dict[str, Any], metric: dict[str, Any]) -> tuple[float, float]:
    """Range of the metric's own unit, for the threshold; by its formula until there are vectors."""
    known = {name: value for name, value in flat.items() if name != "pool"} | metric | {"dataset": dataset.name}
    recipe = Recipe.from_flat(known)
    if recipe.normalize or not _there(recipe):
        low, high = recipe.build("score").bounds(1.0)
        return float(low), float(high)
    return resources.metric_range(recipe)


def _there(recipe: Recipe) -> bool:
    """Whether vectors and strategy can be had at once. Why not is said in place of the list, not by the panel, whose
    other widgets are to be drawn all the same."""
    try:
        return resources.ready(recipe) and strategy.ready(recipe)
    except InputError:
        return False


def _encoder_knobs(dataset: Dataset) -> dict[str, Any]:
    """What makes a text and a vector of an item."""
    flat: dict[str, Any] = {"template": controls.text("template")}
    if not flat["template"]:
        st.caption(plain_markdown(t("knobs.own_text", template=template_of(Recipe(), dataset))))
    fields = ", ".join("{" + name + "}" for name in dataset.catalog.fields)
    st.caption(plain_markdown(t("knobs.fields", fields=fields)))
    flat["model"] = controls.text("model")
    if not flat["model"]:
        st.caption(plain_markdown(t("knobs.own_text", template=model_of(Recipe(), dataset))))
    elif dataset.own_vectors is not None and flat["model"] != OWN_VECTORS:
        st.button(t("knobs.own_vectors"), key="own-vectors", on_click=state.choose, args=("model", OWN_VECTORS))
    flat["precision"] = controls.choice("precision")
    flat["max_tokens"] = controls.whole("max_tokens")
    flat["prompt"] = controls.text("prompt")
    return flat


def _taste_number(dataset: Dataset, spec: Knob) -> int | float:
    """The widget of a number: dislikes end where the data's likes begin."""
    if spec.name != DISLIKED:
        return controls.whole(spec.name) if spec.kind is int else controls.number(spec.name)
    bar = dataset.interactions.positive_from
    if bar > 0:
        return controls.number(spec.name, high=bar)
    st.caption(t("taste.no_dislikes"))
    default: float = spec.default
    return default


def _more_knobs(dataset: Dataset, chosen: str) -> dict[str, Any]:
    """What shapes the user vector and the space; who has no space weighs histories without a user model.

    A learned space has no post-processing; where there is no space, it shapes the map and the reasons by text alone.
    """
    flat: dict[str, Any] = {}
    picked = Recipe(strategy=chosen)
    learned = has_space(picked) and not reads_space(picked)
    if not has_space(picked) and not reads_space(picked):
        st.caption(t("knobs.not_the_list"))
    for field in ("user_model", "postprocess"):
        if (field == "user_model" and not has_space(picked)) or (field == "postprocess" and learned):
            continue
        names = stage(STAGE_FIELDS[field]).names()
        flat[field] = controls.choice(field) if len(names) > 1 else names[0]
        if field == "user_model":
            own = chosen != CONTENT and flat[field] == LONG_TERM
            st.caption(t("taste.own") if own else words().get(f"user_model.{flat[field]}", ""))
            if own:
                continue
        flat |= controls.stage_knobs(STAGE_FIELDS[field], flat[field], dataset, partial(_taste_number, dataset))
    flat["normalize"] = controls.toggle("normalize")
    flat["exclude_seen"] = controls.toggle("exclude_seen")
    flat["events"] = controls.choice("events")
    flat["seed"] = controls.whole("seed")
    return flat
