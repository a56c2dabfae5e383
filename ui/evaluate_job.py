"""The background run of an evaluation: started by a button, watched, stopped, and found again after a reload."""

from __future__ import annotations

import streamlit as st

from core.evaluate.types import Plan

from . import preparing, resources
from .blocks import error_card
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job, Progress
from .text import plain_markdown, t, words


def key_of(plan: Plan, fingerprint: str) -> str:
    """What tells one run from another."""
    return f"evaluate|{fingerprint}|{plan!r}"


def offer(plan: Plan, fingerprint: str) -> None:
    """In place of results that are not there: the button that starts their run, or the run's progress."""
    key = key_of(plan, fingerprint)
    job = resources.jobs().find(key)
    if job is not None and job.progress.state == RUNNING:
        _running(plan, fingerprint)
        return
    if job is not None:
        _ended(key, job)
    st.markdown(t("evaluate.run_why"))
    if st.button(t("evaluate.run"), type="primary", icon=":material/play_arrow:", key="run-evaluation"):
        resources.jobs().forget(key)
        resources.jobs().start(key, "evaluate", flags(plan))
        st.rerun()


def flags(plan: Plan) -> dict[str, str | int]:
    """The flags of ``python -m core evaluate`` that say the same as a plan."""
    return {
        "dataset": plan.recipes[0].dataset,
        "protocol": plan.protocol,
        "strategies": ",".join(recipe.strategy for recipe in plan.recipes),
        "seed": plan.seed,
    }


def command_line(plan: Plan, k: int) -> str:
    """The command that prints the same numbers."""
    said = " ".join(f"--{name} {value}" for name, value in flags(plan).items())
    return f"python -m core evaluate {said} --k {k} --json"


@st.fragment(run_every=preparing.POLL_S)
def _running(plan: Plan, fingerprint: str) -> None:
    job = resources.jobs().find(key_of(plan, fingerprint))
    if job is None or job.progress.state != RUNNING:
        st.rerun()
    with st.container(border=True):
        st.markdown(f"**{t('evaluate.job_title')}**")
        st.progress(job.progress.share, text=plain_markdown(said(job.progress)))
        st.caption(t("evaluate.job_why"))
        if st.button(t("job.cancel"), key="cancel-evaluation"):
            job.cancel()


def said(progress: Progress) -> str:
    """ "ease: 2 of 4" """
    what = words().get(f"job.stage_{progress.stage}", progress.stage)
    if not progress.total:
        return t("job.starting", stage=what)
    return t("evaluate.job_doing", what=what, done=f"{progress.done:,}", total=f"{progress.total:,}")


def _ended(key: str, job: Job) -> None:
    if job.progress.state == FAILED:
        error_card(t("job.failed", reason=job.progress.message.rstrip(".")))
    elif job.progress.state == CANCELLED:
        st.info(t("evaluate.stopped"))
    elif job.progress.state == DONE:  # its results were thrown away meanwhile
        resources.jobs().forget(key)
