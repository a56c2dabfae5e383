"""What would be without an item, or with one more, is what a run made again says."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.explain import standing
from core.explain.attribution import attribute
from core.explain.certainty import rank_interval
from core.explain.counterfactual import additions, removals
from core.explain.directions import interests
from core.explain.evidence import evidence
from core.explain.histories import liked_weight, whole
from core.explain.lift import lifts, lifts_of, together
from core.explain.said import facts
from core.explain.smallest import smallest_set
from core.explain.sources import case_of
from core.recipe import Recipe
from core.registry import stage
from core.types import Array, Dataset, Interactions, Vectors, readonly
from tests.core.explain.lives import CHANNELS, N_ITEMS, again, content_of, life, recipe_of, whole_list

LIFE = life()
STRATEGIES = ("content", "ease", "item-knn", "sequence", "content-nearest", "user-knn", "als", "bpr", "popularity",
              "content-ridge", "two-tower", "fusion-score", "fusion-rank")  # fmt: skip


def check_removals(recipe: Recipe, dataset: Dataset, content: Vectors, user: int) -> None:
    items, _ = whole_list(recipe, dataset, content, user)
    if len(items) < 3:
        return
    target = items[2]
    found = removals(recipe, dataset, content, user, target)
    assert (found.base_rank, len(found.rank)) == (
        3,
        len(dataset.interactions.items[dataset.interactions.history(user)]),
    )
    for row, item in enumerate(found.sources.items.tolist()):
        rank, score = again(recipe, dataset, content, user, target, [item])
        assert found.rank[row] == rank
        np.testing.assert_allclose(found.score[row], score, atol=2e-6)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_as_made_again(strategy: str) -> None:
    recipe = recipe_of(strategy=strategy, fusion_channels=CHANNELS)
    check_removals(recipe, LIFE, content_of(LIFE), 3)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(("cosine", "dot", "euclidean")),
    st.booleans(),
    st.sampled_from(stage("users").names()),
    st.sampled_from((0.0, 30.0)),
)
def test_any_world_and_user_model_as_made_again(
    seed: int, metric: str, normalize: bool, model: str, half_life: float
) -> None:
    dataset = life(seed, twice=seed % 2 == 1)
    recipe = recipe_of(metric=metric, normalize=normalize, user_model=model, half_life=half_life)
    check_removals(recipe, dataset, content_of(dataset, unit=normalize), 0)


def test_interests_are_held_in_a_long_history_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each interest is the mean of the rows that are left of it; an item counts by the nearest."""
    monkeypatch.setattr(standing, "ANEW", 0)
    assert LIFE.own_vectors is not None
    lean = np.where(np.arange(N_ITEMS)[:, None] % 2, np.eye(5)[0], np.eye(5)[1]).astype(np.float32)
    parted = replace(LIFE, own_vectors=readonly(0.2 * LIFE.own_vectors + lean), fingerprint="2" * 16)
    content, recipe = content_of(parted), recipe_of(user_model="interests")
    case = case_of(recipe, parted, content, 5)
    lines = interests(case, whole(case.history))
    assert lines is not None
    assert lines.shares is not None
    target = whole_list(recipe, parted, content, 5)[0][1]
    found = removals(recipe, parted, content, 5, target)
    assert found.note == "interests-held"
    for row in range(len(found.rank)):
        left = lines.weights * (np.arange(len(found.rank)) != row)
        best = [cosine(line @ lines.vectors, content.values[target]) for line in left if line.any()]
        assert found.score[row] == pytest.approx(max(best), abs=1e-6)
    assert standing.stand(case, target, whole(case.history)).ranks[0] == found.base_rank == 2


def test_rules_and_the_context_count_without_an_item_as_well() -> None:
    check_removals(recipe_of(rules="boost category=odd 0.5", window=60), LIFE, content_of(LIFE), 4)


def with_likes(log: Interactions, user: int, items: list[int]) -> Interactions:
    """The log with likes of one user after all others."""
    at = int(log.indptr[user + 1])
    n, latest = len(items), int(np.asarray(log.times)[log.history(user)].max()) + 1
    indptr = log.indptr.copy()
    indptr[user + 1 :] += n
    return Interactions(
        log.user_ids, readonly(indptr), readonly(np.insert(log.items, at, items)),
        readonly(np.insert(log.weights, at, np.full(n, liked_weight(log)))),
        readonly(np.insert(np.asarray(log.times), at, np.full(n, latest))), log.ordered, log.positive_from,
    )  # fmt: skip


def rank_with(recipe: Recipe, content: Vectors, user: int, target: int, item: int) -> int:
    items, _ = whole_list(recipe, LIFE, content, user, with_likes(LIFE.interactions, user, [item]))
    return items.index(target) + 1


def fresh(user: int, target: int) -> list[int]:
    """What the user does not have, but for the target."""
    own = LIFE.interactions.items[LIFE.interactions.history(user)]
    return [item for item in range(N_ITEMS) if item not in own and item != target]


@pytest.mark.parametrize("strategy", ["content", "ease", "fusion-score"])
def test_one_more_like_as_made_again(strategy: str) -> None:
    content, recipe = content_of(LIFE), recipe_of(strategy=strategy, fusion_channels=CHANNELS)
    items, _ = whole_list(recipe, LIFE, content, 3)
    others = fresh(3, items[-1])
    found = additions(recipe, LIFE, content, 3, items[-1], np.array(others))
    assert found.rank.tolist() == [rank_with(recipe, content, 3, items[-1], item) for item in others]
    assert found.base_rank == len(items)


@pytest.mark.parametrize("strategy", ["content", "ease", "item-knn", "bpr"])
def test_lifts_are_the_best_of_all_likes(strategy: str) -> None:
    content, recipe = content_of(LIFE), recipe_of(strategy=strategy)
    items, _ = whole_list(recipe, LIFE, content, 3)
    target, k = items[-2], 6
    found = lifts(recipe, LIFE, content, 3, target, k, most=3)
    ranks = sorted(rank_with(recipe, content, 3, target, item) for item in fresh(3, target))
    assert [one.rank for one in found] == [rank for rank in ranks if rank <= k][:3]
    assert [rank_with(recipe, content, 3, target, one.item) for one in found] == [one.rank for one in found]
    assert lifts(recipe, LIFE, content, 3, items[0], k) == ()


def test_several_likes_where_one_is_not_enough() -> None:
    content, recipe = content_of(LIFE), recipe_of()
    items, _ = whole_list(recipe, LIFE, content, 3)
    case = case_of(recipe, LIFE, content, 3)
    found = together(case, items[-1], 1)
    assert found
    log = with_likes(LIFE.interactions, 3, [one.item for one in found])
    made, _ = whole_list(recipe, LIFE, content, 3, log)
    assert made.index(items[-1]) + 1 == found[-1].rank
    assert found[0].rank == min(rank_with(recipe, content, 3, items[-1], item) for item in fresh(3, items[-1]))
    assert lifts_of(case, items[-1], N_ITEMS) == ()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.sampled_from(("content", "item-knn")))
def test_the_smallest_set_is_the_smallest(seed: int, k: int, strategy: str) -> None:
    dataset = life(seed)
    content, recipe = content_of(dataset), recipe_of(strategy=strategy)
    items, _ = whole_list(recipe, dataset, content, 2)
    if not items:
        return
    found = smallest_set(recipe, dataset, content, 2, items[0], k)
    own = sorted(set(dataset.interactions.items[dataset.interactions.history(2)].tolist()))
    assert found is not None
    assert found.proven
    rank, _ = again(recipe, dataset, content, 2, items[0], list(found.items))
    assert found.rank_after == rank
    assert rank == 0 or rank > k
    if len(found.items) <= 3:
        for smaller in combinations(own, len(found.items) - 1):
            assert 0 < again(recipe, dataset, content, 2, items[0], list(smaller))[0] <= k


def test_nothing_has_to_go_where_an_item_is_not_in_the_list() -> None:
    content, recipe = content_of(LIFE), recipe_of()
    items, _ = whole_list(recipe, LIFE, content, 2)
    found = smallest_set(recipe, LIFE, content, 2, items[-1], 1)
    assert found is not None
    assert (found.items, found.rank_after, found.proven) == ((), len(items), True)
    assert smallest_set(recipe_of(strategy="popularity"), LIFE, content, 2, items[0], N_ITEMS) is None


def test_a_rank_has_an_interval_that_a_seed_repeats() -> None:
    content, recipe = content_of(LIFE), recipe_of(k=4)
    items, _ = whole_list(recipe, LIFE, content, 2)
    one, other = (rank_interval(recipe, LIFE, content, 2, items[0], draws=60, seed=5) for _ in range(2))
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.draws, other.draws)
    assert 1 <= one.low <= one.median <= one.high <= len(items)
    assert one.in_top_k == pytest.approx(((one.draws > 0) & (one.draws <= 4)).mean())
    popular = recipe_of(strategy="popularity")
    first, _ = whole_list(popular, LIFE, content, 2)
    sure = rank_interval(popular, LIFE, content, 2, first[0], draws=9)
    assert sure is not None
    assert (sure.low, sure.high, sure.in_top_k) == (1, 1, 1.0)


def cosine(a: Array, b: Array) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def test_evidence_and_facts_are_what_can_be_counted() -> None:
    content, recipe = content_of(LIFE), recipe_of(strategy="fusion-score", fusion_channels=CHANNELS)
    items, _ = whole_list(recipe, LIFE, content, 2)
    found = evidence(recipe, LIFE, content, 2, items[0])
    liked = LIFE.interactions.liked(2)
    likeness = {int(item): cosine(content.values[item], content.values[items[0]]) for item in liked}
    assert [one.item for one in found.nearest] == sorted(likeness, key=lambda item: -likeness[item])[:3]
    assert found.nearest[0].similarity == pytest.approx(max(likeness.values()), abs=1e-6)
    assert all((set(one.categories) == {"odd"}) == (one.item % 2 == items[0] % 2 == 1) for one in found.nearest)
    assert 0 < found.popularity < 1
    assert found.liked_by == sum(items[0] in LIFE.interactions.liked(user) for user in range(12))
    said = attribute(recipe, LIFE, content, 2, np.array(items))
    told = facts(said, items[0], "Item", removals=removals(recipe, LIFE, content, 2, items[0]), evidence=found)
    assert told.rank == 1
    assert [one.value for one in told.leading] == sorted((one.value for one in told.leading), reverse=True)
    assert sum(one.share for one in told.leading) <= 1 + 1e-9
    assert told.decisive is None or told.decisive.rank_without != 1
