"""What the interactions weigh: ratings and how one-sided they are, or counts and how far they span."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array, Dataset
from .bins import Bins, log_bins
from .concentration import entropy_share

MOST_VALUES = 50
"""More different values than this are counted in bins of equal width."""
EQUAL_BINS = 20
ROUNDING = 1e-6
"""Of the scale: what float32 may be off."""
DIGITS = 6
"""Decimals that float32 keeps of numbers from 1 to 10."""
FLOATS = (-float(np.finfo(np.float32).max), float(np.finfo(np.float32).max))
LARGEST_LOG = 63.0
"""log2 of a count: nothing has been counted further."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values of a rating scale, or of events, and how often each was given.

    values, counts: ascending; of more than 50 different values, the lower ends of 20 bins of equal ``width`` (0 where
    the values are the given ones). evenness: entropy over its largest value, in [0, 1], 1 = all equally common; NaN
    for a single value. commonest, commonest_share: the most frequent value or bin. top_quarter: share in the upper
    quarter of the range that occurs (4 and 5 of 1 to 5), top_from: where that begins, NaN for a single value.
    """

    values: tuple[float, ...]
    counts: tuple[int, ...]
    width: float
    evenness: float
    commonest: float
    commonest_share: float
    top_quarter: float
    top_from: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the log, as what they were before any scaling.

    kind: the data set's feedback: "rating" (moved back where the import moved it up) | "count" (the log scale is
    undone) | "amount" | "event" | "none". low, median, high: a rating, a count, an event's weight; NaN for an empty
    log. positive_from: lighter interactions do not count as liked, in the same unit; the lowest the scale can have (0,
    unless it was moved) = all count. below_positive: their share.
    scale: None for counts and for an empty log. counts: of "count" only, a histogram on a log scale.
    """

    kind: str
    low: float
    median: float
    high: float
    positive_from: float
    below_positive: float
    scale: Scale | None
    counts: Bins | None

    @property
    def orders(self) -> float:
        """Powers of ten between the smallest (1 at least, as for a count) and the largest; NaN for an empty log."""
        return float(np.log10(max(self.high, 1.0) / max(self.low, 1.0)))


def weights_of(dataset: Dataset) -> Weights:
    """The distribution of a data set's weights."""
    log, kind, shift = dataset.interactions, dataset.feedback, shift_of(dataset)
    some, nothing = len(log) > 0, float("nan")
    given = as_given(log.weights, kind, shift=shift)
    return Weights(
        kind=kind,
        low=_round(given.min()) if some else nothing,
        median=_round(np.median(given)) if some else nothing,
        high=_round(given.max()) if some else nothing,
        positive_from=_round(as_given(log.positive_from, kind, shift=shift)),
        below_positive=float((log.weights < log.positive_from).mean()) if some else nothing,
        scale=_scale(given) if some and kind != "count" else None,
        counts=log_bins(given) if kind == "count" else None,
    )


def shift_of(dataset: Dataset) -> float:
    """How far the import moved the ratings up, so that none is below 0; 0 where it did not."""
    return float(dataset.origin.get("shift") or 0.0)


def as_given(weights: Array | float, kind: str, *, shift: float = 0.0) -> Array:
    """Weights in the unit that was brought along: counts stand in the log as log2(1 + count).

    float32 keeps counts up to some hundred thousand exact, larger ones and fractions to six digits.
    shift: how far ratings were moved up.
    """
    if kind == "count":
        return _counts(np.minimum(np.asarray(weights, dtype=np.float64), LARGEST_LOG))
    if not shift:
        return np.clip(weights, *FLOATS)
    moved = np.clip(np.asarray(weights, dtype=np.float64), *FLOATS)
    # What float32 was off where the ratings stood is not to be seen where they stand now.
    digits = DIGITS - int(np.floor(np.log10(max(float(np.abs(moved).max(initial=0.0)), abs(shift)))))
    return np.round(moved - shift, digits)


def _counts(logs: Array) -> Array:
    """log2(1 + count) as float32 had it -> count: whole where it can be, else to six digits."""
    counts = np.exp2(logs) - 1
    whole = np.rint(counts)
    error = 0.6 * np.log(2) * (1 + counts) * np.spacing(logs.astype(np.float32))
    fraction = np.where(np.abs(counts - whole) > error, counts, 1.0)
    size = 10.0 ** (5 - np.floor(np.log10(fraction)))
    return np.where(fraction == 1, whole, np.rint(fraction * size) / size)


def _scale(weights: Array) -> Scale:
    values, counts = np.unique(weights, return_counts=True)
    low, high, width = float(values[0]), float(values[-1]), 0.0
    bound = low + (0.75 - ROUNDING) * (high - low)
    top_quarter = float((weights >= bound).mean()) if high > low else float("nan")
    if len(values) > MOST_VALUES:
        width = (high - low) / EQUAL_BINS
        places = np.minimum((values.astype(np.float64) - low) / width, EQUAL_BINS - 1).astype(np.int64)
        counts = np.bincount(places, counts, EQUAL_BINS).astype(np.int64)
        values = low + width * np.arange(EQUAL_BINS)
    return Scale(
        values=tuple(_round(value) for value in values),
        counts=tuple(counts.tolist()),
        width=width,
        evenness=entropy_share(counts),
        commonest=_round(values[counts.argmax()]),
        commonest_share=float(counts.max() / counts.sum()),
        top_quarter=top_quarter,
        top_from=_round(values[values >= bound][0]) if high > low else float("nan"),
    )


def _round(value: Array | float) -> float:
    """Seven significant digits, what float32 holds: 0.1, not 0.10000000149."""
    return float(f"{float(value):.7g}")
