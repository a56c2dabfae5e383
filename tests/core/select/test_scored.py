"""Ranking of scores that a strategy made: by hand, and against a plain sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.select.scored import rank_scores
from core.types import Array


def test_best_first_ties_to_the_smaller_item_and_no_opinion_never() -> None:
    scores = np.array([[0.5, np.nan, 0.9, 0.5], [-np.inf, np.nan, -np.inf, np.nan]], dtype=np.float32)
    found, passing = rank_scores(scores, 4, 0.5)
    assert found.items.tolist() == [[2, 0, 3, -1], [-1, -1, -1, -1]]
    assert found.scores[0, :3].tolist() == [np.float32(0.9), 0.5, 0.5]
    assert np.isnan(found.scores[0, 3])
    assert passing.tolist() == [3, 0]
    assert rank_scores(scores, 2)[1].tolist() == [3, 0]


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 4), st.integers(1, 90)),
        elements=st.sampled_from([-2.0, -0.0, 0.0, 0.25, 1.0, 3.0, float("nan"), float("-inf")]),
    ),
    st.integers(1, 40),
)
def test_equals_a_plain_sort(scores: Array, size: int) -> None:
    found, _ = rank_scores(scores, size)
    for row, values in enumerate(scores):
        order = [item for item in np.lexsort((np.arange(len(values)), -values)) if np.isfinite(values[item])]
        want = order[: min(size, len(values))]
        assert found.items[row][: len(want)].tolist() == want
        assert (found.items[row][len(want) :] == -1).all()
