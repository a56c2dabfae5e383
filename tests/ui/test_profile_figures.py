"""The pictures of a data set as data: what each trace holds, what each title says, and that names stay text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.build import build_dataset
from core.describe import Profile, describe
from core.describe.bins import Bins, log_bins
from core.describe.languages import LanguageMix
from core.types import Dataset
from ui import palette, profile_view
from ui.figures import profile_behaviour, profile_content, profile_popularity
from ui.figures.profile_frame import QUIET, Picture, cut, short

HOSTILE = '<img src=x onerror=alert(1)> ![x](http://a/b.png) <a href="https://example.org">link</a>'
PICTURES = (profile_popularity.pictures, profile_behaviour.pictures, profile_content.pictures)


def films(**kind: object) -> Dataset:
    """Ten items, one of them loved; four users; ratings 1, 4 and 5; two years."""
    dataset = build_dataset(
        "films",
        "Films",
        {
            "item_id": list(range(10)),
            "title": [f"A title that has seven words {i}" for i in range(10)],
            "category": [["Drama"]] * 6 + [["Comedy", "Drama"]] * 2 + [[], []],
        },
        {
            "user_id": [1, 1, 1, 2, 2, 3, 4, 4, 4, 4],
            "item_id": [0, 1, 2, 0, 1, 0, 0, 3, 4, 5],
            "weight": [5, 4, 1, 5, 4, 5, 5, 4, 1, 1],
            "datetime": [86_400 * 100 * day for day in (0, 1, 2, 3, 4, 5, 6, 7, 7, 7)],
        },
    )
    return replace(dataset, **kind)  # type: ignore[arg-type]


def profile_of(dataset: Dataset) -> Profile:
    return describe(dataset, languages=False)


def bars(picture: Picture) -> go.Bar:
    assert picture.figure is not None
    (trace,) = picture.figure.data
    return trace


def told(picture: Picture, dark: bool = False) -> list[int]:
    """The bars in the accent."""
    accent = palette.ACCENT["dark" if dark else "light"]
    return [place for place, colour in enumerate(bars(picture).marker.color) if colour == accent]


def test_the_curve_holds_the_shares_and_the_title_says_the_top() -> None:
    profile = profile_of(films())
    picture = profile_popularity.concentration(profile, dark=False)
    assert picture.title == "The top 10 % of the items get 40 % of all interactions"
    curve, even, marks = picture.figure.data  # type: ignore[union-attr]
    assert curve.x == pytest.approx(tuple(100 * np.array(profile.long_tail.items)))
    assert curve.y == pytest.approx((0, 40, 60, 70, 80, 90, 100, 100, 100, 100, 100))
    assert (even.x, even.y) == ((0, 100), (0, 100))
    assert (marks.x, marks.y) == ((1, 10, 20), pytest.approx((40, 40, 60)))
    assert "top 10 %: 40 %" in marks.text[1]
    notes = [note.text for note in picture.figure.layout.annotations]  # type: ignore[union-attr]
    assert f"Gini {profile.long_tail.gini:.2f}" in notes
    assert len(set(map(len, picture.table.values()))) == 1


def test_items_and_users_by_their_interactions() -> None:
    profile = profile_of(films())
    items = profile_popularity.items(profile, dark=False)
    assert items.title == "40 % of the items have no interactions at all"
    assert (bars(items).y, told(items)) == ((4, 4, 2), [0])
    assert bars(items).hovertext[0] == "0 interactions: 4 items (40 %)"
    assert items.figure.layout.xaxis.ticktext == ("0", "1", "2", "5")  # type: ignore[union-attr]
    users = profile_popularity.users(profile, dark=False)
    assert users.title == "100 % of the users have fewer than 5 interactions"
    assert (bars(users).y, told(users)) == ((1, 3), [0, 1])


def test_without_many_cold_users_the_median_is_told() -> None:
    profile = profile_of(films())
    warm = replace(profile, cold=replace(profile.cold, users_share=0.0))
    picture = profile_popularity.users(warm, dark=True)
    assert picture.title == "Half of the users have 2 interactions or more"
    assert told(picture, dark=True) == [1]
    assert bars(picture).marker.color[0] == QUIET[1]


def test_ratings_tell_the_upper_end_of_the_scale() -> None:
    picture = profile_behaviour.weights(profile_of(films()), dark=False)
    assert picture.title == "70 % of the ratings are 4 or more"
    assert (bars(picture).x, bars(picture).y, told(picture)) == ((1, 4, 5), (3, 3, 4), [1, 2])
    assert picture.table["share"] == ["30 %", "30 %", "40 %"]
    assert not picture.figure.layout.shapes  # type: ignore[union-attr]


def test_a_threshold_is_a_line_and_is_said() -> None:
    dataset = films()
    log = replace(dataset.interactions, positive_from=4.0)
    picture = profile_behaviour.weights(profile_of(replace(dataset, interactions=log)), dark=False)
    (line,) = picture.figure.layout.shapes  # type: ignore[union-attr]
    assert (line.x0, line.x1) == (4, 4)
    assert picture.caption.startswith("70 % of the interactions count as liked: those of 4 or more")


def test_a_fine_scale_is_drawn_in_bins() -> None:
    rows = {"user_id": list(range(101)), "item_id": [1] * 101, "weight": list(range(101))}
    profile = profile_of(build_dataset("t", "T", {"item_id": [1]}, rows))
    picture = profile_behaviour.weights(profile, dark=False)
    assert bars(picture).x[0] == 2.5
    assert told(picture) == [15, 16, 17, 18, 19]
    assert picture.title == "26 % of the ratings are 75 or more"


def test_counts_are_a_histogram_on_a_log_scale() -> None:
    rows = {"user_id": [1, 2, 3], "item_id": [1] * 3, "weight": np.log2(1 + np.array([1.0, 30, 4_000]))}
    profile = profile_of(replace(build_dataset("t", "T", {"item_id": [1]}, rows), feedback="count"))
    picture = profile_behaviour.weights(profile, dark=False)
    assert picture.title == "Half of the counts are 30 or more, the largest is 4,000"
    assert sum(bars(picture).y) == 3
    assert bars(picture).hovertext[told(picture)[0]] == "20–49 times: 1 interactions (33 %)"


@pytest.mark.parametrize(("feedback", "axis"), [("event", "weight of the event"), ("none", "weight")])
def test_events_tell_the_commonest_weight(feedback: str, axis: str) -> None:
    picture = profile_behaviour.weights(profile_of(films(feedback=feedback)), dark=False)
    assert picture.title == "40 % of the interactions weigh 5"
    assert picture.figure.layout.xaxis.title.text == axis  # type: ignore[union-attr]


def test_what_cannot_be_drawn_is_said() -> None:
    rows = {"user_id": [1, 2], "item_id": [1, 1]}
    profile = profile_of(build_dataset("t", "T", {"item_id": [1]}, rows))
    flat, timeless = profile_behaviour.pictures(profile, False)
    assert (flat.figure, flat.title) == (None, "Every interaction weighs the same (1)")
    assert (timeless.figure, timeless.title) == (None, "The log has no times")
    ordered, unordered = (
        profile_behaviour.time(replace(profile, ordered=known), False).caption for known in (True, False)
    )
    assert "leave-last-N works" in ordered
    assert "leave-last-N are off" in unordered
    assert profile_content.categories(profile, False).figure is None


def test_time_tells_the_busiest_bin() -> None:
    picture = profile_behaviour.time(profile_of(films()), dark=False)
    assert picture.title == "The busiest week, from 29 Nov 1971, holds 30 % of all interactions"
    assert (max(bars(picture).y), sum(bars(picture).y)) == (3, 10)
    assert bars(picture).x[told(picture)[0]] == "1971-11-29"


@pytest.mark.parametrize(
    ("start", "unit", "name"),
    [
        ("2000-03-01", "year", "2000"),
        ("2000-03-01", "month", "Mar 2000"),
        ("2000-03-06", "week", "6 Mar 2000"),
        ("40000-01-01", "year", "40000-01-01"),
    ],
)
def test_bins_of_time_have_names(start: str, unit: str, name: str) -> None:
    assert profile_behaviour.bin_name(start, unit) == name


def test_categories_are_shares_of_all_items() -> None:
    picture = profile_content.categories(profile_of(films()), dark=False)
    assert picture.title == "Drama is the most frequent of 2 categories: 80 % of the items carry it"
    assert (bars(picture).x, bars(picture).text) == ((8, 2, 2), ("80 %", "20 %", "20 %"))
    assert picture.figure.layout.yaxis.ticktext == ("Drama", "Comedy", "no category")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "title", "bar"),
    [
        ({}, "Half of the item texts have 50 words or more", [2]),
        ({"short_share": 0.5}, "50 % of the item texts have fewer than 5 words", [0, 1]),
        ({"long_share": 0.2}, "20 % of the item texts have 200 words or more", [4]),
    ],
)
def test_text_length_tells_what_matters(change: dict[str, float], title: str, bar: list[int]) -> None:
    profile = profile_of(films())
    words = Bins((1, 2, 50, 100, 200), (1, 4, 99, 199, 499), (1, 1, 3, 1, 1))
    texts = replace(profile.texts, words=words, median_words=50.0, **change)  # type: ignore[arg-type]
    picture = profile_content.text_length(replace(profile, texts=texts), dark=False)
    assert (picture.title, told(picture)) == (title, bar)


def test_languages_are_shares_of_the_sample() -> None:
    mix = LanguageMix(sampled=100, too_short=10, unclear=0, told=90, found=(("en", 80), ("de", 9), ("lb", 1)))
    picture = profile_content.languages(replace(profile_of(films()), languages=mix), dark=False)
    assert picture.title == "About 89 % of the items are described in English"
    assert picture.table["language"] == ["English", "German", "other languages", "too short to tell"]
    assert bars(picture).x == (80, 9, 1, 10)
    untold = replace(mix, told=3, too_short=97, found=(("de", 2), ("en", 1)))
    picture = profile_content.languages(replace(profile_of(films()), languages=untold), dark=False)
    assert picture.title == "Only 3 % of the items say enough to tell their language"
    assert told(picture) == [0, 1]


def test_names_from_data_are_text_to_plotly() -> None:
    dataset = films()
    names = ((HOSTILE,),) * 10
    profile = profile_of(replace(dataset, catalog=replace(dataset.catalog, categories=names)))
    picture = profile_content.categories(profile, dark=False)
    labels = [*bars(picture).hovertext, *picture.figure.layout.yaxis.ticktext]  # type: ignore[union-attr]
    assert all("<" not in label for label in labels)


def test_every_picture_has_its_words_and_the_same_figures_as_a_table() -> None:
    for dark in (False, True):
        for build in PICTURES:
            pictures = build(describe(films()), dark)
            assert len(pictures) <= 3
            for picture in pictures:
                assert picture.figure is not None
                assert picture.title
                assert picture.caption
                assert len({len(column) for column in picture.table.values()}) == 1
                assert picture.figure.layout.dragmode is False
                assert all(not trace.showlegend for trace in picture.figure.data)


def test_an_empty_set_has_words_instead_of_pictures() -> None:
    profile = describe(build_dataset("t", "T", {"item_id": []}, {"user_id": [], "item_id": []}))
    for build in PICTURES:
        for picture in build(profile, False):
            assert picture.title
            assert "nan" not in picture.title
    assert all("nan" not in part for tile in profile_view.tiles(profile) for part in tile)


def test_ticks_and_names_are_short() -> None:
    assert [short(number) for number in (0, 500, 1_000, 20_000, 1_500, 2_000_000)] == [
        "0",
        "500",
        "1k",
        "20k",
        "1,500",
        "2M",
    ]
    assert cut("x" * 24) == "x" * 24
    assert cut("x" * 25) == "x" * 23 + "…"


def test_long_histograms_label_only_what_matters() -> None:
    bins = log_bins(np.array([1, 1, 1, 300_000]))
    profile = profile_of(films())
    counted = replace(profile, weights=replace(profile.weights, kind="count", counts=bins, scale=None, median=1.0))
    picture = profile_behaviour.weights(counted, dark=False)
    assert [text for text in bars(picture).text if text] == ["75 %"]
    assert len(picture.figure.layout.xaxis.ticktext) < len(bins.counts)  # type: ignore[union-attr]


def test_advice_stays_text() -> None:
    profile = describe(films())
    lines = profile_view.advice_lines(profile_view.advice(profile))
    assert "**40\u00a0% of the items have no interactions \\(4 of 10\\)\\.**" in lines
    assert lines.count(":material/") == len(profile_view.advice(profile))


def page() -> None:
    """A page with nothing but the profile."""
    from core import load_dataset
    from ui import profile_view

    profile_view.draw(load_dataset("movielens-small"))


@pytest.mark.parametrize("topic", [*profile_view.TOPICS, "nonsense"])
def test_the_view_draws_each_topic(topic: str) -> None:
    at = AppTest.from_function(page, default_timeout=60)
    at.query_params["topic"] = topic
    at.run()
    assert not at.exception
    assert 2 <= len(at.get("plotly_chart")) <= 3
    assert len(at.dataframe) == len(at.get("plotly_chart"))
    assert any("61\u00a0% of the items have only 1 to 4 interactions" in text.value for text in at.markdown)
    assert bool(at.warning) == (topic == "nonsense")
