"""Post-processing: none, centre, whiten."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.postprocess.centre import Centre
from core.postprocess.none import NoPostprocess
from core.postprocess.whiten import Whiten
from core.registry import stage
from core.types import unit_rows


def cloud(seed: int = 0, n: int = 200, d: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)).astype(np.float32)


def test_the_registry_finds_all_three_in_order() -> None:
    assert stage("postprocess").names() == ("none", "centre", "whiten")


def test_none_changes_nothing() -> None:
    x = cloud()
    np.testing.assert_array_equal(NoPostprocess()(x).apply(x), x)


def test_centre_hand_worked() -> None:
    affine = Centre()(np.array([[1.0, 2.0], [3.0, 6.0]], dtype=np.float32))
    assert affine.matrix is None
    np.testing.assert_array_equal(affine.apply(np.array([[0.0, 0.0], [2.0, 5.0]])), [[-2, -4], [0, 1]])


def test_full_whitening_makes_every_direction_alike() -> None:
    x = cloud()
    white = Whiten(shrinkage=0)(x).apply(x)
    covariance = white.T @ white / len(x)
    np.testing.assert_allclose(covariance, np.eye(6) * np.trace(covariance) / 6, atol=1e-4 * np.trace(covariance))


def test_full_shrinkage_is_centring() -> None:
    x = cloud()
    np.testing.assert_allclose(Whiten(shrinkage=1)(x).apply(x), Centre()(x).apply(x), atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), shrinkage=st.floats(0, 1), n=st.integers(1, 30), d=st.integers(1, 12))
def test_whitening_keeps_the_mean_squared_length_and_never_explodes(
    seed: int, shrinkage: float, n: int, d: int
) -> None:
    x = cloud(seed, n, d)
    affine = Whiten(shrinkage=shrinkage)(x)
    out = affine.apply(x)
    assert np.isfinite(out).all()
    centred = Centre()(x).apply(x)
    np.testing.assert_allclose((out**2).sum(), (centred**2).sum(), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-3 * max(1.0, float(np.abs(out).max())))


def test_fewer_items_than_dimensions() -> None:
    x = cloud(n=5, d=40)
    out = Whiten(shrinkage=0)(x).apply(x)
    lengths = np.sqrt((out**2).sum(axis=1))
    np.testing.assert_allclose(lengths, lengths[0], rtol=1e-3)
    assert np.isfinite(Whiten(shrinkage=0)(x).apply(cloud(1, n=3, d=40))).all()


def test_the_strong_direction_counts_less_the_less_shrinkage() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 3)) * [10, 1, 1]
    shares = []
    for shrinkage in (0.0, 0.3, 1.0):
        out = Whiten(shrinkage=shrinkage)(x).apply(x)
        shares.append(float((out[:, 0] ** 2).sum() / (out**2).sum()))
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("make", [NoPostprocess, Centre, Whiten])
@pytest.mark.parametrize("x", [np.zeros((0, 4)), np.zeros((3, 4)), np.ones((1, 4)), np.ones((5, 4))])
def test_degenerate_input_stays_finite(make: type, x: np.ndarray) -> None:
    affine = make()(x)
    assert np.isfinite(affine.apply(np.arange(8.0).reshape(2, 4))).all()


@pytest.mark.parametrize("make", [NoPostprocess, Centre, Whiten])
def test_row_order_does_not_matter(make: type) -> None:
    x = unit_rows(cloud())
    order = np.random.default_rng(1).permutation(len(x))
    np.testing.assert_allclose(make()(x).apply(x), make()(x[order]).apply(x), atol=1e-4)


def test_whiten_hand_worked() -> None:
    """Variances 2 and 1/2, mean 5/4: shrunk by 0.8 to 1.4 and 1.1; scaled so that the squares still add up to 10."""
    x = np.array([[3.0, 1.0], [-1.0, 1.0], [1.0, 2.0], [1.0, 0.0]])
    affine = Whiten(shrinkage=0.8)(x)
    np.testing.assert_allclose(affine.apply(x), [[1.94759, 0], [-1.94759, 0], [0, 1.098588], [0, -1.098588]], atol=1e-5)
