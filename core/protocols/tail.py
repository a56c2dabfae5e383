"""The last part of each history: what the warm and the temporal protocol hold back."""

from __future__ import annotations

import numpy as np

from ..splits import owners, positives
from ..types import Array, Interactions


def place_among_positives(log: Interactions) -> tuple[Array, Array]:
    """For each row how many positives of the same user stand before it, and for each user how many there are.

    -> (n,) int64, (n_users,) int64
    """
    liked = positives(log)
    before = np.concatenate(([0], np.cumsum(liked)))
    counts = before[log.indptr[1:]] - before[log.indptr[:-1]]
    return before[:-1] - np.repeat(before[log.indptr[:-1]], np.diff(log.indptr)), counts


def n_tested(counts: Array, share: float, fewest: int) -> Array:
    """(n_users,) positives held back: max(1, floor(share * n)) for users with at least ``fewest``, else 0."""
    # The product of a share such as 0.2 and a count may fall a hair below the whole number it means.
    return np.where(counts >= fewest, np.maximum(1, np.floor(share * counts + 1e-9)), 0).astype(np.int64)


def tail_rows(log: Interactions, share: float, fewest: int) -> tuple[Array, Array]:
    """The rows of the last positives, and the rows up to the last positive before them.

    -> test (n,) bool; known (n,) bool: whatever the weight; all rows of users who are not tested.
    """
    place, counts = place_among_positives(log)
    held = n_tested(counts, share, fewest)
    who = owners(log)
    first_tested = (counts - held)[who]
    test = positives(log) & (place >= first_tested) & (held[who] > 0)
    # A row that is not liked belongs to what is known while a positive of training still follows it.
    known = (held[who] == 0) | (place < first_tested)
    return test, known
