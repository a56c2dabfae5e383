"""What every strategy of the folder must keep, whoever wrote it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from core.errors import InputError
from core.registry import knobs_of, stage
from core.splits import People, Training, everybody, owners
from core.types import Catalog, Interactions, readonly, unit_rows
from core.users.weighing import Asked
from core.users.weighted_mean import WeightedMean
from tests.worlds import vectors_of

SMALL: dict[str, Any] = {
    "als_factors": 4,
    "als_rounds": 3,
    "bpr_factors": 4,
    "bpr_rounds": 3,
    "tower_epochs": 2,
    "tower_dim": 8,
    "tower_dimension": 8,
}
"""Knobs that make a strategy quick, where it has them."""
N_USERS, N_ITEMS, SILENT, EMPTY = 14, 24, 23, 13
"""Item SILENT is liked by nobody, user EMPTY has done nothing."""


def small(key: str) -> Any:
    """A strategy with knobs for tests."""
    cls = stage("strategies").get(key)
    return cls(**{spec.name: SMALL[spec.name] for spec in knobs_of(cls) if spec.name in SMALL})


KEYS = stage("strategies").names()
each = pytest.mark.parametrize("key", KEYS)
embedded = pytest.mark.parametrize("key", [key for key in KEYS if stage("strategies").get(key).embedded])


def log(weight: float = 5.0, *, timed: bool = True, ordered: bool = True) -> Interactions:
    """Two tastes that overlap a little; a user's likes come in an order of her own, one in five is a dislike."""
    rng = np.random.default_rng(3)
    items = [rng.permutation(np.arange(u % 2 * 10, u % 2 * 10 + 12))[:8] for u in range(EMPTY)] + [np.zeros(0, int)]
    flat = np.concatenate(items)
    weights = np.where(np.arange(len(flat)) % 5 == 4, 1.0, weight)
    return Interactions(
        user_ids=readonly(np.arange(N_USERS)),
        indptr=readonly(np.concatenate(([0], np.cumsum([len(row) for row in items]))).astype(np.int64)),
        items=readonly(flat.astype(np.int32)),
        weights=readonly(weights.astype(np.float32)),
        times=readonly(10**9 + 86_400 * np.arange(len(flat))) if timed else None,
        ordered=ordered,
        positive_from=4.0,
    )


def world(interactions: Interactions) -> Training:
    """The same catalogue each time: two categories, vectors that lean with them."""
    rng = np.random.default_rng(0)
    titles = np.array([f"Item {item} ({1980 + item})" for item in range(N_ITEMS)], dtype=object)
    categories = tuple((("Low", "Middle")[item > 5], "High")[item > 11 :][:1] for item in range(N_ITEMS))
    catalog = Catalog(readonly(np.arange(N_ITEMS)), titles, categories, {"title": titles, "category": titles})
    vectors = vectors_of(rng.normal(size=(N_ITEMS, 6)) + 2 * np.eye(6)[np.arange(N_ITEMS) // 12])
    known = readonly(np.ones(N_ITEMS, dtype=bool))
    return Training(catalog, interactions, vectors, vectors.values, known, seed=5)


@pytest.fixture(scope="module")
def fitted() -> Any:
    """Strategy key -> what it learned from the ordinary log, fitted when first asked for."""
    found: dict[str, Any] = {}

    def of(key: str) -> Any:
        if key not in found:
            found[key] = small(key).fit(world(log()))
        return found[key]

    return of


def test_the_classics_are_there() -> None:
    classics = {"popularity", "recent-popularity", "item-knn", "als", "bpr", "ease", "ease-features", "sequence"}
    assert classics <= set(KEYS)


@each
def test_is_a_described_frozen_dataclass(key: str) -> None:
    cls = stage("strategies").get(key)
    assert dataclasses.is_dataclass(cls)
    assert cls.label
    assert cls.__doc__
    assert isinstance(cls.embedded, bool)


@each
def test_scores_have_a_shape_and_only_nan_for_no_opinion(key: str, fitted: Any) -> None:
    scores = fitted(key).score(everybody(log()))
    assert scores.shape == (N_USERS, N_ITEMS)
    assert scores.dtype == np.float32
    assert not np.isinf(scores).any()
    assert np.isfinite(scores[:EMPTY, :SILENT]).any(axis=1).all()


@each
def test_one_batch_equals_many(key: str, fitted: Any) -> None:
    people = everybody(log())
    whole = fitted(key).score(people)
    for rows in (np.array([4]), np.array([7, 2, EMPTY]), np.arange(5, 12)):
        np.testing.assert_allclose(fitted(key).score(people.take(rows)), whole[rows], rtol=1e-4, atol=1e-5)
    nobody = people.take(np.zeros(0, dtype=np.int64))
    assert fitted(key).score(nobody).shape == (0, N_ITEMS)


@each
def test_same_seed_same_scores(key: str, fitted: Any) -> None:
    people = everybody(log())
    again = small(key).fit(world(log())).score(people)
    np.testing.assert_array_equal(again, fitted(key).score(people))


@each
def test_folded_in_people_are_scored(key: str, fitted: Any) -> None:
    people = everybody(log()).take(np.array([0, 1, 2]))
    swapped = People(people.users, everybody(log()).take(np.array([1, EMPTY, 0])).histories)
    scores = fitted(key).score(swapped)
    assert scores.shape == (3, N_ITEMS)
    assert np.isfinite(scores[[0, 2]]).any(axis=1).all()


@each
@pytest.mark.parametrize(("timed", "ordered"), [(False, True), (False, False)])
def test_logs_without_times_or_order_are_learned_from(key: str, timed: bool, ordered: bool) -> None:
    interactions = log(timed=timed, ordered=ordered)
    scores = small(key).fit(world(interactions)).score(everybody(interactions))
    assert np.isfinite(scores[:EMPTY, :SILENT]).any()


@each
def test_nothing_liked_is_one_sentence_or_no_opinion(key: str) -> None:
    interactions = log(weight=2.0)
    said, scores = "", np.full(1, np.nan)
    try:
        scores = small(key).fit(world(interactions)).score(everybody(interactions))
    except InputError as error:
        said = str(error)
    assert "\n" not in said
    assert np.isnan(scores).all()


@each
def test_nothing_given_is_changed(key: str) -> None:
    training = world(log())
    arrays = [training.text, training.vectors.values, training.known]
    arrays += [training.interactions.items, training.interactions.weights, training.interactions.indptr]
    before = [array.copy() for array in arrays]
    strategy = small(key)
    result = strategy.fit(training)
    people = everybody(training.interactions)
    first = result.score(people).copy()
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    np.testing.assert_array_equal(result.score(people), first)
    assert strategy == small(key)


@embedded
def test_a_history_side_is_what_users_are_made_of(key: str, fitted: Any) -> None:
    people = everybody(log())
    if not hasattr(fitted(key), "history_side"):
        assert key in ("als", "bpr"), "these solve for each user, which is not linear in the history"
        return
    side = fitted(key).history_side(people)
    weights = (
        WeightedMean().row_weights(Asked.of(people.histories, np.arange(N_USERS), None))
        if side.weights is None
        else side.weights
    )
    owner = owners(people.histories)
    sums = np.zeros((len(people), side.vectors.shape[1]))
    np.add.at(sums, owner, weights[:, None] * side.vectors[people.histories.items])
    users = fitted(key).user_vectors(people)
    made = (sums + side.offset)[users.known]
    made = made if side.weights is not None else unit_rows(made)
    np.testing.assert_allclose(made, users.values[users.known], atol=1e-5)
    if side.totals is not None:
        np.testing.assert_allclose(side.totals, np.bincount(owner, weights, minlength=len(people)))


@embedded
def test_score_is_the_dot_product(key: str, fitted: Any) -> None:
    people = everybody(log())
    users, items = fitted(key).user_vectors(people), fitted(key).item_vectors()
    assert users.values.dtype == items.dtype == np.float32
    assert users.users.tolist() == people.users.tolist()
    assert not users.known[EMPTY]
    assert not users.has_history[EMPTY]
    assert np.isnan(users.values[~users.known]).all()
    assert np.isfinite(users.values[users.known]).all()
    np.testing.assert_allclose(fitted(key).score(people), users.values @ items.T, rtol=1e-5, atol=1e-6)
