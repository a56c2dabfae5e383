"""Nearest items of the history: by hand, and against its formula."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.splits import COLD_ITEMS, Training, everybody
from core.strategies.content_nearest import ContentNearest, raised
from core.types import readonly
from tests.worlds import BLOCKS, block_world

DATASET, VECTORS = block_world()
KNOWN = readonly(np.ones(len(DATASET.catalog), dtype=bool))
TRAINING = Training(DATASET.catalog, DATASET.interactions, VECTORS, VECTORS.values, KNOWN)


def test_the_formula_in_the_space_of_the_recipe() -> None:
    """Two liked items, the older one at half the weight (half-life of one position)."""
    strategy = ContentNearest(nearest_space="recipe", nearest_power=3.0, nearest_half_life=1.0)
    scores = strategy.fit(TRAINING).score(everybody(DATASET.interactions))
    for user in range(BLOCKS):
        older, newer = DATASET.interactions.liked(user)
        near = np.maximum(VECTORS.values @ VECTORS.values[[older, newer]].T, 0) ** 3
        np.testing.assert_allclose(scores[user], near @ [1 / 3, 2 / 3], rtol=1e-5)


@pytest.mark.parametrize("space", ["auto", "recipe", "centre", "whiten"])
@pytest.mark.parametrize("task", ["warm", COLD_ITEMS])
def test_every_space_finds_the_block(space: str, task: str) -> None:
    training = replace(TRAINING, task=task)
    scores = ContentNearest(nearest_space=space).fit(training).score(everybody(DATASET.interactions))
    best = np.argsort(-scores, axis=1, kind="stable")[:, :6] // 6
    assert (best == np.arange(BLOCKS)[:, None]).all()


@pytest.mark.parametrize("power", [1.0, 2.0, 4.0, 8.0, 9.0, 2.5])
def test_powers_are_the_same_however_they_are_reached(power: float) -> None:
    values = np.linspace(0, 1, 11, dtype=np.float32)
    found = raised(values, power)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, values.astype(np.float64) ** power, rtol=1e-6)
