"""Logs as sparse user x item matrices of what was liked, and what no strategy can have an opinion on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InputError
from ..registry import knob
from ..splits import Training, owners, positives
from ..types import Array, Interactions

Sparse = Any
"""A scipy.sparse.csr_array; scipy ships no types."""


def half_life_knob(default: float) -> Any:
    """The knob of a strategy whose histories fade, as :func:`weighted_matrix` reads it."""
    return knob(
        default,
        "positions back in the history after which a liked item counts half; 0 = all count alike",
        low=0,
        high=1000,
        step=5,
        unit="items",
    )


def liked_rows(log: Interactions) -> tuple[Array, Array, Array]:
    """The positives of a log, oldest first within each user.

    -> user (n,) int64, item (n,) int32, age (n,) int64: how many positives of the same user came later
    """
    rows = np.flatnonzero(positives(log))
    users = owners(log)[rows]
    ends = np.searchsorted(users, np.arange(log.n_users), side="right")
    return users, log.items[rows], ends[users] - 1 - np.arange(len(rows))


def liked_matrix(log: Interactions, n_items: int) -> Sparse:
    """(n_users, n_items) float32 CSR: 1 where the user liked the item, however often."""
    return weighted_matrix(log, n_items, 0.0)


def weighted_matrix(log: Interactions, n_items: int, half_life: float) -> Sparse:
    """(n_users, n_items) float32 CSR: 0.5 ** (age / half_life) for each liked item, its age in positions.

    The last liked item of each user has age 0; an item liked more than once counts at its latest place. A half-life of
    0, or a log without an order, gives 1 everywhere. Indices are sorted, nothing stands twice.
    """
    users, items, age = liked_rows(log)
    weights = decay(age, half_life if log.ordered else 0.0)
    keys = users * n_items + items
    # unique() keeps the first of each key: read from the end, that is the latest.
    keys, last = np.unique(keys[::-1], return_index=True)
    return csr(keys // max(n_items, 1), keys % max(n_items, 1), weights[::-1][last], (log.n_users, n_items))


def decay(age: Array, half_life: float) -> Array:
    """0.5 ** (age / half_life) as float32; 1 where the half-life is 0 (off)."""
    if half_life <= 0:
        return np.ones(len(age), dtype=np.float32)
    return (0.5 ** (age / half_life)).astype(np.float32)


def row_weights(log: Interactions, half_life: float) -> Array:
    """(n_rows,) float64: what each row of a log is in :func:`weighted_matrix`; 0 where it is not liked, and where the
    same item is liked again later."""
    users, items, age = liked_rows(log)
    keys = users * (int(items.max(initial=0)) + 1) + items
    order = np.argsort(keys, kind="stable")
    again = order[:-1][keys[order[1:]] == keys[order[:-1]]]
    weights = decay(age, half_life if log.ordered else 0.0).astype(np.float64)
    weights[again] = 0.0
    out = np.zeros(len(log))
    out[positives(log)] = weights
    return out


def csr(rows: Array, columns: Array, values: Array, shape: tuple[int, int]) -> Sparse:
    """A float32 CSR array of these entries; those at the same place are added up."""
    from scipy.sparse import csr_array

    out = csr_array((values.astype(np.float32), (rows.astype(np.int32), columns.astype(np.int32))), shape=shape)
    out.sum_duplicates()
    return out


def training_matrix(training: Training, label: str) -> Sparse:
    """:func:`liked_matrix` of what is learned from; raises InputError where nothing counts as liked."""
    matrix = liked_matrix(training.interactions, len(training.catalog))
    if matrix.nnz == 0:
        raise InputError(
            f"{label} has nothing to learn from: no interaction reaches the weight "
            f"{training.interactions.positive_from:g} from which it counts as liked"
        )
    return matrix


def column_counts(matrix: Sparse) -> Array:
    """(n_columns,) int64: in how many rows each column has an entry."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.int64)


def row_counts(matrix: Sparse) -> Array:
    """(n_rows,) int64: how many entries each row has."""
    return np.diff(matrix.indptr).astype(np.int64)


def without_opinion(scores: Array, rows: Array, columns: Array) -> Array:
    """Scores as float32, NaN outside the rows (n,) and columns (n_items,) that are True."""
    out: Array = np.asarray(scores, dtype=np.float32)
    out[~rows] = np.nan
    out[:, ~columns] = np.nan
    return out


def informed(histories: Sparse, heard: Array) -> Array:
    """(n,) bool: whose history holds at least one item of ``heard`` (n_items,) bool."""
    found = np.concatenate(([0], np.cumsum(heard[histories.indices])))
    return np.diff(found[histories.indptr]) > 0
