"""How unevenly something is shared out: the Gini coefficient and the concentration curve."""

from __future__ import annotations

import numpy as np

from ..types import Array


def gini(amounts: Array) -> float:
    """(n,) amounts, 0 or more -> in [0, (n - 1) / n]: 0 = all alike, (n - 1) / n = one has everything.

    ``sum_i (2 i - n - 1) x_(i) / (n sum_i x_i)`` with the amounts ascending and i from 1 to n; the denominator counts
    every member, also those with nothing (Damgaard & Weiner 2000, without the correction n / (n - 1) for samples).
    NaN where there is nothing to share out.

    >>> gini(np.array([0, 0, 0, 8]))
    0.75
    """
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    n, total = len(ordered), float(ordered.sum())
    if total <= 0:
        return float("nan")
    return max(0.0, float((2 * np.arange(1, n + 1) - n - 1) @ ordered) / (n * total))


def entropy_share(counts: Array) -> float:
    """(m,) counts -> in [0, 1]: Shannon entropy over its largest value, ln(m); 1 = all m alike.

    Counts of 0 have no part in m. NaN for fewer than two, where there is nothing to be even about (Pielou 1966).
    """
    counts = np.asarray(counts, dtype=np.float64)
    counts = counts[counts > 0]
    if len(counts) < 2:
        return float("nan")
    shares = counts / counts.sum()
    return min(1.0, float(-(shares * np.log(shares)).sum() / np.log(len(shares))))


def top_share(descending: Array, percent: int) -> float:
    """Share of the total that the top ``percent`` % hold: of n members the first ceil(percent n / 100).

    descending: (n,) amounts, the largest first. NaN where there is nothing to share out.
    """
    total = float(descending.sum())
    first = -(-percent * len(descending) // 100)
    return float(descending[:first].sum()) / total if total > 0 else float("nan")
