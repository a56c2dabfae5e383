"""A fitted strategy asked about people: their vectors in its space, its own scores, and what its channels say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from .asking import Asking
from .audience import Taste, UserModel
from .recipe import Recipe
from .select.scored import rank_scores
from .serving import BLOCK, KEPT_USERS, Serving, needs_fitting
from .splits import HistorySide, Merged, People, liked_counts
from .types import Array, Candidates, Interactions, UserVectors, readonly, unit_rows
from .users.placing import placed

LONG_TERM = "weighted_mean"
"""The user model in whose place a learned strategy has one of its own."""


class AsTrained:
    """The weights a linear strategy gives a history itself, as a user model: for contexts in which some count less."""

    def __init__(self, side: HistorySide) -> None:
        self._weights = side.weights

    def __call__(
        self, log: Interactions, users: Array, items: Array, emphasis: Array | None = None
    ) -> tuple[Taste, ...]:
        """As ``core.audience.UserModel``."""
        given = np.zeros(len(log)) if self._weights is None else self._weights
        given = given if emphasis is None else given * emphasis
        return tuple(_one(given[log.history(int(user))]) for user in users)


def _one(weights: Array) -> Taste:
    total = weights.sum()
    if total <= 0:
        return Taste(np.zeros((0, len(weights))), np.zeros(0))
    return Taste(weights[None, :] / total, np.ones(1))


def space_users(
    recipe: Recipe, found: Serving | None, content: Array, unit: bool, asked: Asking, users: Array
) -> UserVectors:
    """Users (n,) of an audience as points of the space that ranks.

    found: the fitted strategy, None for the item texts themselves, whose vectors are ``content`` (n_items, d).
    """
    who = np.asarray(users)
    if found is None or not needs_fitting(recipe):
        people = asked.whole(who)
        extra = asked.audience.extra
        side = HistorySide.plain(content if extra is None else np.vstack((content, extra)))
        made = _by_model(recipe.build("users"), people, side, unit, asked.emphasis(people.histories))
    else:
        made = _learned(recipe, found, asked, who)
    return replace(made, users=who)


def _by_model(model: UserModel, people: People, side: HistorySide, unit: bool, emphasis: Array | None) -> UserVectors:
    return placed(model, people.histories, np.arange(len(people)), side, unit=unit, emphasis=emphasis)


def _learned(recipe: Recipe, found: Serving, asked: Asking, users: Array) -> UserVectors:
    assert found.vectors is not None
    people = asked.people(users)
    emphasis, unit = asked.emphasis(people.histories), found.vectors.unit
    linear = hasattr(found.fitted, "history_side")
    if recipe.user_model != LONG_TERM:
        side = found.fitted.history_side(people) if linear else HistorySide.plain(found.vectors.values)  # type: ignore[attr-defined]
        return _by_model(recipe.build("users"), people, side, unit, emphasis)
    if linear and emphasis is not None:
        side = found.fitted.history_side(people)  # type: ignore[attr-defined]
        return _by_model(AsTrained(side), people, side, unit, emphasis)
    made: UserVectors = found.fitted.user_vectors(people)  # type: ignore[attr-defined]
    values = made.values
    if unit:
        values = np.where(made.known[:, None], unit_rows(np.nan_to_num(values)), np.nan).astype(np.float32)
    return UserVectors(users, readonly(values), made.known, made.has_history)


@lru_cache(maxsize=KEPT_USERS)
def scores_of(found: Serving, asked: Asking, user: int) -> Array:
    """(n_items,) the strategy's own score of every item for one user, NaN where it has no opinion."""
    return readonly(np.array(_scores(found, asked, np.array([user]))[0]))


@lru_cache(maxsize=KEPT_USERS)
def _channels_of_one(found: Serving, asked: Asking, user: int) -> dict[str, Array]:
    """channel -> (n_items,), the rank that it gives every item for one user."""
    ranks = _channels(found, asked, np.array([user]), np.arange(asked.n_items)[None, :])
    return {name: readonly(np.array(given[0])) for name, given in ranks.items()}


def _scores(found: Serving, asked: Asking, users: Array) -> Array:
    return np.asarray(found.fitted.score(asked.people(users)), dtype=np.float32)


def _channels(found: Serving, asked: Asking, users: Array, items: Array) -> Mapping[str, Array]:
    merged: Merged = found.fitted  # type: ignore[assignment]
    return merged.channels(asked.people(users), items)


def own_scores(
    found: Serving,
    asked: Asking,
    users: Array,
    hidden: tuple[Array, Array],
    size: int,
    threshold: float | None,
    bonus: Array | None = None,
) -> tuple[UserVectors, Candidates, Array]:
    """Rank by the strategy's own scores. hidden: (row, item) pairs, rows ascending. bonus: (n_items,) of rules, in
    standard deviations of each user's scores. -> users without a place, pool, passing counts."""
    one = scores_of(found, asked, int(users[0]))[None, :] if len(users) == 1 else None
    parts = []
    for start in range(0, max(len(users), 1), BLOCK):
        some = users[start : start + BLOCK]
        scores = np.array(_scores(found, asked, some) if one is None else one)
        known = np.logical_not(np.isnan(scores).all(axis=1))
        scores = with_bonus(scores, bonus)
        here = slice(*np.searchsorted(hidden[0], (start, start + BLOCK)))
        scores[hidden[0][here] - start, hidden[1][here]] = np.nan
        pool, passing = rank_scores(scores, size, threshold)
        parts.append((known, pool.items, pool.scores, passing))
    known, items, best, passing = (np.concatenate(column) for column in zip(*parts, strict=True))
    liked = liked_counts(asked.people(users).histories)
    nowhere = np.full((len(users), 0), np.nan, dtype=np.float32)
    return UserVectors(users, nowhere, known, liked > 0), Candidates(readonly(items), readonly(best)), passing


def with_bonus(scores: Array, bonus: Array | None) -> Array:
    """Scores (n, n_items) float32 with what rules add, bonus (n_items,) in standard deviations of each row's scores.

    The spread is that of all items with a score, shown or not, so that it does not depend on what is hidden.
    """
    if bonus is None or not bonus.any():
        return scores
    return (scores + bonus[None, :] * spread_of(scores)[:, None]).astype(np.float32)


def spread_of(scores: Array) -> Array:
    """(n,) float64: the standard deviation of each row's scores, 0 where there are none."""
    given = np.isfinite(scores)
    n = np.maximum(given.sum(axis=1), 1)
    values = np.where(given, scores, 0).astype(np.float64)
    mean = values.sum(axis=1) / n
    return np.sqrt(np.where(given, (values - mean[:, None]) ** 2, 0).sum(axis=1) / n)


def channels_of(found: Serving, asked: Asking, users: Array, items: Array) -> dict[str, Array]:
    """What each channel of a merged list ranks the items (n, m) at; {} where nothing was merged."""
    if not hasattr(found.fitted, "channels"):
        return {}
    if len(users) != 1:
        blocks = [slice(start, start + BLOCK) for start in range(0, max(len(users), 1), BLOCK)]
        parts = [_channels(found, asked, users[some], items[some]) for some in blocks]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    known = _channels_of_one(found, asked, int(users[0]))
    return {name: np.where(items >= 0, ranks[np.maximum(items, 0)], 0) for name, ranks in known.items()}
