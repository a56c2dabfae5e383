"""What a learned merger reads: channels, further views of the log that are too weak to be channels, and counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..splits import COLD_ITEMS, Fitted, People, Training, owners
from ..types import Array, Interactions, readonly
from .als import Als
from .content_nearest import ContentNearest
from .ease import Ease
from .item_knn import ItemKnn
from .merging import Channels, channels_for
from .ranking_features import Signals, signals
from .sequence import Sequence
from .user_knn import UserKnn

DISTANCES = {
    "next": Sequence(sequence_tau=1.5, sequence_half_life=1.5),
    "near": Sequence(sequence_tau=4.0, sequence_half_life=4.0),
    "after": Sequence(sequence_tau=8.0, sequence_back=0.0, sequence_half_life=4.0),
    "usual": Sequence(),
    "far": Sequence(sequence_tau=40.0, sequence_half_life=80.0),
    "about": Sequence(sequence_tau=100.0, sequence_back=1.0, sequence_half_life=10.0),
}
"""What follows the last items closely, loosely, strictly, or in either order."""
DEPTH = 10.0
"""Ranks of the sum are seen as 1 / (this + rank)."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A fitted strategy, and which rows of a history it reads as liked: "liked", "seen" (all) or "disliked"."""

    fitted: Fitted
    reads: str = "liked"

    def score(self, people: People) -> Array:
        """As ``Fitted.score``."""
        log = people.histories
        if self.reads == "seen":
            log = with_all_seen(log)
        elif self.reads == "disliked":
            turned = (log.weights < log.positive_from).astype(np.float32)
            log = replace(log, weights=readonly(turned), positive_from=1.0)
        return self.fitted.score(People(people.users, log))


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Candidates of n people. places: (n, m) item indices, best first by the sum. there: (n, m) bool, False where there
    is no further candidate. table: (n * m, n_features) float32. total: (n, n_items) float32, the sum, NaN where no
    channel has an opinion."""

    places: Array
    there: Array
    table: Array
    total: Array


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Everything fitted on one log."""

    parts: Channels
    views: dict[str, View]
    signals: Signals

    def total(self, people: People) -> Array:
        """(n, n_items) float32: the weighted sum of standardised scores, NaN where no channel has an opinion."""
        return self.parts.summed(self.parts.standardised(people))

    def look(self, people: People, size: int, allowed: Array) -> Look:
        """The first ``size`` of the sum among the items (n_items,) ``allowed`` that a person does not have."""
        scores = self.parts.standardised(people)
        total = self.parts.summed(scores)
        order = np.where(np.isnan(total) | ~allowed, -np.inf, total)
        order[owners(people.histories), people.histories.items] = -np.inf
        places = np.argsort(-order, axis=1, kind="stable")[:, : min(size, int(allowed.sum()))]
        there = np.isfinite(np.take_along_axis(order, places, axis=1))
        columns = [np.take_along_axis(one, places, axis=1).ravel() for one in (total, *scores.values())]
        among = self.parts.among
        columns += [standardised_at(view.score(people), people, among, places).ravel() for view in self.views.values()]
        columns.append(np.tile(1.0 / (DEPTH + np.arange(places.shape[1])), len(people)))
        counted, _ = self.signals.table(people, places)
        table = np.column_stack([*(column.astype(np.float32) for column in columns), counted])
        return Look(places, there, table, total)


def standardised_at(scores: Array, people: People, among: Array, places: Array) -> Array:
    """(n, m): :func:`~core.strategies.merging.standardised` at some places only, which takes a fraction of the time."""
    counted = np.array(scores)
    counted[owners(people.histories), people.histories.items] = np.nan
    counted = counted if among.all() else counted[:, among]
    given = ~np.isnan(counted)
    n = np.maximum(given.sum(axis=1), 1)
    counted[~given] = 0
    mean = counted.sum(axis=1, dtype=np.float64) / n
    square = np.einsum("ij,ij->i", counted, counted, dtype=np.float64) / n
    spread = np.sqrt(np.maximum(square - mean**2, 0))[:, None]
    apart = np.take_along_axis(scores, places, axis=1) - mean[:, None]
    flat = spread <= 1e-9 + 1e-6 * np.abs(mean)[:, None]
    return np.asarray(apart / np.where(flat, np.inf, spread))


def sources_for(training: Training, channels: str) -> Sources:
    """Fit channels, views and counts. Raises InputError, UnknownNameError for channels that cannot be merged."""
    return Sources(channels_for(channels, channels, training), _views(training), signals(training))


def _views(training: Training) -> dict[str, View]:
    """The same few ideas at other distances, and read from all that people have: what they look at next, and what they
    turn away from."""
    if training.task == COLD_ITEMS:
        nearest = {"latest": ContentNearest(nearest_half_life=4.0), "sharp": ContentNearest(nearest_power=6.0)}
        return {f"content {name}": View(knobs.fit(training)) for name, knobs in nearest.items()}
    everything = replace(training, interactions=with_all_seen(training.interactions))
    around, ease = ItemKnn().fit(everything), Ease().fit(training)
    found = {f"sequence {name}": View(knobs.fit(training)) for name, knobs in DISTANCES.items() if name != "usual"}
    found |= {
        f"sequence of all seen, {name}": View(DISTANCES[name].fit(everything), "seen")
        for name in ("next", "near", "usual", "far")
    }
    return found | {
        "ease, latest": View(replace(ease, half_life=4.0)),
        "ease, long": View(replace(ease, half_life=120.0)),
        "ease of all seen": View(Ease().fit(everything), "seen"),
        "neighbours, latest": View(ItemKnn(knn_half_life=3.0).fit(training)),
        "neighbours of all seen": View(around, "seen"),
        "neighbours of the disliked": View(around, "disliked"),
        "users, latest": View(UserKnn(userknn_half_life=5.0).fit(training)),
        "users of all seen": View(UserKnn().fit(everything), "seen"),
        "content, latest": View(ContentNearest(nearest_half_life=3.0).fit(training)),
        "als, wide": View(Als(als_factors=64, als_l2=30.0).fit(training)),
    }


def with_all_seen(log: Interactions) -> Interactions:
    """The same log, as if all in it was liked."""
    return replace(log, positive_from=0.0)
