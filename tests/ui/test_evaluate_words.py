"""The verdict in one sentence, the export, and the words of a job."""

from __future__ import annotations

import csv
import io
import math

from core.evaluate.types import Comparison, Measure, Plan
from core.recipe import Recipe
from ui.evaluate_export import as_csv
from ui.evaluate_job import command_line, flags, said
from ui.evaluate_verdict import verdict
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
    assert found.endswith("ahead of pop by 0.051; not distinguishable from near.")
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
    plan = Plan((Recipe(), Recipe(k=20)), "warm", 7)
    assert flags(plan) == {"dataset": "movielens-small", "protocol": "warm", "strategies": "content,content", "seed": 7}
    assert command_line(plan, 12).endswith("--protocol warm --strategies content,content --seed 7 --k 12 --json")


def test_progress_in_words() -> None:
    assert said(Progress(stage="ease", done=2, total=4)) == "ease: 2 of 4"
    assert said(Progress(stage="embed", done=1, total=2)) == "Embedding items: 1 of 2"
    assert said(Progress()) == "Starting …"
