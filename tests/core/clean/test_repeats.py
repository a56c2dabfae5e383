"""Rows that stand more than once, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.clean.pairs import ODD, groups
from core.clean.runner import clean
from tests.core.clean.logs import found, log, rule

NAN = float("nan")


def test_exact_duplicates_agree_in_everything() -> None:
    given = log(
        [0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 0],
        times=[5, 5, 6, 5, 5, 5],
        values=[3, 3, 3, 4, NAN, 3],
        feedback="rating",
    )
    finding = rule("exact_duplicates")(given)
    assert found(finding) == [1]
    assert finding.text == "1 row the same as an earlier one in user, item, weight and time."


def test_missing_numbers_are_equal_and_zero_has_no_sign() -> None:
    given = log([0] * 4, [0] * 4, values=[NAN, -NAN, 0.0, -0.0], feedback="rating")
    assert found(rule("exact_duplicates")(given)) == [1, 3]


def test_without_times_equal_events_may_be_honest_repeats() -> None:
    bare = log([0, 0], [0, 0])
    assert "the rule for repeats joins them" in rule("exact_duplicates")(bare).text
    assert found(rule("exact_duplicates")(bare)) == []
    counts = log([0, 0], [0, 0], values=[7, 7], feedback="count")
    assert found(rule("exact_duplicates")(counts)) == [1]
    placed = log([0, 0, 0], [0, 0, 0], position=np.array([1.0, 1.0, 2.0]))
    assert found(rule("exact_duplicates")(placed)) == [1]


def test_rows_that_share_only_a_hash_are_told_apart() -> None:
    # a second column that undoes what mixing made of the first: all four rows share one hash
    first = np.array([1, 2, 1, 2], dtype=np.int64)
    mixed = first.view(np.uint64) * ODD
    second = (mixed ^ (mixed >> np.uint64(29))).view(np.int64)
    order, starts = groups([first, second])
    assert [sorted(part.tolist()) for part in np.split(order, starts[1:])] == [[0, 2], [1, 3]]


def test_of_repeated_ratings_the_latest_stays() -> None:
    given = log([0, 0, 0, 1], [0, 0, 0, 0], times=[9, 5, None, 1], values=[2, 5, 4, 1], feedback="rating")
    cleaned, _, _ = clean(given, [(rule("repeats"), "apply")], lambda at: ())
    assert cleaned.at.tolist() == [0, 3]
    assert cleaned.values is not None
    assert cleaned.values.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("feedback", "how", "value"),
    [("count", "auto", 10), ("event", "auto", 10), ("count", "max", 7), ("count", "last", 1), ("rating", "sum", 10)],
)
def test_the_row_that_stays_carries_the_joined_weight(feedback: str, how: str, value: float) -> None:
    given = log([0, 0, 0, 1], [0, 0, 0, 0], times=[1, 3, 2, 0], values=[2, 1, 7, 4], feedback=feedback)
    cleaned, _, _ = clean(given, [(rule("repeats", how=how), "apply")], lambda at: ())
    assert cleaned.at.tolist() == [1, 3]
    assert cleaned.values is not None
    assert cleaned.values.tolist() == [value, 4]


def test_without_weights_repeats_become_counts() -> None:
    given = log([0, 0, 1, 0], [0, 0, 1, 0])
    cleaned, _, _ = clean(given, [(rule("repeats"), "apply")], lambda at: ())
    assert cleaned.at.tolist() == [2, 3]
    assert cleaned.values is not None
    assert cleaned.values.tolist() == [1, 3]
    once = log([0, 1], [0, 0])
    assert clean(once, [(rule("repeats"), "apply")], lambda at: ())[0].values is None


def test_a_missing_weight_adds_nothing_but_two_of_them_stay_missing() -> None:
    given = log([0, 0, 1, 1], [0, 0, 0, 0], times=[1, 2, 1, 2], values=[NAN, 3, NAN, NAN], feedback="count")
    after = rule("repeats")(given).after
    np.testing.assert_array_equal(after.values[[1, 3]], [3, NAN])


def test_with_equal_times_the_place_decides_and_then_the_file() -> None:
    given = log([0, 0, 0], [0, 0, 0], times=[4, 4, 4], position=np.array([2.0, NAN, 1.0]))
    assert found(rule("repeats")(given)) == [1, 2]
    assert found(rule("repeats")(log([0, 0, 0], [0, 0, 0], times=[4, 4, 4]))) == [0, 1]


def test_rows_without_user_or_item_repeat_nothing() -> None:
    assert found(rule("repeats")(log([-1, -1, 0, 0], [0, 0, -1, -1]))) == []


@pytest.mark.parametrize(
    ("feedback", "values", "said"),
    [
        ("none", None, "counted as many times as there were rows."),
        ("none", [1, 1, 1], "counted as many times as there were rows."),
        ("count", [1, 2, 3], "with the sum of their weights."),
        ("rating", [1, 2, 3], "the latest row of each stays as it is."),
    ],
)
def test_what_becomes_of_the_weight_is_said(feedback: str, values: list[float] | None, said: str) -> None:
    text = rule("repeats")(log([0, 0, 1], [0, 0, 0], values=values, feedback=feedback)).text
    assert text.startswith("1 row of 1 user-item pair that stands more than once: the latest row of each stays")
    assert text.endswith(said)
