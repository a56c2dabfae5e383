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

    kind: the data set's feedback: "rating" | "count" (the log scale is undone) | "event" | "none". low, median, high:
    a rating, a count, an event's weight; NaN for an empty log. positive_from: lighter interactions do not count as
    liked (0 = all count), in the same unit; below_positive: their share.
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
    log, kind = dataset.interactions, dataset.feedback
    some, nothing = len(log) > 0, float("nan")
    given = as_given(log.weights, kind)
    return Weights(
        kind=kind,
        low=_round(given.min()) if some else nothing,
        median=_round(np.median(given)) if some else nothing,
        high=_round(given.max()) if some else nothing,
        positive_from=_round(as_given(log.positive_from, kind)),
        below_positive=float((log.weights < log.positive_from).mean()) if some else nothing,
        scale=_scale(given) if some and kind != "count" else None,
        counts=log_bins(given.astype(np.int64)) if kind == "count" else None,
    )


def as_given(weights: Array | float, kind: str) -> Array:
    """Weights in the unit that was brought along: counts stand in the log as log2(1 + count).

    float32 keeps counts up to some hundred thousand exact, larger ones to six digits.
    """
    return np.rint(np.exp2(np.float64(weights)) - 1) if kind == "count" else np.asarray(weights)


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
