"""Waiting, honestly: what is being computed, how far it is, how long it will take, and how to stop it."""

from __future__ import annotations

import math

import streamlit as st

from core.errors import RecallscopeError
from core.recipe import Recipe
from core.serving import map_recipe

from . import controls, resources
from .blocks import error_card
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job, Progress
from .text import t

POLL_S = 0.5


def vectors_ready(recipe: Recipe) -> bool:
    """True when the item vectors are there. If not, their job is started, and its progress drawn in their place."""
    try:
        if resources.ready(recipe):
            return True
    except RecallscopeError as error:
        error_card(t("job.failed", reason=str(error)))
        _way_back(recipe, "ready")
        return False
    _watch(recipe.embedding(), "embed", 2)
    return False


def _way_back(recipe: Recipe, where: str) -> None:
    if any(name in controls.ENCODER for name in recipe.to_flat(changed_only=True)):
        st.button(t("job.reset"), key=f"reset-{where}", on_click=controls.reset_encoder)


def map_progress(recipe: Recipe, dims: int) -> None:
    """Start the job of the final map, if need be, and draw its progress."""
    _watch(recipe, "layout", dims)


def _watch(recipe: Recipe, awaited: str, dims: int) -> None:
    job = _job(recipe, dims)
    if job.progress.state == RUNNING:
        _running(recipe, awaited, dims)
    else:
        _ended(recipe, job, dims)


def _key(recipe: Recipe, dims: int) -> str:
    return f"{dims}|{map_recipe(recipe)!r}"


def _job(recipe: Recipe, dims: int) -> Job:
    """One job does both steps, so that the map is usually there before it is asked for."""
    key = _key(recipe, dims)
    found = resources.jobs().find(key)
    return found or resources.jobs().start(
        key, "layout", map_recipe(recipe).to_flat(changed_only=True), "--dims", str(dims)
    )


@st.fragment(run_every=POLL_S)
def _running(recipe: Recipe, awaited: str, dims: int) -> None:
    job = _job(recipe, dims)
    if job.progress.state != RUNNING or (awaited == "embed" and job.progress.stage == "layout"):
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{t(f'job.title_{awaited}')}**")
        st.progress(job.progress.share, text=progress_words(job.progress))
        st.caption(t(f"job.why_{awaited}"))
        if st.button(t("job.cancel"), key=f"cancel-{awaited}"):
            job.cancel()


def progress_words(progress: Progress) -> str:
    """ "Embedding items: 4,200 of 9,066, about 12 s left" """
    stage = t(f"job.stage_{progress.stage}")
    if progress.stage == "embed" and not progress.done:
        return t("job.loading")
    if not progress.total:
        return t("job.starting", stage=stage)
    known = math.isfinite(progress.eta_s) and progress.eta_s > 0
    eta = t("job.eta", seconds=f"{math.ceil(progress.eta_s):,}") if known else ""
    return t("job.progress", stage=stage, done=f"{progress.done:,}", total=f"{progress.total:,}") + eta


def _ended(recipe: Recipe, job: Job, dims: int) -> None:
    if job.progress.state == DONE:  # between the page's look at the disk and now
        resources.jobs().forget(_key(recipe, dims))
        st.rerun()
    if job.progress.state == FAILED:
        error_card(t("job.failed", reason=job.progress.message))
    elif job.progress.state == CANCELLED:
        st.info(t("job.cancelled", done=f"{job.progress.done:,}", total=f"{job.progress.total:,}"))
    with st.container(horizontal=True):
        again = "job.again" if job.progress.state == FAILED else "job.resume"
        if st.button(t(again), key=f"resume-{dims}"):
            resources.jobs().forget(_key(recipe, dims))
            st.rerun()
        _way_back(recipe, str(dims))
