"""A fitted strategy whose people are seen as a recipe's user model sees them, where that is not its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .asking import Asking
from .audience import Taste, UserModel
from .recipe import Recipe
from .registry import stage
from .scoring import LONG_TERM
from .select.interests import BEST, QUOTA, best_of, by_quota
from .select.scored import rank_scores
from .serving import Serving, has_space, needs_fitting
from .splits import Embedded, Fitted, HistorySide, People, positives
from .types import Array, UserVectors
from .users.placing import placed

DEPTH = 500
"""Places of a list that interests share among them; what comes after is no part of it."""


def with_user_model(recipe: Recipe, fitted: Fitted) -> Fitted:
    """The same strategy asked by way of the recipe's user model; itself where it has none or weighs histories so
    anyway."""
    return Modelled(fitted, recipe.build("users")) if plays_part(recipe) else fitted  # type: ignore[arg-type]


def plays_part(recipe: Recipe) -> bool:
    """Whether the user model changes what the fitted strategy would say by itself."""
    if not has_space(recipe) or not needs_fitting(recipe):
        return has_space(recipe) and any(name in recipe.to_flat(changed_only=True) for name in model_choices(recipe))
    return recipe.user_model != LONG_TERM


def model_choices(recipe: Recipe) -> tuple[str, ...]:
    """The names of the choices that make the recipe's user model."""
    return "user_model", *(spec.name for spec in stage("users").knobs(recipe.user_model))


@dataclass(frozen=True, slots=True)
class Portion:
    """What a user model makes of one history. liked: its liked items; used: those that weigh anything. latest: how many
    of the liked ones are the latest, latest_share: the part of the positive weight they carry. pushing: items that push
    away, pushed: with how much of that weight. shares: of the interests, the largest first."""

    liked: int
    used: int
    latest: int
    latest_share: float
    pushing: int
    pushed: float
    shares: tuple[float, ...]


def portion(
    recipe: Recipe, found: Serving | None, content: Array, asked: Asking, user: int, latest: int = 5
) -> Portion | None:
    """What the recipe's user model makes of a user (index) of an audience; None where the strategy weighs histories
    itself, or has no space. found: the fitted strategy, None for the item texts, whose vectors are ``content``."""
    if not has_space(recipe) or (needs_fitting(recipe) and recipe.user_model == LONG_TERM):
        return None
    users = np.array([user])
    if found is None or not needs_fitting(recipe):
        people, extra = asked.whole(users), asked.audience.extra
        vectors = content if extra is None else np.vstack((content, extra))
    else:
        people = asked.people(users)
        vectors = Modelled(found.fitted, None).side(people).vectors  # type: ignore[arg-type]
    log = people.histories
    (taste,) = recipe.build("users")(log, np.array([0]), vectors, asked.emphasis(log))
    return _portion(taste, positives(log), latest)


def _portion(taste: Taste, liked: Array, latest: int) -> Portion:
    line = taste.shares @ taste.weights if len(taste.shares) else np.zeros(len(liked))
    drawn = np.maximum(line, 0)
    last = np.flatnonzero(liked)[-latest:]
    return Portion(
        *(int(liked.sum()), int((line > 0).sum()), len(last), float(drawn[last].sum())),
        *(int((line < 0).sum()), float(-np.minimum(line, 0).sum()), tuple(taste.shares.tolist())),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Modelled:
    """An embedded strategy with a user model in place of its own user side."""

    fitted: Embedded
    model: UserModel

    def item_vectors(self) -> Array:
        """(n_items, d) float32, those of the strategy."""
        return self.fitted.item_vectors()

    def user_vectors(self, people: People) -> UserVectors:
        """(n_people, d); of length 1 where the strategy's own ones are."""
        side, rows = self.side(people), np.arange(len(people))
        unit = bool(getattr(self.fitted, "unit", False))
        made = placed(self.model, people.histories, rows, side, unit=unit)
        return UserVectors(people.users, made.values, made.known, made.has_history, made.interests)

    def score(self, people: People) -> Array:
        """(n_people, n_items) float32. People with several interests: an item's score by the nearest of them; where
        interests share out places, the first ``DEPTH`` unknown items in that order, the last one at 1, NaN for others.
        """
        users, items = self.user_vectors(people), self.item_vectors()
        scores = (users.values @ items.T).astype(np.float32)
        if users.interests is None:
            return scores
        several, owners = np.unique(users.interests.owners, return_inverse=True)
        own = users.interests.values @ items.T
        if getattr(self.model, "merge_interests", BEST) != QUOTA:
            scores[several] = best_of(own, owners, len(several))
        else:
            scores[several] = _shared_out(own, owners, users.interests.shares, people.take(several))
        return scores

    def side(self, people: People) -> HistorySide:
        """What the histories are made of: the strategy's own, or its item vectors where it is not linear."""
        linear: Any = self.fitted
        if hasattr(linear, "history_side"):
            side: HistorySide = linear.history_side(people)
            return side
        return HistorySide.plain(np.nan_to_num(self.item_vectors()))


def _shared_out(scores: Array, owners: Array, shares: Array, people: People) -> Array:
    """(n_people, n_items) float32 from the scores (q, n_items) of interests, owners (q,) ascending."""
    own = scores.astype(np.float32)
    for row, owner in enumerate(owners):
        own[row, people.histories.items[people.histories.history(int(owner))]] = np.nan
    lists, _ = rank_scores(own, DEPTH)
    found = by_quota(lists, owners, shares, len(people), DEPTH)
    out = np.full((len(people), scores.shape[1]), np.nan, dtype=np.float32)
    rows, places = np.nonzero(found.items >= 0)
    out[rows, found.items[rows, places]] = DEPTH - places
    return out
