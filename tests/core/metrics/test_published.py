"""Figures that trec_eval's Python interface, RecTools and ranx publish for worked examples of theirs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.core.metrics.lists import judged_lists, value


def test_pytrec_eval_readme() -> None:
    """pytrec_eval README: two queries, documents 1, 2, 3 ranked 3 1 2 and 1 3 2; ndcg and map of the whole list."""
    judged = judged_lists([[3, 1, 2], [1, 3, 2]], [[2], [2, 3]], 4)
    assert value("ndcg", judged, 3)[:, 0] == pytest.approx([0.5, 0.6934264036172708])
    assert value("map", judged, 3)[:, 0] == pytest.approx([1 / 3, 0.5833333333333333])


def test_pytrec_eval_ndcg_cut() -> None:
    """pytrec_eval tests/pytrec_eval_tests.py, test_ndcg and test_ndcg_cut: the hit at place 3, 1 and 2."""
    judged = judged_lists([[3, 1, 2], [2, 3, 1], [1, 2, 3]], [[2]] * 3, 4)
    assert value("ndcg", judged, 1, 2, 3) == pytest.approx(
        np.array([[0, 0, 0.5], [1, 1, 1], [0, 0.6309297535714575, 0.6309297535714575]])
    )


def test_ranx_readme() -> None:
    """ranx README, "Evaluate": map@5 .6416 and mrr .75 over two queries (its ndcg there has graded gains)."""
    judged = judged_lists([[12, 23, 25, 36, 32, 35], [12, 11, 25, 36, 22, 35]], [[12, 25], [11, 22]], 40)
    assert value("map", judged, 5).mean() == pytest.approx(0.6416, abs=1e-4)
    assert value("mrr", judged, 6).mean() == pytest.approx(0.75)


RECTOOLS = ([[7, 8], [1, 2], [1, 2, 3, 4], [1, 2, 3]], [[1, 2], [1], [1, 3, 4], [1, 2, 3]])


def test_rectools_map() -> None:
    """RecTools MAP docstring. Its divisor is |relevant| (last two at K = 1: 1/3), ours min(K, |relevant|)."""
    judged = judged_lists(*RECTOOLS, 9)
    assert value("map", judged, 1)[:, 0] == pytest.approx(np.array([0, 1, 0.33333333, 0.33333333]) * [1, 1, 3, 3])
    assert value("map", judged, 3)[:, 0] == pytest.approx([0, 1, 0.55555556, 1])


def test_rectools_ndcg() -> None:
    """RecTools NDCG docstring. Its ideal list has K hits always: user two's .46927873 is 1 / 2.13092975 of ours."""
    judged = judged_lists(*RECTOOLS, 9)
    assert value("ndcg", judged, 1)[:, 0] == pytest.approx([0, 1, 1, 1])
    ours = value("ndcg", judged, 3)[:, 0]
    assert ours[[0, 2, 3]] == pytest.approx([0, 0.70391809, 1])
    assert ours[1] / 2.13092975 == pytest.approx(0.46927873)


def test_rectools_novelty() -> None:
    """RecTools MeanInvUserFreq docstring: items 1, 2, 3 known to 3, 1 and no one of three users."""
    judged = judged_lists([[3], [2, 3], [1, 2]], [[1]] * 3, 4, popularity=[0, 3, 1, 0], n_train_users=3)
    assert value("novelty", judged, 1)[:, 0] == pytest.approx([1.5849625, 1.5849625, 0])
    assert value("novelty", judged, 2)[:, 0] == pytest.approx([1.5849625, 1.5849625, 0.79248125])


def test_rectools_popularity() -> None:
    """RecTools AvgRecPopularity docstring: items 1, 2, 3 rated 3, 2 and 1 times."""
    judged = judged_lists([[1, 2], [3, 1, 2], [3, 2]], [[1]] * 3, 4, popularity=[0, 3, 2, 1])
    assert value("arp", judged, 1)[:, 0] == pytest.approx([3, 1, 1])
    assert value("arp", judged, 3)[:, 0] == pytest.approx([2.5, 2, 1.5])


def test_rectools_serendipity() -> None:
    """RecTools Serendipity docstring: four items, the first two known to 3 and 2 users."""
    judged = judged_lists(
        [[0, 1], [1, 2], [2], [1, 2]], [[0, 1], [1, 2], [1], [1]], 4, popularity=[3, 2, 0, 0], n_train_users=3
    )
    assert value("serendipity", judged, 1)[:, 0] == pytest.approx([0, 0.25, 0, 0.25])
    assert value("serendipity", judged, 2)[:, 0] == pytest.approx([0, 0.5, 0, 0.125])
