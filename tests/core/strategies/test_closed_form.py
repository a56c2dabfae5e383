"""EASE: both systems, the definition and the features must say the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError, IntegrityError
from core.strategies import closed_form
from core.strategies.closed_form import solve
from core.strategies.ease import Ease
from core.strategies.ease_features import EaseFeatures, text_rows
from core.strategies.item_features import category_rows
from core.strategies.matrices import csr
from core.types import Array
from tests.core.strategies.likes import asking, catalog, likes, training

L2 = 3.0


def by_definition(rows: Array, l2: float) -> Array:
    """B straight from the paper, in double precision."""
    found = np.linalg.inv(rows.T @ rows + l2 * np.eye(rows.shape[1]))
    weights = -found / np.diagonal(found)
    np.fill_diagonal(weights, 0.0)
    return weights


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 7), m=st.integers(1, 9), e=st.integers(0, 3))
def test_dual_equals_primal_equals_definition(seed: int, n: int, m: int, e: int) -> None:
    rng = np.random.default_rng(seed)
    dense = (rng.random((n, m)) < 0.5).astype(np.float64)
    dense[0, 0] = 1.0
    extra = rng.normal(size=(e, m)).astype(np.float32)
    at = np.nonzero(dense)
    rows = csr(*at, dense[at], (n, m))
    history = csr(*at, rng.uniform(0.1, 1, len(at[0])), (n, m))
    weights = by_definition(np.vstack([dense, extra]), L2)
    for dual in (True, False):
        model = solve(rows, L2, extra, dual=dual)
        np.testing.assert_allclose(model.score(history), history.toarray() @ weights, atol=1e-5)
        sources = np.arange(m)
        np.testing.assert_allclose(model.weights(sources, m - 1), weights[:, m - 1], atol=1e-5)


def test_ease_by_hand() -> None:
    # Two users like both items: X'X + 2I = [[4, 2], [2, 4]], its inverse is [[4, -2], [-2, 4]] / 12, so B_01 = 0.5.
    log = likes([[0, 1], [0, 1]])
    asked = likes([[0], [0, 1]])
    scores = Ease(ease_l2=2.0, ease_half_life=1.0).fit(training(log, 3)).score(asking(asked))
    # The second asks with 1 liked last (weight 1) and 0 before it (weight 0.5).
    np.testing.assert_allclose(scores, [[0.0, 0.5, np.nan], [0.5, 0.25, np.nan]], atol=1e-6)


def test_a_system_out_of_reach_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_form, "LARGEST_SYSTEM", 1)
    with pytest.raises(InputError, match=r"at most 1 users or items, here are 2 and 2: use item-knn"):
        Ease().fit(training(likes([[0, 1], [0, 1]]), 2))


@pytest.mark.parametrize("wrong", [0.0, np.nan])
def test_a_solution_that_is_none_is_solved_again(monkeypatch: pytest.MonkeyPatch, wrong: float) -> None:
    log = likes([[0, 1, 2], [1, 2], [0, 3]])
    right = Ease(ease_l2=5.0).fit(training(log, 4)).score(asking(log))
    monkeypatch.setattr(closed_form, "_by_cholesky", lambda matrix: np.full_like(matrix, wrong))
    np.testing.assert_allclose(Ease(ease_l2=5.0).fit(training(log, 4)).score(asking(log)), right, atol=1e-6)
    monkeypatch.setattr(np.linalg, "inv", lambda matrix: np.full_like(matrix, wrong))
    with pytest.raises(IntegrityError, match="solved wrongly"):
        Ease(ease_l2=5.0).fit(training(log, 4))


@pytest.mark.parametrize("wrong", [0.0, np.nan])
def test_a_product_that_is_wrong_is_made_again(wrong: float) -> None:
    class Broken(np.ndarray):
        def __matmul__(self, other: Array) -> Array:
            right = np.asarray(self) @ np.asarray(other)
            return right if np.ndim(other) == 1 else np.full_like(right, wrong)

    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(3, 4)), rng.normal(size=(4, 4))
    found = closed_form.product(left.view(Broken), right)
    np.testing.assert_allclose(np.asarray(found), np.einsum("ij,jk->ik", left, right))


def test_features_off_is_ease() -> None:
    log = likes([[0, 1, 2], [1, 2], [0, 3]])
    world = training(log, 4, categories=[("a",), ("a",), ("b",), ()])
    plain = Ease(ease_l2=5.0).fit(world).score(asking(log))
    bare = EaseFeatures(easef_l2=5.0, easef_category=0.0, easef_text=0.0, easef_row_half_life=0.0)
    np.testing.assert_allclose(bare.fit(world).score(asking(log)), plain, atol=1e-6)


def test_an_unheard_item_follows_its_category() -> None:
    log = likes([[0, 1], [0, 1], [2]])
    world = training(log, 5, categories=[("a",), ("a",), ("b",), ("a",), ("b",)])
    scores = EaseFeatures(easef_text=0.0).fit(world).score(asking(log))
    assert scores[0, 3] > scores[0, 4]
    assert scores[2, 4] > scores[2, 3]
    assert np.isfinite(scores).all()


def test_feature_rows() -> None:
    rows = category_rows(catalog(3, [("b", "a"), (), ("a",)]))
    assert rows.tolist() == [[1, 0, 1], [1, 0, 0]]
    text = np.array([[1, 0], [-1, 0], [0, 0]], dtype=np.float32)
    directions = text_rows(text, 5)
    assert directions.shape == (1, 3), "one direction holds everything"
    np.testing.assert_allclose(np.abs(directions), [[1, 1, 0]], atol=1e-6)
