"""Rows by their user and item: keys, repeated pairs, groups of equal rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import Array
from .state import Log

ODD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 / golden ratio, for multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4)."""


def pair_keys(log: Log) -> Array:
    """(n,) int64, one number per user and item; a row without user or item has a negative number of its own."""
    keys = log.users.astype(np.int64) * max(len(log.item_ids), 1) + log.items
    missing = np.flatnonzero((log.users < 0) | (log.items < 0))
    keys[missing] = -1 - missing
    return keys


def repeated_pairs(log: Log) -> Array:
    """Rows whose user and item also stand together in another row, ascending."""
    keys = pair_keys(log)
    ordered = np.sort(keys)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    repeated = np.zeros(len(keys), dtype=bool)
    repeated[order[1:][same]] = True
    repeated[order[:-1][same]] = True
    return np.flatnonzero(repeated)


def groups(columns: Sequence[Array]) -> tuple[Array, Array]:
    """Rows that agree in all int64 columns (n,) stand together: an order (n,), and where in it each group starts.

    Sorts by a hash of the row, and by the columns themselves in the case that two rows share only the hash.
    """
    hashed = _hash(columns)
    order = np.argsort(hashed)
    new = _differs(columns, order)
    if (new & ~_differs([hashed], order)).any():
        order = np.lexsort(columns)
        new = _differs(columns, order)
    return order, np.flatnonzero(new)


def _hash(columns: Sequence[Array]) -> Array:
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        mixed ^= mixed >> np.uint64(29)
        mixed = (mixed ^ column.view(np.uint64)) * ODD
    return mixed


def _differs(columns: Sequence[Array], order: Array) -> Array:
    """(n,) whether a row of the order differs from the one before it; the first does."""
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for column in columns:
        ordered = column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return new
