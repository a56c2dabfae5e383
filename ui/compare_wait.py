"""Waiting side by side: a slow strategy of one side learns in a job of its own, while the others are shown."""

from __future__ import annotations

import streamlit as st

from core.errors import RecallscopeError
from core.recipe import Recipe
from core.serving import learning

from . import compare_sides, fitting, preparing, resources, state, strategy
from .blocks import error_card
from .channels import channel_name
from .compare_sides import letter
from .jobs import CANCELLED, FAILED, RUNNING, Job
from .text import plain_markdown, t


def ready(sides: dict[str, Recipe]) -> dict[str, Recipe]:
    """The sides whose vectors and strategy are there; of the others, the jobs are drawn, each once."""
    found, drawn = {}, set()
    for side, recipe in sides.items():
        try:
            if not resources.ready(recipe):
                if "vectors" not in drawn:
                    drawn.add("vectors")
                    preparing.vectors_ready(recipe)
                    compare_sides.start_over(side)
                continue
            if strategy.ready(recipe):
                found[side] = recipe
                continue
        except RecallscopeError as error:
            error_card(t("compare.side_problem", side=letter(side), problem=str(error)))
            compare_sides.start_over(side)
            continue
        key = fitting.fit_key(recipe)
        if key not in drawn:
            drawn.add(key)
            _watch(side, recipe, key)
    return found


def _watch(side: str, recipe: Recipe, key: str) -> None:
    table = resources.jobs()
    job = table.find(key) or table.start(key, "fit", learning(recipe).to_flat(changed_only=True))
    if job.progress.state == RUNNING:
        _running(side, recipe, key)
    else:
        _ended(side, recipe, job)


@st.fragment(run_every=preparing.POLL_S)
def _running(side: str, recipe: Recipe, key: str) -> None:
    job = resources.jobs().find(key)
    if job is None or job.progress.state != RUNNING:
        st.rerun()
    with st.container(border=True):
        name = plain_markdown(channel_name(recipe.strategy))
        st.markdown(f"**{letter(side)}: {t('job.title_fit', name=name)}**")
        fitting.how_far(job)
        if st.button(t("job.cancel"), key=f"cancel-fit-{side}"):
            state.choose(fitting.STOPPED, key)
            job.cancel()


def _ended(side: str, recipe: Recipe, job: Job) -> None:
    stopped = job.progress.state == CANCELLED and state.chosen(fitting.STOPPED) == job.key
    if job.progress.state == FAILED:
        error_card(f"{letter(side)}: " + t("job.failed", reason=job.progress.message.rstrip(".")))
    elif stopped:
        st.info(f"{letter(side)}: {t('job.fit_stopped')}")
    elif strategy.ready(recipe) or job.progress.state == CANCELLED:  # done meanwhile, or stopped by somebody else
        resources.jobs().forget(job.key)
        st.rerun()
    else:
        error_card(f"{letter(side)}: {t('job.fit_lost')}")
    if st.button(t("job.again"), key=f"resume-fit-{side}"):
        state.drop(fitting.STOPPED)
        resources.jobs().forget(job.key)
        st.rerun()
