"""Principal components: hand-worked, degenerate and random inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError, OutOfRangeError
from core.layout.pca import pca


def test_hand_worked() -> None:
    # Points on the line (3, 4) through (1, 1), at -2, 0 and 2 of its unit length, and nothing across it.
    points = np.array([[1 - 6 / 5, 1 - 8 / 5], [1, 1], [1 + 6 / 5, 1 + 8 / 5]], dtype=np.float32)
    np.testing.assert_allclose(pca(points, 2), [[-2, 0], [0, 0], [2, 0]], atol=1e-6)


def test_the_largest_loading_is_positive() -> None:
    # The widest direction is (-1, 10)/|.|: written down as (+1, -10) it would be the same line.
    line = np.array([[-1.0, 10.0]]) * np.linspace(-1, 1, 9)[:, None]
    projected = pca(line.astype(np.float32), 1)[:, 0]
    assert (np.diff(projected) > 0).all()


@pytest.mark.parametrize(("n", "d"), [(200, 12), (12, 200), (40, 40)])
def test_agrees_with_scikit_learn_up_to_sign(n: int, d: int) -> None:
    from sklearn.decomposition import PCA

    vectors = np.random.default_rng(3).standard_normal((n, d)) * np.linspace(3, 1, d)
    theirs = PCA(5, svd_solver="full").fit_transform(vectors)
    ours = pca(vectors.astype(np.float32), 5)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-4)


def test_rows_beyond_one_block_are_projected_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(0).standard_normal((100, 6)).astype(np.float32)
    whole = pca(vectors, 2)
    monkeypatch.setattr("core.layout.pca.BLOCK_ROWS", 7)
    np.testing.assert_allclose(pca(vectors, 2), whole, atol=1e-5)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_directions_the_data_lacks_are_zero(n: int) -> None:
    vectors = np.random.default_rng(1).standard_normal((n, 10)).astype(np.float32)
    out = pca(vectors, 5)
    assert out.shape == (n, 5)
    assert not out[:, max(0, n - 1) :].any()
    assert np.isfinite(out).all()


@pytest.mark.parametrize(("n", "d"), [(50, 8), (5, 80)])
def test_constant_input_is_all_zero(n: int, d: int) -> None:
    assert not pca(np.full((n, d), 0.1, dtype=np.float32), 3).any()


def test_refusals() -> None:
    bad = np.zeros((5, 3), dtype=np.float32)
    with pytest.raises(OutOfRangeError, match="dims"):
        pca(bad, 0)
    for value in (np.nan, np.inf):
        bad[2, 1] = value
        with pytest.raises(InputError, match="NaN"):
            pca(bad, 2)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(1, 12), st.integers(0, 10_000))
def test_keeps_every_distance_when_no_direction_is_dropped(n: int, d: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    out = pca(vectors, d)
    before = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.testing.assert_allclose(np.linalg.norm(out[:, None] - out[None], axis=2), before, atol=1e-3)
    variances = out.var(axis=0)
    assert (np.diff(variances) <= 1e-4).all()
