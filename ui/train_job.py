"""The training in the background: one at a time for a data set, found again after a reload or in another tab."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from core.recipe import Recipe
from core.train.checkpoint import KeptModel
from core.types import Dataset

from . import preparing, resources, state, train_choices
from .blocks import error_card
from .figures.evaluate_look import figure_of
from .jobs import CANCELLED, FAILED, RUNNING, Job, Point, Progress
from .text import t
from .train_curves_view import curves

SHOWN = "_shown_model"
FURTHER = 10
"""Epochs that a finished training goes on for."""
LONG_S = 120
"""From here on what is left is told in minutes."""


def prefix(dataset: Dataset) -> str:
    """What the keys of all trainings on a data set begin with."""
    return f"train|{dataset.fingerprint}|"


def last(dataset: Dataset) -> Job | None:
    """The training on this data set that was started last, None where this server knows of none."""
    return next(iter(reversed(resources.jobs().under(prefix(dataset)))), None)


def model_of(job: Job) -> str:
    """The name of the model that a job trains."""
    return job.key.rpartition("|")[2]


def is_running(job: Job | None) -> bool:
    """Whether there is a job that has not ended."""
    return job is not None and job.progress.state == RUNNING


def start(dataset: Dataset, recipe: Recipe) -> None:
    """Train from the beginning; to be used as an ``on_click``."""
    name = train_choices.name_of(recipe)
    _start(dataset, name, train_choices.flags(recipe), "--name", name)


def go_on(dataset: Dataset, model: KeptModel) -> None:
    """Go on with a kept model: to its own end, or beyond it where that was reached; to be used as an ``on_click``."""
    further = {"tower_epochs": len(model.epochs) + FURTHER, "tower_patience": 0} if model.whole else {}
    _start(dataset, model.name, further, "--resume", model.name)


def _start(dataset: Dataset, name: str, flags: Mapping[str, object], *extra: str) -> None:
    table = resources.jobs()
    if is_running(last(dataset)):
        return
    for job in table.under(prefix(dataset)):
        table.forget(job.key)
    state.choose(SHOWN, name)
    table.start(f"{prefix(dataset)}{name}", "train", flags, *extra)


@st.fragment(run_every=preparing.POLL_S)
def watch(dataset: Dataset) -> None:
    """The running training: how far, how good, its curves, and the button that stops it."""
    job = last(dataset)
    if job is None or not is_running(job):
        st.rerun()
    progress = job.progress
    st.progress(progress.share, text=said(progress))
    if progress.points:
        figures(progress.points)
        best = best_of(progress.points)
        curves(progress.points, progress.total, best.epoch, ended=False)
    st.caption(t("train.job_why"))
    if st.button(t("train.stop"), icon=":material/stop:", key="stop-training"):
        job.cancel()


def said(progress: Progress) -> str:
    """ "Epoch 7 of 40, at most 12 s left" """
    if not progress.points:
        return t("train.starting")
    epoch = t("train.epoch_of", epoch=f"{progress.done:,}", total=f"{progress.total:,}")
    if progress.eta_s <= 0:
        return epoch
    if progress.eta_s < LONG_S:
        return epoch + t("train.left", seconds=math.ceil(progress.eta_s))
    return epoch + t("train.left_minutes", minutes=f"{math.ceil(progress.eta_s / 60):,}")


def best_of(points: tuple[Point, ...]) -> Point:
    """The point of the best recall, the first of equals; the last point where there is no recall."""
    known = [point for point in points if not math.isnan(point.recall)]
    return max(known, key=lambda point: (point.recall, -point.epoch)) if known else points[-1]


def figures(points: tuple[Point, ...]) -> None:
    """The recall of now, the best one, and what it has to beat."""
    now, best = points[-1], best_of(points)
    with st.container(horizontal=True, gap="medium"):
        st.metric(t("train.loss"), f"{now.loss:.4g}", width="content")
        if math.isnan(best.recall):
            return
        st.metric(t("train.recall_now"), figure_of(now.recall), width="content")
        st.metric(t("train.recall_best", epoch=best.epoch), figure_of(best.recall), width="content")
        st.metric(t("train.recall_popularity"), figure_of(best.baseline), width="content")


def ended(job: Job | None) -> None:
    """How a training ended, where there is something to say about it."""
    if job is None:
        return
    kept = len(job.progress.points)
    if job.progress.state == FAILED:
        reason = job.progress.message.rstrip(".")
        error_card(t("train.failed", reason=reason[:1].upper() + reason[1:]))
    elif job.progress.state == CANCELLED:
        st.info(t("train.stopped" if kept else "train.stopped_early", n=kept), icon=":material/stop_circle:")
