"""The key figures and the profile as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.datasets.categories import by_count, telling_first
from core.describe import describe, print_lines, summarise
from core.types import Dataset, Note


def empty_log() -> Dataset:
    return build_dataset("t", "T", {"item_id": [1]}, {"user_id": [], "item_id": []})


def small() -> Dataset:
    """Two users, four items, one of them untouched; two years and a day between first and last."""
    return build_dataset(
        "small",
        "Small",
        {
            "item_id": [1, 2, 3, 4],
            "title": ["One red lamp for the desk", "Two", "", "Four"],
            "category": [["a"], ["a", "b"], [], ["c"]],
        },
        {"user_id": [7, 7, 7, 9], "item_id": [1, 2, 3, 1], "weight": [1, 2, 5, 5], "datetime": [0, 9, 63_158_400, 9]},
    )


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
    facts = summarise(empty_log())
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


def test_a_profile_holds_every_subject() -> None:
    profile = describe(small())
    assert (profile.name, profile.label, profile.fingerprint) == ("small", "Small", small().fingerprint)
    assert profile.summary == summarise(small())
    assert profile.long_tail.n_touched == 3
    assert profile.activity.at(100) == 3
    assert profile.cold.items == 1
    assert profile.weights.high == 5
    assert profile.timeline is not None
    assert profile.timeline.unit == "week"
    assert profile.categories.n_categories == 3
    assert profile.texts.empty == 1
    assert profile.languages is not None
    assert profile.languages.sampled == 4


def test_languages_can_be_left_out() -> None:
    assert describe(small(), languages=False).languages is None


@pytest.mark.parametrize("feedback", ["rating", "count", "event", "none"])
@pytest.mark.parametrize("make", [small, empty_log])
def test_every_profile_is_plain_json(feedback: str, make: Callable[[], Dataset]) -> None:
    profile = describe(replace(make(), feedback=feedback))
    text = json.dumps(profile.to_json(), allow_nan=False)
    assert json.loads(text) == profile.to_json()


def test_json_says_none_where_a_figure_is_undefined() -> None:
    flat = describe(empty_log(), languages=False).to_json()
    assert flat["long_tail"]["gini"] is None
    assert flat["weights"]["scale"] is None
    assert flat["cold"]["users_share"] is None
    assert (flat["cold"]["items"], flat["cold"]["items_share"]) == (1, 1.0)


def test_the_report_says_the_figures_in_lines() -> None:
    lines = print_lines(describe(small()))
    text = "\n".join(lines)
    assert lines[0] == "Small"
    for figure in (
        "2, 2 interactions in the median",
        "4; 1 with no interactions, 3 with 1 to 4",
        "1970-01-01 to 1972-01-02",
    ):
        assert figure in text
    assert "[warn] 25 % of the items have no interactions (1 of 4)." in lines
    assert not any("nan" in line for line in lines)


def test_the_report_of_an_empty_log_has_no_made_up_figures() -> None:
    text = "\n".join(print_lines(describe(empty_log())))
    assert "Gini -" in text
    assert "nan" not in text
    assert "There are no interactions." in text
