"""True nearest neighbours: hand-worked cases, ties, and agreement with the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import OutOfRangeError
from core.layout import neighbours
from core.layout.neighbours import nearest
from core.types import Array, unit_rows


def by_definition(vectors: Array, queries: Array, k: int, exclude: Array | None = None) -> tuple[Array, Array]:
    v, q = vectors.astype(np.float64), queries.astype(np.float64)
    lengths = np.linalg.norm(q, axis=1)[:, None] * np.linalg.norm(v, axis=1)[None, :]
    cosine = np.divide(q @ v.T, lengths, out=np.zeros((len(q), len(v))), where=lengths > 0)
    if exclude is not None:
        cosine[np.arange(len(q)), exclude] = -np.inf
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(cosine, order, axis=1)


def test_hand_worked() -> None:
    vectors = np.array([[1, 0], [0, 2], [3, 4], [-1, 0], [0, 0]], dtype=np.float32)
    indices, similarity = nearest(vectors, np.array([[2, 0]], dtype=np.float32), 5)
    # 1, then 3/5, then the two zeros in the order of their index, then the opposite
    assert indices.tolist() == [[0, 2, 1, 4, 3]]
    np.testing.assert_allclose(similarity, [[1, 0.6, 0, 0, -1]], atol=1e-12)


def test_pads_where_there_are_too_few_and_leaves_itself_out() -> None:
    vectors = np.array([[1, 0], [0, 1]], dtype=np.float32)
    indices, similarity = nearest(vectors, vectors, 3, exclude_self=np.array([0, -1]))
    assert indices.tolist() == [[1, -1, -1], [1, 0, -1]]
    assert np.isnan(similarity).tolist() == [[False, True, True], [False, False, True]]


def test_nan_query_and_empty_inputs() -> None:
    vectors = np.eye(3, dtype=np.float32)
    queries = np.array([[np.nan, 0, 1], [0, 0, 1]], dtype=np.float32)
    indices, similarity = nearest(vectors, queries, 1)
    assert indices.tolist() == [[-1], [2]]
    assert np.isnan(similarity[0, 0])
    assert nearest(vectors, vectors[:0], 2)[0].shape == (0, 2)
    assert nearest(vectors[:0], vectors, 2)[0].tolist() == [[-1, -1]] * 3
    with pytest.raises(OutOfRangeError, match="k"):
        nearest(vectors, vectors, 0)


def test_equal_vectors_come_in_the_order_of_their_index() -> None:
    rng = np.random.default_rng(0)
    one = rng.standard_normal((1, 48)).astype(np.float32)
    vectors = np.concatenate((rng.standard_normal((3000, 48)).astype(np.float32), np.repeat(one, 40, axis=0)))
    vectors = vectors[rng.permutation(len(vectors))]
    same = np.flatnonzero((vectors == one).all(axis=1))
    indices, similarity = nearest(vectors, one, 15)
    assert indices[0].tolist() == same[:15].tolist()
    np.testing.assert_allclose(similarity, 1.0, atol=1e-12)


def test_a_catalogue_of_one_vector_repeated_is_quick_and_ordered() -> None:
    vectors = unit_rows(np.full((4000, 32), 0.3))
    indices, _ = nearest(vectors, vectors, 5, unit=True, exclude_self=np.arange(4000))
    assert indices[0].tolist() == [1, 2, 3, 4, 5]
    assert indices[3].tolist() == [0, 1, 2, 4, 5]
    assert indices[3999].tolist() == [0, 1, 2, 3, 4]


def test_thinning_keeps_the_better_ones_before_near_equals() -> None:
    # 2000 equal vectors come first in the index, the three better ones last.
    crowd = np.tile(np.array([[1.0, 0.5]], dtype=np.float32), (2000, 1))
    better = np.array([[1, 0.4], [1, 0.3], [1, 0.2]], dtype=np.float32)
    indices, _ = nearest(np.concatenate((crowd, better)), np.array([[1, 0]], dtype=np.float32), 6)
    assert indices[0].tolist() == [2002, 2001, 2000, 0, 1, 2]


def test_the_answer_is_the_same_in_any_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(5).standard_normal((1500, 24)).astype(np.float32)
    together = nearest(vectors, vectors[:60], 9)
    alone = [nearest(vectors, vectors[row : row + 1], 9) for row in range(60)]
    assert np.array_equal(together[0], np.concatenate([indices for indices, _ in alone]))
    assert np.array_equal(together[1], np.concatenate([similarity for _, similarity in alone]))
    monkeypatch.setattr(neighbours, "BLOCK_CELLS", 10_000)
    small = nearest(vectors, vectors[:60], 9)
    assert np.array_equal(small[0], together[0])
    assert np.array_equal(small[1], together[1])


def test_blocks_report_their_share_and_may_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(5).standard_normal((100, 8)).astype(np.float32)
    monkeypatch.setattr(neighbours, "BLOCK_CELLS", 2_500)
    seen: list[float] = []
    nearest(vectors, vectors, 3, on_block=seen.append)
    assert seen == [0.25, 0.5, 0.75, 1.0]

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nearest(vectors, vectors, 3, on_block=stop)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 900), st.integers(1, 20), st.integers(1, 12), st.booleans(), st.integers(0, 10_000))
def test_agrees_with_the_definition(n: int, d: int, k: int, unit: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Small whole numbers make many exact ties, and in few dimensions many equal directions.
    vectors = rng.integers(-2, 3, (n, d)).astype(np.float32)
    if unit:
        vectors = unit_rows(vectors)
    own = rng.integers(0, n, 7)
    indices, similarity = nearest(vectors, vectors[own], k, unit=unit, exclude_self=own)
    expected_indices, expected = by_definition(vectors, vectors[own], min(k, n), own)
    listed = min(k, n - 1)
    np.testing.assert_allclose(similarity[:, :listed], expected[:, :listed], atol=1e-6)
    for row in range(len(own)):
        mine = indices[row][indices[row] >= 0]
        assert len(mine) == listed == len(set(mine.tolist()))
        assert own[row] not in mine
        # Same neighbours wherever the definition's own float64 values tell them apart.
        clear = expected[row, :listed] > expected[row, listed - 1] + 1e-6 if listed else np.zeros(0, dtype=bool)
        assert set(expected_indices[row, :listed][clear].tolist()) <= set(mine.tolist())
