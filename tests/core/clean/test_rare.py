"""The k-core, by hand and against a slow one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean.rare import core
from tests.core.clean.logs import found, log, rule


def slow_core(pairs: set[tuple[int, int]], user_core: int, item_core: int) -> set[tuple[int, int]]:
    while True:
        kept = {
            (user, item)
            for user, item in pairs
            if sum(u == user for u, _ in pairs) >= user_core and sum(i == item for _, i in pairs) >= item_core
        }
        if kept == pairs:
            return kept
        pairs = kept


def test_what_becomes_too_rare_goes_too() -> None:
    # item 2 has one user; without it user 2 has one item, without her item 1 has one user less but enough
    users, items = [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 1, 2]
    finding = rule("rare", user_core=2, item_core=2)(log(users, items))
    assert found(finding) == [4, 5]
    assert finding.text == (
        "2 rows: 1 user with fewer than 2 items and 1 item with fewer than 2 users, counted among those that stay."
    )


def test_by_default_none_is_too_rare() -> None:
    assert found(rule("rare")(log([0], [0]))) == []


def test_the_same_item_again_is_one_item() -> None:
    assert found(rule("rare", user_core=2)(log([0, 0, 1, 1], [0, 0, 0, 1]))) == [0, 1]


def test_rows_without_user_or_item_are_left_to_their_own_rule() -> None:
    assert found(rule("rare", user_core=2)(log([-1, 0, 0, 0], [0, -1, 0, 1]))) == []


def test_a_set_that_would_vanish_says_so() -> None:
    finding = rule("rare", user_core=5)(log([0, 1], [0, 1]))
    assert found(finding) == [0, 1]
    assert finding.text == (
        "2 rows: 2 users with fewer than 5 items and 2 items with no user; "
        "taking them out leaves nothing: ask for less."
    )


def test_where_all_have_enough_it_says_of_what() -> None:
    given = log([0, 0, 1, 1], [0, 1, 0, 1])
    assert rule("rare", user_core=2, item_core=2)(given).text == (
        "No user has fewer than 2 items and no item has fewer than 2 users."
    )
    assert rule("rare", item_core=2)(given).text == "No item has fewer than 2 users."


def test_a_long_chain_unravels_to_the_end() -> None:
    # user k has items k and k + 1: only the ends are too rare at first, and everything follows
    n = 500
    users, items = np.repeat(np.arange(n), 2), np.stack([np.arange(n), np.arange(n) + 1], axis=1).ravel()
    kept_users, kept_items = core(users, items, n, n + 1, 2, 2)
    assert not kept_users.any()
    assert not kept_items.any()


@settings(max_examples=60, deadline=None)
@given(
    pairs=st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=40),
    a=st.integers(1, 4),
    b=st.integers(1, 4),
)
def test_it_is_the_largest_set_in_which_all_have_enough(pairs: set[tuple[int, int]], a: int, b: int) -> None:
    rows = sorted(pairs)
    finding = rule("rare", user_core=a, item_core=b)(log([u for u, _ in rows], [i for _, i in rows]))
    assert {pair for pair, gone in zip(rows, finding.touched, strict=True) if not gone} == slow_core(pairs, a, b)
