"""The verdict in one sentence, the export, and the words of a job."""

from __future__ import annotations

import csv
import io
import math
import shlex

import numpy as np

from core.__main__ import build_parser
from core.commands.evaluate import plan_of
from core.evaluate.plain import settings_of
from core.evaluate.types import Comparison, Measure, Plan
from core.recipe import Recipe
from ui.evaluate_export import as_csv
from ui.evaluate_job import command_line, flags, said
from ui.evaluate_users import brought_by
from ui.evaluate_verdict import verdict, width
from ui.evaluate_view import all_metrics
from ui.jobs import Progress

NAN = math.nan
MEASURES = {"pop": Measure(0.05, 0.04, 0.06, 625), "best": Measure(0.101, 0.09, 0.112, 625)}


def pair(a: str, b: str, delta: float, who: str) -> Comparison:
    return Comparison(a, b, "recall", delta, delta - 0.01, delta + 0.01, 0.01, 0.02, who, "words", 625)


def test_a_winner_is_named_with_her_lead_whichever_way_the_pair_stands() -> None:
    expected = "**best wins**: Recall@10 0.101 (0.090–0.112), ahead of pop by 0.051."
    assert verdict(MEASURES, [pair("best", "pop", 0.051, "a")], "Recall@10") == expected
    assert verdict(MEASURES, [pair("pop", "best", -0.051, "b")], "Recall@10") == expected


def test_what_cannot_be_told_apart_is_said() -> None:
    measures = MEASURES | {"near": Measure(0.1, 0.09, 0.11, 625)}
    found = verdict(measures, [pair("best", "pop", 0.051, "a"), pair("best", "near", 0.001, "none")], "Recall@10")
    assert found.startswith("**best is first, but not distinguishable from near**: Recall@10 0.101")
    assert found.endswith("ahead of pop by 0.051.")
    even = verdict(measures, [pair("best", "near", 0.001, "none"), pair("pop", "best", -0.05, "none")], "Recall@10")
    assert even.startswith("**No clear winner**: best has the highest Recall@10")
    assert even.endswith("not distinguishable from near, pop.")


def test_many_names_are_counted() -> None:
    measures = {f"s{number}": Measure(0.5 - number / 100, 0.1, 0.6, 9) for number in range(7)}
    found = verdict(measures, [pair("s0", f"s{number}", number / 100, "a") for number in range(1, 7)], "Recall@10")
    assert found.endswith("ahead of s1 by 0.010, s2 by 0.020, s3 by 0.030 and 3 more.")


def test_one_strategy_or_none_makes_no_winner() -> None:
    assert "wins" not in verdict({"pop": MEASURES["pop"]}, [], "Recall@10")
    assert verdict({"pop": Measure(NAN, NAN, NAN, 0)}, [], "Recall@10") == (
        "None of the chosen strategies has a defined Recall@10 here."
    )


def test_the_csv_holds_every_measure_and_leaves_undefined_ones_empty() -> None:
    board = {"pop": {"recall": MEASURES["pop"], "ild": Measure(NAN, NAN, NAN, 0)}}
    rows = list(csv.reader(io.StringIO(as_csv(board, 10))))
    assert rows[0] == ["strategy", "metric", "k", "mean", "low", "high", "n"]
    assert rows[1] == ["pop", "recall", "10", "0.05", "0.04", "0.06", "625"]
    assert rows[2] == ["pop", "ild", "10", "", "", "", "0"]


def test_the_command_line_says_the_plan() -> None:
    """Settings that were changed stand in it, defaults do not, and a shell reads it as it is meant."""
    merged = Recipe(strategy="fusion-rank", options=(("fusion_channels", "ease=1, sequence=1.5"),))
    plan = Plan((Recipe(k=20), merged), "warm", 7, (("warm_share", 0.3), ("warm_fewest", 10)))
    assert flags(plan) == {
        "dataset": "movielens-small",
        "protocol": "warm",
        "strategies": "content,fusion-rank",
        "seed": 7,
        "fusion_channels": "ease=1, sequence=1.5",
        "warm_share": 0.3,
    }
    words = shlex.split(command_line(plan, 12))
    assert words[:4] == ["python", "-m", "core", "evaluate"]
    asked, k = plan_of(build_parser().parse_args(words[3:]))
    assert k == 12
    assert (asked.protocol, asked.seed, asked.protocol_options) == ("warm", 7, plan.protocol_options)
    assert settings_of(asked.recipes[1]) == settings_of(merged)


def test_channels_are_said_best_first() -> None:
    ranks = {"ease": np.array([3, 0]), "sequence": np.array([1, 0]), "content-nearest": np.array([0, 0])}
    assert brought_by(ranks, 0) == "Sequence #1 · EASE #3"
    assert brought_by(ranks, 1) == ""
    many = {name: np.array([rank]) for rank, name in enumerate(("als", "bpr", "ease", "item-knn", "sequence"), 1)}
    assert brought_by(many, 0) == "ALS #1 · BPR #2 · EASE #3 · +2 more"


def test_how_wide_the_interval_is_stands_in_words() -> None:
    assert width(MEASURES) == "With 625 users, the interval of best is 0.022 wide: 22% of its mean."
    assert width({"pop": Measure(NAN, NAN, NAN, 0)}) == ""
    assert width({"pop": Measure(0.0, 0.0, 0.0, 5)}) == ""


def test_all_metrics_are_a_row_each_with_the_seconds_below() -> None:
    rows = all_metrics({"pop": {"recall": MEASURES["pop"]}}, {"pop": (1.25, 0.04)}, 10)
    assert rows == {
        "Metric": ["Recall@10", "Learning, seconds", "Ranking, seconds"],
        "pop": ["0.050 (0.040–0.060)", "1.2", "0.0"],
    }


def test_progress_in_words() -> None:
    assert said(Progress(stage="ease", done=2, total=4)) == "EASE: 2 of 4 done"
    assert said(Progress(stage="ease", done=2, total=4, eta_s=2.2)) == "EASE: 2 of 4 done, about 3 s left"
    assert said(Progress(stage="embed", done=1, total=2)) == "Embedding items: 1 of 2 done"
    assert said(Progress()) == "Starting …"
