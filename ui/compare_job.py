"""The background run that prepares the test users of slow strategies: started by a button, watched, stopped."""

from __future__ import annotations

import streamlit as st

from core.compare.text import to_text
from core.recipe import Recipe
from core.tradeoff.population import ranking
from core.types import Dataset

from . import evaluate_job, preparing, resources
from .blocks import error_card
from .compare_sides import letter, title_of
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job
from .text import plain_markdown, t


def key_of(sides: dict[str, Recipe], dataset: Dataset) -> str:
    """What tells one run from another: the choices that decide who is ranked how, whatever the sides are called."""
    shapes = sorted({repr(ranking(recipe)) for recipe in sides.values()})
    return f"compare|{dataset.fingerprint}|{shapes}"


def offer(sides: dict[str, Recipe], dataset: Dataset, side: str) -> None:
    """The button that starts the run, or its progress. side: the first one that waits."""
    key = key_of(sides, dataset)
    job = resources.jobs().find(key)
    if job is not None and job.progress.state == RUNNING:
        _running(key)
        return
    if job is not None:
        _ended(job)
    name = plain_markdown(title_of(sides[side]))
    st.markdown(t("compare.job_why", side=letter(side), name=name))
    if st.button(t("compare.job_run"), type="primary", icon=":material/play_arrow:", key="run-compare"):
        resources.jobs().forget(key)
        flat = {one: to_text(recipe) for one, recipe in sides.items()}
        resources.jobs().start(key, "compare", {**flat, "dataset": dataset.name})
        st.rerun()


@st.fragment(run_every=preparing.POLL_S)
def _running(key: str) -> None:
    job = resources.jobs().find(key)
    if job is None or job.progress.state != RUNNING:
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{t('compare.job_title')}**")
        st.progress(job.progress.share, text=plain_markdown(evaluate_job.said(job.progress)))
        if st.button(t("job.cancel"), key="cancel-compare"):
            job.cancel()


def _ended(job: Job) -> None:
    if job.progress.state == FAILED:
        error_card(t("job.failed", reason=job.progress.message.rstrip(".")))
    elif job.progress.state == CANCELLED:
        st.info(t("compare.job_stopped"))
    elif job.progress.state == DONE:
        st.warning(t("compare.job_lost"), icon=":material/info:")
