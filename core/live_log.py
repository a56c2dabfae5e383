"""Events in a log: what each weighs there, whose word on an item is the last, and rows taken out and put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from .splits import positives
from .store.events import Event
from .types import Array, Dataset, Interactions, readonly

KEPT = 8
FAINT = 2.0**-100
"""What "liked" begins at in a log where everything counts, so that something can lie below it."""
STRENGTH = {"not-now": 0, "watched": 1, "click": 2, "dislike": 3, "like": 3}
"""Of what was said of one item, the strongest kind speaks, and of equally strong ones the last."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What kinds of events weigh in a log. positive_from: of the log once they are in it.

    dislike < watched < positive_from <= click <= like.
    """

    like: float
    click: float
    watched: float
    dislike: float
    positive_from: float


@lru_cache(maxsize=KEPT)
def weights_of(log: Interactions) -> Weights:
    """The weights that suit a log; in one where all counts, what is not liked needs a place below everything."""
    liked = log.weights[positives(log)]
    start = np.float32(max(log.positive_from, FAINT))
    low, high = (float(liked.min()), float(liked.max())) if len(liked) else (float(start), float(start))
    least = float(log.weights.min()) if len(log) else 0.0
    below = float(np.nextafter(start, np.float32(0)))
    return Weights(
        like=high if high > 0 else 1.0,
        click=max(low, float(start)) if high > 0 else 1.0,
        watched=below,
        dislike=least if least < below else 0.0,
        positive_from=max(log.positive_from, FAINT),
    )


def weight_of(kind: str, log: Interactions) -> float:
    """What an event of a kind weighs in a log; NaN for "not-now", which is no part of a history."""
    return float(getattr(weights_of(log), kind)) if kind != "not-now" else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """(n,) each, oldest first: events whose user and item the data set has. times: whole unix seconds. places: where
    they stood in what was given."""

    users: Array
    items: Array
    kinds: Array
    times: Array
    places: Array


def known_events(dataset: Dataset, events: Sequence[Event]) -> Known:
    """Events as indices of a data set; those of users and items that it has not are left out."""
    users = places_of([event.user_id for event in events], dataset.interactions.user_ids)
    items = places_of([event.item_id for event in events], dataset.catalog.item_ids)
    kinds = np.array([event.kind for event in events], dtype=object)
    times = np.array([event.at for event in events], dtype=np.float64)
    order = np.argsort(times, kind="stable")
    order = order[(users[order] >= 0) & (items[order] >= 0)]
    return Known(users[order], items[order], kinds[order], times[order].astype(np.int64), order)


def places_of(given: Sequence[str], known: Array) -> Array:
    """Ids as text -> (n,) int64 places among ascending ids, -1 for those that are not there."""
    if known.dtype.kind in "iu":
        whole = [int(text) if text.lstrip("-").isdecimal() and len(text) <= 18 else None for text in given]
        same = [value is not None and str(value) == text for value, text in zip(whole, given, strict=True)]
        wanted = np.array([value or 0 for value in whole], dtype=np.int64)
    else:
        same, wanted = [True] * len(given), np.array(given, dtype=object)
    if not len(known):
        return np.full(len(given), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(known, wanted), len(known) - 1).astype(np.int64)
    return np.where(np.array(same, dtype=bool) & (known[found] == wanted), found, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """(p,) each, one line for each user and item that events speak of, ascending by user and item.

    opinions: the last of "like" and "dislike", else "click" where there was one, else "watched", else "". A click or
    "watched" takes no opinion back. said: place of the event that said so; times: when. hidden: the last event is
    "not now".
    """

    users: Array
    items: Array
    opinions: Array
    times: Array
    hidden: Array
    said: Array


def last_words(known: Known, n_items: int) -> Words:
    """What counts of several events about one item. known: at least one event."""
    pairs, place = np.unique(known.users * n_items + known.items, return_inverse=True)
    strength = np.array([STRENGTH[kind] for kind in known.kinds])
    when = np.arange(len(place))
    order = np.lexsort((when, strength, place))
    last = np.concatenate((place[order][1:] != place[order][:-1], [True]))
    said = order[last]
    latest = np.zeros(len(pairs), dtype=np.int64)
    latest[place] = when  # of several, the last one stays
    return Words(
        users=pairs // n_items,
        items=pairs % n_items,
        opinions=np.where(strength[said] > 0, known.kinds[said], ""),
        times=known.times[said],
        hidden=known.kinds[latest] == "not-now",
        said=said,
    )


def merged(log: Interactions, words: Words) -> Interactions:
    """The log with what was said in it, each user's rows still in time order; the same object where it says nothing."""
    weights = weights_of(log)
    who = np.unique(words.users)
    rows = _rows_of(log, who)
    owner = np.repeat(who, np.diff(log.indptr)[who])
    width = int(max(log.items.max(initial=0), words.items.max())) + 1
    of_row = np.searchsorted(words.users * width + words.items, owner * width + log.items[rows])
    of_row = np.minimum(of_row, len(words.users) - 1)
    meant = (words.users[of_row] == owner) & (words.items[of_row] == log.items[rows])
    rows, of_row = rows[meant], of_row[meant]
    had = np.full(len(words.users), -1.0)
    np.maximum.at(had, of_row, np.where(positives(log)[rows], log.weights[rows], -1.0))
    in_log = np.zeros(len(words.users), dtype=bool)
    in_log[of_row] = True
    kinds = words.opinions
    new = np.array([getattr(weights, kind) if kind else np.nan for kind in kinds], dtype=np.float32)
    new = np.where(kinds == "click", np.fmax(new, had), new)  # a click takes no liking back
    speaks = (kinds != "") & ~((kinds == "watched") & in_log)
    if not speaks.any():
        return log
    keep = np.ones(len(log), dtype=bool)
    newest = np.zeros(len(words.users), dtype=np.int64)
    newest[of_row] = rows  # of several rows of one item, the last one stays
    # Of what was liked before, as often as it was, a like or a click takes the newest place only.
    more = np.isin(kinds, ("like", "click")) & (had >= 0)
    keep[rows[speaks[of_row] & (~more[of_row] | (rows == newest[of_row]))]] = False
    lower = bool((new[speaks] < weights.positive_from).any())
    start = weights.positive_from if lower else log.positive_from
    # Where the log had no such line, all that was in it still counts: what weighs 0 is lifted to it.
    old = log.weights if start == log.positive_from else np.maximum(log.weights, np.float32(start))
    said = [part[speaks] for part in (words.users, words.items, new, words.times)]
    return _spliced(replace(log, weights=old, positive_from=start), keep, *said)


def _rows_of(log: Interactions, users: Array) -> Array:
    lengths = np.diff(log.indptr)[users]
    ends = np.cumsum(lengths)
    return np.repeat(log.indptr[:-1][users] - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)


def _spliced(log: Interactions, keep: Array, users: Array, items: Array, weights: Array, times: Array) -> Interactions:
    """Rows out and rows in: each new one after all of its user's rows that are not later, at the end without times."""
    before = np.concatenate(([0], np.cumsum(keep)))
    indptr = before[log.indptr]
    order = np.lexsort((items, times, users))
    users, items, weights, times = users[order], items[order], weights[order], times[order]
    kept_times = None if log.times is None else log.times[keep]
    places = indptr[users + 1]
    if kept_times is not None:
        late = np.flatnonzero(places > indptr[users])
        late = late[kept_times[places[late] - 1] > times[late]]
        for row in late:  # the log goes on after the event: rare, since events happen now
            own = kept_times[indptr[users[row]] : indptr[users[row] + 1]]
            places[row] = indptr[users[row]] + np.searchsorted(own, times[row], side="right")
    added = np.concatenate(([0], np.cumsum(np.bincount(users, minlength=log.n_users))))
    return Interactions(
        user_ids=log.user_ids,
        indptr=readonly((indptr + added).astype(np.int64)),
        items=readonly(np.insert(log.items[keep], places, items.astype(np.int32))),
        weights=readonly(np.insert(log.weights[keep], places, weights.astype(np.float32))),
        times=None if kept_times is None else readonly(np.insert(kept_times, places, times)),
        ordered=log.ordered,
        positive_from=log.positive_from,
    )
