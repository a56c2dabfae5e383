"""Columns in any order become one canonical data set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.build import CodedRows, build_dataset, catalog_of, display_titles, interactions_of
from core.datasets.ids import whole_or_text
from core.errors import InputError
from core.types import Dataset

ITEMS = {
    "item_id": [10, 9, 2],
    "title": ["Ten", "Nine", "Two"],
    "category": [("a",), (), ("b", "a")],
    "year": [1999.0, None, 2001],
}
LOG = {"user_id": ["u2", "u1", "u2", "u2"], "item_id": [2, 9, 10, 9], "weight": [1, 2, 3, 4], "datetime": [5, 1, 5, 2]}


def build(items: Any = ITEMS, log: Any = LOG) -> Dataset:
    return build_dataset("t", "T", items, log)


def test_hand_worked() -> None:
    dataset = build()
    catalog, log = dataset.catalog, dataset.interactions
    assert catalog.item_ids.tolist() == [2, 9, 10]
    assert catalog.item_ids.dtype == np.int64
    assert catalog.titles.tolist() == ["Two", "Nine", "Ten"]
    assert catalog.categories == (("b", "a"), (), ("a",))
    assert catalog.fields["category"].tolist() == ["b, a", "", "a"]
    assert catalog.fields["year"].tolist() == ["2001", "", "1999"]
    assert log.user_ids.tolist() == ["u1", "u2"]
    assert log.indptr.tolist() == [0, 1, 4]
    assert log.items.tolist() == [1, 1, 0, 2]
    assert log.weights.tolist() == [2, 4, 1, 3]
    assert log.times is not None
    assert log.times.tolist() == [1, 2, 5, 5]
    assert (log.items.dtype, log.weights.dtype, log.times.dtype) == (np.int32, np.float32, np.int64)
    for array in (catalog.item_ids, catalog.titles, *catalog.fields.values(), log.items, log.weights, log.times):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


@settings(max_examples=60)
@given(st.permutations(range(3)), st.permutations(range(4)))
def test_row_order_does_not_matter(item_order: list[int], log_order: list[int]) -> None:
    items = {name: [values[i] for i in item_order] for name, values in ITEMS.items()}
    log = {name: [values[i] for i in log_order] for name, values in LOG.items()}
    one, other = build(), build(items, log)
    assert one.fingerprint == other.fingerprint
    assert one.catalog.titles.tolist() == other.catalog.titles.tolist()
    assert one.interactions.items.tolist() == other.interactions.items.tolist()
    assert one.interactions.weights.tolist() == other.interactions.weights.tolist()


@pytest.mark.parametrize(
    ("column", "row", "value"),
    [("title", 0, "Tenn"), ("item_id", 0, 11), ("category", 1, ("a",)), ("category", 2, ("a", "b")), ("year", 0, 1998)],
)
def test_every_change_of_the_catalogue_changes_the_fingerprint(column: str, row: int, value: Any) -> None:
    items = {name: list(values) for name, values in ITEMS.items()}
    items[column][row] = value
    log = {**LOG, "item_id": [2, 9, 2, 9]}
    assert build(items, log).fingerprint != build(ITEMS, log).fingerprint


@pytest.mark.parametrize(("column", "value"), [("user_id", "u3"), ("item_id", 9), ("weight", 1.5), ("datetime", 6)])
def test_every_change_of_the_log_changes_the_fingerprint(column: str, value: Any) -> None:
    log = {name: list(values) for name, values in LOG.items()}
    log[column][0] = value
    assert build(log=log).fingerprint != build().fingerprint
    without = {name: values for name, values in LOG.items() if name != "datetime"}
    assert build(log=without).fingerprint != build().fingerprint


def test_text_moved_between_neighbours_changes_the_fingerprint() -> None:
    one = {"item_id": [1, 2], "title": ["ab", "c"]}
    other = {"item_id": [1, 2], "title": ["a", "bc"]}
    nothing: dict[str, Any] = {"user_id": [], "item_id": []}
    assert build(one, nothing).fingerprint != build(other, nothing).fingerprint


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([3, 1], [3, 1]),
        ([3.0, 1.0], [3, 1]),
        (["3", "-1", " 0 "], [3, -1, 0]),
        (np.array([2**63 - 1]), [2**63 - 1]),
        (["007", "7"], ["007", "7"]),
        (["1", "a"], ["1", "a"]),
        ([1, "a"], ["1", "a"]),
        ([str(2**63)], [str(2**63)]),
        ([1.5], ["1.5"]),
        (["³"], ["³"]),
        (["-0", "9" * 5000], ["-0", "9" * 5000]),
        ([], []),
    ],
)
def test_ids_are_numbers_only_where_all_are(given: Any, expected: list[Any]) -> None:
    ids = whole_or_text(given)
    assert ids.tolist() == expected
    assert ids.dtype == (np.int64 if expected and isinstance(expected[0], int) else object)


def test_text_ids_sort_by_code_point() -> None:
    dataset = build({"item_id": ["b", "Z", "é", "a10", "a9"]}, {"user_id": ["x"], "item_id": ["é"]})
    assert dataset.catalog.item_ids.tolist() == ["Z", "a10", "a9", "b", "é"]
    assert dataset.interactions.items.tolist() == [4]


def test_ids_match_across_spellings_of_the_same_number() -> None:
    dataset = build({"item_id": [1, 2]}, {"user_id": [1.0, 2.0], "item_id": ["2", "1"]})
    assert dataset.interactions.items.tolist() == [1, 0]
    mixed = build({"item_id": ["1", "x"]}, {"user_id": [1], "item_id": [1]})
    assert mixed.interactions.items.tolist() == [0]


@pytest.mark.parametrize(
    ("items", "log", "message"),
    [
        ({"title": ["a"]}, LOG, "items: the column item_id is missing, found title"),
        ({"item_id": [1, 1]}, LOG, "item_id 1 stands more than once|item_id .*1.* stands more than once"),
        ({"item_id": [1, 2], "title": ["a"]}, LOG, "not equally long"),
        ({"item_id": [1, None]}, LOG, "an id is missing"),
        ({"item_id": [1, float("nan")]}, LOG, "an id is missing"),
        (ITEMS, {"user_id": [1]}, "interactions: the column item_id is missing"),
        (ITEMS, {"user_id": [1], "item_id": [77]}, "item_id .*77.* is not in the catalogue"),
        (ITEMS, {"user_id": [1], "item_id": [2], "weight": [-1]}, "weight must be a number of at least 0, got -1"),
        (
            ITEMS,
            {"user_id": [1], "item_id": [2], "weight": [float("nan")]},
            "weight must be a number of at least 0, got nan",
        ),
        (ITEMS, {"user_id": [1], "item_id": [2], "weight": ["x"]}, "weight must be numbers"),
        (ITEMS, {"user_id": [1], "item_id": [2], "datetime": [1.5]}, "datetime must be whole unix seconds, got 1.5"),
    ],
)
def test_bad_input_is_named(items: Any, log: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        build(items, log)


def test_titles_can_be_told_apart() -> None:
    ids = np.arange(1, 8)
    titles = ["Hamlet", "Hamlet", "Hamlet", "", "Solo", "Twin", "Twin"]
    years = ["2000", "1996", "2000", "", "2001", "", ""]
    assert display_titles(ids, titles, years) == [
        "Hamlet (2000) [1]",
        "Hamlet (1996)",
        "Hamlet (2000) [3]",
        "Untitled item 4",
        "Solo",
        "Twin [6]",
        "Twin [7]",
    ]
    assert display_titles(ids[:2], ["A", "A"]) == ["A [1]", "A [2]"]


def test_an_empty_set_is_a_set() -> None:
    dataset = build({"item_id": []}, {"user_id": [], "item_id": []})
    assert len(dataset.catalog) == 0
    assert dataset.interactions.indptr.tolist() == [0]
    assert dataset.interactions.n_users == 0


def test_coded_rows_build_the_same_log_as_plain_ones() -> None:
    plain = build()
    rows = CodedRows(
        users=np.array([0, 3, 0, 0]),
        items=np.array([4, 1, 2, 1]),
        user_ids=np.array(["u2", "unused", "", "u1"], dtype=object),
        item_ids=np.array(["?", "9", "10", "?", "2"], dtype=object),
        weights=np.array(LOG["weight"], dtype=float),
        times=np.array(LOG["datetime"]),
    )
    log = interactions_of(rows, plain.catalog)
    for name in ("user_ids", "indptr", "items", "weights", "times"):
        assert getattr(log, name).tolist() == getattr(plain.interactions, name).tolist(), name


@pytest.mark.parametrize(("position", "expected"), [([3.0, 1.0, 2.0], [1, 2, 0]), (None, [0, 1, 2])])
def test_a_position_orders_a_history_without_times(position: list[float] | None, expected: list[int]) -> None:
    catalog = catalog_of({"item_id": ["a", "b", "c"]})
    rows = CodedRows(
        users=np.zeros(3, dtype=int),
        items=np.arange(3),
        user_ids=np.array(["u"], dtype=object),
        item_ids=np.array(["a", "b", "c"], dtype=object),
        weights=np.ones(3),
        position=None if position is None else np.array(position),
    )
    log = interactions_of(rows, catalog, positive_from=0.5)
    assert log.items.tolist() == expected
    assert (log.ordered, log.times, log.positive_from) == (position is not None, None, 0.5)
