"""What diversifying did with a list, said above it, on its cards and in its table."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.pools import DIVERSIFY
from core.recipe import STAGE_FIELDS, Recipe
from core.registry import stage
from core.serving import needs_fitting
from core.types import Run

from . import resources, strategy, warm
from .nav import page_path
from .text import plain_markdown, t


def answer(recipe: Recipe, user: int) -> Run:
    """The answer for one user; where the server has only just started, said that it may take seconds."""
    if recipe.rearranges and warm.preparing.is_set():
        with st.spinner(t("diversity.compiling")):
            return resources.run(recipe, user)
    return resources.run(recipe, user)


def method_name(recipe: Recipe, step: str = DIVERSIFY) -> str:
    """What a step's method is called in a sentence: its label up to the colon."""
    label = str(stage(STAGE_FIELDS[step]).get(getattr(recipe, step)).label)
    return label.partition(":")[0]


def entered(run: Run) -> int:
    """Items of the first user's list that would not be in a list of that length without the steps."""
    if run.diversified is None:
        return 0
    return int((run.diversified.places[0] >= int(run.selected.counts[0])).sum())


def moved(run: Run) -> int:
    """Items of the first user's list that would be in it without the steps, at another place."""
    if run.diversified is None:
        return 0
    places = run.diversified.places[0][: int(run.selected.counts[0])]
    return int(((places < len(places)) & (places != np.arange(len(places)))).sum())


def by(run: Run) -> str:
    """The steps that were taken, in their order, in a few words: "diversity 0.30 by MMR, then spacing by Category"."""
    steps = () if run.diversified is None else run.diversified.steps
    return t("diversity.then").join(
        t("diversity.by", diversity=f"{run.recipe.diversity:.2f}", method=method_name(run.recipe))
        if step.name == DIVERSIFY
        else t(f"diversity.by_{step.name}", method=method_name(run.recipe, step.name))
        for step in steps
    )


def in_score_order(run: Run) -> bool:
    """Whether the scores of the first user's list fall from place to place."""
    scores = run.selected.scores[0]
    return not bool((np.diff(scores[~np.isnan(scores)]) > 0).any())


def notices(run: Run) -> tuple[str, ...]:
    """What the run has to say but for what its strategy said when it was fitted, which is shown elsewhere."""
    told = strategy.served(run.recipe).notices if needs_fitting(run.recipe) else ()
    return tuple(notice for notice in run.notices if notice not in told)


def above(run: Run) -> None:
    """What the steps did to the list, in a line with a way to the page that says what that costs; notices as well."""
    for notice in notices(run):
        st.caption(f":material/info: {plain_markdown(notice[:1].upper() + notice[1:])}")
    if run.diversified is None or not run.selected.counts[0]:
        return
    counts = {"of": int(run.selected.counts[0]), "entered": entered(run), "moved": moved(run)}
    steps = by(run)
    said = t("diversity.did", by=plain_markdown(steps[:1].upper() + steps[1:]), **counts)
    if not in_score_order(run):
        said += " " + t("diversity.not_by_score")
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.caption(said, width="stretch")
        st.page_link(page_path("diversity"), label=t("diversity.costs"), icon=":material/tune:")
