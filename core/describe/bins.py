"""Bins for numbers that span orders of magnitude: 0, 1, 2-4, 5-9, 10-19, 20-49, 50-99, 100-199 ..."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array

STEPS = (1, 2, 5)
"""Where a bin starts within each power of ten: about equally wide on a log scale, and easy to read."""


@dataclass(frozen=True, slots=True)
class Bins:
    """A histogram of whole numbers. low, high: the first and last number of each bin. counts: how many fall in it.

    The bins follow each other without a gap, from the one of the smallest number to the one of the largest.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """ "0", "1", "2-4" with an en dash, thousands with a comma."""
        return tuple(
            f"{low:,}" if low == high else f"{low:,}–{high:,}" for low, high in zip(self.low, self.high, strict=True)
        )


def log_bins(numbers: Array) -> Bins:
    """(n,) whole numbers, 0 or more -> their histogram; no bins at all for no numbers."""
    if not len(numbers):
        return Bins((), (), ())
    edges = [0, 1]
    while edges[-1] <= numbers.max():
        power, step = divmod(len(edges) - 1, len(STEPS))
        edges.append(STEPS[step] * 10**power)
    places = np.searchsorted(np.array(edges), numbers, side="right") - 1
    counts = np.bincount(places, minlength=len(edges) - 1)
    used = np.flatnonzero(counts)
    span = range(int(used[0]), int(used[-1]) + 1)
    return Bins(
        low=tuple(edges[place] for place in span),
        high=tuple(edges[place + 1] - 1 for place in span),
        counts=tuple(int(counts[place]) for place in span),
    )
