"""Waiting for a strategy: quick ones learn here and now, the others in a job of their own with its progress drawn."""

from __future__ import annotations

import math
import time

import streamlit as st

from core.errors import InputError
from core.recipe import Recipe
from core.serving import learning, needs_fitting

from . import controls, live, preparing, resources, state, strategy
from .blocks import error_card
from .channels import channel_name
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job
from .text import plain_markdown, t

STOPPED = "_fit_stopped"
"""The job that this reader stopped herself."""


def ready(recipe: Recipe) -> bool:
    """True when vectors and strategy are there. If not, the job that makes them is drawn in their place."""
    if not preparing.vectors_ready(recipe):
        return False
    try:
        if strategy.ready(recipe):
            if needs_fitting(recipe):
                with st.spinner(t("job.fitting")):
                    found = strategy.served(recipe)
                if found.notices:
                    st.warning(plain_markdown(" ".join(found.notices)), icon=":material/info:")
            return True
    except InputError as error:
        error_card(t("job.failed", reason=str(error)))
        _other_strategy("ready")
        return False
    _watch_fit(recipe)
    return False


def _other_strategy(where: str) -> None:
    st.button(t("job.reset_strategy"), key=f"reset-strategy-{where}", on_click=controls.reset_strategy)


def _fit_job(recipe: Recipe) -> Job:
    """The job of these settings. It ends the one of this reader's last settings of the same strategy: a knob on its
    way is not worth a job at each step."""
    key, table = fit_key(recipe), resources.jobs()
    last: tuple[str, str] | None = state.swap("fit_watched", (recipe.strategy, key))
    old = table.find(last[1]) if last and last[0] == recipe.strategy and last[1] != key else None
    if old is not None and old.progress.state == RUNNING:
        old.cancel()
    return table.find(key) or table.start(key, "fit", learning(recipe).to_flat(changed_only=True))


def fit_key(recipe: Recipe) -> str:
    """What tells one job from another: equal ones are shared by all pages and sessions."""
    known = live.learned(resources.dataset(recipe.dataset)[0], recipe)
    return f"fit|{known.fingerprint}|{learning(recipe)!r}"


def _watch_fit(recipe: Recipe) -> None:
    job = _fit_job(recipe)
    if job.progress.state == RUNNING:
        _fit_running(recipe)
    else:
        _fit_ended(recipe, job)


@st.fragment(run_every=preparing.POLL_S)
def _fit_running(recipe: Recipe) -> None:
    job = resources.jobs().find(fit_key(recipe))
    if job is None or job.progress.state != RUNNING:
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{t('job.title_fit', name=plain_markdown(channel_name(recipe.strategy)))}**")
        how_far(job)
        st.caption(t("job.why_fit"))
        if st.button(t("job.cancel"), key="cancel-fit"):
            state.choose(STOPPED, job.key)
            job.cancel()


def how_far(job: Job) -> None:
    """A bar where the strategy tells how far it is, else the seconds that have passed."""
    progress = job.progress
    if progress.stage == "fit" and progress.done:
        share, seconds = f"{100 * progress.share:.0f}", f"{math.ceil(progress.eta_s):,}"
        st.progress(progress.share, text=t("job.fit_progress", share=share, seconds=seconds))
        return
    seconds = f"{time.monotonic() - job.started:,.0f}"
    st.markdown(t("job.fit_elapsed", stage=t(f"job.stage_{progress.stage}"), seconds=seconds))


def _fit_ended(recipe: Recipe, job: Job) -> None:
    stopped = state.chosen(STOPPED) == job.key
    if job.progress.state == DONE and strategy.ready(recipe):  # between the page's look at the disk and now
        resources.jobs().forget(fit_key(recipe))
        st.rerun()
    if job.progress.state == CANCELLED and not stopped:
        resources.jobs().forget(fit_key(recipe))
        st.rerun()
    if job.progress.state == DONE:
        error_card(t("job.fit_lost"))
    elif job.progress.state == FAILED:
        error_card(t("job.failed", reason=job.progress.message.rstrip(".")))
    else:
        st.info(t("job.fit_stopped"))
    with st.container(horizontal=True):
        if st.button(t("job.again"), key="resume-fit"):
            state.drop(STOPPED)
            resources.jobs().forget(fit_key(recipe))
            st.rerun()
        _other_strategy("fit")
