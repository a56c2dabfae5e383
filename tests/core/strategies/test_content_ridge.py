"""Content by kernel ridge regression: its formula, and items without a history."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError
from core.splits import Training, everybody
from core.strategies.content_ridge import ContentRidge, main_directions
from core.strategies.item_features import item_features
from core.strategies.kernel_ridge import kernel
from core.strategies.matrices import csr, liked_matrix
from core.types import readonly
from tests.worlds import BLOCKS, PER_BLOCK, block_world

DATASET, VECTORS = block_world()
N_ITEMS = len(DATASET.catalog)
LIKED = readonly(np.arange(N_ITEMS) % PER_BLOCK < 2)
TRAINING = Training(DATASET.catalog, DATASET.interactions, VECTORS, VECTORS.values, LIKED)
PEOPLE = everybody(DATASET.interactions)


def test_items_without_a_history_are_found_by_their_block() -> None:
    """Only what was liked is known; the four others of each block must still stand first."""
    scores = ContentRidge().fit(TRAINING).score(PEOPLE)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :PER_BLOCK] // PER_BLOCK
    assert (best == np.arange(BLOCKS)[:, None]).all()


def test_the_formula() -> None:
    """h A'(AA' + s I)^-1 A (K + l I)^-1 k: no factor is dropped here, so no decomposition is needed to say it."""
    strategy = ContentRidge(ridge_l2=0.7, ridge_shrink=3.0, ridge_width=0.4)
    likes = liked_matrix(DATASET.interactions, N_ITEMS).toarray()[:, LIKED].astype(np.float64)
    features = item_features(DATASET.catalog, VECTORS.values, strategy.ridge_category, strategy.ridge_year)
    cleared = likes.T @ np.linalg.solve(likes @ likes.T + 3.0 * np.eye(len(likes)), likes)
    near = kernel(features, features[LIKED], 0.4).astype(np.float64)
    expected = likes @ cleared @ np.linalg.solve(near[LIKED] + 0.7 * np.eye(LIKED.sum()), near.T)
    np.testing.assert_allclose(strategy.fit(TRAINING).score(PEOPLE), expected, atol=1e-5)


def test_a_history_of_items_without_one_says_nothing() -> None:
    everything = replace(TRAINING, known=readonly(np.ones(N_ITEMS, dtype=bool)))
    first = readonly(np.arange(N_ITEMS) < PER_BLOCK)
    assert np.isfinite(ContentRidge().fit(everything).score(PEOPLE)).all()
    scores = ContentRidge().fit(replace(TRAINING, known=first)).score(PEOPLE)
    assert np.isfinite(scores[0]).all()
    assert np.isnan(scores[1:]).all()


def test_nothing_known_to_be_liked_is_one_sentence() -> None:
    with pytest.raises(InputError, match="has nothing to learn from"):
        ContentRidge().fit(replace(TRAINING, known=readonly(~LIKED)))


@pytest.mark.parametrize("shape", [(40, 30), (90, 110)])
def test_main_directions_rebuild_what_the_full_decomposition_does(shape: tuple[int, int]) -> None:
    """On both sides of the size from which the sparse method is used; signs are free, so projections are compared."""
    dense = (np.random.default_rng(2).random(shape) < 0.2).astype(np.float32)
    rows, columns = np.nonzero(dense)
    axes, strength = main_directions(csr(rows, columns, np.ones(len(rows)), shape), 5, 0)
    _, full, vectors = np.linalg.svd(dense.astype(np.float64), full_matrices=False)
    assert axes.shape == (shape[1], 5)
    np.testing.assert_allclose(strength, full[:5], rtol=1e-5)
    np.testing.assert_allclose(axes @ axes.T, vectors[:5].T @ vectors[:5], atol=1e-3)
