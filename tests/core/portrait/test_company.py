"""Popularity, readers alike, neighbours and named interests in worlds whose answers are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.audience import Taste
from core.datasets.build import build_dataset
from core.portrait.alike import company, pseudonym
from core.portrait.interests import interests
from core.portrait.mainstream import mainstream
from core.portrait.near import LIKED, NEW, SEEN, near
from core.portrait.space import own_vector, space
from core.recipe import Recipe
from core.types import Dataset
from tests.worlds import block_world


def small() -> Dataset:
    """Four users; item 0 is liked by all but the last, item 3 by the last alone. User 1 dislikes item 2."""
    rows: dict[str, Any] = {
        "user_id": [1, 1, 2, 2, 2, 3, 4, 4],
        "item_id": [0, 1, 0, 1, 2, 0, 3, 1],
        "weight": [5.0, 5.0, 5.0, 5.0, 1.0, 5.0, 5.0, 5.0],
    }
    catalogue: dict[str, Any] = {
        "item_id": [0, 1, 2, 3],
        "title": ["red star", "red moon", "blue star", "blue moon"],
        "category": [["A"], ["A"], ["B"], ["B"]],
    }
    return build_dataset("s", "S", catalogue, rows, positive_from=4.0)


def test_mainstream_by_hand() -> None:
    """Others who like it, of three: item 0 two (for user 3), item 1 two, item 3 none. User 4: (0 + 2) / 2 / 3."""
    log = small().interactions
    found = mainstream(log, 4, 3)
    assert found is not None
    assert found.mean == pytest.approx(1 / 3)
    assert (found.percentile, found.low) == (0.0, 0.0)
    most = mainstream(log, 4, 2)
    assert most is not None
    assert most.mean == pytest.approx(2 / 3)
    assert most.percentile == pytest.approx(2 / 3), "two of three as mainstream count half each, one is less so"
    assert mainstream(log, 4, 3, seed=1) == mainstream(log, 4, 3, seed=1)


def test_nobody_to_compare_with() -> None:
    catalogue: dict[str, Any] = {"item_id": [0], "title": ["a"], "category": [[]]}
    alone = build_dataset("o", "O", catalogue, {"user_id": [1], "item_id": [0]}).interactions
    assert mainstream(alone, 1, 0) is None
    assert company(alone, 1, "f", 0, np.ones(2), np.array([0]), np.ones((1, 2))) is None


def test_readers_alike_under_names_that_hold_no_id() -> None:
    log = small().interactions
    vectors = np.array([[1, 0], [1, 0.1], [1, -0.2], [0, 1]], dtype=np.float32)
    found = company(log, 4, "f", 0, vectors[0], np.arange(4), vectors)
    assert found is not None
    assert [(one.user, one.shared, one.of) for one in found.nearest] == [(1, 2, 2), (2, 1, 1), (3, 1, 2)]
    assert found.typical == pytest.approx(found.nearest[1].cosine)
    assert found.nearest[0].name == pseudonym("f", 2) != pseudonym("g", 2)
    assert len({pseudonym("f", at) for at in range(500)}) == 500
    vectors[2] = np.nan
    without = company(log, 4, "f", 0, vectors[0], np.arange(4), vectors)
    assert without is not None
    assert without.n == 2
    assert company(log, 4, "f", 2, vectors[2], np.arange(4), vectors) is None


def test_neighbours_say_what_she_has_and_leave_out_what_has_no_place() -> None:
    log = small().interactions
    spots = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 0]], dtype=np.float32)
    found = near(log, 1, spots, np.array([1.0, 0.0]))
    assert [(one.item, one.state) for one in found] == [(0, LIKED), (1, LIKED), (2, SEEN)]
    assert found[1].cosine == pytest.approx(0.8)
    assert near(log, 2, spots, np.array([1.0, 0.0]), most=2)[1].state == NEW
    assert near(log, 1, spots, np.array([np.nan, np.nan])) == ()


def test_interests_are_named_by_what_is_common_in_them_and_rare_elsewhere() -> None:
    dataset, vectors = block_world()
    taste = Taste(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.7, 0.3]))
    first, second = interests(taste, dataset.interactions, dataset.catalog, 1, vectors.values)
    assert (first.share, first.items.tolist(), first.names) == (0.7, [6], ("Block 1",))
    assert second.items.tolist() == [7]
    assert first.tightness == pytest.approx(1.0)
    nowhere = interests(taste, dataset.interactions, dataset.catalog, 1, np.zeros_like(vectors.values))
    assert nowhere == ()
    nobody = Taste(np.zeros((0, 2)), np.zeros(0))
    assert interests(nobody, dataset.interactions, dataset.catalog, 1, vectors.values) == ()


def test_the_space_is_the_strategys_or_that_of_the_texts() -> None:
    dataset, vectors = block_world()
    seen = space(Recipe(dataset="blocks", k=4), dataset, vectors)
    assert seen.own
    assert seen.items is vectors.values
    assert seen.vectors.shape == (3, vectors.values.shape[1])
    texts = space(Recipe(dataset="blocks", k=4, strategy="popularity"), dataset, vectors)
    assert not texts.own
    np.testing.assert_array_equal(texts.vectors, seen.vectors)
    mine = own_vector(Recipe(dataset="blocks", k=4), dataset, vectors, 1)
    np.testing.assert_allclose(mine, seen.vectors[1])
    assert near(dataset.interactions, 1, seen.items, mine)[0].item in (6, 7)
