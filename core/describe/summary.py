"""The key figures of a data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..sheets import APPLY
from ..types import Dataset
from .weights import shift_of


@dataclass(frozen=True, slots=True)
class Summary:
    """Key figures of a data set.

    density: interactions / (users x items), in [0, 1]. per_user: median history length. first, last: unix seconds of
    the oldest and newest interaction, None without times. mean_weight: of all interactions, ratings on the scale they
    were given on. cold_items: items nobody has touched. tidied: rows or items that a cleaning rule has touched, summed
    over the rules; rules: how many of them touched any.
    """

    n_users: int
    n_items: int
    n_interactions: int
    density: float
    per_user: float
    mean_weight: float
    cold_items: int
    first: int | None
    last: int | None
    tidied: int
    rules: int


def summarise(dataset: Dataset) -> Summary:
    """The key figures; medians and means are NaN for an empty log."""
    log, n_items = dataset.interactions, len(dataset.catalog)
    cells = log.n_users * n_items
    has_times = log.times is not None and len(log) > 0
    applied = [entry for ledger in dataset.ledgers for entry in ledger.entries if entry.mode == APPLY and entry.touched]
    touched = [note.count for note in dataset.notes] + [entry.touched for entry in applied]
    return Summary(
        n_users=log.n_users,
        n_items=n_items,
        n_interactions=len(log),
        density=len(log) / cells if cells else float("nan"),
        per_user=float(np.median(np.diff(log.indptr))) if log.n_users else float("nan"),
        mean_weight=float(log.weights.mean()) - shift_of(dataset) if len(log) else float("nan"),
        cold_items=int((np.bincount(log.items, minlength=n_items) == 0).sum()),
        first=int(log.times.min()) if has_times and log.times is not None else None,
        last=int(log.times.max()) if has_times and log.times is not None else None,
        tidied=sum(touched),
        rules=len(touched),
    )
