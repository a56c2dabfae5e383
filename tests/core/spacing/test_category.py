"""Category spacing: by hand, against a slow loop, and its rules whatever comes in."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pools import Picks, Pools
from core.spacing.category import ALL, RAREST, CategorySpacing
from tests.small_pools import check_picks, pools_of, small_pools

A, B, C = [0], [1], [2]


def spaced(categories: list[list[int]], k: int = 99, **knobs: object) -> Picks:
    """Items 0, 1, 2 ... in that order, one pool."""
    pools = pools_of([list(range(len(categories)))], categories=categories)
    return CategorySpacing(**knobs)(pools, k)  # type: ignore[arg-type]


def test_a_third_in_a_row_has_to_wait() -> None:
    picks = spaced([A, A, A, B, A])
    assert picks.places.tolist() == [[0, 1, 3, 2, 4]]
    assert picks.barred.tolist() == [[False, False, True, False, False]]
    assert picks.cause.tolist() == [[-1, -1, 1, -1, -1]], "the last a in front of the gap"
    assert picks.penalty.tolist() == [[0, 0, 0, 0, 0]]


def test_one_of_two_neighbours() -> None:
    picks = spaced([A, A, B, B], spacing_most=1, spacing_window=2)
    assert picks.places.tolist() == [[0, 2, 1, 3]]
    assert picks.cause.tolist() == [[-1, 0, -1, -1]]


def test_where_nothing_fits_the_one_that_breaks_least_is_placed_and_marked() -> None:
    """After the first, both share a with it, and the second of them b as well."""
    picks = spaced([[0, 1], [0, 1], A], spacing_most=1, spacing_window=2)
    assert picks.places.tolist() == [[0, 2, 1]]
    assert picks.penalty.tolist() == [[0, 1, 1]], "the last one then stands beside another a"
    assert picks.cause.tolist() == [[-1, 2, 0]]


def test_the_quota_counts_in_the_whole_list() -> None:
    picks = spaced([A, B, A, C, A, B], 4, spacing_quota=1)
    assert picks.places.tolist() == [[0, 1, 3, 2]]
    assert picks.penalty[0, 2] == 1, "nothing else was left"
    assert picks.cause[0, 2] == -1, "no single one is to blame"
    assert picks.barred[0, 2]


def test_all_categories_count_or_only_the_rarest() -> None:
    """Two dramas, one of them a western: apart if all count, neighbours if a western is a western."""
    categories = [A, [0, 1], B, C]
    assert spaced(categories, spacing_most=1, spacing_window=2).places.tolist() == [[0, 2, 3, 1]]
    shown = [A, [0, 1], C, C, A]
    rarest = spaced(shown, spacing_most=1, spacing_window=2, spacing_counts=RAREST)
    assert rarest.places.tolist() == [[0, 1, 2, 4, 3]]


def test_items_without_a_category_always_fit() -> None:
    assert spaced([A, A, [], [], []], spacing_most=1, spacing_window=9).places.tolist() == [[0, 2, 3, 4, 1]]


def test_a_catalogue_without_categories_and_an_empty_pool_keep_their_order() -> None:
    assert CategorySpacing()(pools_of([[3, 1, -1]]), 3).places.tolist() == [[0, 1, -1]]
    assert CategorySpacing(spacing_counts=RAREST)(pools_of([[3, 1, -1]]), 3).places.tolist() == [[0, 1, -1]]
    assert CategorySpacing()(pools_of([[]]), 3).places.shape == (1, 0)


def test_more_than_sixty_four_categories() -> None:
    """Categories 0 and 70 are different bits of different words."""
    picks = spaced([[0], [70], [70], [0]], spacing_most=1, spacing_window=2)
    assert picks.places.tolist() == [[0, 1, 3, 2]]


def slow(pools: Pools, row: int, k: int, rule: CategorySpacing) -> list[int]:
    """The rules read aloud, one pool, all categories."""
    kinds = [set(np.flatnonzero(pools.mixes[item]).tolist()) for item in pools.items[row] if item >= 0]
    left, chosen = list(range(len(kinds))), list[int]()
    while left and len(chosen) < k:
        near = chosen[max(len(chosen) - rule.spacing_window + 1, 0) :]

        def broken(place: int, near: list[int] = near, chosen: list[int] = chosen) -> int:
            found = 0
            for kind in kinds[place]:
                found += sum(kind in kinds[other] for other in near) >= rule.spacing_most
                found += 0 < rule.spacing_quota <= sum(kind in kinds[other] for other in chosen)
            return found

        best = min(left, key=lambda place: (broken(place), place))
        left.remove(best)
        chosen.append(best)
    return chosen


@settings(max_examples=80, deadline=None)
@given(small_pools(), st.integers(1, 14), st.integers(1, 3), st.integers(2, 5), st.integers(0, 4))
def test_like_the_rules_read_aloud(pools: Pools, k: int, most: int, window: int, quota: int) -> None:
    rule = CategorySpacing(spacing_most=most, spacing_window=window, spacing_quota=quota)
    picks = rule(pools, k)
    check_picks(pools, picks, k)
    for row in range(len(pools)):
        chosen = [int(place) for place in picks.places[row] if place >= 0]
        assert chosen == slow(pools, row, k, rule)
        for end in range(len(chosen)):
            near = pools.mixes[pools.items[row, chosen[max(end - window + 1, 0) : end + 1]]] > 0
            own = pools.mixes[pools.items[row, chosen[end]]] > 0
            if picks.penalty[row, chosen[end]] == 0:
                assert (near.sum(axis=0)[own] <= most).all()
            cause = picks.cause[row, chosen[end]]
            if cause >= 0:
                assert picks.barred[row, chosen[end]]
                assert chosen.index(cause) < end
                assert (own & (pools.mixes[pools.items[row, cause]] > 0)).any()
        if quota:
            kept = [place for place in chosen if picks.penalty[row, place] == 0]
            assert (pools.mixes[pools.items[row, kept]] > 0).sum(axis=0).max(initial=0) <= quota


@given(small_pools(), st.integers(1, 14), st.sampled_from([ALL, RAREST]))
def test_as_many_as_the_window_is_long_is_no_rule(pools: Pools, k: int, counts: str) -> None:
    picks = CategorySpacing(spacing_most=4, spacing_window=4, spacing_counts=counts)(pools, k)
    assert not picks.barred.any()
    assert [p for p in picks.places[0] if p >= 0] == list(range(min(k, pools.counts[0])))
