"""Kernel ridge regression: its formula, its limits, and its short cut for many items."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.splits import Training
from core.strategies import kernel_ridge
from core.strategies.kernel_ridge import kernel, known_likes, predict
from core.types import Array, Interactions, readonly
from tests.worlds import block_world

N, LEARNED = 30, 20


def world(seed: int = 0) -> tuple[Array, Array, Array]:
    """-> features (30, 4), the 20 rows learned from, targets (20, 3)"""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(N, 4)).astype(np.float32)
    rows = np.sort(rng.choice(N, LEARNED, replace=False))
    return features, rows, rng.normal(size=(LEARNED, 3)).astype(np.float32)


def by_formula(features: Array, rows: Array, targets: Array, width: float, l2: float) -> Array:
    """k(x)' (K + l I)^-1 Y with loops and 64 bits."""
    wide = features.astype(np.float64)
    near = np.array([[np.exp(-width * ((a - b) ** 2).sum()) for b in wide[rows]] for a in wide])
    return np.asarray(near @ np.linalg.solve(near[rows] + l2 * np.eye(len(rows)), targets.astype(np.float64)))


def test_the_kernel_by_hand() -> None:
    """Distances 0, 1 and 2 at width 0.5."""
    found = kernel(np.zeros((1, 2), np.float32), np.array([[0, 0], [1, 0], [0, 2]], np.float32), 0.5)
    np.testing.assert_allclose(found, [[1, np.exp(-0.5), np.exp(-2)]], rtol=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), width=st.sampled_from([0.05, 0.3, 2.0]), l2=st.sampled_from([0.1, 1.0, 20.0]))
def test_the_formula(seed: int, width: float, l2: float) -> None:
    given_ = world(seed)
    found = predict(*given_, width, l2, 0)
    assert found.shape == (N, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, by_formula(*given_, width, l2), atol=2e-3)


def test_landmarks_everywhere_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a landmark on each item the short cut is the whole system, whatever the size of its blocks."""
    given_ = world()
    whole = predict(*given_, 0.3, 1.0, 0)
    monkeypatch.setattr(kernel_ridge, "LARGEST", LEARNED - 1)
    monkeypatch.setattr(kernel_ridge, "LANDMARKS", LEARNED)
    monkeypatch.setattr(kernel_ridge, "BLOCK", 7)
    np.testing.assert_allclose(predict(*given_, 0.3, 1.0, 0), whole, atol=5e-3)


def test_some_landmarks_come_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smooth target is learned from half of the landmarks, and the same ones each time."""
    features, rows, _ = world()
    targets = features[rows, :1]
    monkeypatch.setattr(kernel_ridge, "LARGEST", LEARNED - 1)
    monkeypatch.setattr(kernel_ridge, "LANDMARKS", LEARNED // 2)
    found = predict(features, rows, targets, 0.1, 0.1, 0)
    assert np.corrcoef(found[rows, 0], targets[:, 0])[0, 1] > 0.9
    np.testing.assert_array_equal(predict(features, rows, targets, 0.1, 0.1, 0), found)


def test_what_was_met_counts_in_part_and_only_known_items_do() -> None:
    """One user: item 0 liked, item 1 not, item 2 liked but not known."""
    dataset, vectors = block_world()
    weights = readonly(np.array([5, 1, 5], np.float32))
    items = readonly(np.array([0, 1, 2], np.int32))
    log = Interactions(np.array([7]), readonly(np.array([0, 3])), items, weights, None, True, 4.0)
    known = readonly(np.arange(len(dataset.catalog)) != 2)
    training = Training(dataset.catalog, log, vectors, vectors.values, known)
    likes, rows = known_likes(training, "It", 0.25)
    assert rows.tolist() == np.flatnonzero(known).tolist()
    np.testing.assert_allclose(likes.toarray()[0, :4], [1, 0.25, 0, 0])
    assert known_likes(training, "It", 0.0)[0].sum() == 1


def test_no_solution_is_one_sentence() -> None:
    """Items that are all the same cannot be told apart without regularisation."""
    with pytest.raises(InputError, match=r"regularisation of 1e-12: raise it$"):
        predict(np.ones((9, 2), np.float32), np.arange(9), np.ones((9, 1), np.float32), 1.0, 1e-12, 0)
