"""Predicted popularity: what is like a popular item is expected to be popular."""

from __future__ import annotations

import numpy as np

from core.datasets.build import build_dataset
from core.splits import Training, everybody
from core.strategies.predicted_popularity import PredictedPopularity
from core.types import Interactions, readonly
from tests.worlds import PER_BLOCK, block_world, vectors_of

DATASET, VECTORS = block_world()
N_ITEMS = len(DATASET.catalog)


def log(likes: list[int]) -> Interactions:
    """Item i is liked by the first likes[i] users."""
    rows = [(user, item) for item, n in enumerate(likes) for user in range(n)]
    ids = DATASET.catalog.item_ids.tolist()
    given = {"user_id": [u for u, _ in rows], "item_id": [ids[item] for _, item in rows], "weight": [5.0] * len(rows)}
    return build_dataset(
        "popular", "Popular", {"item_id": ids, "title": [f"Item {i}" for i in ids]}, given
    ).interactions


def training(likes: list[int], known: list[bool]) -> Training:
    """The block world with these likes."""
    return Training(DATASET.catalog, log(likes), VECTORS, VECTORS.values, readonly(np.array(known)))


def test_items_without_likes_follow_their_block() -> None:
    """Blocks of 9, 4 and 1 likes an item; the last item of each is not known and must come out in that order."""
    known = [place != PER_BLOCK - 1 for _ in range(3) for place in range(PER_BLOCK)]
    likes = [n if known[PER_BLOCK * block + place] else 0 for block, n in enumerate((9, 4, 1)) for place in range(6)]
    given = training(likes, known)
    scores = PredictedPopularity().fit(given).score(everybody(given.interactions))
    assert scores.shape == (9, N_ITEMS)
    assert (scores == scores[0]).all()
    cold = scores[0, PER_BLOCK - 1 :: PER_BLOCK]
    assert cold[0] > cold[1] > cold[2]


def test_alike_items_are_predicted_their_mean() -> None:
    """All features the same, likes 3 and 1: a strongly held back regression says mean log(1 + likes) for everything."""
    values = vectors_of(np.ones((N_ITEMS, 2)))
    likes = [3, 1] * (N_ITEMS // 2)
    given = Training(DATASET.catalog, log(likes), values, values.values, readonly(np.ones(N_ITEMS, dtype=bool)))
    fitted = PredictedPopularity(predicted_category=0.0, predicted_year=0.0).fit(given)
    np.testing.assert_allclose(fitted.scores, (np.log(4) + np.log(2)) / 2, rtol=1e-4)
