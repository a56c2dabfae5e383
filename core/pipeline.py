"""The recall pipeline: a frozen recipe goes in, a run comes out. Straight-line calls, no options of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from time import perf_counter
from typing import Any

import numpy as np

from .diversifying import diversified, pools_for, takes_part
from .errors import OutOfRangeError, UnknownNameError
from .pools import Diversified
from .recipe import Recipe
from .registry import stage
from .score import Scorer
from .select.pool import Index, build_index, rank
from .select.threshold import Threshold
from .serving import BLOCK, channels_of, has_space, needs_fitting, own_scores, own_users, scale_of, serving
from .types import Array, Candidates, Dataset, Interactions, Run, UserVectors, Vectors, readonly
from .vectors import embed_items

WHOLE = re.compile(r"-?[0-9]{1,18}")


def recall(recipe: Recipe, dataset: Dataset, users: Array | None = None, *, vectors: Vectors | None = None) -> Run:
    """Rank the catalogue for users.

    users: (n,) user indices; None = everybody. vectors: the item vectors if already at hand, else they come from
    the cache, or are encoded now. Raises OutOfRangeError where k exceeds the catalogue.
    """
    check(recipe, dataset)
    clock = Clock()
    if vectors is None:
        vectors = embed_items(recipe, dataset)
    clock.lap("vectors")
    asked = np.arange(dataset.interactions.n_users) if users is None else np.asarray(users, dtype=np.int64)
    embedded, pool, n_above = candidates(recipe, dataset, vectors, asked, clock)
    selected, steps = listed(recipe, dataset, vectors, asked, pool)
    clock.lap("select")
    brought = channels(recipe, dataset, vectors, asked, selected)
    if brought:
        clock.lap("channels")
    return Run(
        recipe=recipe,
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        model=vectors.model,
        users=embedded,
        pool=pool,
        selected=selected,
        n_above_threshold=n_above,
        best_score=pool.scores[:, 0] if pool.scores.shape[1] else np.full(len(asked), np.nan),
        timings_ms=clock.done(),
        notices=(*vectors.notices, *_fit_notices(recipe, dataset, vectors), *_idle_choices(recipe, dataset)),
        channels=brought,
        diversified=steps,
    )


def listed(
    recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, pool: Candidates
) -> tuple[Candidates, Diversified | None]:
    """The lists made of the users' pools, and what diversifying did on the way, None where it took no part.

    What does not pass the threshold is no candidate for diversifying either. Where the threshold alone decides, all
    that pass are shown, and there is nothing to choose between.
    """
    rule, threshold = recipe.build("select"), score_threshold(recipe)
    if not takes_part(recipe):
        return rule(pool, recipe.k, threshold), None
    passing = pool if threshold is None else Threshold()(pool, recipe.k, threshold)
    steps = diversified(recipe, pools_for(recipe, dataset, content, users, passing), passing)
    return steps.lists, steps


def candidates(
    recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, clock: Clock
) -> tuple[UserVectors, Candidates, Array]:
    """The users (n,) as the strategy sees them, each one's candidates, and how many pass the threshold.

    content: the item-text vectors, which other strategies learn from.
    """
    if not needs_fitting(recipe):
        embedded = embed_users(recipe, dataset, content, users)
        clock.lap("users")
        found = (embedded, *score_pool(recipe, dataset, content, embedded))
        clock.lap("score")
        return found
    fitted = serving(recipe, dataset, content)
    clock.lap("fit")
    if fitted.vectors is not None:
        embedded = own_users(fitted, dataset, users)
        clock.lap("users")
        found = (embedded, *score_pool(recipe, dataset, fitted.vectors, embedded, ~fitted.placed))
    else:
        hidden = seen_pairs(dataset.interactions, users) if recipe.exclude_seen else _NOTHING
        size = min(recipe.pool_size, len(dataset.catalog))
        found = own_scores(fitted, dataset, users, hidden, size, score_threshold(recipe))
    clock.lap("score")
    return found


def channels(recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, lists: Candidates) -> dict[str, Array]:
    """Which channels brought the items of the users' lists, as ``Run.channels``; {} where nothing was merged."""
    if not needs_fitting(recipe):
        return {}
    found = channels_of(serving(recipe, dataset, content), dataset, users, lists.items)
    return {name: readonly(ranks) for name, ranks in found.items()}


def _fit_notices(recipe: Recipe, dataset: Dataset, content: Vectors) -> tuple[str, ...]:
    return serving(recipe, dataset, content).notices if needs_fitting(recipe) else ()


def _idle_choices(recipe: Recipe, dataset: Dataset) -> tuple[str, ...]:
    """Choices that were made and play no part: said, not swallowed."""
    said = []
    if recipe.threshold is not None and "threshold" not in stage("select").get(recipe.select).uses:
        said.append(f"the threshold {recipe.threshold:g} plays no part with select={recipe.select}: use select=both")
    if not has_space(recipe) and recipe.metric != Recipe.default_of("metric"):
        said.append(f"the metric {recipe.metric} plays no part: {recipe.strategy} ranks by its own scores")
    if recipe.rearranges and not takes_part(recipe):
        said.append(f"diversity plays no part with select={recipe.select}: all that pass are shown; use select=both")
    elif recipe.rearranges and recipe.pool == recipe.k and recipe.exploration == "none":
        said.append(f"the pool holds {recipe.pool} for a list of {recipe.k}: diversity can only change their order")
    by_category = stage("diversify").get(recipe.diversify).against == "category"
    asked = {"diversify": recipe.diversity > 0 and by_category, "spacing": recipe.spacing == "category"}
    if any(asked.values()) and not any(dataset.catalog.categories):
        said += [
            f"{name}={getattr(recipe, name)} plays no part: the items of {dataset.name} have no categories"
            for name, is_asked in asked.items()
            if is_asked
        ]
    if dataset.interactions.times is None:
        chosen = dict(recipe.options)
        said += [
            f"{spec.name} {chosen[spec.name]} plays no part: the interactions of {dataset.name} have no times"
            for spec in recipe.option_knobs()
            if spec.needs == "times" and chosen[spec.name] != spec.default
        ]
    return tuple(said)


def check(recipe: Recipe, dataset: Dataset) -> None:
    """What only the data can tell: k and pool fit the catalogue. Raises OutOfRangeError."""
    n_items = len(dataset.catalog)
    for name in ("k", "pool"):
        value = getattr(recipe, name)
        if value > n_items:
            raise OutOfRangeError(name, value, f"between 1 and {n_items} (the catalogue)")


def embed_users(recipe: Recipe, dataset: Dataset, vectors: Vectors, users: Array) -> UserVectors:
    """The vectors of some users (n,) in the space of the items."""
    model = recipe.build("users")
    found: UserVectors = model(dataset.interactions, vectors.values, users, unit=vectors.unit)
    return found


def score_threshold(recipe: Recipe) -> float | None:
    """The recipe's threshold as a score, rounded as scores are (float32), or None where it plays no part."""
    if recipe.threshold is None or "threshold" not in stage("select").get(recipe.select).uses:
        return None
    return float(np.float32(scale_of(recipe).from_native(recipe.threshold)))


def score_pool(
    recipe: Recipe, dataset: Dataset, vectors: Vectors, users: UserVectors, nowhere: Array | None = None
) -> tuple[Candidates, Array]:
    """Each user's candidates, best first, and how many of the catalogue pass the threshold.

    nowhere: (n_items,) bool, items without a place in the space: never recommended. A user without a vector has no
    candidates: an empty list, not a list for the zero vector.
    """
    n, known = len(users.users), np.flatnonzero(users.known)
    size = min(recipe.pool_size, len(dataset.catalog))
    items, scores = np.full((n, size), -1, dtype=np.int32), np.full((n, size), np.nan)
    n_above = np.zeros(n, dtype=np.int64)
    index, threshold = index_for(vectors, recipe.build("score")), score_threshold(recipe)
    out = np.zeros(0, dtype=np.int64) if nowhere is None else np.flatnonzero(nowhere)
    for start in range(0, len(known), BLOCK):
        some = known[start : start + BLOCK]
        hidden = seen_pairs(dataset.interactions, users.users[some]) if recipe.exclude_seen else _NOTHING
        hidden = (
            np.append(hidden[0], np.repeat(np.arange(len(some)), len(out))),
            np.append(hidden[1], np.tile(out, len(some))),
        )
        pool, above = rank(index, users.values[some], size, hidden, threshold)
        items[some], scores[some], n_above[some] = pool.items, pool.scores, above
    return Candidates(items, scores), n_above


_NOTHING = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def seen_pairs(interactions: Interactions, users: Array) -> tuple[Array, Array]:
    """(row, item) of everything each user already has; row counts along ``users``."""
    starts, stops = interactions.indptr[users], interactions.indptr[users + 1]
    lengths = stops - starts
    rows = np.repeat(np.arange(len(users)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, interactions.items[np.repeat(starts, lengths) + within]


@lru_cache(maxsize=4)
def index_for(vectors: Vectors, scorer: Scorer) -> Index:
    """The item vectors made ready for one scorer; kept, since a slider step should not pay for it again."""
    return build_index(scorer, vectors.values)


RANGE_SAMPLE = 300


def score_range(recipe: Recipe, dataset: Dataset, vectors: Vectors) -> tuple[float, float]:
    """Lowest and highest value of the metric's own unit: by its formula on unit vectors, else as users really have it.

    vectors: the item-text vectors. Only for strategies with a space. On raw lengths what is possible lies far outside
    of what occurs, so the range is that of up to RANGE_SAMPLE users, evenly spread over the log, against all items.
    """
    scorer: Scorer = recipe.build("score")
    if vectors.unit:
        return scorer.bounds(1.0)
    log = dataset.interactions
    some = np.unique(np.linspace(0, max(log.n_users - 1, 0), min(RANGE_SAMPLE, log.n_users)).astype(np.int64))
    users, space = placed_users(recipe, dataset, vectors, some)
    if not users.known.any():
        return scorer.bounds(1.0)
    values = scorer.native(scorer(users.values[users.known], space))
    return float(values.min()), float(values.max())


def placed_users(recipe: Recipe, dataset: Dataset, content: Vectors, users: Array) -> tuple[UserVectors, Array]:
    """Users (n,) as points of the space in which the strategy ranks, and the items that have a place there."""
    if not needs_fitting(recipe):
        return embed_users(recipe, dataset, content, users), content.values
    found = serving(recipe, dataset, content)
    space = content if found.vectors is None else found.vectors
    return own_users(found, dataset, users), space.values[found.placed]


def nearest_to(recipe: Recipe, vectors: Vectors, queries: Array, size: int) -> Candidates:
    """The items nearest to any vectors (n, d) of the space, a phrase say; nothing is hidden."""
    pool, _ = rank(index_for(vectors, recipe.build("score")), queries, size, _NOTHING, None)
    return pool


def scores_for(recipe: Recipe, vectors: Vectors, user: Array) -> Array:
    """The score of every item for one user vector (d,) -> (n_items,) float32."""
    return np.asarray(recipe.build("score")(user[None, :], vectors.values)[0], dtype=np.float32)


def user_indices(interactions: Interactions, ids: Sequence[Any]) -> Array:
    """User ids, as numbers or strings, -> user indices (n,). Raises UnknownNameError naming the first unknown one."""
    known = interactions.user_ids
    out = np.empty(len(ids), dtype=np.int64)
    for position, raw in enumerate(ids):
        given = _as_id(raw, known)
        place = -1 if given is None else int(np.searchsorted(known, given))
        if not 0 <= place < len(known) or known[place] != given:
            raise UnknownNameError("user", raw, known)
        out[position] = place
    return out


def _as_id(raw: Any, known: Array) -> Any:
    if known.dtype.kind not in "iu":
        return str(raw)
    text = str(raw).strip()
    return int(text) if WHOLE.fullmatch(text) else None


class Clock:
    """Laps in milliseconds, by name."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Close the lap that began at the last one."""
        now = perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 3)
        self._last = now

    def done(self) -> dict[str, float]:
        """All laps and their total."""
        return {**self._laps, "total": round((perf_counter() - self._start) * 1000, 3)}
