"""What is usual in a log, by measures that the unusual cannot move."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ..types import Array

MIN_COMPARED = 20
"""Fewer users or items than this do not tell what is usual."""
MAD_TO_SIGMA = 1.4826
"""Median absolute deviation -> standard deviation of normal data (Rousseeuw & Croux 1993)."""
Q90_TO_SIGMA = 1.2816
FLOOR = 0.5
"""Least deviation, in natural logarithms: where all are alike, a factor of 1.6 is still one deviation only."""


@dataclass(frozen=True, slots=True)
class Limit:
    """median, value: in the unit of the amounts. deviations: how many of them lie between the two."""

    median: float
    value: float
    deviations: float


def spread(values: Array) -> tuple[float, float]:
    """Median of values (n,), and how far they lie from it on the upper side, as a standard deviation.

    The larger of the MAD and of the distance from the median to the 90th percentile, both scaled to normal data, since
    logs lean to the right. Up to a tenth of the values may be spoilt without moving either.
    """
    median, high = np.percentile(values, (50, 90))
    mad = MAD_TO_SIGMA * float(np.median(np.abs(values - median)))
    return float(median), max(mad, float(high - median) / Q90_TO_SIGMA)


def upper_limit(amounts: Array, chance: float = 0.01) -> Limit:
    """The median of positive amounts (n,), and how far above it one may lie.

    exp(median + deviations x spread) of the logarithms: the modified z-score of Iglewicz & Hoaglin 1993 turned round.
    The deviations are as many as, with ``chance``, one of n lognormal amounts reaches; for 50 it is their 3.5.
    """
    deviations = NormalDist().inv_cdf(1 - chance / len(amounts))
    median, usual = spread(np.log(amounts))
    return Limit(float(np.exp(median)), float(np.exp(min(median + deviations * max(usual, FLOOR), 700.0))), deviations)
