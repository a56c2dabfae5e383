"""Popularity, counted by hand."""

from __future__ import annotations

import numpy as np

from core.strategies.popularity import Popularity
from core.strategies.recent_popularity import RecentPopularity
from tests.core.strategies.likes import asking, likes, training

LOG = [[0, 1, 0], [1], []]


def test_users_are_counted_once() -> None:
    log = likes(LOG)
    scores = Popularity().fit(training(log, 3)).score(asking(log))
    np.testing.assert_array_equal(scores, [[1, 2, np.nan]] * 3)


def test_recent_likes_count_more() -> None:
    # The last event is on day 20: user 0 liked item 0 on days 0 and 20 (the latest counts), item 1 on day 10.
    log = likes(LOG, days=[[0, 10, 20], [0], []])
    scores = RecentPopularity(recent_half_life=10).fit(training(log, 3)).score(asking(log))
    np.testing.assert_allclose(scores, [[1, 0.5 + 0.25, np.nan]] * 3)


def test_without_times_it_is_plain() -> None:
    log = likes(LOG)
    recent = RecentPopularity().fit(training(log, 3)).score(asking(log))
    np.testing.assert_array_equal(recent, Popularity().fit(training(log, 3)).score(asking(log)))


def test_a_very_old_like_is_still_a_like() -> None:
    log = likes([[0], [1]], days=[[0], [20_000]])
    scores = RecentPopularity(recent_half_life=5).fit(training(log, 2)).score(asking(log))
    assert (scores > 0).all()
