"""How much more often one person likes something than others do, and how sure that is.

The lift is a ratio of two shares: of her likes, and of all likes of the others. Its interval is that of two Wilson
intervals put together (Donner & Zou 2012, "Closed-form confidence intervals for functions of the normal mean and
standard deviation", for ratios), which holds for small counts and for 0. Whether it is more than chance is an exact
test: her likes as a draw, without replacement, from everybody's. Many attributes are looked at, so the share of false
findings among those reported is kept at ``SURE`` (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..types import Array

MORE, LESS, UNSURE = "more", "less", ""
SURE = 0.05
"""Of the findings, this share may be chance."""
LEAST_OTHERS = 10
"""Likes of others that an attribute has at least: below, their share is a guess."""
LEAST_HERS = 3
"""Likes of hers that make a word a habit."""
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Lift:
    """One attribute. count of ``of`` likes have it: ``share``; others: the share among likes it is held against.

    lift = share / others, in [0, inf], infinite where only she likes it, with its 95 % interval low to high. p: of the
    exact test; q: p after Benjamini and Hochberg over all attributes looked at. verdict: MORE or LESS where q < SURE,
    else UNSURE.
    """

    code: int
    name: str
    count: int
    of: int
    share: float
    others: float
    lift: float
    low: float
    high: float
    p: float
    q: float
    verdict: str


def lifts(
    names: Sequence[str],
    hers: Array,
    of: int,
    others: Array,
    of_others: int,
    *,
    least_others: int = LEAST_OTHERS,
    least: int = 0,
    only_more: bool = False,
) -> tuple[Lift, ...]:
    """hers, others: (n_names,) how many of ``of`` likes and of the ``of_others`` other likes have each attribute.

    Attributes that occur less than ``least_others`` times among all likes are not looked at; of the rest, those with
    fewer than ``least`` of hers count as looked at but are never a finding. only_more: ask only whether she likes it
    more, by a one-sided test; the others are left out of the answer. The surest come first: by the end of the
    interval that is nearer to 1, whoever likes more of it first; what is UNSURE comes last.
    """
    if of == 0 or of_others == 0:
        return ()
    looked = np.flatnonzero(hers + others >= least_others)
    tried = looked[hers[looked] >= least]
    p = exact(hers[tried], of, others[tried], of_others, only_more=only_more)
    q = adjusted(p, len(looked))
    low, high = interval(hers[tried], of, others[tried], of_others)
    found = [
        _lift(names, int(code), hers, of, others, of_others, (low[at], high[at]), float(p[at]), float(q[at]))
        for at, code in enumerate(tried)
    ]
    return tuple(sorted((one for one in found if one.lift > 1 or not only_more), key=_surest_first))


def _lift(
    names: Sequence[str],
    code: int,
    hers: Array,
    of: int,
    others: Array,
    of_others: int,
    bounds: tuple[float, float],
    p: float,
    q: float,
) -> Lift:
    share, base = float(hers[code] / of), float(others[code] / of_others)
    ratio = share / base if base > 0 else math.inf
    sure = MORE if share > base else LESS
    low, high = (float(bound) for bound in bounds)
    verdict = sure if q < SURE else UNSURE
    return Lift(code, names[code], int(hers[code]), of, share, base, ratio, low, high, p, q, verdict)


def _surest_first(one: Lift) -> tuple[int, float, str]:
    order = {MORE: 0, LESS: 1, UNSURE: 2}[one.verdict]
    return order, one.high if one.verdict == LESS else -one.low, one.name


def interval(hers: Array, of: int, others: Array, of_others: int) -> tuple[Array, Array]:
    """(n,), (n,): the 95 % interval of the ratio of two shares; where the second is nothing, it has no upper end."""
    one, two = hers / of, others / of_others
    low_1, high_1 = wilson(hers, of)
    low_2, high_2 = wilson(others, of_others)
    product = one * two
    below = np.sqrt(np.maximum(product**2 - low_1 * high_2 * (2 * one - low_1) * (2 * two - high_2), 0))
    above = np.sqrt(np.maximum(product**2 - high_1 * low_2 * (2 * one - high_1) * (2 * two - low_2), 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(two > 0, one / two, np.inf)
        low = np.where(2 * two > high_2, (product - below) / (high_2 * (2 * two - high_2)), low_1 / high_2)
        high = np.where(low_2 > 0, (product + above) / (low_2 * (2 * two - low_2)), np.inf)
    return np.clip(low, 0, ratio), np.maximum(high, ratio)


def wilson(counts: Array, of: int) -> tuple[Array, Array]:
    """The 95 % interval of a share (Wilson 1927)."""
    share = counts / of
    middle = share + Z**2 / (2 * of)
    half = Z * np.sqrt(share * (1 - share) / of + Z**2 / (4 * of**2))
    scale = 1 + Z**2 / of
    return np.clip((middle - half) / scale, 0, share), np.clip((middle + half) / scale, share, 1)


def exact(hers: Array, of: int, others: Array, of_others: int, *, only_more: bool = False) -> Array:
    """(n,) p of Fisher's exact test: of the upper tail, or two-sided as twice the smaller tail, at most 1."""
    from scipy.special import gammaln

    if not len(hers):
        return np.empty(0)
    total, have = of + of_others, (hers + others)[:, None].astype(np.float64)
    drawn = np.arange(int(min(of, have.max())) + 1)[None, :].astype(np.float64)
    possible = (drawn <= have) & (of - drawn <= total - have)

    def chosen(n: Array | float, k: Array | float) -> Array:
        return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(np.maximum(n - k, 0) + 1))

    logs = chosen(have, drawn) + chosen(total - have, of - drawn) - chosen(float(total), float(of))
    chance = np.where(possible, np.exp(logs), 0.0)
    at = hers[:, None]
    upper = np.where(drawn >= at, chance, 0).sum(axis=1)
    lower = np.where(drawn <= at, chance, 0).sum(axis=1)
    return np.minimum(1.0, upper if only_more else 2 * np.minimum(upper, lower))


def adjusted(p: Array, looked: int) -> Array:
    """p values (n,) -> q values of Benjamini & Hochberg, among ``looked`` >= n tests; the others found nothing."""
    if not len(p):
        return p
    order = np.argsort(p, kind="stable")
    raised = p[order] * looked / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum(1.0, np.minimum.accumulate(raised[::-1])[::-1])
    return out
