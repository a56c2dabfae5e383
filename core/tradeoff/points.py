"""One point of a trade-off, and what many of them say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ..evaluate.intervals import holm
from ..evaluate.report import SURE
from ..evaluate.types import Measure
from ..types import Array


@dataclass(frozen=True, slots=True)
class Point:
    """A method at a strength and K, for everybody.

    ndcg, recall, ild, categories: means over users with 95 % intervals. ndcg_delta, recall_delta: mean change against
    the same recipe at diversity 0 (no spacing, no exploration) and the same K, with its interval; p: of the NDCG change
    by sign flips. real: whether that change is distinguishable from 0, p corrected over the points of its curve.
    """

    MEASURES: ClassVar[tuple[str, ...]] = ("ndcg", "recall", "ild", "categories")

    method: str
    k: int
    diversity: float
    ndcg: Measure
    recall: Measure
    ild: Measure
    categories: Measure
    ndcg_delta: float
    ndcg_low: float
    ndcg_high: float
    recall_delta: float
    recall_low: float
    recall_high: float
    p: float
    real: bool = False

    @property
    def place(self) -> tuple[str, int, float]:
        """What tells points apart."""
        return self.method, self.k, self.diversity

    @property
    def curve(self) -> tuple[str, int]:
        """Points of one method and K form a curve."""
        return self.method, self.k


def corrected(points: Iterable[Point]) -> tuple[Point, ...]:
    """The same points in their order, with ``real`` by Holm's correction over those of each curve that are there."""
    found = tuple(points)
    real: dict[tuple[str, int, float], bool] = {}
    for curve in {point.curve for point in found}:
        own = [point for point in found if point.curve == curve]
        p_holm = holm([point.p for point in own])
        real |= {point.place: p < SURE and point.ndcg_delta != 0 for point, p in zip(own, p_holm, strict=True)}
    return tuple(replace(point, real=real[point.place]) for point in found)


def pareto(points: Sequence[Point]) -> Array:
    """(n,) bool: points that no other one beats, over all methods at the same K: none there has as much NDCG and as
    much ILD and more of one. Lists of another length are another question and are not set against each other. Points
    without a defined NDCG or ILD are never on the front."""
    relevance = np.array([point.ndcg.mean for point in points], dtype=np.float64)
    diversity = np.array([point.ild.mean for point in points], dtype=np.float64)
    k = np.array([point.k for point in points], dtype=np.int64)
    out = np.isfinite(relevance) & np.isfinite(diversity)
    for own in np.flatnonzero(out):
        as_good = (k == k[own]) & (relevance >= relevance[own]) & (diversity >= diversity[own])
        better = (relevance > relevance[own]) | (diversity > diversity[own])
        out[own] = not (as_good & better).any()
    return out
