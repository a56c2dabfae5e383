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
LEAST_INSIDE = 0.9
HALVES = 0.02
LARGEST_RATING = 100.0
WIDTH_LIMIT = 3.0

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

    values: (n,), NaN where missing. One of SCALES, or where none fits the 0.5 % and 99.5 % quantiles of the values;
    (NaN, NaN) without any.
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = (float(value) for value in np.quantile(known, [0.005, 0.995], method="nearest"))
    halves = float(np.mean((known * 2) % 2 == 1)) >= HALVES
    best, lowest_cost, inside_best = (low, high), np.inf, 0.0
    for scale in SCALES:
        if halves and scale in ((1, 5), (1, 10)):
            continue
        inside = float(np.mean((known >= scale[0]) & (known <= scale[1])))
        cost = OUTSIDE_COST * (1 - inside) + np.log(scale[1] - scale[0])
        if cost < lowest_cost:
            best, lowest_cost, inside_best = (float(scale[0]), float(scale[1])), cost, inside
    far = best[1] - best[0] > 10 and best[1] - best[0] > WIDTH_LIMIT * max(high - low, 1)
    return (low, high) if inside_best < LEAST_INSIDE or far else best
