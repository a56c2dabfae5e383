"""Several interests: by hand, and what must hold for any history."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.splits import Training, everybody
from core.strategies import content_interests
from core.strategies.content_interests import ContentInterests, interests_of
from core.strategies.matrices import csr
from core.types import readonly, unit_rows
from tests.worlds import BLOCKS, PER_BLOCK, block_world

DATASET, VECTORS = block_world()
KNOWN = readonly(np.ones(len(DATASET.catalog), dtype=bool))
TRAINING = Training(DATASET.catalog, DATASET.interactions, VECTORS, VECTORS.values, KNOWN)
AXES = np.eye(3, dtype=np.float32)


def test_two_interests_by_hand() -> None:
    """Three likes around one axis and one on another: two centres, three quarters and one quarter."""
    items = unit_rows(np.array([[1, 0, 0], [10, 1, 0], [10, -1, 0], [0, 0, 1], [0, 1, 0]]))
    history = csr(np.zeros(4, int), np.arange(4), np.ones(4), (1, 5))
    centres, shares = interests_of(history, items, 3 - 1)
    np.testing.assert_allclose(centres[0], AXES[[0, 2]], atol=1e-6)
    np.testing.assert_allclose(shares, [[0.75, 0.25]])


def test_the_formula() -> None:
    """The score is the best of cosine plus weighted log share, over the interests."""
    fitted = ContentInterests(interests_count=2, interests_share=0.3).fit(TRAINING)
    people = everybody(DATASET.interactions)
    centres, shares = fitted.interests(people)
    expected = np.max(centres @ VECTORS.values.T + 0.3 * np.log(shares)[:, :, None], axis=1)
    np.testing.assert_allclose(fitted.score(people), expected, rtol=1e-5)


def test_one_interest_is_the_mean() -> None:
    fitted = ContentInterests(interests_count=1, interests_half_life=0.0).fit(TRAINING)
    for user, row in enumerate(fitted.score(everybody(DATASET.interactions))):
        middle = VECTORS.values[DATASET.interactions.liked(user)].sum(axis=0)
        np.testing.assert_allclose(row, VECTORS.values @ middle / np.linalg.norm(middle), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("space", ["recipe", "centre", "whiten"])
def test_every_space_finds_the_block(space: str) -> None:
    scores = ContentInterests(interests_space=space).fit(TRAINING).score(everybody(DATASET.interactions))
    best = np.argsort(-scores, axis=1, kind="stable")[:, :PER_BLOCK] // PER_BLOCK
    assert (best == np.arange(BLOCKS)[:, None]).all()


def test_items_without_a_direction_are_no_interest() -> None:
    """A history of zero vectors has no interest at all; one zero vector among others takes none of their places."""
    items = np.vstack((np.zeros((2, 3), np.float32), AXES))
    history = csr(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 2, 3]), np.ones(5), (3, 5))
    centres, shares = interests_of(history, items, 3)
    assert not shares[[0, 2]].any()
    assert not centres[[0, 2]].any()
    assert (shares[1] > 0).sum() == 2
    assert shares[1].sum() == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 6), block=st.sampled_from([1, 3, 1000]))
def test_shares_sum_to_one_and_centres_have_length_one(seed: int, count: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    items = unit_rows(rng.normal(size=(12, 3)))
    dense = np.where(rng.random((5, 12)) < 0.4, rng.random((5, 12)) + 0.1, 0.0)
    rows, columns = np.nonzero(dense)
    history = csr(rows, columns, dense[rows, columns], dense.shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content_interests, "BLOCK", block)
        centres, shares = interests_of(history, items, count)
    filled = dense.any(axis=1)
    np.testing.assert_allclose(shares.sum(axis=1), filled, rtol=1e-6)
    assert ((shares > 0).sum(axis=1) <= np.minimum(count, (dense > 0).sum(axis=1))).all()
    np.testing.assert_allclose(np.linalg.norm(centres, axis=2), shares > 0, rtol=1e-5)
