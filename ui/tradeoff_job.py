"""The background run of a trade-off curve: started by a button, watched, stopped, and found again after a reload."""

from __future__ import annotations

import math

import streamlit as st

from core.recipe import Recipe
from core.tradeoff.points import Point
from core.tradeoff.sweep import kept_points, ks, sweep_total
from core.types import Dataset

from . import evaluate_job, resources, state
from .blocks import error_card
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job
from .text import plain_markdown, t


def key_of(recipe: Recipe, dataset: Dataset) -> str:
    """What tells one run from another: everything but the strength, of which a sweep takes all."""
    return f"sweep|{dataset.fingerprint}|{recipe.replace(diversity=0.0)!r}"


def points(recipe: Recipe, dataset: Dataset) -> tuple[tuple[Point, ...], int]:
    """The points of the curve that are there, and how many it has when it is whole. Vectors must be ready."""
    found = kept_points(recipe, dataset, resources.vectors(recipe))
    return found, sweep_total(recipe, len(dataset.catalog))


def running(recipe: Recipe, dataset: Dataset) -> Job | None:
    """The run of this curve, None where there is none at present."""
    job = resources.jobs().find(key_of(recipe, dataset))
    return job if job is not None and job.progress.state == RUNNING else None


def offer(recipe: Recipe, dataset: Dataset, done: int, total: int) -> None:
    """The button that starts the run, or what became of the last one. done: points that are there, of ``total``."""
    key = key_of(recipe, dataset)
    job = resources.jobs().find(key)
    if job is not None:
        _ended(key, job)
    lengths = ", ".join(map(str, ks(recipe, len(dataset.catalog))))
    st.markdown(t("tradeoff.part" if done else "tradeoff.why", done=f"{done:,}", total=f"{total:,}", ks=lengths))
    said = t("tradeoff.go_on" if done else "tradeoff.run")
    st.button(
        said,
        type="secondary" if done else "primary",
        icon=":material/play_arrow:",
        key="run-sweep",
        on_click=_start,
        args=(recipe, key),
    )


def _start(recipe: Recipe, key: str) -> None:
    _stop_last(key)
    resources.jobs().forget(key)
    resources.jobs().start(key, "tradeoff", recipe.replace(diversity=0.0).to_flat(changed_only=True))


def _stop_last(key: str) -> None:
    """The curve that this reader asked for before is not worth a processor beside the new one; its points are kept."""
    last: str | None = state.swap("swept", key)
    old = resources.jobs().find(last) if last and last != key else None
    if old is not None and old.progress.state == RUNNING:
        old.cancel()


def progress(job: Job, done: int, total: int) -> None:
    """How far a run is, and the button that stops it."""
    words, button = st.columns([5, 1], vertical_alignment="center")
    with words:
        if done < total and job.progress.stage != "sweep":
            st.progress(job.progress.share, text=plain_markdown(evaluate_job.said(job.progress)))
        else:
            eta = job.progress.eta_s
            left = t("job.eta", seconds=f"{math.ceil(eta):,}") if math.isfinite(eta) and eta > 0 else ""
            said = t("tradeoff.doing", done=f"{done:,}", total=f"{total:,}") + left
            st.progress(min(1.0, done / max(total, 1)), text=said)
    with button:
        st.button(t("job.cancel"), key="cancel-sweep", on_click=job.cancel, width="stretch")


def _ended(key: str, job: Job) -> None:
    if job.progress.state == FAILED:
        error_card(t("job.failed", reason=job.progress.message.rstrip(".")))
    elif job.progress.state == CANCELLED:
        st.info(t("tradeoff.stopped"))
    elif job.progress.state == DONE:
        resources.jobs().forget(key)
        st.warning(t("tradeoff.lost"), icon=":material/info:")
