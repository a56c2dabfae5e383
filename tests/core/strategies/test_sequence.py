"""Sequence: three events by hand, and the slow way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.strategies import sequence
from core.strategies.matrices import liked_rows
from core.strategies.sequence import Sequence, follow_counts
from tests.core.strategies.likes import asking, likes, training


def test_three_events_by_hand() -> None:
    # tau 1: 0 -> 1 and 1 -> 2 count 1/2, 0 -> 2 counts 1/4; each n is 1, so everything is divided by 2 * 2.
    log = likes([[0, 1, 2]])
    fitted = Sequence(sequence_tau=1.0, sequence_back=0.3, sequence_half_life=0.0).fit(training(log, 4))
    scores = fitted.score(asking(likes([[0], [1], [2]]))) * 4
    expected = [[0, 0.5, 0.25, np.nan], [0.15, 0, 0.5, np.nan], [0.075, 0.15, 0, np.nan]]
    np.testing.assert_allclose(scores, expected, rtol=1e-6)


def test_the_asking_history_fades() -> None:
    fitted = Sequence(sequence_tau=1.0, sequence_back=0.0, sequence_half_life=1.0).fit(training(likes([[0, 1, 2]]), 3))
    scores = fitted.score(asking(likes([[0, 1]])))
    np.testing.assert_allclose(scores[0] * 4, [0, 0.25, 0.5 + 0.125], rtol=1e-6)


def test_without_order_users_who_liked_both_count() -> None:
    log = likes([[0, 1, 2], [0, 1], [2]], ordered=False)
    scores = Sequence().fit(training(log, 3)).score(asking(likes([[0]], ordered=False)))
    root = np.sqrt(2) + 1
    np.testing.assert_allclose(scores[0], [0, 2 / root**2, 1 / root**2], rtol=1e-5, atol=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=8), min_size=1, max_size=4).filter(any))
def test_equals_the_slow_way(histories: list[list[int]]) -> None:
    expected = np.zeros((5, 5))
    for history in histories:
        for place, item in enumerate(history):
            for gap, later in enumerate(history[place + 1 :], 1):
                expected[item, later] += 0.5 ** (gap / 3.0) if item != later else 0.0
    users, items, _ = liked_rows(likes(histories))
    np.testing.assert_allclose(follow_counts(users, items, 3.0, 5).toarray(), expected, rtol=1e-5)


def test_a_long_log_counts_the_near_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "MOST_PAIRS", 8)
    users, items, _ = liked_rows(likes([[0, 1, 2, 3]]))
    counted = follow_counts(users, items, 1.0, 4).toarray()
    assert counted[0, 2] == 0.25
    assert counted[0, 3] == 0.0
