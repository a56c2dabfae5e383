"""Key figures, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.datasets.categories import by_count, telling_first
from core.describe import summarise
from core.types import Note


def test_key_figures_by_hand() -> None:
    dataset = build_dataset(
        "t",
        "T",
        {"item_id": [1, 2, 3, 4]},
        {"user_id": [1, 1, 1, 2], "item_id": [1, 2, 3, 1], "weight": [1, 2, 3, 4], "datetime": [50, 10, 20, 30]},
        notes=(Note("a", 2, "x"), Note("b", 3, "y")),
    )
    facts = summarise(dataset)
    assert (facts.n_users, facts.n_items, facts.n_interactions, facts.cold_items, facts.tidied) == (2, 4, 4, 1, 5)
    assert facts.density == 0.5
    assert (facts.per_user, facts.mean_weight, facts.first, facts.last) == (2.0, 2.5, 10, 50)


def test_an_empty_log_has_no_averages() -> None:
    facts = summarise(build_dataset("t", "T", {"item_id": [1]}, {"user_id": [], "item_id": []}))
    assert np.isnan(facts.per_user)
    assert np.isnan(facts.mean_weight)
    assert (facts.first, facts.last) == (None, None)


def test_the_telling_category_is_the_rarest_known_one() -> None:
    names = [["Drama"], ["Drama", "Sci-Fi"], ["Drama", "Sci-Fi", "Odd"], ["Drama"]]
    catalog = build_dataset(
        "t", "T", {"item_id": [1, 2, 3, 4], "category": names}, {"user_id": [], "item_id": []}
    ).catalog
    counts = by_count(catalog)
    assert counts == (("Drama", 4), ("Sci-Fi", 2), ("Odd", 1))
    assert telling_first(names[2], dict(counts), ["Drama", "Sci-Fi"]) == ("Sci-Fi", "Drama", "Odd")
    assert telling_first((), dict(counts), ["Drama"]) == ()


def test_summaries_do_not_need_times() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1]}, {"user_id": [1], "item_id": [1]})
    assert summarise(dataset).first is None
    assert summarise(dataset).density == pytest.approx(1)
