"""What a weight is: a rating, a count, an event; on which scale, and how much each kind of event says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from ..types import Array
from .aliases import COUNT_NAMES, RATING_NAMES, plain_name

RATING, COUNT, EVENT, NONE = "rating", "count", "event", "none"

SCALES = ((0, 1), (-1, 1), (1, 5), (0.5, 5), (0, 5), (1, 10), (0, 10), (0.5, 10), (0, 100), (-10, 10))
"""The scales in use: likes, votes, stars with and without halves and zero, marks out of ten, per cent, Jester."""
OUTSIDE_COST = 20.0
"""A scale wider by the factor f is taken where it holds at least a share of log(f) / 20 more of the values: from stars
1-5 to 0.5-5 that is 0.6 % (half a star is a rating), from 1-10 to 0-100 it is 12 % (a single 11 is a mistake)."""
LEAST_INSIDE, MOSTLY_INSIDE, SLIPS = 0.9, 0.98, 20
"""The share of the values that a scale must hold, and the one it must where more than so many lie outside: a file of
30 ratings may hold a -3 and an 11 by mistake, but thousands are no mistake."""
HALVES = 0.02
LARGEST_RATING = 100.0
WIDTH_LIMIT = 3.0
GAP = 5.0
"""Values that lie so many interquartile ranges away from the next one stand for something else (-999, 9999)."""
SENTINELS = (-1.0, -9.0, -99.0, -999.0)
"""What stands for "no rating" where nothing else is below 0."""
FEW = 0.1
"""Never more than this share of the values is left outside a scale that we do not know."""

_LEVELS: Mapping[float, str] = {
    0.0: "removefromcart removefromwishlist remove dislike unlike hide notinterested skip refund return unsubscribe",
    1.0: "view pageview pv productview itemview detailview viewitem impression click clicks read watch play listen "
    "visit open search browse stream expand",
    3.0: "cart addtocart addcart basket addtobasket fav favorite favourite like likes love wishlist addtowishlist "
    "bookmark save star follow share subscribe download install comment checkout begincheckout",
    5.0: "purchase purchased transaction buy bought order ordered sale pay payment conversion rent subscription "
    "complete",
}
DEFAULT_EVENT_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {name: weight for weight, names in _LEVELS.items() for name in names.split()}
)
"""Event -> weight: looking 1, wanting 3, buying 5; 0 for events that speak against an item."""
UNKNOWN_EVENT = 1.0


def event_weight(name: str) -> float:
    """The weight of an event, whatever the case and with blanks, "-" or "_"; 1 for a name we do not know."""
    return DEFAULT_EVENT_WEIGHTS.get(plain_name(name), UNKNOWN_EVENT)


def is_event_name(name: str) -> bool:
    """Whether a name is one of the known events."""
    return plain_name(name) in DEFAULT_EVENT_WEIGHTS


def looks_like_events(names: Iterable[str]) -> bool:
    """Whether at least half of some distinct values are known events."""
    known = [is_event_name(name) for name in names]
    return bool(known) and 2 * sum(known) >= len(known)


def feedback_of(weight: str | None, values: Array | None = None, event: str | None = None) -> str:
    """What the weights of a log are: "rating" | "count" | "event" | "none".

    weight, event: the names of the columns, None where there is none. values: (n,) the weights, NaN where missing.
    An event column decides; then the name of the weight; then the values: whole numbers that reach far are counts,
    values on a known scale are ratings. Weights that are all 1 say nothing: "none".
    """
    if event is not None:
        return EVENT
    if weight is None:
        return NONE
    known = np.asarray([] if values is None else values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if len(known) and (known == 1).all():
        return NONE
    name = plain_name(weight).replace("review", "")  # or "review_score" would hold "views"
    if any(word in name for word in COUNT_NAMES):
        return COUNT
    if not len(known):
        return RATING if any(word in name for word in RATING_NAMES) else COUNT
    top = float(np.quantile(known, 0.99))
    if any(word in name for word in RATING_NAMES):
        return COUNT if top > LARGEST_RATING else RATING
    return RATING if is_on_a_scale(known) else COUNT


def is_on_a_scale(values: Array) -> bool:
    """Whether finite values look like marks: few distinct ones in steps of 1 or 1/2, at most 10, or below 0 too."""
    low, high = (float(value) for value in np.quantile(values, [0.005, 0.995]))
    if low < 0:
        return low >= -10 and high <= 10
    if high > 10:
        return False
    if high == 1 and low == 0 and np.isin(values, (0, 1)).all():
        return True
    halves = np.mean(values * 2 == np.floor(values * 2)) > 0.98
    # Counts crowd at the low end, marks do not: most of a scale of counts is 1.
    return bool(halves and high > low and np.mean(values <= 1) < 0.5)


def rating_scale(values: Array) -> tuple[float, float]:
    """The scale that ratings are on, (low, high); a few values outside do not widen it.

    values: (n,), NaN where missing. One of SCALES, or where none holds nearly all of the values the smallest and the
    largest one, without those that stand far apart from all others; (NaN, NaN) without any.
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = _own_ends(known)
    halves = float(np.mean((known * 2) % 2 == 1)) >= HALVES
    best, lowest_cost, inside_best = (low, high), np.inf, 0.0
    for scale in SCALES:
        if halves and scale in ((1, 5), (1, 10)):
            continue
        inside = float(np.mean((known >= scale[0]) & (known <= scale[1])))
        cost = OUTSIDE_COST * (1 - inside) + np.log(scale[1] - scale[0])
        if cost < lowest_cost:
            best, lowest_cost, inside_best = (float(scale[0]), float(scale[1])), cost, inside
    most = float(np.diff(np.quantile(known, [0.005, 0.995], method="nearest"))[0])
    far = best[1] - best[0] > 10 and best[1] - best[0] > WIDTH_LIMIT * max(min(most, high - low), 1)
    least = MOSTLY_INSIDE if (1 - inside_best) * len(known) > SLIPS else LEAST_INSIDE
    return (low, high) if inside_best < least or far else best


def _own_ends(values: Array) -> tuple[float, float]:
    """The smallest and largest of finite values (n,), without the few behind a gap, and without a lone sentinel."""
    distinct, counts = np.unique(values, return_counts=True)
    first, last = 0, len(distinct) - 1
    spans = (np.quantile(values, 1 - part) - np.quantile(values, part) for part in (0.25, 0.05, 0.005, 0.0))
    gaps = np.flatnonzero(np.diff(distinct) > GAP * next((float(span) for span in spans if span > 0), 1.0))
    middle = np.searchsorted(distinct, np.median(values))
    if len(below := gaps[gaps < middle]) and counts[: below[-1] + 1].sum() <= FEW * len(values):
        first = int(below[-1]) + 1
    if len(above := gaps[gaps >= middle]) and counts[above[0] + 1 :].sum() <= FEW * len(values):
        last = int(above[0])
    if (
        distinct[first] in SENTINELS
        and first < last
        and distinct[first + 1] >= 0
        and counts[first] <= FEW * len(values)
    ):
        first += 1
    return float(distinct[first]), float(distinct[last])
