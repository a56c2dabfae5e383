"""Which words of texts count, and how items are counted by them."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.datasets.build import build_dataset
from core.portrait.attributes import Attributes, categories, terms
from core.portrait.likes import item_likes, liked_rows, likes
from core.types import Catalog


def catalogue(titles: list[str], **more: list[str]) -> Catalog:
    items: dict[str, Any] = {
        "item_id": np.arange(len(titles)),
        "title": titles,
        "category": [["A", "B"], ["B"]] * (len(titles) // 2),
    }
    return build_dataset("t", "T", items | more, {"user_id": [1], "item_id": [0]}).catalog


def test_common_rare_short_words_and_numbers_are_left_out() -> None:
    titles = [f"The star no {at} of x{at}" if at < 6 else f"The odd{at} one" for at in range(200)]
    found = terms(catalogue(titles))
    assert found.names == ("star",), "'the' stands everywhere, 'one' nearly, 'odd7' once, 'no' is short"
    assert found.counts(np.arange(200)).tolist() == [6]
    assert found.counts(np.array([0, 5, 6])).tolist() == [2]


def test_accents_and_case_do_not_matter_and_addresses_and_years_are_not_read() -> None:
    titles = ["Étoile"] * 3 + ["ETOILE"] * 3 + [f"other{at} thing" for at in range(194)]
    found = terms(catalogue(titles, link=["https://poster/star"] * 200, year=["1999"] * 200))
    assert "etoile" in found.names
    assert not {"https", "poster", "star"} & set(found.names)


def test_items_are_counted_by_attribute_each_as_often_as_given() -> None:
    kinds = categories(catalogue(["a", "b", "c", "d"]))
    assert kinds.names == ("A", "B")
    assert kinds.counts(np.array([0, 0, 1])).tolist() == [2, 3]
    assert kinds.counts(np.array([], dtype=np.int64)).tolist() == [0, 0]
    assert kinds.weighed(np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [4.0, 10.0]
    none = Attributes((), np.zeros(3, dtype=np.int64), np.empty(0, dtype=np.int64))
    assert none.counts(np.array([0, 1])).tolist() == []


def test_likes_count_an_item_once_and_only_where_it_is_liked() -> None:
    rows: dict[str, Any] = {
        "user_id": [1, 1, 1, 1, 2],
        "item_id": [2, 0, 2, 1, 2],
        "weight": [5.0, 5.0, 5.0, 1.0, 4.0],
        "datetime": [1, 2, 3, 4, 5],
    }
    catalog: dict[str, Any] = {"item_id": [0, 1, 2], "title": ["a", "b", "c"], "category": [["A"]] * 3}
    log = build_dataset("t", "T", catalog, rows, positive_from=4.0).interactions
    assert likes(log, 3).of(0).tolist() == [0, 2]
    assert item_likes(log, 3).tolist() == [1, 0, 2]
    assert log.items[liked_rows(log, 0, 3)].tolist() == [2, 0]
    assert likes(log, 2).of(0).tolist() == [0], "an item beyond the catalogue is no item"
