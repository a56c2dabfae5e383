"""A sweep: its order, what is kept of it, and the command line."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.__main__ import main
from core.recipe import Recipe
from core.store.prune import prune
from core.tradeoff import sweep as module
from core.tradeoff.figures import effects
from core.tradeoff.kept import append, parsed, path_of, plain_point, read_points
from core.tradeoff.population import population
from core.tradeoff.sweep import at, kept_points, ks, methods, places, sweep, sweep_total
from core.types import Dataset, Vectors
from tests.core.tradeoff.tastes import given, point, tastes

RECIPE = Recipe(strategy="content", diversify="dpp", diversity=0.4)


@pytest.fixture(scope="module")
def world() -> tuple[Dataset, Vectors]:
    return tastes()


@pytest.fixture(autouse=True)
def _small(world: tuple[Dataset, Vectors], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, world[1])
    monkeypatch.setattr("core.sources.load_dataset", lambda *args, **kwargs: world[0])
    monkeypatch.setattr(module, "STRENGTHS", (0.0, 0.25, 0.5, 0.75, 1.0))
    monkeypatch.setattr(module, "N_METHODS", 2)


def test_the_whole_picture_comes_first_and_the_present_curve_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = places(RECIPE, 1000)
    assert len(found) == len(set(found)) == sweep_total(RECIPE, 1000) == 21 * 3 * 4
    assert found[:3] == (("dpp", 10, 0.0), ("dpp", 10, 0.5), ("dpp", 10, 1.0))
    assert found[3:5] == (("dpp", 10, 0.25), ("dpp", 10, 0.75))
    third = found[: len(found) // 3]
    assert {place[:2] for place in third} == {(method, k) for method in methods(RECIPE) for k in (5, 10, 20)}
    assert methods(RECIPE) == ("dpp", "mmr", "max-sum", "calibration")
    assert methods(RECIPE.replace(diversify="similarity-cap"))[0] == "similarity-cap"


def test_k_stays_within_what_there_is() -> None:
    assert ks(RECIPE, 1000) == (5, 10, 20)
    assert ks(RECIPE, 12) == (5, 10, 12)
    assert ks(RECIPE.replace(k=1), 1000) == (1, 2)
    assert ks(RECIPE.replace(k=400), 1000) == (200, 400, 500)
    assert at(RECIPE.replace(pool=15), "mmr", 20, 0.5).pool == 20
    assert at(RECIPE, "mmr", 20, 0.5).pool_size == 100


def test_points_are_those_of_the_figures_and_are_kept(world: tuple[Dataset, Vectors]) -> None:
    made = list(sweep(RECIPE, *world))
    assert len(made) == sweep_total(RECIPE, 60) == 30
    assert not any(kept for _, kept in made)
    one = next(point for point, _ in made if point.place == ("mmr", 20, 0.75))
    expected = {one.metric: one for one in effects(population(RECIPE, *world), at(RECIPE, *one.place))}
    assert one.ndcg == expected["ndcg"].now
    assert one.categories == expected["categories"].now
    assert (one.ndcg_delta, one.ndcg_low, one.ndcg_high, one.p) == (
        *(expected["ndcg"].delta, expected["ndcg"].low, expected["ndcg"].high, expected["ndcg"].p),
    )
    assert one.recall_delta == expected["recall"].delta
    kept = kept_points(RECIPE, *world)
    assert [replace(point, real=False) for point in kept] == [point for point, _ in made]
    assert [kept for _, kept in sweep(RECIPE, *world)] == [True] * 30


def test_a_stopped_sweep_goes_on_and_other_settings_share_what_fits(
    world: tuple[Dataset, Vectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    going = sweep(RECIPE, *world)
    first = [next(going)[0] for _ in range(5)]
    path = path_of(RECIPE, *world)
    with open(path, "ab") as file:
        file.write(b'{"method": "mmr", "k": 10, "div')
    assert [one.place for one in kept_points(RECIPE, *world)] == [one.place for one in first]
    kept = [kept for _, kept in sweep(RECIPE, *world)]
    assert kept == [True] * 5 + [False] * 25
    assert len(read_points(path)) == 30
    wider = RECIPE.replace(k=20, diversity=0.9)
    assert {one.k for one in kept_points(wider, *world)} == {10, 20}
    assert kept_points(RECIPE.replace(diversity_space="ranked"), *world) == ()
    assert kept_points(RECIPE.replace(pool=50), *world) == ()
    assert len(kept_points(RECIPE.replace(diversify="mmr"), *world)) == 30
    assert len(kept_points(RECIPE.replace(k=11), *world)) == 10
    monkeypatch.setattr("core.tradeoff.kept.arranging_code", lambda: "another")
    assert kept_points(RECIPE.replace(k=10, diversity=0.1), *world) == ()


def test_a_line_is_a_point_or_nothing(tmp_path: Path) -> None:
    one = replace(point(0.5, 0.9, math.nan), p=0.25)
    back = parsed(json.dumps(plain_point(one), allow_nan=False))
    assert back is not None
    assert plain_point(back) == plain_point(one)
    assert math.isnan(back.ild.mean)
    whole = plain_point(one)
    for line in ("", "[]", "7", "{}", json.dumps(whole | {"k": "ten"}), json.dumps(whole | {"more": 1})):
        assert parsed(line) is None
    assert parsed(json.dumps(whole | {"ndcg": 1})) is None
    path = tmp_path / "deep" / "points.jsonl"
    append(path, one)
    append(path, replace(one, k=20))
    assert set(read_points(path)) == {("mmr", 10, 0.5), ("mmr", 20, 0.5)}
    assert read_points(tmp_path / "none.jsonl") == {}


def test_old_files_go_and_the_last_one_stays(tmp_path: Path) -> None:
    for place, name in enumerate(("a", "b", "c")):
        append(tmp_path / f"{name}.jsonl", point(0, 1, 1))
        os.utime(tmp_path / f"{name}.jsonl", (place, place))
    (tmp_path / "a.txt").write_text("another")
    prune(tmp_path, "*.jsonl", 2, 10**9)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.jsonl", "c.jsonl"]
    prune(tmp_path, "*.jsonl", 2, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "c.jsonl"]


def test_the_command_line_answers_whole(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--strategy", "content", "--diversity", "0.5", "--k", "8"]
    assert main(["tradeoff", *flags, "--progress"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["stage"] == "candidates"
    assert lines[-1] == {"stage": "sweep", "done": 30, "total": 30, "eta_s": 0.0}
    assert main(["tradeoff", *flags, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["points"]) == 30
    assert any(one["pareto"] for one in answer["points"])
    assert answer["protocol"]["n_users"] == 44
    assert answer["setting"] == answer["setting"] | {"diversify": "mmr", "diversity": 0.5, "k": 8, "pool": 40}
    assert set(answer["effects"]["coverage"]) == {
        *("metric", "now", "before", "delta", "low", "high", "p", "p_holm", "verdict", "share"),
    }
    assert main(["tradeoff", *flags]) == 0
    out = capsys.readouterr().out
    assert "30 settings measured" in out
    assert "content, mmr at 0.5, K = 8, pool 40: 44 users" in out


def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tradeoff", "--k", "61"]) == 2
    said = capsys.readouterr().err
    assert "between 1 and 60" in said
    assert said.count("\n") == 1


def test_lists_that_are_too_long_are_refused_before_anything_is_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.tradeoff.figures.DEPTH", 40)
    assert main(["tradeoff", "--k", "41", "--progress"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "k must be between 1 and 40" in said.err
