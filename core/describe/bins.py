"""Bins for numbers that span orders of magnitude: 0, 1, 2-4, 5-9, 10-19, 20-49, 50-99, 100-199 ..."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array

STEPS = (1, 2, 5)
"""Where a bin starts within each power of ten: about equally wide on a log scale, and easy to read."""
LARGEST = 2.0**63
"""Larger numbers are counted as this one: bins end somewhere."""


@dataclass(frozen=True, slots=True)
class Bins:
    """A histogram of numbers. low, high: the first and last whole number of each bin. counts: how many fall in it.

    The bins follow each other without a gap, from the one of the smallest number to the one of the largest.
    whole: False where there are parts of whole numbers too; then a bin ends below high + 1.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    counts: tuple[int, ...]
    whole: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """ "0", "1", "2-4" with an en dash, thousands with a comma; "<1", "1-<2", "2-<5" where not all is whole."""
        bounds = zip(self.low, self.high, strict=True)
        if not self.whole:
            return tuple(f"{low:,}–<{high + 1:,}" if low else f"<{high + 1:,}" for low, high in bounds)
        return tuple(f"{low:,}" if low == high else f"{low:,}–{high:,}" for low, high in bounds)


def log_bins(numbers: Array) -> Bins:
    """(n,) numbers, 0 or more -> their histogram; no bins at all for no numbers."""
    if not len(numbers):
        return Bins((), (), ())
    if numbers.dtype.kind == "f":
        numbers = np.minimum(numbers, LARGEST)
    edges = [0, 1]
    while edges[-1] <= numbers.max():
        power, step = divmod(len(edges) - 1, len(STEPS))
        edges.append(STEPS[step] * 10**power)
    places = np.searchsorted(np.array(edges, dtype=np.float64), numbers, side="right") - 1
    counts = np.bincount(places, minlength=len(edges) - 1)
    used = np.flatnonzero(counts)
    span = range(int(used[0]), int(used[-1]) + 1)
    return Bins(
        low=tuple(edges[place] for place in span),
        high=tuple(edges[place + 1] - 1 for place in span),
        counts=tuple(int(counts[place]) for place in span),
        whole=numbers.dtype.kind != "f" or bool((numbers == np.floor(numbers)).all()),
    )
