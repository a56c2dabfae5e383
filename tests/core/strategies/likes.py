"""Tiny logs and trainings written as one list of item indices a user, oldest first."""

from __future__ import annotations

import numpy as np

from core.splits import People, Training
from core.types import Catalog, Interactions, readonly
from tests.worlds import vectors_of

DAY = 86_400


def likes(histories: list[list[int]], *, ordered: bool = True, days: list[list[int]] | None = None) -> Interactions:
    """All of them liked, with weight 5 of which 4 is needed; ``days`` gives the times, else there are none."""
    lengths = [len(history) for history in histories]
    items = np.array([item for history in histories for item in history], dtype=np.int32)
    times = None if days is None else readonly(np.array([DAY * day for row in days for day in row], dtype=np.int64))
    return Interactions(
        user_ids=readonly(np.arange(len(histories))),
        indptr=readonly(np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)),
        items=readonly(items),
        weights=readonly(np.full(len(items), 5.0, dtype=np.float32)),
        times=times,
        ordered=ordered,
        positive_from=4.0,
    )


def catalog(n_items: int, categories: list[tuple[str, ...]] | None = None) -> Catalog:
    """Items named by their index."""
    titles = np.array([f"Item {item}" for item in range(n_items)], dtype=object)
    named = tuple(categories) if categories else ((),) * n_items
    return Catalog(readonly(np.arange(n_items)), titles, named, {"title": titles, "category": titles})


def training(
    log: Interactions, n_items: int, *, categories: list[tuple[str, ...]] | None = None, seed: int = 0
) -> Training:
    """With random item vectors of width 4, every item known."""
    values = np.random.default_rng(seed).normal(size=(n_items, 4))
    vectors = vectors_of(values)
    known = readonly(np.ones(n_items, dtype=bool))
    return Training(catalog(n_items, categories), log, vectors, vectors.values, known, seed=seed)


def asking(log: Interactions) -> People:
    """Everybody of a log."""
    return People(readonly(np.arange(log.n_users)), log)
