"""Item neighbours, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.strategies import item_knn
from core.strategies.item_knn import ItemKnn, neighbours
from core.strategies.matrices import liked_matrix
from tests.core.strategies.likes import asking, likes, training

LOG = likes([[0, 1], [0, 1, 2], [0, 2], [3]])


def test_by_hand() -> None:
    # n = 3, 2, 2, 1; shared 01: 2, 02: 2, 12: 1; with shrink 1 the similarities are
    to_0 = 2 / (np.sqrt(6) + 1)
    one_two = 1 / (np.sqrt(4) + 1)
    scores = ItemKnn(knn_neighbours=5, knn_shrink=1.0, knn_half_life=1.0).fit(training(LOG, 5)).score(asking(LOG))
    # User 0 asks with 1 (weight 1) and 0 (weight 0.5).
    np.testing.assert_allclose(scores[0], [to_0, 0.5 * to_0, one_two + 0.5 * to_0, 0, np.nan], rtol=1e-6)


def test_only_the_nearest_speak_and_ties_go_to_the_smaller_item() -> None:
    nearest = neighbours(liked_matrix(LOG, 5), 1, 0.0).toarray()
    assert [np.flatnonzero(row).tolist() for row in nearest] == [[1], [0], [0], [], []]


def test_working_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = liked_matrix(LOG, 5)
    whole = neighbours(rows, 2, 1.0).toarray()
    monkeypatch.setattr(item_knn, "PAIRS_AT_ONCE", 1)
    np.testing.assert_array_equal(neighbours(rows, 2, 1.0).toarray(), whole)
