"""The learned merger in small worlds: it finds out which channel is right, and says nothing where it cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from core.splits import MERGED_DEPTH, Training, everybody
from core.strategies import learned_sources
from core.strategies.fusion_learned import FEWEST_LABELS, FusionLearned, _fitted, _held_back
from core.strategies.fusion_score import FusionScore
from core.strategies.learned_sources import sources_for, standardised_at
from core.strategies.merging import standardised
from core.types import Array, Catalog, Interactions, readonly
from tests.core.strategies.test_fusion import Fixed
from tests.worlds import vectors_of

N_USERS, N_ITEMS, LENGTH = 40, 60, 20
QUICK: dict[str, Any] = {"learned_rounds": 20, "learned_models": 2, "learned_candidates": 40}
TWO = "popularity=1, recent-popularity=1"


def world(length: int = LENGTH, *, timed: bool = True) -> Training:
    """Every user likes ``length`` items drawn at random: nothing but a channel can tell the next ones."""
    rng = np.random.default_rng(1)
    items = np.concatenate([rng.permutation(N_ITEMS)[:length] for _ in range(N_USERS)])
    log = Interactions(
        user_ids=readonly(np.arange(N_USERS)),
        indptr=readonly(np.arange(N_USERS + 1) * length),
        items=readonly(items.astype(np.int32)),
        weights=readonly(np.where(np.arange(len(items)) % 7 == 6, 1, 5).astype(np.float32)),
        times=readonly(10**9 + 86_400 * np.arange(len(items))) if timed else None,
        positive_from=4.0,
    )
    titles = np.array([f"Item {item}" for item in range(N_ITEMS)], dtype=object)
    years = np.array([str(1950 + item) for item in range(N_ITEMS)], dtype=object)
    catalog = Catalog(readonly(np.arange(N_ITEMS)), titles, ((),) * N_ITEMS, {"title": titles, "year": years})
    vectors = vectors_of(rng.normal(size=(N_ITEMS, 4)))
    return Training(catalog, log, vectors, vectors.values, readonly(np.ones(N_ITEMS, dtype=bool)), seed=3)


@dataclass(frozen=True)
class Prophet:
    """Knows what will be liked, by the user: items that she will like get 1, all others 0; or the opposite of it."""

    liked: Array
    sign: float

    def score(self, people: Any) -> Array:
        noise = 0.3 * np.sin(np.arange(self.liked.shape[1]))
        return (self.sign * self.liked[people.users] + noise).astype(np.float32)


@pytest.fixture
def prophets(monkeypatch: pytest.MonkeyPatch) -> Training:
    """Two channels: one right, and one wrong, so that their plain sum knows nothing."""
    training = world()
    log = training.interactions
    liked = np.zeros((N_USERS, N_ITEMS))
    liked[np.repeat(np.arange(N_USERS), LENGTH), log.items] = log.weights >= 4

    def channels(given: Mapping[str, float], _: Training) -> dict[str, Prophet]:
        return dict(zip(given, (Prophet(liked, 1.0), Prophet(liked, -1.0)), strict=True))

    monkeypatch.setattr("core.strategies.merging.fit_channels", channels)
    monkeypatch.setattr(learned_sources, "_views", lambda _: {})
    return training


def test_it_learns_which_of_two_channels_is_right(prophets: Training) -> None:
    """The wrong channel has twice the weight. What was held back comes first once the trees have seen some labels."""
    channels = "popularity=1, recent-popularity=2"
    split = _held_back(prophets)[0]
    wanted = np.zeros((N_USERS, N_ITEMS), dtype=bool)
    wanted[split.relevant.pairs()] = True

    def found(fitted: Any) -> float:
        scores = np.array(fitted.score(split.people))
        scores[split.hidden.pairs()] = -np.inf
        best = np.argsort(-scores, axis=1)[:, :2]
        return float(np.take_along_axis(wanted, best, axis=1).mean())

    learned = FusionLearned(fusion_channels=channels, **(QUICK | {"learned_candidates": N_ITEMS})).fit(prophets)
    assert learned.forests is not None
    assert found(learned) > 0.9
    assert found(FusionScore(fusion_channels=channels).fit(prophets)) < 0.1


def test_too_few_labels_give_the_plain_sum() -> None:
    """12 items each, 10 liked: two held back for each of 40 users, 80 labels at most."""
    training = world(12)
    split = _held_back(training)[0]
    assert split.relevant.counts.sum() < FEWEST_LABELS
    fitted = FusionLearned(fusion_channels=TWO, **QUICK).fit(training)
    assert fitted.forests is None
    people = everybody(training.interactions)
    plain = FusionScore(fusion_channels=TWO).fit(training)
    np.testing.assert_array_equal(fitted.score(people), plain.score(people))
    items = np.array([[3, -1]]).repeat(N_USERS, axis=0)
    for name, ranks in plain.channels(people, items).items():
        np.testing.assert_array_equal(fitted.channels(people, items)[name], ranks)


def test_same_seed_same_scores_and_ranks_of_channels() -> None:
    training = world()
    people = everybody(training.interactions)
    one, other = (FusionLearned(fusion_channels=TWO, **QUICK).fit(training) for _ in range(2))
    assert one.forests is not None
    scores = one.score(people)
    np.testing.assert_array_equal(scores, other.score(people))
    different = FusionLearned(fusion_channels=TWO, **QUICK).fit(replace(training, seed=4))
    assert (different.score(people) != scores).any()
    ranks = one.channels(people, np.tile(np.arange(N_ITEMS), (N_USERS, 1)))
    assert set(ranks) == {"popularity", "recent-popularity"}
    for user, found in enumerate(ranks["popularity"]):
        history = training.interactions.items[training.interactions.history(user)]
        assert not found[history].any()
        assert sorted(found[found > 0]) == list(range(1, min(MERGED_DEPTH, N_ITEMS - LENGTH) + 1))


def test_all_other_items_follow_in_the_order_of_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first 30 of the sum stand above 0, the rest at 0 and below, and those in its order."""
    monkeypatch.setattr("core.strategies.fusion_learned.FEWEST_LABELS", 20)
    training = world()
    people = everybody(training.interactions)
    fitted = FusionLearned(fusion_channels=TWO, **(QUICK | {"learned_candidates": 30})).fit(training)
    total = fitted.sources.total(people).astype(np.float64)
    total[np.repeat(np.arange(N_USERS), LENGTH), training.interactions.items] = -np.inf
    scores = fitted.score(people)
    for sums, given in zip(total, scores, strict=True):
        order = np.argsort(-sums, kind="stable")[: N_ITEMS - LENGTH]
        assert ((given[order[:30]] > 0) & (given[order[:30]] < 1)).all()
        assert (given[order[30:]] <= 0).all()
        assert (np.diff(given[order[30:]]) <= 1e-6).all()


def test_labels_are_in_no_count_and_no_channel() -> None:
    """What was held back has no rows in the log that channels and counts are made from."""
    training = world()
    split, sources = next(_fitted(training, TWO, _held_back(training)))
    rows, items = split.relevant.pairs()
    log = split.train
    kept = set(zip(np.repeat(np.arange(N_USERS), np.diff(log.indptr)), log.items, strict=True))
    assert not kept & set(zip(split.people.users[rows], items, strict=True))
    again = sources_for(replace(training, interactions=log), TWO)
    for name, values in again.signals.items.items():
        np.testing.assert_array_equal(sources.signals.items[name], values)


def test_a_log_without_times_is_learned_from() -> None:
    training = world(timed=False)
    fitted = FusionLearned(fusion_channels=TWO, **QUICK).fit(training)
    assert fitted.forests is not None
    assert np.isfinite(fitted.score(everybody(training.interactions))).all()


def test_fixed_channels_are_ranked_as_given() -> None:
    """The channels' own ranks do not depend on what was learned."""
    training = world()
    fitted = FusionLearned(fusion_channels=TWO, **QUICK).fit(training)
    row = tuple(float(item) for item in range(N_ITEMS))
    parts = replace(fitted.sources.parts, fitted={"popularity": Fixed(row), "recent-popularity": Fixed(row[::-1])})
    swapped = replace(fitted, sources=replace(fitted.sources, parts=parts))
    people = everybody(training.interactions).take(np.array([0]))
    free = np.setdiff1d(np.arange(N_ITEMS), people.histories.items)
    ranks = swapped.channels(people, np.array([[free[-1], free[0]]]))
    assert ranks["popularity"].tolist() == [[1, len(free)]]
    assert ranks["recent-popularity"].tolist() == [[len(free), 1]]


@pytest.mark.parametrize("among", [np.ones(N_ITEMS, dtype=bool), np.arange(N_ITEMS) % 3 > 0])
def test_standardised_at_some_places_is_the_same(among: Array) -> None:
    people = everybody(world().interactions)
    scores = np.random.default_rng(0).normal(5, 2, size=(N_USERS, N_ITEMS)).astype(np.float32)
    scores[3, :30] = np.nan
    scores[4] = 7.7
    places = np.random.default_rng(1).integers(0, N_ITEMS, size=(N_USERS, 9))
    expected = np.take_along_axis(standardised(scores, people, among), places, axis=1)
    np.testing.assert_allclose(standardised_at(scores, people, among, places), expected, rtol=1e-3, atol=1e-5)


def test_it_tells_how_far_it_is() -> None:
    """One cut (fitted, looked at), two models, everything: five steps, none left at the end."""
    told: list[tuple[int, int, float]] = []
    FusionLearned(fusion_channels=TWO, **QUICK).fit_watched(world(), lambda *step: told.append(step))
    assert [(done, total) for done, total, _ in told] == [(step, 5) for step in range(1, 6)]
    assert told[0][2] > 0
    assert told[-1][2] == 0
