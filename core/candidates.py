"""The candidates of users: ranked in a space by the recipe's metric, or by a strategy's own scores; rules included."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .asking import Asking, not_there_yet, rules_of
from .clock import Clock
from .recipe import Recipe
from .registry import stage
from .score import Scorer
from .scoring import own_scores, space_users, spread_of, with_bonus
from .select.interests import BEST, QUOTA, best_of, by_quota
from .select.pool import Index, build_index, rank
from .select.scored import rank_scores
from .serving import BLOCK, needs_fitting, scale_of, serving
from .types import Array, Candidates, Dataset, UserVectors, Vectors

_NOTHING = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """What stands between a score and a list. pairs: (row, item) that a user is not shown, rows ascending. out:
    (n_out,) items that nobody is shown. bonus: (n_items,) float64 of rules, in standard deviations of each user's
    scores; None where no rule adds anything."""

    pairs: tuple[Array, Array]
    out: Array
    bonus: Array | None = None

    def hidden(self, start: int, stop: int) -> tuple[Array, Array]:
        """(row, item) of all that the rows from start to stop are not shown, counted from start."""
        here = slice(*np.searchsorted(self.pairs[0], (start, stop)))
        n = stop - start
        return (
            np.append(self.pairs[0][here] - start, np.repeat(np.arange(n), len(self.out))),
            np.append(self.pairs[1][here], np.tile(self.out, n)),
        )


def candidates(
    recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, clock: Clock, asked: Asking
) -> tuple[UserVectors, Candidates, Array]:
    """The users (n,) as the strategy sees them, each one's candidates, and how many pass the threshold.

    content: the item-text vectors, which other strategies learn from. dataset: the world as it is at that moment.
    """
    fitted = serving(recipe, dataset, content) if needs_fitting(recipe) else None
    if fitted is not None:
        clock.lap("fit")
    if fitted is None or fitted.vectors is not None:
        space = content if fitted is None or fitted.vectors is None else fitted.vectors
        embedded = space_users(recipe, fitted, content.values, space.unit, asked, users)
        clock.lap("users")
        allowed = allowance(recipe, dataset, asked, users, None if fitted is None else ~fitted.placed)
        found = (embedded, *score_pool(recipe, space, embedded, allowed))
    else:
        allowed = allowance(recipe, dataset, asked, users, None)
        size, n = min(recipe.pool_size, len(dataset.catalog)), len(users)
        rows, items = allowed.hidden(0, n)
        order = np.argsort(rows, kind="stable")
        hidden = rows[order], items[order]
        found = own_scores(fitted, asked, users, hidden, size, score_threshold(recipe), allowed.bonus)
    clock.lap("score")
    return found


def allowance(recipe: Recipe, dataset: Dataset, asked: Asking, users: Array, nowhere: Array | None) -> Allowed:
    """What the users (n,) are not shown, and what rules add. nowhere: (n_items,) bool, items without a place."""
    out = np.zeros(len(dataset.catalog), dtype=bool) if nowhere is None else nowhere.copy()
    later, rules = not_there_yet(recipe, dataset), rules_of(recipe, dataset.catalog)
    if later is not None:
        out |= later
    if rules is not None:
        out |= ~rules.allowed
    bonus = rules.bonus if rules is not None and rules.bonus.any() else None
    return Allowed(asked.hidden(users, seen=recipe.exclude_seen), np.flatnonzero(out), bonus)


def score_threshold(recipe: Recipe) -> float | None:
    """The recipe's threshold as a score, rounded as scores are (float32), or None where it plays no part."""
    if recipe.threshold is None or "threshold" not in stage("select").get(recipe.select).uses:
        return None
    return float(np.float32(scale_of(recipe).from_native(recipe.threshold)))


def score_pool(recipe: Recipe, space: Vectors, users: UserVectors, allowed: Allowed) -> tuple[Candidates, Array]:
    """Each user's candidates, best first, and how many of the catalogue pass the threshold.

    A user without a vector has no candidates: an empty list, not a list for the zero vector.
    """
    n, known = len(users.users), np.flatnonzero(users.known)
    size = min(recipe.pool_size, len(space.values))
    items, scores = np.full((n, size), -1, dtype=np.int32), np.full((n, size), np.nan)
    n_above = np.zeros(n, dtype=np.int64)
    whole = allowed.bonus is not None or users.interests is not None
    index = None if whole else index_for(space, recipe.build("score"))
    for start in range(0, n, BLOCK):
        some = known[(known >= start) & (known < start + BLOCK)]
        if not len(some):
            continue
        rows, barred = allowed.hidden(start, min(start + BLOCK, n))
        place = np.full(min(start + BLOCK, n) - start, -1)
        place[some - start] = np.arange(len(some))
        kept = place[rows] >= 0
        hidden = place[rows][kept], barred[kept]
        if index is None:
            pool, above = _by_all_scores(recipe, space, users, some, hidden, allowed.bonus, size)
        else:
            pool, above = rank(index, users.values[some], size, hidden, score_threshold(recipe))
        items[some], scores[some], n_above[some] = pool.items, pool.scores, above
    return Candidates(items, scores), n_above


def _by_all_scores(
    recipe: Recipe,
    space: Vectors,
    users: UserVectors,
    some: Array,
    hidden: tuple[Array, Array],
    bonus: Array | None,
    size: int,
) -> tuple[Candidates, Array]:
    """The same from the whole matrix of scores, where rules or several interests change them."""
    scores, owners, shares = interest_scores(recipe, space, users, some)
    best = best_of(scores, owners, len(some))
    extra = 0.0 if bonus is None else bonus[None, :] * spread_of(best)[:, None]
    best = with_bonus(best, bonus)
    best[hidden] = np.nan
    pool, above = rank_scores(best, size, score_threshold(recipe))
    if getattr(recipe.build("users"), "merge_interests", BEST) != QUOTA or len(owners) == len(some):
        return pool, above
    own = np.where(np.isnan(best[owners]), np.nan, scores + (0.0 if bonus is None else np.asarray(extra)[owners]))
    lists, _ = rank_scores(own.astype(np.float32), size)
    return by_quota(lists, owners, shares, len(some), size), above


def interest_scores(recipe: Recipe, space: Vectors, users: UserVectors, some: Array) -> tuple[Array, Array, Array]:
    """The score of every item by each interest of some rows (n,) of users; one without several has one.

    -> scores (q, n_items) float32, owners (q,) places within ``some``, shares (q,)
    """
    vectors, owners, shares = [], [], []
    given = users.interests
    for place, row in enumerate(some):
        mine = np.empty(0, dtype=np.int64) if given is None else np.flatnonzero(given.owners == row)
        if given is None or not len(mine):
            vectors.append(users.values[[row]])
            shares.append(np.ones(1))
        else:
            vectors.append(given.values[mine])
            shares.append(given.shares[mine])
        owners.append(np.full(max(len(mine), 1), place))
    scorer: Scorer = recipe.build("score")
    scores = np.asarray(scorer(np.concatenate(vectors), space.values), dtype=np.float32)
    return scores, np.concatenate(owners), np.concatenate(shares)


@lru_cache(maxsize=4)
def index_for(vectors: Vectors, scorer: Scorer) -> Index:
    """The item vectors made ready for one scorer; kept, since a slider step should not pay for it again."""
    return build_index(scorer, vectors.values)


def nearest_to(recipe: Recipe, vectors: Vectors, queries: Array, size: int) -> Candidates:
    """The items nearest to any vectors (n, d) of the space, a phrase say; nothing is hidden."""
    pool, _ = rank(index_for(vectors, recipe.build("score")), queries, size, _NOTHING, None)
    return pool
