"""The background run of an evaluation: started by a button, watched, stopped, and found again after a reload."""

from __future__ import annotations

import math
import shlex
from typing import Any

import streamlit as st

from core.evaluate.plain import settings_of
from core.evaluate.types import Plan
from core.modelled import model_choices, plays_part
from core.recipe import Recipe

from . import preparing, resources
from .blocks import error_card
from .figures.evaluate_look import name_of
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


def flags(plan: Plan) -> dict[str, Any]:
    """The flags of ``python -m core evaluate`` that say the same as a plan."""
    found: dict[str, Any] = {
        "dataset": plan.recipes[0].dataset,
        "protocol": plan.protocol,
        "strategies": ",".join(recipe.strategy for recipe in plan.recipes),
        "seed": plan.seed,
    }
    for recipe in plan.recipes:
        changed = recipe.to_flat(changed_only=True)
        names = [*settings_of(recipe), *(model_choices(recipe) if plays_part(recipe) else ())]
        found |= {name: changed[name] for name in names if name in changed}
    if plan.recipes[0].events != Recipe.default_of("events"):
        found["events"] = plan.recipes[0].events
    return found | dict(plan.protocol_options)


def command_line(plan: Plan, k: int) -> str:
    """The command that prints the same numbers."""
    words = [f"--{name.replace('_', '-')} {shlex.quote(flag(value))}" for name, value in flags(plan).items()]
    return f"python -m core evaluate {' '.join(words)} --k {k} --json"


def flag(value: Any) -> str:
    """A value as the command line takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


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
    """ "EASE: 2 of 4, about 3 s left" """
    what = words().get(f"job.stage_{progress.stage}") or name_of(progress.stage)
    if not progress.total:
        return t("job.starting", stage=what)
    known = math.isfinite(progress.eta_s) and progress.eta_s > 0
    left = t("job.eta", seconds=f"{math.ceil(progress.eta_s):,}") if known else ""
    return t("evaluate.job_doing", what=what, done=f"{progress.done:,}", total=f"{progress.total:,}") + left


def _ended(key: str, job: Job) -> None:
    if job.progress.state == FAILED:
        error_card(t("job.failed", reason=job.progress.message.rstrip(".")))
    elif job.progress.state == CANCELLED:
        st.info(t("evaluate.stopped"))
    elif job.progress.state == DONE:  # its results were thrown away meanwhile
        resources.jobs().forget(key)
