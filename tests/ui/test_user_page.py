"""The User page from its address to its sentence, its figures and each of its aspects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset
from core.portrait.alike import pseudonym
from core.portrait.interests import Interest
from core.portrait.lifts import LESS, MORE, UNSURE, Lift
from ui.figures import user_lifts
from ui.figures.user_lifts import times
from ui.text import t
from ui.user_facts import Facts
from ui.user_place import names_of
from ui.user_view import ASPECTS
from ui.user_words import by_change, named, p_text, sentence, tiles

PAGE = "pages/explore/user.py"
MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
warm = pytest.mark.usefixtures("warm")


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What the page last handed to its tiles."""
    found: list[tuple[str, str, str]] = []

    def keep(given: Sequence[tuple[str, str, str]], **_: object) -> str:
        found[:] = given
        return ""

    monkeypatch.setattr("ui.cards.stat_tiles", keep)
    return found


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(PAGE).run()


def said(at: AppTest) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error))


def facts(user: int) -> Facts:
    dataset = load_dataset(Recipe().dataset)
    return Facts(dataset, Recipe(), user, dataset.interactions, None)


@warm
def test_the_sentence_and_the_figures_come_first_and_are_those_of_the_engine(
    figures: list[tuple[str, str, str]],
) -> None:
    at = opened(user="101")
    assert not at.exception
    known = facts(100)
    more, less = named(known.against.categories, MORE), named(known.against.categories, LESS)
    assert more
    assert less
    heading = next(str(one.value) for one in at.markdown if str(one.value).startswith("## "))
    assert heading.replace("\\", "").startswith(f"## Likes {more[0].name} {times(more[0].lift)}")
    assert f"{less[0].name} {times(less[0].lift)}" in heading.replace("\\", "")
    assert figures[0][1] == f"{len(known.liked)}"
    assert figures[1][:2] == (t("user.tile_more_name", name=more[0].name), times(more[0].lift))
    assert figures[2][:2] == (t("user.tile_less_name", name=less[0].name), times(less[0].lift))
    assert len(at.get("plotly_chart")) == 2


@warm
@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_is_drawn_for_a_long_history(aspect: str, figures: list[tuple[str, str, str]]) -> None:
    at = opened(user="15", aspect=aspect)
    assert not at.exception
    assert not at.error
    assert len(at.get("plotly_chart")) <= 3
    if aspect == "readers":
        ids = load_dataset(Recipe().dataset).interactions.user_ids
        fingerprint = load_dataset(Recipe().dataset).fingerprint
        (table,) = at.dataframe
        names = table.value.iloc[:, 0].tolist()
        assert len(names) == 10
        assert set(names) <= {pseudonym(fingerprint, one) for one in ids}


@warm
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"user": "1"}, t("user.say_little_2", n=3)),
        ({"user": "1", "aspect": "time"}, t("user.drift_too_few", n=3)),
        ({"user": "101", "aspect": "time"}, t("user.drift_too_short", n=35, days="0.0")),
        ({"user": "1", "aspect": "recent"}, t("user.recent_too_few", n=3, last=10)),
        ({"user": "nobody"}, "unknown user 'nobody'"),
        ({"aspect": "soul"}, "soul"),
        ({"user": "15", "aspect": "recent", "last": "999"}, "999"),
        ({"user": "15", "strategy": "popularity", "aspect": "map"}, t("user.of_texts")),
    ],
    ids=lambda given: "-".join(given.values()) if isinstance(given, dict) else "",
)
def test_what_cannot_be_told_is_said(query: dict[str, str], words: str, figures: list[tuple[str, str, str]]) -> None:
    at = opened(**query)
    assert not at.exception
    assert words in said(at).replace("\\", "")


@warm
def test_without_vectors_nothing_is_said_of_drift() -> None:
    known = facts(14)
    assert "moved" not in sentence(known, placed=False)
    assert "moved" in sentence(known, placed=True)
    assert tiles(known, placed=False)[4][2] == t("user.tile_waiting")


@warm
def test_hostile_names_stay_words(hostile: str, figures: list[tuple[str, str, str]]) -> None:
    for aspect in ("taste", "interests"):
        at = opened(dataset=hostile, aspect=aspect)
        assert not at.exception
        assert not any("](" in str(one.value) or "<img" in str(one.value) for one in at.markdown)


def lift(name: str, ratio: float, low: float, high: float, verdict: str) -> Lift:
    return Lift(0, name, 1, 2, 0.5, 0.25, ratio, low, high, 0.01, 0.01, verdict)


def test_changes_are_told_by_how_much_of_the_whole_they_are() -> None:
    rare = replace(lift("rare", 18, 3, 60, MORE), share=0.09, others=0.005)
    common = replace(lift("common", 3, 2, 4, MORE), share=0.3, others=0.1)
    assert [one.name for one in by_change([rare, common])] == ["common", "rare"]


def test_interests_that_share_their_categories_are_told_apart_by_words() -> None:
    def one(names: tuple[str, ...], words: tuple[str, ...]) -> Interest:
        return Interest(0.5, np.array([0]), np.ones(1), np.ones(2), names, words, 1.0)

    found = names_of(
        [one(("A", "B"), ("star", "wars")), one(("A", "B"), ("trek",)), one((), ("moon",)), one(("C",), ())]
    )
    assert found == ["A · B (star, wars)", "A · B (trek)", t("user.interest_unnamed"), "C"]


def test_the_picture_keeps_zero_and_infinity_within_its_axis() -> None:
    found = [
        lift("a", 0.0, 0.0, 0.4, LESS),
        lift("b", 1.2, 0.5, 2, UNSURE),
        lift("c", float("inf"), 3, float("inf"), MORE),
    ]
    figure = user_lifts.build(found, dark=False)
    low, high = (10**end for end in figure.layout.xaxis.range)
    (dots,) = [trace for trace in figure.data if trace.mode == "markers"]
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert all(low <= x <= high for x in dots.x)
    assert all(low <= x <= high for trace in lines for x in trace.x if x is not None)
    assert len(lines) == 3
    assert len(set(dots.marker.symbol)) == 3, "the verdict is told by shape as well as by colour"


def test_figures_as_they_are_read() -> None:
    assert [times(value) for value in (0.0, 0.24, 2.14, 14.6, float("inf"))] == ["0×", "0.2×", "2.1×", "15×", "∞"]
    assert p_text(1 / 200) == "0.005 or less"
    assert p_text(0.317) == "0.32"
