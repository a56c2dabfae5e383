"""A setting to propose: where a curve bends most, and how far one can go at no measurable price."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..evaluate.report import SURE
from .points import Point

FEWEST = 4
"""Points a curve needs before a bend can be spoken of."""


@dataclass(frozen=True, slots=True)
class Knee:
    """What is proposed on one curve, and why, as numbers.

    point: the proposal. start: diversity 0. bend: the point that lies farthest above the straight line from diversity 0
    to the other end of the curve, both axes scaled to that end (Kneedle, Satopaa et al. 2011); None where the curve
    nowhere lies above it. distance: how far above, as a part of the scale, 0 .. 1; NaN without a bend.
    free: the largest strength up to which no loss of NDCG is distinguishable from 0 (p uncorrected, since a correction
    would hide losses here); None where that is 0 itself. Not distinguishable does not mean that nothing is lost.
    ndcg_share, ild_share: the proposal against diversity 0, (after - before) / before. ndcg_of_loss, ild_of_gain: the
    part of what the whole curve loses and gains that the proposal has lost and gained. n_points: on the curve.
    The proposal is the bend, or ``free`` where that is weaker or there is no bend.
    """

    point: Point
    start: Point
    bend: Point | None
    distance: float
    free: Point | None
    ndcg_share: float
    ild_share: float
    ndcg_of_loss: float
    ild_of_gain: float
    n_points: int


def knee(points: Sequence[Point], method: str, k: int) -> Knee | None:
    """The proposal on the curve of a method at K; points: any, those of other curves among them.

    None where the curve has fewer than FEWEST points or none at diversity 0, or gains no diversity, or where neither a
    bend nor a free strength is found.
    """
    curve = sorted((one for one in points if one.curve == (method, k)), key=lambda one: one.diversity)
    curve = [one for one in curve if math.isfinite(one.ndcg.mean) and math.isfinite(one.ild.mean)]
    if len(curve) < FEWEST or curve[0].diversity != 0:
        return None
    start, end = curve[0], max(curve, key=lambda one: one.ild.mean)
    gain, loss = end.ild.mean - start.ild.mean, start.ndcg.mean - end.ndcg.mean
    if gain <= 0:
        return None
    bend, distance = _bend(curve, gain, loss)
    free = _free(curve)
    proposal = min((one for one in (bend, free) if one is not None), key=lambda one: one.diversity, default=None)
    if proposal is None:
        return None
    return Knee(
        *(proposal, start, bend, distance, free),
        ndcg_share=_share(proposal.ndcg.mean - start.ndcg.mean, start.ndcg.mean),
        ild_share=_share(proposal.ild.mean - start.ild.mean, start.ild.mean),
        ndcg_of_loss=_share(start.ndcg.mean - proposal.ndcg.mean, loss),
        ild_of_gain=_share(proposal.ild.mean - start.ild.mean, gain),
        n_points=len(curve),
    )


def _bend(curve: Sequence[Point], gain: float, loss: float) -> tuple[Point | None, float]:
    """Farthest above the chord, along the axis of relevance. Where the curve loses nothing there is no chord to bend
    away from."""
    if loss <= 0:
        return None, math.nan
    start = curve[0]
    gained = np.array([(one.ild.mean - start.ild.mean) / gain for one in curve])
    kept = np.array([1 - (start.ndcg.mean - one.ndcg.mean) / loss for one in curve])
    above = kept - (1 - gained)
    best = int(above.argmax())
    return (curve[best], float(above[best])) if above[best] > 1e-9 else (None, math.nan)


def _free(curve: Sequence[Point]) -> Point | None:
    found = None
    for one in curve[1:]:
        if one.p < SURE and one.ndcg_delta < 0:
            break
        found = one
    return found


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
