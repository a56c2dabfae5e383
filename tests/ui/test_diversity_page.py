"""The Diversity page from its address to its lists, its sentence and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset, recall, user_indices
from core.evaluate.types import Measure
from core.explain.ledger import Entry, Gone, Ledger
from core.explain.ledger_reasons import LEFT, LIKE, STAYED, UNLIKE
from core.tradeoff.figures import FIGURES, Effect, effects
from core.tradeoff.population import population
from core.vectors import embed_items
from ui import diversity_everybody, diversity_headline
from ui.diversity_knobs import pool_words
from ui.diversity_lists import ALONE, BETTER, ENTERED, OTHERWISE, SAME, UNSURE, WORSE, Row, Tile
from ui.diversity_lists import LEFT as LEFT_MARK
from ui.text import t

PAGE = "pages/explore/diversity.py"
MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
warm = pytest.mark.usefixtures("warm")


class Drawn:
    """What the page last handed to its drawings."""

    def __init__(self) -> None:
        self.before: Sequence[Row] = ()
        self.after: Sequence[Row] = ()
        self.tiles: Sequence[Tile] = ()

    def lists(self, before: Sequence[Row], after: Sequence[Row], setting: str, **_: Any) -> str:
        self.before, self.after = before, after
        return ""

    def figures(self, tiles: Sequence[Tile], setting: str, **_: Any) -> str:
        self.tiles = tiles
        return ""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    found = Drawn()
    monkeypatch.setattr("ui.diversity_lists.side_by_side", found.lists)
    monkeypatch.setattr("ui.diversity_lists.tiles", found.figures)
    return found


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(PAGE).run()


def said(at: AppTest) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error))


def titles(user: str, **flat: Any) -> list[str]:
    """The list that the engine gives."""
    recipe = Recipe.from_flat(flat)
    dataset = load_dataset(recipe.dataset)
    run = recall(recipe, dataset, user_indices(dataset.interactions, [user]))
    return [str(title) for title in dataset.catalog.titles[run.selected.items[0]]]


@warm
@pytest.mark.parametrize(
    "flat",
    [
        {"diversity": "0.6"},
        {"diversity": "0.4", "diversify": "dpp", "strategy": "ease", "k": "12"},
        {"diversity": "0.3", "spacing": "category"},
    ],
    ids=lambda flat: "-".join(flat.values()),
)
def test_both_lists_are_those_of_the_engine_with_marks_and_reasons(flat: dict[str, str], drawn: Drawn) -> None:
    at = opened(user="15", **flat)
    assert not at.exception
    plain = {name: value for name, value in flat.items() if name not in ("diversity", "spacing")}
    assert [row.title for row in drawn.before] == titles("15", **plain)
    assert [row.title for row in drawn.after] == titles("15", **flat)
    old, new = {row.title for row in drawn.before}, {row.title for row in drawn.after}
    assert {row.title for row in drawn.after if row.mark == ENTERED} == new - old
    assert {row.title for row in drawn.before if row.mark == LEFT_MARK} == old - new
    assert new - old
    assert all(row.why.startswith("left") for row in drawn.before if row.mark == LEFT_MARK)
    assert all(row.why for row in drawn.after if row.mark not in (SAME, ENTERED))


@warm
def test_the_figures_are_those_of_the_engine(drawn: Drawn) -> None:
    at = opened(user="15", diversity="0.5", k="5")
    assert not at.exception
    recipe = Recipe(diversity=0.5, k=5)
    dataset = load_dataset(recipe.dataset)
    content = embed_items(recipe, dataset)
    people = population(recipe, dataset, content)
    assert [tile.label for tile in drawn.tiles] == [t(f"diversity.figure_{name}", k=5) for name in FIGURES]
    for tile, effect in zip(drawn.tiles, effects(people, recipe), strict=True):
        assert tile.value == diversity_everybody.figure(effect.metric, effect.now.mean)
        assert (tile.kind == UNSURE) == (effect.verdict == "none")
    assert f"Over {len(people)} test users" in said(at)
    assert "At 0.50: " in said(at)


@warm
def test_at_zero_a_strength_is_proposed_and_taken_at_a_click(drawn: Drawn) -> None:
    at = opened(user="15")
    assert t("diversity.nothing_yet") in said(at)
    assert "At 0.30: " in said(at)
    assert drawn.before == drawn.after
    assert {tile.kind for tile in drawn.tiles} == {ALONE}
    (button,) = [one for one in at.button if one.key == "try-diversity"]
    button.click().run()
    assert not at.exception
    assert [one.value for one in at.slider if one.key == "diversity"] == [0.3]
    assert "try-diversity" not in [one.key for one in at.button]
    assert [row.title for row in drawn.after] == titles("15", diversity=0.3)


@warm
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"diversity": "7"}, "diversity must be a number between 0 and 1, got 7"),
        ({"diversify": "magic"}, "unknown diversify 'magic'"),
        ({"pool": "3", "k": "9"}, t("diversity.no_recipe")),
        ({"user": "nobody"}, "unknown user 'nobody'"),
        ({"select": "threshold", "threshold": "0.3", "diversity": "0.5"}, t("diversity.pool_threshold")),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
def test_what_cannot_be_used_is_said(query: dict[str, str], words: str) -> None:
    at = opened(**query)
    assert not at.exception
    assert words in said(at).replace("\\", "")


@warm
def test_a_slow_strategy_shows_its_list_and_says_what_brings_the_figures(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.tradeoff.population.ready", lambda *_: False)
    at = opened(user="15", diversity="0.6", strategy="ease")
    assert not at.exception
    assert drawn.after
    assert not drawn.tiles
    assert t("diversity.job_why", run=t("tradeoff.run")) in said(at)


@pytest.mark.parametrize("categories", [(), ("Drama",)])
def test_figures_that_no_data_set_without_categories_has_are_explained(
    categories: tuple[str, ...], drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions: list[str] = []
    monkeypatch.setattr("streamlit.caption", captions.append)
    dataset: Any = SimpleNamespace(catalog=SimpleNamespace(categories=[(), categories]))
    diversity_everybody.draw(dataset, Recipe(diversity=0.5), diversity_everybody.Everybody((EFFECT,), 5))
    assert len(drawn.tiles) == 1
    assert (t("diversity.no_categories") in captions) is not bool(categories)


@warm
def test_hostile_titles_stay_words(hostile: str, drawn: Drawn) -> None:
    at = opened(dataset=hostile, diversity="0.5", k="3")
    assert not at.exception
    assert len(drawn.after) == 3
    (headline,) = [one.value for one in at.markdown if one.value.startswith("### At 0.50")]
    assert "](" not in headline
    assert "<" not in headline


def test_the_pool_is_said_or_why_it_does_not_matter() -> None:
    assert pool_words(Recipe(diversity=0.3), 9_000) == "50 candidates for 10 places."
    assert pool_words(Recipe(diversity=0.3), 30) == "30 candidates for 10 places."
    assert pool_words(Recipe(exploration="none"), 9_000) == t("diversity.pool_idle", k=10)
    assert pool_words(Recipe(diversity=0.3, pool=10), 9_000) == t("diversity.pool_just", pool="10", k=10)
    assert pool_words(Recipe(spacing="category", pool=20), 9_000) == "20 candidates for 10 places."
    assert pool_words(Recipe(diversity=0.3, k=1), 9_000) == "5 candidates for one place."
    assert pool_words(Recipe(diversity=0.3, k=1, pool=1), 9_000) == t("diversity.pool_just_one")
    assert pool_words(Recipe(k=1), 9_000) == t("diversity.pool_idle_one")


BEFORE = Measure(0.5, 0.4, 0.6, 100)
EFFECT = Effect("recall", Measure(0.49, 0.39, 0.59, 100), BEFORE, -0.01, -0.02, 0.01, 0.3, 0.9, "none", -0.02)
MORE = replace(EFFECT, metric="categories", delta=0.2, low=0.1, high=0.3, verdict="more", share=0.4)


def test_the_sentence_of_the_issue() -> None:
    names = np.array(["Alien", "Aliens", "Brazil"], dtype=object)
    stayed = Entry(0, 1, 1, 1.0, 0.0, None, nan, STAYED, "")
    new = Entry(2, 2, 5, 0.5, 0.1, 0, 0.2, UNLIKE, "diversify")
    lines = Ledger((stayed, new), (Gone(1, 2, 0, 0.9, 0.1, LIKE, "diversify", None, 2),))
    one = diversity_headline.for_one(lines, names)
    assert diversity_headline.sentence(Recipe(diversity=0.3), (EFFECT, MORE), one) == (
        "At 0.30: 40 % more categories per list, recall −2 % (not distinguishable from zero). "
        "*Brazil* enters because *Alien* made *Aliens* redundant."
    )
    for figures in ((), (replace(MORE, delta=nan, share=nan),)):
        assert diversity_headline.sentence(Recipe(diversity=0.3), figures, one).startswith("At 0.30: *Brazil* enters")
    same = diversity_headline.sentence(Recipe(diversity=0.3), (replace(EFFECT, delta=0.0, share=0.0),))
    assert same == "At 0.30: recall as before."
    other = Ledger(lines.entries, (Gone(1, 2, None, nan, 0.1, LEFT, "diversify", None, 2),))
    assert diversity_headline.for_one(other, names) == "*Brazil* enters for *Aliens*."
    assert diversity_headline.for_one(Ledger((stayed,), ()), names) == t("diversity.as_was")
    assert diversity_headline.for_one(Ledger((), ()), names) == t("diversity.empty")
    itself = Gone(1, 2, 2, 0.95, 0.1, LIKE, "diversify", None, 2)
    assert diversity_headline.for_one(Ledger((stayed, new), (itself,)), names) == (
        "*Brazil* enters and makes *Aliens* redundant."
    )
    assert diversity_headline.for_one(Ledger((stayed, new), (itself, lines.gone[0])), names) == one


def test_the_sentence_keeps_titles_as_words() -> None:
    names = np.array(["![x](http://evil)", "*b*", "c"], dtype=object)
    one = diversity_headline.for_one(Ledger((), (Gone(0, 2, 1, 0.9, 0.1, LIKE, "diversify", None, 2),)), names)
    assert "](" not in one
    assert "\\*b\\*" in one


@pytest.mark.parametrize(
    ("metric", "verdict", "kind"),
    [
        ("recall", "none", UNSURE),
        ("recall", "more", BETTER),
        ("recall", "less", WORSE),
        ("calibration", "less", BETTER),
        ("gini", "less", OTHERWISE),
    ],
)
def test_whether_a_change_is_for_the_better(metric: str, verdict: str, kind: str) -> None:
    assert diversity_everybody.kind_of(replace(EFFECT, metric=metric, verdict=verdict)) == kind


def test_figures_and_changes_as_they_are_read() -> None:
    assert diversity_everybody.figure("coverage", 0.1234) == "12.3 %"
    assert diversity_everybody.figure("categories", 4.567) == "4.57"
    assert diversity_everybody.figure("gini", nan) == "–"
    assert diversity_everybody.change(EFFECT) == "−0.0100 (−0.0200 to +0.0100)"
    share = replace(EFFECT, metric="coverage", delta=0.003, low=-0.00001, high=0.006)
    assert diversity_everybody.change(share) == "+0.3 points (0.0 to +0.6)"
    assert diversity_everybody.change(replace(EFFECT, low=nan, high=nan)) == "−0.0100"
    assert diversity_headline.size(replace(EFFECT, share=nan)) == "−0.010"
    assert diversity_headline.size(replace(EFFECT, share=-0.003)) == "−0.3 %"
    assert diversity_headline.size(replace(EFFECT, share=-0.0001)) == "0 %"
    assert diversity_headline.size(replace(EFFECT, share=-0.0001, verdict="less")) == "under 0.1 %"
    assert diversity_headline.size(replace(EFFECT, share=nan, delta=0.0001, verdict="more")) == "under 0.001"
    assert diversity_headline.size(replace(EFFECT, share=0.0099)) == "+1 %"
