"""Whom a trade-off is measured on: users whose last likes are held back, each with a deep pool of candidates.

A pool is made once for a strategy and its ranking; every setting of K, pool, diversity, spacing, exploration and
threshold is cut from it. The protocol is "warm" with its default settings, as on the page Evaluate.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

import numpy as np

from ..candidates import Allowed, score_pool
from ..diversifying import likeness_vectors, log_popularity, wanted_mixes
from ..errors import IntegrityError
from ..evaluate.judge import batches, candidates_of, world_of
from ..evaluate.run import splits_of
from ..evaluate.types import Plan
from ..kept_fits import code_digest, learning_code
from ..metrics.judged import World
from ..modelled import model_choices, plays_part, with_user_model
from ..recipe import Recipe
from ..registry import stage
from ..select.scored import rank_scores
from ..serving import fitting, has_space, is_quick, needs_fitting, text_vectors
from ..splits import Fitted, HistorySide, Split, Training
from ..store.paths import cache_dir
from ..store.prune import prune
from ..store.sealed import read_sealed, write_sealed
from ..types import Affine, Array, Candidates, Catalog, Dataset, UserVectors, Vectors, readonly, unit_rows
from ..users.placing import placed

PROTOCOL = "warm"
DEPTH = 500
"""Candidates kept for each user."""
MOST = 6_000
"""Test users at most: more are drawn from. Enough for narrow intervals, few enough for a slider."""
KEPT = 3
"""Populations kept in memory."""
MOST_KEPT, MOST_BYTES = 40, 500_000_000
"""Files of populations in the folder, and their size together."""
QUICK_CELLS = 40_000_000
"""Up to so many scores, ranking everybody is a matter of moments."""
KIND = "population"
RANKING = (
    *("users", "score", "select", "evaluate", "candidates.py", "scoring.py", "serving.py", "modelled.py"),
    "tradeoff/population.py",
)
"""Code that decides a pool, besides what decides what is learned: another version of it makes pools anew."""
Progress = Callable[[int, int, float | None], None]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Population:
    """n test users, what is known of them, what they liked afterwards, and their candidates.

    split: of the protocol; ``split.relevant`` is what was held back. world: what metrics compare lists with.
    pool: (n, <= DEPTH), ranked as the recipe ranks: by its metric and user model where the strategy has a space,
    else by the strategy's own scores. What a user had already and what cannot be recommended is no candidate.
    vectors: (n_items, d) float32 unit rows in which likeness is measured. wanted: (n, n_categories) float32, the mix of
    what each user liked before. popularity: (n_items,) float32 in [0, 1], in training. key: 32 hex digits over all that
    decides the pool. notices: how the numbers must be read, and what was repaired.
    """

    split: Split
    world: World
    pool: Candidates
    vectors: Array
    wanted: Array
    popularity: Array
    catalog: Catalog
    key: str
    notices: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.split.people)


@dataclass(frozen=True, slots=True, eq=False)
class _Deep:
    """What is expensive: pools, and the strategy's own item vectors (n_items, d), unit rows, where it has some."""

    pool: Candidates
    space: Array | None
    notices: tuple[str, ...] = ()


def population(recipe: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None = None) -> Population:
    """The population of a recipe: from memory, from disk, or made now, and kept where making it takes long.

    content: the item-text vectors as the recipe ranks them. progress: steps of fitting done, of, seconds left.
    Raises InputError where nobody can be tested or nothing can be learned.
    """
    shape = ranking(recipe)
    deep = _DEEP.get(shape, dataset, content, progress)
    return _population(shape, recipe.diversity_space, dataset, content, deep)


def ready(recipe: Recipe, dataset: Dataset, content: Vectors) -> bool:
    """Whether ``population`` answers within moments: quick to make, or made before and kept."""
    shape = ranking(recipe)
    return (
        _is_quick(recipe, dataset)
        or _DEEP.holds(shape, dataset, content)
        or _path(key_of(recipe, dataset, content)).is_file()
    )


def ranking(recipe: Recipe) -> Recipe:
    """The same choices where they shape the pools, defaults elsewhere: equal ones share a population."""
    flat, names = recipe.to_flat(), {"normalize"}
    if has_space(recipe):
        names |= {"metric", *(spec.name for spec in stage("score").knobs(recipe.metric))}
    if plays_part(recipe):
        names |= set(model_choices(recipe))
    # The protocol says what is known when, and it cuts the log as it was written.
    shape = fitting(recipe.replace(as_of="", events=Recipe.default_of("events")))
    return Recipe.from_flat(shape.to_flat() | {name: flat[name] for name in names})


def key_of(recipe: Recipe, dataset: Dataset, content: Vectors) -> str:
    """32 hex digits over everything that decides the pools."""
    code = DEPTH, MOST, learning_code(), ranking_code()
    parts = [*code, repr(ranking(recipe)), dataset.fingerprint, content.fingerprint]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


@cache
def ranking_code() -> str:
    """16 hex digits over the code of RANKING."""
    return code_digest(RANKING)


@lru_cache(maxsize=KEPT)
def _population(shape: Recipe, space: str, dataset: Dataset, content: Vectors, deep: _Deep) -> Population:
    split, said = _cut(dataset, shape.seed)
    own = space == "ranked" and deep.space is not None
    return Population(
        split=split,
        world=_world(shape.embedding(), dataset),
        pool=deep.pool,
        vectors=deep.space if own else likeness_vectors(shape.replace(diversity_space=space), dataset, content),  # type: ignore[arg-type]
        wanted=wanted_mixes(split.people.histories, dataset.catalog),
        popularity=log_popularity(split.train, len(dataset.catalog)),
        catalog=dataset.catalog,
        key=key_of(shape, dataset, content),
        notices=(*said, *deep.notices),
    )


@lru_cache(maxsize=KEPT)
def _cut(dataset: Dataset, seed: int) -> tuple[Split, tuple[str, ...]]:
    (split, *_), said = splits_of(Plan((), PROTOCOL, seed), dataset)
    n = len(split.people)
    if n <= MOST:
        return split, said
    rows = np.sort(np.random.default_rng(seed).choice(n, MOST, replace=False))
    some = replace(
        split, people=split.people.take(rows), relevant=split.relevant.take(rows), hidden=split.hidden.take(rows)
    )
    return some, (*said, f"{MOST:,} of the {n:,} test users were drawn at random, so that figures follow a slider.")


@lru_cache(maxsize=KEPT)
def _world(shape: Recipe, dataset: Dataset) -> World:
    return world_of(_cut(dataset, shape.seed)[0], dataset.catalog, text_vectors(shape, dataset))


class _DeepPools:
    """Pools in memory and on disk; progress is no part of the key, so this is no lru_cache."""

    def __init__(self) -> None:
        self._held: dict[tuple[Recipe, Dataset, Vectors], _Deep] = {}
        self._lock = Lock()

    def holds(self, *key: object) -> bool:
        return key in self._held

    def get(self, shape: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None) -> _Deep:
        held = shape, dataset, content
        found = self._held.get(held) or _deep(shape, dataset, content, progress)
        with self._lock:
            found = self._held.pop(held, found)  # another thread may have been faster: all share one
            self._held[held] = found  # the one used last goes last
            while len(self._held) > KEPT:
                del self._held[next(iter(self._held))]
        return found


_DEEP = _DeepPools()


def _deep(shape: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None) -> _Deep:
    if _is_quick(shape, dataset):
        return _made(shape, dataset, content, progress)
    key, said = key_of(shape, dataset, content), list[str]()
    try:
        arrays, _ = read_sealed(_path(key), {"kind": KIND, "key": key})
        return _Deep(Candidates(arrays["items"], arrays["scores"]), arrays.get("space"))
    except FileNotFoundError:
        pass
    except (IntegrityError, KeyError) as error:
        said.append(f"Kept candidates could not be used and are made again: {error}.")
    made = _made(shape, dataset, content, progress)
    arrays = {"items": made.pool.items, "scores": made.pool.scores}
    if made.space is not None:
        arrays["space"] = made.space
    try:
        write_sealed(_path(key), arrays, {"kind": KIND, "key": key})
        prune(_path(key).parent, "*.safetensors", MOST_KEPT, MOST_BYTES)
    except OSError as error:
        said.append(f"Candidates could not be kept ({error.strerror or error}) and will be made again next time.")
    return _Deep(made.pool, made.space, tuple(said))


def _made(shape: Recipe, dataset: Dataset, content: Vectors, progress: Progress | None) -> _Deep:
    split, _ = _cut(dataset, shape.seed)
    if not needs_fitting(shape):
        model = shape.build("users")
        side, rows = HistorySide.plain(content.values), np.arange(len(split.people))
        users = placed(model, split.people.histories, rows, side, unit=content.unit)
        return _Deep(_in_space(shape, split, content, users, np.zeros(0, dtype=np.int64)), None)
    fitted = with_user_model(shape, _fitted(shape, split, dataset, content, progress))
    if not has_space(shape):
        return _Deep(_by_own_scores(fitted, split), None)
    space, users, nowhere = _own_space(fitted, split, shape.normalize)
    return _Deep(_in_space(shape, split, space, users, nowhere), readonly(unit_rows(space.values)))


def _fitted(shape: Recipe, split: Split, dataset: Dataset, content: Vectors, progress: Progress | None) -> Fitted:
    training = Training(
        dataset.catalog, split.train, content, text_vectors(shape, dataset), split.known, split.task, shape.seed
    )
    strategy = shape.build("strategies")
    watched = progress is not None and hasattr(strategy, "fit_watched")
    fitted: Fitted = strategy.fit_watched(training, progress) if watched else strategy.fit(training)
    return fitted


def _own_space(fitted: Fitted, split: Split, unit: bool) -> tuple[Vectors, UserVectors, Array]:
    """The strategy's items and users as points, scaled as ``core.serving`` does, and the items without a place."""
    raw = fitted.item_vectors()  # type: ignore[attr-defined]
    placed = np.isfinite(raw).all(axis=1)
    values = np.where(placed[:, None], raw, 0).astype(np.float32)
    users: UserVectors = fitted.user_vectors(split.people)  # type: ignore[attr-defined]
    points, interests = users.values, users.interests
    if unit:
        values = unit_rows(values)
        points = np.where(users.known[:, None], unit_rows(np.nan_to_num(points)), np.nan).astype(np.float32)
        interests = None if interests is None else replace(interests, values=readonly(unit_rows(interests.values)))
    space = Vectors(readonly(values), unit, Affine(), "own", "fp32", "")
    return space, UserVectors(users.users, points, users.known, users.has_history, interests), np.flatnonzero(~placed)


def _in_space(shape: Recipe, split: Split, space: Vectors, users: UserVectors, nowhere: Array) -> Candidates:
    """Ranked by the recipe's metric. nowhere: items without a place. Users without one get no candidates."""
    allowed = Allowed(split.hidden.pairs(), np.union1d(np.flatnonzero(~split.rankable), nowhere))
    found, _ = score_pool(shape.replace(pool=DEPTH), space, users, allowed)
    return Candidates(readonly(found.items), readonly(found.scores))


def _by_own_scores(fitted: Fitted, split: Split) -> Candidates:
    parts = [
        rank_scores(candidates_of(fitted, split, rows), DEPTH)[0]
        for rows in batches(len(split.people), len(split.known))
    ]
    items, scores = (np.concatenate([getattr(part, name) for part in parts]) for name in ("items", "scores"))
    return Candidates(readonly(items), readonly(scores))


def _is_quick(recipe: Recipe, dataset: Dataset) -> bool:
    cells = min(dataset.interactions.n_users, MOST) * len(dataset.catalog)
    return cells <= QUICK_CELLS and (not needs_fitting(recipe) or is_quick(recipe, dataset))


def _path(key: str) -> Path:
    return cache_dir() / "tradeoffs" / f"{key}.safetensors"
