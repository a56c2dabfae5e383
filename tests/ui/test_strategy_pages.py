"""The strategy picker: the address decides, the lists are those of the engine, and every state is said."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset
from core.__main__ import main
from core.registry import stage
from core.serving import OwnScore, serving
from core.vectors import embed_items
from tests.ui.test_pages import expected_titles, opened, shown_titles
from ui import controls, fitting, resources
from ui.blocks import score_share
from ui.jobs import DONE, FAILED, Progress
from ui.knob_panel import about
from ui.map import MapEvents
from ui.text import t, words

RECOMMEND, MAP = "pages/explore/recommend.py", "pages/explore/map.py"
pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(autouse=True)
def fresh_names() -> None:
    """The list of data sets is kept for some seconds; a set made by a fixture must be seen at once."""
    resources.names.clear()


def fit(**flat: str) -> None:
    """Have a strategy kept, as its job does."""
    recipe = Recipe.from_flat(flat)
    dataset = load_dataset(recipe.dataset)
    serving(recipe, dataset, embed_items(recipe, dataset))


def captions(at: AppTest) -> str:
    return "\n".join(caption.value for caption in at.caption)


@pytest.mark.parametrize(
    ("strategy", "post_processed", "said"),
    [("content", True, False), ("als", False, False), ("ease", True, True), ("fusion-rank", True, False)],
)
def test_a_knob_that_plays_no_part_is_hidden_or_said_so(strategy: str, post_processed: bool, said: bool) -> None:
    fit(strategy=strategy)
    at = opened(RECOMMEND, strategy=strategy)
    assert not at.exception
    assert any(row.key == "postprocess" for row in at.button_group) == post_processed
    assert (t("knobs.not_the_list") in captions(at)) == said


@pytest.mark.parametrize(
    "flat",
    [
        {"strategy": "ease"},
        {"strategy": "ease", "ease_l2": "1000", "k": "25", "exclude_seen": "false"},
        {"strategy": "popularity", "k": "5"},
        {"strategy": "als"},
        {"strategy": "als", "metric": "dot", "normalize": "false", "k": "7"},
        {"strategy": "als", "select": "both", "threshold": "0.4", "k": "40"},
        {"strategy": "fusion-rank"},
    ],
)
def test_the_address_decides_strategy_and_list(flat: dict[str, str]) -> None:
    fit(**flat)
    at = opened(RECOMMEND, user="15", view="table", **flat)
    assert not at.exception
    assert not at.warning
    assert at.selectbox(key="strategy").value == flat["strategy"]
    assert shown_titles(at) == expected_titles("15", **flat)


@pytest.mark.parametrize("strategy", ["ease", "als", "fusion-rank"])
def test_the_command_line_and_the_page_agree(strategy: str, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    assert main(["recommend", "--users", "15", "--strategy", strategy, "--k", "50", "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        from_command = [row["item_id"] for row in csv.DictReader(file)]
    at = opened(RECOMMEND, user="15", view="table", strategy=strategy, k="50")
    assert [str(item) for item in at.dataframe[0].value[t("table.id")]] == from_command
    assert len(from_command) == 50


def test_without_a_space_there_is_no_metric_and_going_back_brings_it_again() -> None:
    at = opened(RECOMMEND, user="15", view="table", metric="euclidean")
    before = shown_titles(at)
    at.selectbox(key="strategy").set_value("ease").run()
    assert not at.exception
    assert not [one for one in at.segmented_control if one.key == "metric"]
    assert "own score" in captions(at)
    assert shown_titles(at) == expected_titles("15", strategy="ease")
    at.selectbox(key="strategy").set_value("content").run()
    assert at.segmented_control(key="metric").value == "euclidean"
    assert shown_titles(at) == before


@pytest.mark.parametrize("page", [RECOMMEND, MAP])
@pytest.mark.parametrize("given", [{"strategy": "magic"}, {"strategy": "ease", "ease_l2": "-5"}])
def test_what_cannot_be_used_is_said_and_left_out(page: str, given: dict[str, str]) -> None:
    at = opened(page, user="15", **given)
    assert not at.exception
    assert len(at.warning) == 1
    kept = "content" if given["strategy"] == "magic" else "ease"
    assert at.selectbox(key="strategy").value == kept
    if kept == "ease":
        assert at.number_input(key="ease_l2").value == controls.knob_named("ease_l2").default


def test_a_strategy_that_cannot_be_made_is_one_sentence_with_a_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.strategy.ready", lambda recipe: True)
    at = opened(RECOMMEND, user="15", strategy="fusion-rank", fusion_channels="ease")
    assert not at.exception
    assert len(at.error) == 1
    assert "at least 2" in at.error[0].value
    at.button(key="reset-strategy-ready").click().run()
    assert not at.error
    assert at.selectbox(key="strategy").value == "content"


def test_a_slow_strategy_is_learned_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    resources.jobs.clear()
    flat = {"strategy": "als", "als_factors": "2", "als_rounds": "1"}
    monkeypatch.setattr("core.kept_fits.FORMAT", 999)
    at = opened(RECOMMEND, user="15", **flat)
    assert not at.exception
    assert [job.key for job in resources.jobs().under("fit|")] == [fitting.fit_key(Recipe.from_flat(flat))]
    assert any("Learning: ALS" in text.value.replace("\\", "") for text in at.markdown)
    resources.jobs().under("fit|")[0].cancel()


@pytest.mark.parametrize("strategy", ["ease", "als"])
def test_the_map_marks_the_strategy_s_list_and_says_what_it_shows(strategy: str) -> None:
    fit(strategy=strategy)
    at = opened(MAP, user="15", strategy=strategy, table="true", k="4")
    assert not at.exception
    said = "shows the item texts" if strategy == "ease" else "shows the vectors that"
    assert said in captions(at)
    marked = next(frame.value for frame in at.dataframe if "role" in frame.value.columns)
    assert marked["title"].tolist()[:4] == expected_titles("15", strategy=strategy, k="4")


@pytest.mark.parametrize("strategy", ["ease", "als"])
def test_the_map_in_three_dimensions_coloured_by_the_strategy_s_score(strategy: str) -> None:
    fit(strategy=strategy)
    at = opened(MAP, user="15", strategy=strategy, shape="3-D", colour="score")
    assert not at.exception
    assert len(at.get("plotly_chart")) == 1


@pytest.mark.parametrize(
    ("strategy", "said"),
    [("content", "map.neighbours"), ("ease", "map.neighbours_text"), ("als", "map.neighbours_own")],
)
def test_a_chosen_item_has_its_neighbours_in_the_space_that_is_shown(
    strategy: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(strategy=strategy)
    click(monkeypatch, 0)
    at = opened(MAP, user="15", strategy=strategy)
    assert not at.exception
    assert any(text.value == f"**{t(said, n=10)}**" for text in at.markdown)


def test_a_chosen_item_without_a_place_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fit(strategy="als")
    recipe = Recipe(strategy="als")
    dataset = load_dataset(recipe.dataset)
    placed = serving(recipe, dataset, embed_items(recipe, dataset)).placed
    click(monkeypatch, int(np.flatnonzero(~placed)[0]))
    at = opened(MAP, user="15", strategy="als")
    assert not at.exception
    assert t("map.no_place") in captions(at)


def click(monkeypatch: pytest.MonkeyPatch, item: int) -> None:
    """Have the map say that an item was clicked."""
    seen = MapEvents(clicked=item)

    def drawn(points: object, colours: object, overlay: Callable[[MapEvents], object], key: str) -> MapEvents:
        overlay(seen)
        return seen

    monkeypatch.setattr("ui.map_view.embedding_map", drawn)


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress(FAILED, "fit", message="als has no likes to learn from."), "als has no likes to learn from"),
        (Progress(DONE, "fit"), "restart the server"),
    ],
)
def test_a_job_that_brought_nothing_is_said_with_two_ways_on(
    progress: Progress, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.strategy.ready", lambda recipe: recipe.strategy == "content")
    ended = SimpleNamespace(key="fit|x", progress=progress)
    monkeypatch.setattr("ui.fitting._fit_job", lambda recipe: ended)
    at = opened(RECOMMEND, user="15", strategy="als")
    assert not at.exception
    assert said in at.error[0].value
    assert at.button(key="resume-fit")
    at.button(key="reset-strategy-fit").click().run()
    assert not at.error


def test_other_data_and_choices_go_along(hostile: str) -> None:
    at = opened(RECOMMEND, strategy="ease", k="50", view="table")
    at.selectbox(key="dataset").set_value(hostile).run()
    assert not at.exception
    assert at.selectbox(key="strategy").value == "ease"
    at.switch_page(MAP).run()
    assert not at.exception
    assert at.selectbox(key="strategy").value == "ease"


def test_every_strategy_is_called_by_its_label_and_no_words_are_left_over() -> None:
    known = stage("strategies").names()
    for name in known:
        assert str(stage("strategies").get(name).label) in about(name).replace("\\", "")
    described = {key.partition(".")[2] for key in words() if key.startswith("strategy.")}
    assert described <= set(known)


def test_a_best_score_of_nothing_draws_no_bars() -> None:
    assert [score_share(OwnScore(), score, (0.0, best)) for score, best in ((0.0, 0.0), (-1.0, -1.0))] == [0.0, 0.0]
    assert score_share(OwnScore(), 0.02, (0.0, 0.08)) == 0.25
