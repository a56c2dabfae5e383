"""The pictures of the page Diversity: each one alone, the curve from what is kept, a click that sets the sliders."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset
from core.tradeoff import kept, sweep
from core.tradeoff.points import Point
from core.vectors import embed_items
from tests.ui.test_tradeoff_figures import point_of
from ui import diversity_curve, jobs, resources, state
from ui.text import t

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/explore/diversity.py"
pytestmark = pytest.mark.usefixtures("warm")


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in {"user": "15", "diversity": "0.5", **query}.items():
        at.query_params[name] = value
    return at.switch_page(PAGE).run()


def charts(at: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]


def said(at: AppTest) -> str:
    return " ".join([*(words.value for words in at.markdown), *(words.value for words in at.caption)])


@pytest.fixture
def curve(monkeypatch: pytest.MonkeyPatch) -> tuple[Point, ...]:
    """Points of a curve as if they had been measured: half of them, at the K and method of the page."""
    found = tuple(point_of(0.5 + 0.01 * step, 0.2 - 0.00002 * step**3, step / 20, real=step > 12) for step in range(21))
    monkeypatch.setattr(sweep, "read_points", lambda path: {point.place: point for point in found})
    return found


@pytest.mark.parametrize(("picture", "n"), [("categories", 1), ("likeness", 2), ("map", 0)])
def test_only_the_open_picture_is_drawn(picture: str, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.diversity_curve.draw", lambda *_: None)  # which a warm cache may hold
    at = opened(picture=picture)
    assert not at.exception
    assert len(charts(at)) == n
    words = {
        "categories": t("pictures.mix_caption"),
        "likeness": t("pictures.likeness_caption_text"),
        "map": t("pictures.map_caption"),
    }
    assert [name for name, caption in words.items() if caption in said(at)] == [picture]


@pytest.mark.parametrize(("k", "marked"), [("10", True), ("1", False), ("30", False)])
def test_marks_of_the_matrices_are_explained_where_titles_stand_beside_them(k: str, marked: bool) -> None:
    at = opened(picture="likeness", k=k)
    assert not at.exception
    assert (t("pictures.likeness_marks") in said(at)) is marked


def test_without_diversity_the_map_says_that_nobody_moved() -> None:
    at = opened(picture="map", diversity="0")
    assert not at.exception
    assert t("pictures.map_same") in said(at)


def test_lists_of_one_item_have_no_curve() -> None:
    at = opened(k="1")
    assert t("tradeoff.one") in said(at)
    assert not any(button.key == "run-sweep" for button in at.button)


def test_a_curve_nobody_measured_is_offered() -> None:
    at = opened(k="13")
    assert [button.label for button in at.button if button.key == "run-sweep"] == [t("tradeoff.run")]
    assert t("tradeoff.why", total="252", ks="6, 13, 26") in said(at)
    assert not any(button.key == "use-knee" for button in at.button)


def test_where_the_threshold_alone_decides_there_is_no_curve() -> None:
    at = opened(select="threshold", threshold="0.3")
    assert not at.exception
    assert t("tradeoff.threshold") in said(at)
    assert not any(button.key == "run-sweep" for button in at.button)


def test_what_is_kept_of_a_curve_is_drawn_at_once(curve: tuple[Point, ...]) -> None:
    at = opened()
    assert not at.exception
    drawn = {trace.get("name"): trace for trace in charts(at)[0]["data"]}
    assert len(drawn["MMR"]["customdata"]) == len(curve)
    assert t("tradeoff.part", done=21, total=sweep.sweep_total(Recipe(), 9_066)) in said(at)
    assert [button.label for button in at.button if button.key == "run-sweep"] == [t("tradeoff.go_on")]


def test_the_proposal_sets_the_slider(curve: tuple[Point, ...]) -> None:
    at = opened()
    assert "Proposed: MMR at" in said(at)
    at.button(key="use-knee").click().run()
    assert not at.exception
    proposed = at.slider(key="diversity").value
    assert f"Proposed: MMR at {proposed:.2f}" in said(at)
    used = at.button(key="use-knee")
    assert (used.label, used.disabled) == (t("tradeoff.used"), True)


def test_a_click_on_a_point_sets_method_k_and_strength(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr("ui.state.st.session_state", session)
    session["chart"] = {"selection": {"points": [{"x": 0.1}, {"customdata": ["dpp", 20, 0.35]}]}}
    diversity_curve._take("chart", nested=False)
    assert (session["diversify"], session["k"], session["diversity"]) == ("dpp", 20, 0.35)
    assert not state.whole_page_wanted()
    diversity_curve._take("chart", nested=True)
    assert state.whole_page_wanted()


@pytest.mark.parametrize("event", [None, {"selection": {"points": []}}, {"selection": {"points": [{"x": 1.0}]}}])
def test_a_click_beside_the_points_sets_nothing(monkeypatch: pytest.MonkeyPatch, event: Any) -> None:
    session: dict[str, Any] = {"chart": event}
    monkeypatch.setattr("ui.state.st.session_state", session)
    diversity_curve._take("chart", nested=True)
    assert session == {"chart": event}


def test_the_curve_is_looked_for_where_the_command_line_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe()
    dataset = load_dataset(recipe.dataset)
    content = embed_items(recipe, dataset)
    path = tmp_path / "points.jsonl"
    monkeypatch.setattr(sweep, "path_of", lambda *given: path)
    assert sweep.kept_points(recipe, dataset, content) == ()
    kept.append(path, point_of(0.5, 0.2, 0.0))
    assert [point.place for point in sweep.kept_points(recipe, dataset, content)] == [("mmr", 10, 0.0)]


RUNS = """
import json, sys, time
print(json.dumps({"stage": "sweep", "done": 21, "total": 252, "eta_s": 12.4}), flush=True)
time.sleep(60)
"""


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Every job is a child that says how far it is and then waits; what was asked for is noted."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def command(verb: str, flat: dict[str, Any], extra: Sequence[str]) -> list[str]:
        asked.append((verb, dict(flat)))
        return [sys.executable, "-c", RUNS]

    table = jobs.JobTable()
    monkeypatch.setattr(jobs, "command", command)
    monkeypatch.setattr("ui.resources.jobs", lambda: table)
    yield asked
    for job in table.running():
        job.cancel()


def heard(at: AppTest, words: str) -> AppTest:
    """The page once it has heard of its job: a poll draws it anew."""
    end = time.monotonic() + 20
    while words not in job_words(at) and time.monotonic() < end:
        time.sleep(0.1)
        at.run()
    assert words in job_words(at)
    return at


def job_words(at: AppTest) -> list[str]:
    return [*(bar.proto.text for bar in at.get("progress")), *(box.value for box in at.info)]


def test_a_run_is_started_watched_found_again_and_stopped(
    curve: tuple[Point, ...], scripted: list[tuple[str, dict[str, Any]]]
) -> None:
    at = opened()
    at.button(key="run-sweep").click().run()
    assert scripted == [("tradeoff", {})]
    heard(at, t("tradeoff.doing", done=21, total=252) + t("job.eta", seconds=13))
    assert len(charts(at)) == 2
    assert "Proposed" not in said(at)
    other = opened(diversity="0.8")  # another session, another strength: the same curve
    assert not any(button.key == "run-sweep" for button in other.button)
    at.button(key="cancel-sweep").click().run()
    heard(at, t("tradeoff.stopped"))
    assert at.button(key="run-sweep").label == t("tradeoff.go_on")
    assert len(scripted) == 1


def test_another_curve_takes_the_place_of_the_one_before(
    curve: tuple[Point, ...], scripted: list[tuple[str, dict[str, Any]]]
) -> None:
    at = opened()
    at.button(key="run-sweep").click().run()
    at.slider(key="k").set_value(20).run()
    at.button(key="run-sweep").click().run()
    assert not at.exception
    assert [flat for _, flat in scripted] == [{}, {"k": 20}]
    assert [job.key.count("k=20") for job in resources.jobs().running() if not job.wanted_to_stop] == [1]
