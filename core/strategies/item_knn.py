"""Item neighbours: what was liked by the same users as the items of the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..registry import knob
from ..splits import People, Training
from ..types import Array
from .closed_form import heard_items
from .matrices import (
    Sparse,
    column_counts,
    csr,
    half_life_knob,
    informed,
    row_counts,
    training_matrix,
    weighted_matrix,
    without_opinion,
)

PAIRS_AT_ONCE = 8_000_000
"""Pairs of items counted before they are cut to the neighbours, which bounds memory."""


@dataclass(frozen=True, slots=True)
class ItemKnn:
    """score_j = sum over the history's items i among the nearest of j of h_i * s_ij.

    s_ij = n_ij / (sqrt(n_i n_j) + shrink): the cosine of two columns of likes, held back where it rests on few users.
    h fades with the position in the history. After Sarwar et al., "Item-based Collaborative Filtering", WWW 2001.
    """

    key: ClassVar[str] = "item-knn"
    label: ClassVar[str] = "Item neighbours"
    order: ClassVar[int] = 6
    embedded: ClassVar[bool] = False

    knn_neighbours: int = knob(100, "nearest items kept for each item", low=1, high=5000, step=10, unit="items")
    knn_shrink: float = knob(
        10.0, "holds a similarity back that rests on few users; 0 = the plain cosine", low=0, high=1000, step=5
    )
    knn_half_life: float = half_life_knob(25.0)

    def fit(self, training: Training) -> FittedItemKnn:
        """Count pairs. Raises InputError where nothing is liked."""
        rows = training_matrix(training, self.label)
        nearest = neighbours(rows, self.knn_neighbours, self.knn_shrink)
        return FittedItemKnn(nearest.T.tocsr(), heard_items(rows, training.known), self.knn_half_life)


@dataclass(frozen=True, slots=True, eq=False)
class FittedItemKnn:
    """weights: (n_items, n_items) CSR, from an item of the history to the items it speaks for."""

    weights: Sparse
    heard: Array
    half_life: float

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32, 0 where no neighbour is in the history; NaN for unheard items, and rows
        without one heard item that is liked."""
        histories = weighted_matrix(people.histories, len(self.heard), self.half_life)
        scores = (histories @ self.weights).toarray()
        return without_opinion(scores, informed(histories, self.heard), self.heard)


def neighbours(rows: Sparse, most: int, shrink: float) -> Sparse:
    """(n_items, n_items) CSR: row j holds the ``most`` items nearest to j; ties go to the smaller item."""
    from scipy.sparse import vstack

    columns = rows.T.tocsr()
    counts = column_counts(rows)
    work = np.cumsum(columns @ row_counts(rows).astype(np.float64))
    parts, start, n_items = [], 0, len(counts)
    while start < n_items:
        before = work[start - 1] if start else 0.0
        stop = max(start + 1, int(np.searchsorted(work, before + PAIRS_AT_ONCE, side="right")))
        parts.append(_nearest(columns[start:stop] @ rows, start, counts, most, shrink))
        start = stop
    return vstack(parts, format="csr")


def _nearest(shared: Sparse, first: int, counts: Array, most: int, shrink: float) -> Sparse:
    """Rows first .. of the neighbours from how many users each pair of items shares."""
    targets = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    sources = shared.indices
    other = targets + first != sources
    targets, sources, values = targets[other], sources[other], shared.data[other].astype(np.float64)
    values /= np.sqrt(counts[targets + first] * counts[sources].astype(np.float64)) + shrink
    order = np.lexsort((sources, -values, targets))
    starts = np.searchsorted(targets[order], np.arange(shared.shape[0]))
    kept = order[np.arange(len(order)) - starts[targets[order]] < most]
    return csr(targets[kept], sources[kept], values[kept], shared.shape)
