"""How sure a mean over users is, and whether two strategies differ on the same users.

Everything is drawn from one seed: equal values give equal answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from ..types import Array, readonly

DRAWS = 1_000
FLIPS = 10_000
LEVEL = 0.95
SEED = 20_161_101
BLOCK = 1_000
"""Draws made at once, which bounds memory."""
SIGNS_KEPT = 1_000
"""Up to so many users, the signs of all flips are kept between calls (40 MB)."""
LARGE = 5_000
"""With more users than this, means of redrawn users and of flipped signs are normally distributed for all that can be
seen (central limit theorem; values of metrics have bounds), and are taken to be: seconds less, the same figures."""
Z_975 = 1.959964
GROUPS = 40
T_975 = 2.0227
"""Student's t at 97.5 % with GROUPS - 1 degrees of freedom."""


def interval(values: Array) -> tuple[float, float]:
    """Percentile bootstrap over users (Efron & Tibshirani 1993), 95 %. values: (n,), NaN left out.

    NaN, NaN where fewer than two values are defined.
    """
    low, high = intervals(values[:, None])
    return float(low[0]), float(high[0])


def intervals(values: Array) -> tuple[Array, Array]:
    """:func:`interval` of each column of (n, m) -> low (m,), high (m,)."""
    low, high = np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    defined = ~np.isnan(values)
    whole = defined.all(axis=0)
    if whole.any() and len(values) > 1:
        low[whole], high[whole] = _bounds(values[:, whole])
    for column in np.flatnonzero(~whole & (defined.sum(axis=0) > 1)):
        own = _bounds(values[defined[:, column], column][:, None])
        low[column], high[column] = own[0][0], own[1][0]
    return low, high


def _bounds(values: Array) -> Array:
    """values: (n, m), all defined -> (2, m): low and high."""
    n = len(values)
    if n > LARGE:
        half = Z_975 * values.std(axis=0) / math.sqrt(n)
        return values.mean(axis=0) + np.stack([-half, half])
    means = _draws(n) @ values / n
    bounds: Array = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return bounds


@lru_cache(maxsize=4)
def _draws(n: int) -> Array:
    """(DRAWS, n) float32: how often each of n users is drawn. Kept, since every metric is asked on the same users."""
    users = np.random.default_rng(SEED).integers(0, n, (DRAWS, n)) + n * np.arange(DRAWS)[:, None]
    return readonly(np.bincount(users.ravel(), minlength=DRAWS * n).reshape(DRAWS, n).astype(np.float32))


def sign_flip(differences: Array) -> float:
    """:func:`sign_flips` of one column (n,)."""
    return float(sign_flips(differences[:, None])[0])


def sign_flips(differences: Array) -> Array:
    """p of paired permutation tests that mean differences are 0, two-sided: each user's difference may as well have had
    the other sign (Fisher 1935). differences: (n, m), NaN left out -> (m,); 1 where none is left or all are 0.

    The observed signs count as one of the permutations, so p is never 0 (Phipson & Smyth 2010). All columns meet the
    same signs.
    """
    given = np.nan_to_num(differences)  # a difference of 0 adds nothing, whatever its sign
    observed = np.abs(given.sum(axis=0))
    if len(given) > LARGE:
        spread = np.sqrt((given**2).sum(axis=0))
        away = np.divide(observed, spread, out=np.zeros_like(spread), where=spread > 0)
        return np.array([math.erfc(z / math.sqrt(2)) for z in away.tolist()])
    extreme = _extreme_kept(given, observed) if len(given) <= SIGNS_KEPT else _extreme_drawn(given, observed)
    found: Array = np.where(given.any(axis=0), (extreme + 1) / (FLIPS + 1), 1.0)
    return found


def _extreme_drawn(given: Array, observed: Array) -> Array:
    """(m,) int64: how many of FLIPS sums of flipped differences (n, m) are as far from 0 as the observed ones (m,)."""
    extreme = np.zeros(given.shape[1], dtype=np.int64)
    for signs in _sign_blocks(len(given)):
        extreme += _reaches(signs.astype(np.float64), given, observed)
    return extreme


def _extreme_kept(given: Array, observed: Array) -> Array:
    """The same count from kept signs: summed in float32, and again in float64 where that is too near to tell."""
    signs = _signs(len(given))
    sums = np.abs(signs @ given.astype(np.float32))
    slack = (len(given) + 1) * np.finfo(np.float32).eps * np.abs(given).sum(axis=0)
    extreme = (sums > observed + slack).sum(axis=0)
    close = np.abs(sums - observed) <= slack
    for column in np.flatnonzero(close.any(axis=0)):
        rows = signs[close[:, column]].astype(np.float64)
        extreme[column] += _reaches(rows, given[:, column], observed[column])
    return extreme


def _reaches(signs: Array, given: Array, observed: Array) -> Array:
    # Sums in another order differ in their last digits.
    return np.asarray((np.abs(signs @ given) >= observed * (1 - 1e-9)).sum(axis=0))


def _sign_blocks(n: int) -> Iterator[Array]:
    """FLIPS rows of n signs (-1 or 1) as int8, BLOCK rows at a time."""
    rng = np.random.default_rng(SEED)
    for at in range(0, FLIPS, BLOCK):
        yield rng.integers(0, 2, (min(BLOCK, FLIPS - at), n), dtype=np.int8) * np.int8(2) - np.int8(1)


@lru_cache(maxsize=2)
def _signs(n: int) -> Array:
    """(FLIPS, n) float32: all of them. Kept, since a page asks about the same users again and again."""
    return readonly(np.concatenate([block.astype(np.float32) for block in _sign_blocks(n)]))


def left_out(whole: float, n: int, without: Callable[[Array], float]) -> tuple[float, float]:
    """95 % interval of a figure that belongs to all n users together, by leaving out one group of users after another
    (delete-a-group jackknife, Kott 2001).

    whole: the figure. without: the figure when the users of a mask (n,) bool are left out. A bootstrap would be wrong
    here: a user drawn twice shows nothing new, so coverage of a redrawn crowd is too low. NaN, NaN below GROUPS users.
    """
    if n < GROUPS or math.isnan(whole):
        return float("nan"), float("nan")
    group = groups_of(n)
    return around(whole, np.array([without(group == number) for number in range(GROUPS)]))


def groups_of(n: int) -> Array:
    """(n,) int64 in 0 .. GROUPS - 1: the group that each user is left out with."""
    return np.random.default_rng(SEED).permutation(n) % GROUPS


def around(whole: float, found: Array) -> tuple[float, float]:
    """The interval of :func:`left_out`. found: (GROUPS,) the figure without each group."""
    half = T_975 * jackknife_error(found)
    return whole - half, whole + half


def jackknife_error(found: Array) -> float:
    """Standard error of a figure. found: (GROUPS,) the figure without each group."""
    return math.sqrt((GROUPS - 1) / GROUPS * float(((found - found.mean()) ** 2).sum()))


def holm(p: Sequence[float]) -> list[float]:
    """p values corrected for their number: step-down, never below a smaller one's (Holm 1979)."""
    order = sorted(range(len(p)), key=lambda place: p[place])
    corrected, highest = [1.0] * len(p), 0.0
    for step, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - step) * p[place]))
        corrected[place] = highest
    return corrected
