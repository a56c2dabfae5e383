"""The candidates of scores that are already there, from whatever strategy: each user's best, ties to the smaller id."""

from __future__ import annotations

import numpy as np

from ..types import Array, Candidates, readonly
from .pool import bar, sorted_pairs


def rank_scores(scores: Array, size: int, threshold: float | None = None) -> tuple[Candidates, Array]:
    """Each user's ``size`` best items, and how many pass the threshold.

    scores: (n, n_items) float32, higher is better; NaN and -inf mark what is no candidate. size: >= 1. threshold: a
    score, or None (then every candidate counts as passing). Returns Candidates (n, min(size, n_items)), with pads
    where a user has fewer candidates, and counts (n,) int64.
    """
    values = np.where(np.isnan(scores), -np.inf, scores).astype(np.float32, copy=False)
    n, n_items = values.shape
    size = min(size, n_items)
    lowest = np.finfo(np.float32).min
    floor = np.maximum(bar(values, size), lowest) if size else np.full(n, lowest)
    flat = np.flatnonzero(values >= floor[:, None])
    counts = np.diff(np.searchsorted(flat, np.arange(n + 1) * n_items))
    candidates = flat - np.repeat(np.arange(n), counts) * n_items
    items, best = sorted_pairs(np.repeat(np.arange(n), counts), counts, candidates, values.ravel()[flat], size)
    passing = (values >= (lowest if threshold is None else np.float32(threshold))).sum(axis=1)
    return Candidates(readonly(items), readonly(best)), passing
