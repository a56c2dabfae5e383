"""What merged strategies share: their channels, scores on one scale, and the rank that each channel gives an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError, UnknownNameError
from ..registry import stage
from ..splits import MERGED_DEPTH, Fitted, People, Training, owners
from ..types import Array

PREFIX = "fusion-"
"""Merged strategies are called so; they are no channels of each other."""


def channels_named(given: str, default: str) -> dict[str, float]:
    """ "ease=1, sequence=1.5" -> channel -> weight, 1 where none is given; ``default`` where nothing is given.

    Raises UnknownNameError for a strategy that is not known or is itself merged, InputError for a weight that is no
    positive number and for fewer than two channels.
    """
    known = [name for name in stage("strategies").names() if not name.startswith(PREFIX)]
    found: dict[str, float] = {}
    for part in (given or default).split(","):
        name, _, weight = (word.strip() for word in part.partition("="))
        if name not in known:
            raise UnknownNameError("channel", name, known)
        found[name] = _weight(name, weight)
    if len(found) < 2:
        raise InputError(f"fusion_channels names {len(found)} channel, and merging needs at least 2: add one")
    return found


def _weight(name: str, given: str) -> float:
    try:
        weight = float(given or 1)
    except ValueError:
        weight = float("nan")
    if not 0 < weight < float("inf"):
        raise InputError(f"fusion_channels: the weight of {name} must be a number above 0, got {given!r}")
    return weight


def fit_channels(names: Mapping[str, float], training: Training) -> dict[str, Fitted]:
    """Every channel with its default knobs, fitted."""
    fitted: dict[str, Fitted] = {name: stage("strategies").get(name)().fit(training) for name in names}
    return fitted


def standardised(scores: Array, people: People, among: Array) -> Array:
    """Each user's scores as distances from their mean in standard deviations, NaN where there is no opinion.

    scores: (n, n_items). among: (n_items,) bool, the items whose mean and spread count; those of the history never do.
    A row without spread is 0.
    """
    values = np.array(scores, dtype=np.float64)
    log = people.histories
    counted = ~np.isnan(values) & among
    counted[owners(log), log.items] = False
    n = np.maximum(counted.sum(axis=1), 1)[:, None]
    centred = values - np.where(counted, values, 0).sum(axis=1)[:, None] / n
    spread = np.sqrt(np.where(counted, centred**2, 0).sum(axis=1)[:, None] / n)
    centred[np.broadcast_to(spread <= 1e-12, centred.shape) & ~np.isnan(centred)] = 0
    return np.divide(centred, spread, out=centred, where=spread > 1e-12)


def ranks_of(scores: Array, people: People) -> Array:
    """(n, n_items) int32: the rank, from 1, of each item among those a user does not have; ties to the smaller item.

    0 where there is no opinion, where the user has the item, and below the first MERGED_DEPTH.
    """
    values = np.where(np.isnan(scores), -np.inf, scores)
    log = people.histories
    values[owners(log), log.items] = -np.inf
    depth = min(MERGED_DEPTH, values.shape[1])
    order = np.argsort(-values, axis=1, kind="stable")[:, :depth]
    ranks = np.zeros(values.shape, dtype=np.int32)
    finite = np.isfinite(np.take_along_axis(values, order, axis=1))
    np.put_along_axis(ranks, order, np.where(finite, np.arange(1, depth + 1), 0).astype(np.int32), axis=1)
    return ranks


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """Fitted channels with their weights. among: (n_items,) bool, the items lists are made of."""

    fitted: Mapping[str, Fitted]
    weights: Mapping[str, float]
    among: Array

    def scores(self, people: People) -> dict[str, Array]:
        """Each channel's own scores, (n_people, n_items)."""
        return {name: one.score(people) for name, one in self.fitted.items()}

    def standardised(self, people: People) -> dict[str, Array]:
        """Each channel's scores on one scale, (n_people, n_items) float64."""
        return {name: standardised(scores, people, self.among) for name, scores in self.scores(people).items()}

    def summed(self, scores: Mapping[str, Array]) -> Array:
        """(n_people, n_items) float32: the weighted sum over channels of their standardised scores, one without an
        opinion adding 0; NaN where no channel has one."""
        shape = next(iter(scores.values())).shape
        total, silent = np.zeros(shape), np.ones(shape, dtype=bool)
        for name, z in scores.items():  # one by one: all at once would take the memory of every channel again
            total += self.weights[name] * np.nan_to_num(z)
            silent &= np.isnan(z)
        return np.where(silent, np.nan, total).astype(np.float32)

    def ranks(self, people: People, items: Array) -> dict[str, Array]:
        """As ``Merged.channels``."""
        rows = np.arange(len(people))[:, None]
        found = {}
        for name, scores in self.scores(people).items():
            given = ranks_of(np.where(self.among, scores, np.nan), people)[rows, np.maximum(items, 0)]
            found[name] = np.where(items >= 0, given, 0).astype(np.int32)
        return found


def channels_for(given: str, default: str, training: Training) -> Channels:
    """The channels of a merged strategy, fitted. Items lists are made of: those without behaviour where there are any
    (they are the ones asked for then), else all."""
    weights = channels_named(given, default)
    among: Any = np.ones(len(training.known), dtype=bool) if training.known.all() else ~training.known
    return Channels(fit_channels(weights, training), weights, among)
