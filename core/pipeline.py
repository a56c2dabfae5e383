"""The recall pipeline: a frozen recipe goes in, a run comes out. Straight-line calls, no options of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .asking import Asking, asking, rules_of, world
from .audience import Audience
from .candidates import candidates, score_threshold
from .clock import Clock
from .context.rules import RuleEffect, effects, without_each
from .diversifying import diversified, pools_for, takes_part
from .errors import OutOfRangeError, UnknownNameError
from .idle import idle_choices
from .pools import Diversified
from .recipe import Recipe
from .score import Scorer
from .scoring import channels_of, space_users
from .select.threshold import Threshold
from .serving import needs_fitting, serving
from .types import Array, Candidates, Dataset, Interactions, Run, UserVectors, Vectors, readonly
from .vectors import embed_items

WHOLE = re.compile(r"-?[0-9]{1,18}")


def recall(
    recipe: Recipe,
    dataset: Dataset,
    users: Array | None = None,
    *,
    vectors: Vectors | None = None,
    audience: Audience | None = None,
) -> Run:
    """Rank the catalogue for users.

    users: (n,) user indices of the audience; None = everybody. vectors: the item vectors if already at hand, else they
    come from the cache, or are encoded now. audience: whom lists are made for; None = the users of the data set, with
    what its log holds of them. Raises OutOfRangeError where k exceeds the catalogue, InputError for a rule or a moment
    that cannot be read.
    """
    check(recipe, dataset)
    clock = Clock()
    if vectors is None:
        vectors = embed_items(recipe, dataset)
    clock.lap("vectors")
    asked, dataset = asking(recipe, dataset, audience), world(recipe, dataset)
    who = np.arange(asked.audience.log.n_users) if users is None else np.asarray(users, dtype=np.int64)
    embedded, pool, n_above = candidates(recipe, dataset, vectors, who, clock, asked)
    selected, steps = listed(recipe, dataset, vectors, who, pool, asked)
    clock.lap("select")
    brought = channels(recipe, dataset, vectors, who, selected, asked)
    if brought:
        clock.lap("channels")
    run = Run(
        recipe=recipe,
        dataset=dataset.name,
        fingerprint=dataset.fingerprint,
        model=vectors.model,
        users=embedded,
        pool=pool,
        selected=selected,
        n_above_threshold=n_above,
        best_score=np.fmax.reduce(pool.scores, axis=1) if pool.scores.shape[1] else np.full(len(who), np.nan),
        timings_ms=clock.done(),
        notices=(*vectors.notices, *_fit_notices(recipe, dataset, vectors), *idle_choices(recipe, dataset)),
        channels=brought,
        diversified=steps,
    )
    return run if not recipe.rules or len(who) != 1 else replace(run, rules=_effects(run, dataset, vectors, who, asked))


def _effects(run: Run, dataset: Dataset, content: Vectors, users: Array, asked: Asking) -> tuple[RuleEffect, ...]:
    """What the rules did to the one user's list: beside the list without each of them."""
    rules = rules_of(run.recipe, dataset.catalog)
    if rules is None:
        return ()
    without = [
        _only_list(run.recipe.replace(rules=text), dataset, content, users, asked) for text in without_each(rules)
    ]
    return effects(rules, _real(run.selected.items[0]), without)


def _only_list(recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, asked: Asking) -> Array:
    _, pool, _ = candidates(recipe, dataset, content, users, Clock(), asked)
    return _real(listed(recipe, dataset, content, users, pool, asked)[0].items[0])


def _real(items: Array) -> Array:
    return items[items >= 0]


def listed(
    recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, pool: Candidates, asked: Asking
) -> tuple[Candidates, Diversified | None]:
    """The lists made of the users' pools, and what diversifying did on the way, None where it took no part.

    What does not pass the threshold is no candidate for diversifying either. Where the threshold alone decides, all
    that pass are shown, and there is nothing to choose between.
    """
    rule, threshold = recipe.build("select"), score_threshold(recipe)
    if not takes_part(recipe):
        return rule(pool, recipe.k, threshold), None
    passing = pool if threshold is None else Threshold()(pool, recipe.k, threshold)
    steps = diversified(recipe, pools_for(recipe, dataset, content, users, passing, asked.audience.log), passing)
    return steps.lists, steps


def channels(
    recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, lists: Candidates, asked: Asking
) -> dict[str, Array]:
    """Which channels brought the items of the users' lists, as ``Run.channels``; {} where nothing was merged."""
    if not needs_fitting(recipe):
        return {}
    found = channels_of(serving(recipe, dataset, content), asked, users, lists.items)
    return {name: readonly(ranks) for name, ranks in found.items()}


def _fit_notices(recipe: Recipe, dataset: Dataset, content: Vectors) -> tuple[str, ...]:
    return serving(recipe, dataset, content).notices if needs_fitting(recipe) else ()


def check(recipe: Recipe, dataset: Dataset) -> None:
    """What only the data can tell: k and pool fit the catalogue. Raises OutOfRangeError."""
    n_items = len(dataset.catalog)
    for name in ("k", "pool"):
        value = getattr(recipe, name)
        if value > n_items:
            raise OutOfRangeError(name, value, f"between 1 and {n_items} (the catalogue)")


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


def placed_users(
    recipe: Recipe, dataset: Dataset, content: Vectors, users: Array, audience: Audience | None = None
) -> tuple[UserVectors, Array]:
    """Users (n,) as points of the space in which the strategy ranks, and the items that have a place there."""
    asked, dataset = asking(recipe, dataset, audience), world(recipe, dataset)
    if not needs_fitting(recipe):
        return space_users(recipe, None, content.values, content.unit, asked, users), content.values
    found = serving(recipe, dataset, content)
    space = content if found.vectors is None else found.vectors
    return space_users(recipe, found, content.values, space.unit, asked, users), space.values[found.placed]


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
