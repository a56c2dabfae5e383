"""What a list owes to the history, and what a new setting did to it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.build import build_dataset
from core.explain.changes import Change, changes
from core.explain.closest import closest_in_history
from tests.worlds import block_world, vectors_of


def test_closest_items_of_the_history_by_hand() -> None:
    dataset = build_dataset(
        "t", "T", {"item_id": [0, 1, 2, 3]}, {"user_id": [1, 1, 1], "item_id": [0, 1, 2], "datetime": [1, 2, 3]}
    )
    vectors = vectors_of(np.array([[1, 0], [0, 1], [1, 1], [2, 1]], dtype=np.float32))
    items, cosines = closest_in_history(vectors, dataset.interactions, 0, np.array([3]), count=2)
    # (2,1)/sqrt5 against (1,0): .894, (0,1): .447, (1,1): .949
    assert items.tolist() == [[2, 0]]
    np.testing.assert_allclose(cosines, [[3 / np.sqrt(10), 2 / np.sqrt(5)]], atol=1e-6)


def test_a_short_history_gives_fewer() -> None:
    dataset, vectors = block_world()
    items, cosines = closest_in_history(vectors, dataset.interactions, 0, np.array([2, 3, 4]), count=5)
    assert items.shape == cosines.shape == (3, 2)


def test_changes_by_hand() -> None:
    marked, left = changes([5, 6, 7, 8], [6, 5, 9, 8])
    assert marked == (Change(6, "moved", 1), Change(5, "moved", -1), Change(9, "entered", 0), Change(8, "stayed", 0))
    assert left == (7,)


@given(st.lists(st.integers(0, 20), unique=True), st.lists(st.integers(0, 20), unique=True))
def test_changes_account_for_every_item(before: list[int], after: list[int]) -> None:
    marked, left = changes(before, after)
    assert [change.item for change in marked] == after
    entered = [change.item for change in marked if change.kind == "entered"]
    assert len(before) - len(left) + len(entered) == len(after)
    for place, change in enumerate(marked):
        if change.kind != "entered":
            assert before[place + change.steps] == change.item
