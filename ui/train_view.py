"""The parts of the Train page: the choices, the training that runs or the result of the last, the kept models."""

from __future__ import annotations

import streamlit as st

from core.recipe import Recipe
from core.splits import liked_counts
from core.train.loop import NOTHING
from core.types import Dataset

from . import preparing, train_choices, train_job, train_models
from .blocks import error_card
from .text import t

ENOUGH = 2
"""Likes of one user without which there is nothing to learn: one to know, one to predict."""


def draw(dataset: Dataset) -> None:
    """Everything below the lead."""
    if liked_counts(dataset.interactions).max(initial=0) < ENOUGH:
        error_card(f"{NOTHING[0].upper()}{NOTHING[1:]}.")
        return
    job, models = train_job.last(dataset), train_models.of(dataset)
    choices, results = st.columns([1, 2.4], gap="large")
    with choices:
        first, begin, rest = st.container(), st.container(), st.container()
        recipe = train_choices.recipe(dataset, first, rest)
        running = train_job.is_running(job)
        there = train_models.named(train_choices.name_of(recipe), models, dataset)
        if there and not running:
            begin.caption(t("train.there_whole" if there.whole else "train.there_part"))
        with st.popover(t("train.command"), icon=":material/terminal:"):
            st.code(train_choices.command_line(recipe), language="bash", wrap_lines=True)
    with results:
        ready = preparing.vectors_ready(recipe)
        begin.button(
            t("train.running" if running else "train.again" if there else "train.run"),
            type="primary",
            icon=":material/model_training:",
            key="train",
            width="stretch",
            on_click=train_job.start,
            args=(dataset, recipe),
            disabled=running or not ready,
        )
        if running:
            train_job.watch(dataset)
        elif ready:
            train_job.ended(job)
            shown = train_models.shown(models, dataset)
            if shown is None:
                example = dataset.name == Recipe.default_of("dataset")
                said = t("train.nothing_yet" if example else "train.nothing_yet_own")
                st.info(said, icon=":material/model_training:")
            else:
                train_models.result(shown, dataset)
    train_models.draw(models, dataset, train_job.model_of(job) if job is not None and running else None)
