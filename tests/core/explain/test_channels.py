"""Who brought a merged list: counted by hand, and bounded whatever the ranks are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.explain.channels import shares
from core.splits import MERGED_DEPTH


def test_own_alone_and_together_by_hand() -> None:
    """A list of 4: a has items 1, 2 and 4 in its first 4, b has item 2; item 3 is further down with both."""
    found = shares({"b": np.array([[0, 4, 6, 0]]), "a": np.array([[1, 3, 5, 2]])}, 0, 4)
    assert list(found.own.items()) == [("a", 3), ("b", 1)]
    assert (found.n, found.alone, found.together) == (4, 2, 1)


def test_only_the_first_n_places_of_the_row_count() -> None:
    found = shares({"a": np.array([[9, 9, 9], [2, 3, 1]])}, 1, 2)
    assert (dict(found.own), found.alone, found.together) == ({"a": 1}, 1, 1)


def test_nothing_is_claimed_below_the_depth_that_is_known() -> None:
    ranks = np.zeros((1, MERGED_DEPTH + 1), dtype=np.int32)
    ranks[0, :2] = (MERGED_DEPTH, 1)
    found = shares({"a": ranks}, 0, MERGED_DEPTH + 1)
    assert (found.n, found.depth, found.own["a"]) == (MERGED_DEPTH + 1, MERGED_DEPTH, 2)


def test_a_list_that_was_not_merged_has_no_shares() -> None:
    assert dict(shares({}, 0, 3).own) == {}


@given(arrays(np.int32, (3, 7), elements=st.integers(0, 12)), st.integers(1, 7))
def test_counts_stay_within_the_list(ranks: np.ndarray, n: int) -> None:
    found = shares({str(name): row[None, :] for name, row in enumerate(ranks)}, 0, n)
    assert all(0 <= count <= n for count in found.own.values())
    assert found.alone + found.together <= n
    assert sum(found.own.values()) >= n - found.together
