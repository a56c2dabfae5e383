"""What every scorer of the folder must keep, whoever wrote it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.registry import stage
from core.select.pool import exact as pairs

SCORERS = [stage("score").get(key)() for key in stage("score").names()]
each = pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.key)


def draw(seed: int, n: int, m: int, d: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    items = rng.normal(size=(m, d)).astype(np.float32) * rng.uniform(0.2, 5, size=(m, 1)).astype(np.float32)
    return rng.normal(size=(n, d)).astype(np.float32), items, np.sqrt((items**2).sum(axis=1))


def test_the_literature_s_three_are_there() -> None:
    assert {"cosine", "euclidean", "dot"} <= set(stage("score").names())


@each
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 5), m=st.integers(1, 40), d=st.integers(1, 24))
def test_batch_pairs_and_inner_product_agree(scorer: Any, seed: int, n: int, m: int, d: int) -> None:
    users, items, lengths = draw(seed, n, m, d)
    scores = scorer(users, items)
    assert scores.shape == (n, m)
    matrix, offset = scorer.inner(items, lengths)
    inner = users @ matrix.T + (0 if offset is None else offset)
    for row in range(n):
        exact = pairs(scorer, users[row], items, lengths)
        np.testing.assert_allclose(scores[row], exact, atol=2e-3, rtol=2e-4)
        np.testing.assert_allclose(
            pairs(scorer, users[row].astype(np.float64), items.astype(np.float64), lengths.astype(np.float64)),
            exact,
            atol=1e-4,
            rtol=1e-5,
        )
        # the inner product orders items as the scores do, wherever scores differ by more than rounding
        order = np.argsort(inner[row])
        assert np.all(np.diff(exact[order]) >= -1e-4 * (1 + np.abs(exact).max()))
        # and its cut divides them where the score does
        at = float(np.median(exact))
        sure = np.abs(exact - at) > 1e-3 * (1 + np.abs(exact).max())
        cut = scorer.cut(at, users[row : row + 1])[0]
        np.testing.assert_array_equal((inner[row] >= cut)[sure], (exact >= at)[sure])


@each
def test_native_unit_goes_there_and_back_and_stays_in_bounds(scorer: Any) -> None:
    users, items, lengths = draw(3, 4, 50, 8)
    longest = float(max(lengths.max(), np.sqrt((users**2).sum(axis=1)).max()))
    scores = scorer(users, items)
    low, high = scorer.bounds(longest)
    assert low - 1e-4 <= scorer.native(scores).min()
    assert scorer.native(scores).max() <= high + 1e-4
    assert scorer.from_native(float(scorer.native(scores)[0, 0])) == pytest.approx(float(scores[0, 0]))
    assert scorer.keeps in ("above", "below")
    better, worse = scores.max(), scores.min()
    assert (scorer.native(better) > scorer.native(worse)) == (scorer.keeps == "above")


@each
def test_a_row_s_score_does_not_depend_on_its_company(scorer: Any) -> None:
    users, items, lengths = draw(5, 1, 300, 384)
    together = pairs(scorer, users[0], items, lengths)
    for row in (0, 1, 7, 298, 299):
        alone = pairs(scorer, users[0], items[row : row + 1], lengths[row : row + 1])
        assert alone[0] == together[row]


@each
def test_zero_vectors_give_finite_scores(scorer: Any) -> None:
    items = np.zeros((2, 3), dtype=np.float32)
    items[1, 0] = 1
    users = np.zeros((1, 3), dtype=np.float32)
    assert np.isfinite(scorer(users, items)).all()
    assert np.isfinite(pairs(scorer, users[0], items, np.array([0, 1], dtype=np.float32))).all()
