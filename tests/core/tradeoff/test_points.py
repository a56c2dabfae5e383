"""What many points say together: the front, the proposal, and which changes are real."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tradeoff.knee import knee
from core.tradeoff.points import corrected, pareto
from tests.core.tradeoff.tastes import point

values = st.sampled_from([0.1, 0.2, 0.3, 0.4])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(values, values, st.sampled_from([5, 10])), max_size=12))
def test_the_front_is_what_no_other_beats_at_the_same_k(drawn: list[tuple[float, float, int]]) -> None:
    points = [point(0.0, ndcg, ild, k=k) for ndcg, ild, k in drawn]

    def beaten(one: tuple[float, float, int]) -> bool:
        return any(
            other[2] == one[2] and other[0] >= one[0] and other[1] >= one[1] and other[:2] != one[:2] for other in drawn
        )

    assert pareto(points).tolist() == [not beaten(one) for one in drawn]


def test_undefined_points_are_never_on_the_front() -> None:
    assert pareto([point(0, 0.5, math.nan), point(0.5, 0.4, 0.2)]).tolist() == [False, True]
    assert pareto([]).tolist() == []


def test_the_bend_is_farthest_above_the_straight_line() -> None:
    """Scaled gains 0, .5, .75, 1 and what is kept 1, .9, .5, 0: above the line by 0, .4, .25, 0."""
    curve = [point(0, 1.0, 0.2), point(0.3, 0.96, 0.4), point(0.6, 0.8, 0.5), point(1, 0.6, 0.6, p=0.001)]
    found = knee(curve[::-1], "mmr", 10)
    assert found is not None
    assert found.point is curve[1]
    assert found.bend is curve[1]
    assert found.distance == pytest.approx(0.4)
    assert found.free is curve[2]
    assert (found.ndcg_share, found.ild_share) == pytest.approx((-0.04, 1.0))
    assert (found.ndcg_of_loss, found.ild_of_gain) == pytest.approx((0.1, 0.5))
    assert found.n_points == 4


def test_a_measurable_loss_pulls_the_proposal_back() -> None:
    curve = [
        point(0, 1.0, 0.2),
        point(0.1, 1.0, 0.25, p=0.5),
        point(0.3, 0.96, 0.4, p=0.01),
        point(0.6, 0.8, 0.5, p=0.3),
        point(1, 0.6, 0.6, p=0.001),
    ]
    found = knee(curve, "mmr", 10)
    assert found is not None
    assert found.bend is curve[2]
    assert found.free is found.point is curve[1]


def test_a_curve_that_loses_nothing_has_no_bend_and_may_go_all_the_way() -> None:
    curve = [point(step / 4, 1.0 + step / 100, 0.2 + step / 10) for step in range(5)]
    found = knee(curve, "mmr", 10)
    assert found is not None
    assert found.bend is None
    assert found.point is found.free is curve[4]


def test_no_proposal_without_a_curve() -> None:
    curve = [point(0, 1.0, 0.2), point(0.3, 0.96, 0.4), point(1, 0.6, 0.6)]
    assert knee(curve, "mmr", 10) is None
    whole = [*curve, point(0.5, 0.9, 0.5)]
    assert knee(whole, "dpp", 10) is None
    assert knee([*whole[1:], point(0.7, 0.8, 0.5)], "mmr", 10) is None
    assert knee([point(step / 4, 1 - step / 9, 0.2) for step in range(5)], "mmr", 10) is None
    sagging = [point(step / 4, 1 - step, 0.1 + (step / 4) ** 3, p=0.001 if step else 1.0) for step in range(5)]
    assert knee(sagging, "mmr", 10) is None


def test_a_change_is_real_after_correction_over_its_curve() -> None:
    curve = [point(0, 1.0, 0.2), *(point(step / 10, 0.9, 0.3, p=0.02) for step in range(1, 4))]
    assert [one.real for one in corrected(curve)] == [False] * 4
    other = [*curve, point(0.5, 0.9, 0.3, p=0.02, k=20), point(0.5, 0.9, 0.3, p=0.03, method="dpp")]
    assert [one.real for one in corrected(other)] == [False] * 4 + [True, True]
    assert [one.place for one in corrected(other)] == [one.place for one in other]
