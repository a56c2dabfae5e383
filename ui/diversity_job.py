"""Waiting for the test users of a strategy that takes long to learn: the run of the trade-off curve prepares them."""

from __future__ import annotations

import streamlit as st

from core.recipe import Recipe
from core.tradeoff.population import ready
from core.types import Dataset

from . import evaluate_job, preparing, resources, tradeoff_job
from .text import plain_markdown, t


def wait(recipe: Recipe, dataset: Dataset) -> None:
    """In place of figures that are not there: what brings them, or how far that is. The run itself is started, and
    stopped, where the curve is drawn."""
    if tradeoff_job.running(recipe, dataset) is None:
        st.markdown(t("diversity.job_why", run=t("tradeoff.run")))
    else:
        _running(recipe, dataset)


@st.fragment(run_every=preparing.POLL_S)
def _running(recipe: Recipe, dataset: Dataset) -> None:
    """The figures are there before the run has ended: from then on it works for the curve."""
    job = tradeoff_job.running(recipe, dataset)
    if job is None or ready(recipe, dataset, resources.vectors(recipe)):
        st.rerun()
    st.progress(job.progress.share, text=plain_markdown(evaluate_job.said(job.progress)))
