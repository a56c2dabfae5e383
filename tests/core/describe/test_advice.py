"""Advice follows from a figure, says it, and is not given without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.describe import Advice, Profile, advice, describe
from core.describe.advice import LEVELS, percent
from core.describe.languages import LanguageMix
from core.types import Dataset

TEXT = "a text of seven words or so"


def even(n_users: int = 240, n_items: int = 30, per_user: int = 12) -> Dataset:
    """Every user has ``per_user`` interactions and every item equally many; ratings and times spread out."""
    user = np.repeat(np.arange(n_users), per_user)
    place = np.arange(len(user))
    return build_dataset(
        "even",
        "Even",
        {
            "item_id": np.arange(n_items),
            "title": [f"{TEXT} {i}" for i in range(n_items)],
            "category": [["a"]] * n_items,
        },
        {"user_id": user, "item_id": place % n_items, "weight": 1 + place % 5, "datetime": 1_000_000 + 200_000 * place},
    )


def profile_of(dataset: Dataset) -> Profile:
    return describe(dataset, languages=False)


def by_key(profile: Profile) -> dict[str, Advice]:
    found = {one.key: one for one in advice(profile)}
    assert len(found) == len(advice(profile)), "each rule speaks once"
    return found


def test_a_sound_set_is_told_so_and_nothing_else() -> None:
    found = advice(profile_of(even()))
    assert {one.key for one in found} == {"warm_users", "even_tail"}
    assert {one.level for one in found} == {"good"}


def test_cold_items_are_named_with_their_share() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1, 2, 3]}, {"user_id": [1, 1], "item_id": [1, 2]})
    found = by_key(profile_of(dataset))
    assert found["cold_items"].text == "33 % of the items have no interactions (1 of 3)."
    assert found["cold_items"].level == "warn"
    assert "content" in found["cold_items"].consequence
    assert found["near_cold_items"].text.startswith("67 % of the items have only 1 to 4")


def test_a_few_cold_items_are_information() -> None:
    profile = profile_of(even())
    few = replace(profile, cold=replace(profile.cold, items=1, items_share=1 / 30))
    assert by_key(few)["cold_items"].level == "info"


def test_the_long_tail_is_said_with_its_figures() -> None:
    profile = profile_of(even())
    heavy = replace(profile, long_tail=replace(profile.long_tail, top_10=0.623, gini=0.784))
    found = by_key(heavy)
    assert found["long_tail"].text == "The top 10 % of the items get 62 % of all interactions (Gini 0.78)."
    assert "even_tail" not in found


def test_cold_users() -> None:
    found = by_key(profile_of(even(per_user=3)))
    assert found["cold_users"].text == "100 % of the users have fewer than 5 interactions."
    assert "warm_users" not in found


def test_five_interactions_each_are_neither_few_nor_many() -> None:
    assert not {"cold_users", "warm_users"} & set(by_key(profile_of(even(per_user=6))))


@pytest.mark.parametrize(("ordered", "says"), [(True, "Leave-last-N works"), (False, "leave-last-N are off")])
def test_no_times(ordered: bool, says: str) -> None:
    found = by_key(replace(profile_of(even()), timeline=None, ordered=ordered))
    assert says in found["no_times"].consequence


def test_histories_of_one_day() -> None:
    profile = profile_of(even())
    assert profile.timeline is not None
    found = by_key(replace(profile, timeline=replace(profile.timeline, one_day_users=0.6)))
    assert found["one_day_users"].text.startswith("60 % of the users")


@pytest.mark.parametrize(("positive_from", "level"), [(0.0, "warn"), (4.0, "info")])
def test_one_sided_ratings_ask_for_a_threshold(positive_from: float, level: str) -> None:
    rows = {"user_id": list(range(10)), "item_id": [1] * 10, "weight": [1, 2] + [4] * 4 + [5] * 4}
    dataset = build_dataset("t", "T", {"item_id": [1]}, rows)
    log = replace(dataset.interactions, positive_from=positive_from)
    found = by_key(profile_of(replace(dataset, interactions=log)))
    assert found["one_sided_ratings"].text == "80 % of the ratings are 4 or more, of 1 to 5."
    assert found["one_sided_ratings"].level == level
    assert "one_sided_ratings" not in by_key(profile_of(replace(dataset, feedback="event")))


def test_ratings_that_are_all_alike() -> None:
    rows = {"user_id": [1, 2], "item_id": [1, 1], "weight": [5, 5]}
    assert "one_rating" in by_key(profile_of(build_dataset("t", "T", {"item_id": [1]}, rows)))


def test_counts_of_many_orders() -> None:
    rows = {"user_id": [1, 2], "item_id": [1, 1], "weight": np.log2(1 + np.array([1.0, 352_698]))}
    found = by_key(profile_of(replace(build_dataset("t", "T", {"item_id": [1]}, rows), feedback="count")))
    assert found["wide_counts"].text == "Counts go from 1 to 352,698: 5.5 powers of ten."
    assert "log2" in found["wide_counts"].consequence


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"short_share": 0.5}, "short_texts"),
        ({"empty_share": 0.2, "empty": 6}, "empty_texts"),
        ({"empty_share": 0.2, "empty": 6, "short_share": 0.5}, "empty_texts"),
        ({"long_share": 0.3}, "long_texts"),
    ],
)
def test_texts(change: dict[str, float], key: str) -> None:
    profile = profile_of(even())
    found = by_key(replace(profile, texts=replace(profile.texts, **change)))  # type: ignore[arg-type]
    assert {"short_texts", "empty_texts", "long_texts"} & set(found) == {key}


def test_other_languages_are_an_estimate_that_needs_enough_texts() -> None:
    profile = profile_of(even())
    mixed = LanguageMix(sampled=100, too_short=10, unclear=10, told=80, found=(("en", 60), ("fr", 15), ("de", 5)))
    found = by_key(replace(profile, languages=mixed))
    assert found["languages"].text.startswith("About 25 % of the item texts are not in English (mostly French, German)")
    assert "80 texts" in found["languages"].text
    assert "multilingual" in found["languages"].consequence
    for silent in (
        replace(mixed, told=79, sampled=160),
        replace(mixed, sampled=30, told=20, found=(("fr", 20),)),
        replace(mixed, found=(("en", 79), ("fr", 1))),
    ):
        assert "languages" not in by_key(replace(profile, languages=silent))


def test_few_users_make_wide_intervals() -> None:
    found = by_key(profile_of(even(n_users=100)))
    assert found["few_users"].text == "There are only 100 users."
    assert "±10 points" in found["few_users"].consequence, "1.96 x sqrt(0.25 / 100)"
    assert "few_users" not in by_key(profile_of(even(n_users=200)))


def test_categories_and_sparsity() -> None:
    profile = profile_of(even())
    bare = replace(
        profile,
        categories=replace(profile.categories, n_categories=0, without_share=1.0),
        summary=replace(profile.summary, density=0.00004),
    )
    found = by_key(bare)
    assert found["sparse"].text == "Only 0.004 % of the user × item table is filled."
    assert "no_categories" in found
    some = replace(profile, categories=replace(profile.categories, without_share=0.31))
    assert by_key(some)["missing_categories"].text == "31 % of the items have no category."


def test_an_empty_log_is_said_and_nothing_is_made_of_it() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1], "title": [TEXT]}, {"user_id": [], "item_id": []})
    assert [one.key for one in advice(profile_of(dataset))] == ["no_interactions", "no_categories"]


def test_warnings_come_first() -> None:
    levels = [LEVELS.index(one.level) for one in advice(profile_of(even(n_users=100, per_user=12)))]
    assert levels == sorted(levels)
    assert len(set(levels)) > 1


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.000_001, "less than 0.001 %"),
        (0.0002, "0.02 %"),
        (0.0164, "1.6 %"),
        (0.0999, "10 %"),
        (1 / 3, "33 %"),
        (0.9996, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_percent_never_rounds_something_to_nothing_or_all(share: float, text: str) -> None:
    assert percent(share) == text
