"""Online learning of the two-tower: so many new likes since it learned, one button, and what learning changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from core.live import liked_events
from core.moved import drop_moved, learned_events, moved_stamp
from core.online_learning import base_recipe, model_key
from core.recipe import Recipe
from core.serving import MOVABLE, MOVES, learning
from core.store.events import EventStore, event_store
from core.types import Dataset

from . import live, preparing, resources
from .blocks import error_card
from .jobs import CANCELLED, DONE, FAILED, RUNNING, Job
from .text import t

VERB = "events"


def draw(dataset: Dataset, recipe: Recipe) -> None:
    """The panel, where the strategy is the two-tower and live feedback moves it; nothing where there is nothing to
    learn and nothing was learned."""
    if recipe.strategy != MOVABLE or recipe.events != MOVES or recipe.as_of or live.problem():
        return
    job = resources.jobs().find(job_key(dataset, recipe))
    if job is not None and job.progress.state == RUNNING:
        _running(dataset, recipe)
        return
    fresh, learned = waiting(dataset, recipe)
    if not fresh and not learned and job is None:
        return
    with st.container(border=True):
        _offer(dataset, recipe, fresh, learned)
        if job is not None:
            _ended(job)


def job_key(dataset: Dataset, recipe: Recipe) -> str:
    """What tells one learning from another: equal ones are shared by all sessions."""
    return f"learn|{dataset.fingerprint}|{learning(base_recipe(recipe))!r}"


def waiting(dataset: Dataset, recipe: Recipe) -> tuple[int, int]:
    """Likes and clicks that the model has not learned from, and those it has."""
    key, store = model_key(recipe, dataset, resources.vectors(recipe)), event_store()
    liked = _liked(dataset, store, store.version(dataset.name))
    stamp = moved_stamp(key, dataset.name)
    known = _learned(key, stamp) if stamp else frozenset()
    return len(liked - known), len(known)


@lru_cache(maxsize=8)
def _liked(dataset: Dataset, store: EventStore, version: str) -> frozenset[str]:
    return frozenset(liked_events(dataset, store.events(dataset.name)).ids)


@lru_cache(maxsize=8)
def _learned(key: str, stamp: str) -> frozenset[str]:
    return frozenset(learned_events(key))


def _offer(dataset: Dataset, recipe: Recipe, fresh: int, learned: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(said_of_waiting(fresh, learned), width="stretch")
        st.button(
            t("learning.start"),
            icon=":material/model_training:",
            key="learn",
            disabled=not fresh,
            on_click=start,
            args=(dataset, recipe),
        )
        if learned:
            st.button(t("learning.drop"), type="tertiary", key="drop-learned", on_click=drop, args=(dataset, recipe))


def drop(dataset: Dataset, recipe: Recipe) -> None:
    """Go back to the model as it was trained; to be used as an ``on_click``."""
    drop_moved(model_key(recipe, dataset, resources.vectors(recipe)))
    resources.jobs().forget(job_key(dataset, recipe))


def said_of_waiting(fresh: int, learned: int) -> str:
    """How many likes wait to be learned from, in a sentence."""
    if not fresh:
        return t("learning.nothing_new", n=f"{learned:,}") if learned else t("learning.nothing")
    if fresh == 1:
        return t("learning.one")
    return t("learning.some", n=f"{fresh:,}")


def start(dataset: Dataset, recipe: Recipe) -> None:
    """Learn in the background; to be used as an ``on_click``."""
    key, table = job_key(dataset, recipe), resources.jobs()
    table.forget(key)
    table.start(key, VERB, learning(base_recipe(recipe)).to_flat(changed_only=True), "--learn")


@st.fragment(run_every=preparing.POLL_S)
def _running(dataset: Dataset, recipe: Recipe) -> None:
    job = resources.jobs().find(job_key(dataset, recipe))
    if job is None or job.progress.state != RUNNING:
        st.rerun()
    with st.container(border=True):
        st.progress(job.progress.share, text=stage_words(job.progress.stage))
        st.caption(t("learning.why"))
        st.button(t("job.cancel"), key="cancel-learning", on_click=job.cancel)


def stage_words(stage: str) -> str:
    """What is being done, in words."""
    return t(f"learning.stage_{stage.replace('-', '_')}")


def _ended(job: Job) -> None:
    progress = job.progress
    if progress.state == FAILED:
        error_card(t("learning.failed", reason=progress.message.rstrip(".")))
    elif progress.state == CANCELLED:
        st.caption(t("learning.stopped"))
    elif progress.state == DONE and job.result is not None:
        st.markdown(said(job.result))


def said(result: Mapping[str, Any]) -> str:
    """What learning changed, in two sentences: the places of the new likes, and the recall of other people."""
    n = int(result["events"])
    key = "learning.learned_one" if n == 1 else "learning.learned"
    places = {name: f"{result[f'rank_{name}']:,.0f}" for name in ("before", "after")}
    change = result["difference"]
    if change is None:
        return t(key, n=f"{n:,}", **places) + " " + t("learning.too_small")
    recall = {name: f"{result[f'recall_{name}']['mean']:.4f}" for name in ("before", "after")}
    words = {"people": f"{change['people']:,}", "delta": _signed(change["delta"]), **recall}
    told = t("learning.recall", **words)
    if change["low"] is not None:
        told += t("learning.interval", low=_signed(change["low"]), high=_signed(change["high"]))
    told += "." if change["certain"] else t("learning.uncertain")
    return t(key, n=f"{n:,}", **places) + " " + told


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")
