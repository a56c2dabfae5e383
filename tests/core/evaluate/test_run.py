"""An evaluation as a whole, in a world whose winner is known: two tastes, and films everybody has seen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import build_parser, main
from core.commands.evaluate import idle_choices, plan_of
from core.datasets.build import build_dataset
from core.errors import Cancelled, InputError, OutOfRangeError, UnknownNameError
from core.evaluate import run
from core.evaluate.depths import depths
from core.evaluate.intervals import holm
from core.evaluate.judge import batches, counts_above, thresholds_of, values_at
from core.evaluate.plain import as_json
from core.evaluate.report import cold_curve, compare, compare_values, curve, leaderboard, threshold_curve
from core.evaluate.run import evaluate, stored
from core.evaluate.types import Evaluation, Plan
from core.recipe import Recipe, all_knobs
from core.registry import stage
from core.splits import ItemLists
from core.types import Dataset
from tests.worlds import vectors_of

N_USERS, N_ITEMS = 40, 60


def two_tastes() -> Dataset:
    """Even users like even items only, odd ones odd items; each likes 20 of 30, in an order of her own."""
    rng = np.random.default_rng(4)
    rows: dict[str, list[float]] = {"user_id": [], "item_id": [], "weight": [], "datetime": []}
    for user in range(N_USERS):
        for place, item in enumerate(rng.permutation(N_ITEMS // 2)[:20]):
            rows["user_id"].append(user)
            rows["item_id"].append(2 * int(item) + user % 2)
            rows["weight"].append(5.0)
            rows["datetime"].append(10**9 + 86_400 * place + user)
    items = {
        "item_id": list(range(N_ITEMS)),
        "title": [f"Film {item}" for item in range(N_ITEMS)],
        "category": [[("Even", "Odd")[item % 2]] for item in range(N_ITEMS)],
    }
    return build_dataset("tastes", "Tastes", items, rows, positive_from=4.0)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return two_tastes()


@pytest.fixture(autouse=True)
def _given_vectors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Text that tells the tastes apart only badly, without an encoder; results in a folder of their own."""
    values = np.random.default_rng(0).normal(size=(N_ITEMS, 8))
    monkeypatch.setattr(run, "embed_items", lambda *args: vectors_of(values))
    monkeypatch.setattr(run, "text_vectors", lambda *args: vectors_of(values).values)
    monkeypatch.setattr(run, "cache_dir", lambda: tmp_path)


def plan(*names: str, protocol: str = "warm") -> Plan:
    return Plan(tuple(Recipe(strategy=name) for name in names), protocol)


def test_the_strategy_that_sees_the_taste_wins_and_it_is_said(dataset: Dataset) -> None:
    found = evaluate(plan("popularity", "ease", "content"), dataset)
    board = leaderboard(found, 10, ("recall",))
    # 14 films of her taste are left, 4 of them relevant, 10 shown: whoever sees the taste finds 10 of 14.
    assert board["ease"]["recall"].mean == pytest.approx(10 / 14, abs=0.05)
    assert board["ease"]["recall"].low > board["popularity"]["recall"].high
    assert board["ease"]["recall"].n == N_USERS
    pairs = {(one.a, one.b): one for one in compare(found, 10, "recall")}
    one = pairs["popularity", "ease"]
    assert one.verdict == "b"
    assert one.words.startswith("ease beats popularity on recall@10 by 0.")
    assert one.p_holm >= one.p
    assert one.delta == pytest.approx(board["popularity"]["recall"].mean - board["ease"]["recall"].mean)


def test_a_user_model_is_asked_and_its_answers_are_kept_apart(dataset: Dataset) -> None:
    usual = evaluate(plan("content", "ease"), dataset)
    recent = Plan(tuple(Recipe(strategy=name, user_model="recent") for name in ("content", "ease")), "warm")
    assert stored(recent, dataset) is None
    found = evaluate(recent, dataset)
    assert not np.array_equal(found.ranked["content"][0].items, usual.ranked["content"][0].items)
    np.testing.assert_array_equal(found.ranked["ease"][0].items, usual.ranked["ease"][0].items)
    assert stored(recent, dataset) is not None


def test_a_strategy_is_not_distinguishable_from_itself(dataset: Dataset) -> None:
    found = evaluate(plan("ease"), dataset)
    twin = Evaluation(
        found.plan,
        found.dataset,
        found.fingerprint,
        found.splits,
        found.worlds,
        {**found.ranked, "twin": found.ranked["ease"]},
    )
    (one,) = compare(twin, 10, "recall")
    assert (one.verdict, one.delta, one.p) == ("none", 0.0, 1.0)
    assert "not distinguishable" in one.words


def test_answers_are_kept_and_found_again(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = plan("ease", "fusion-rank")
    assert stored(asked, dataset) is None
    first = evaluate(asked, dataset)
    monkeypatch.setattr(run, "ranked_of", lambda *args: pytest.fail("computed again"))
    for again in (stored(asked, dataset), evaluate(asked, dataset)):
        assert again is not None
        for name in ("items", "scores", "n_above", "hits_above", "thresholds"):
            np.testing.assert_array_equal(
                getattr(again.ranked["ease"][0], name), getattr(first.ranked["ease"][0], name)
            )
        channels = again.ranked["fusion-rank"][0].channels
        assert channels.keys() == {"ease", "sequence", "content-nearest"}
        assert {ranks.dtype for ranks in channels.values()} == {np.dtype(np.int16)}
        for name, ranks in channels.items():
            np.testing.assert_array_equal(ranks, first.ranked["fusion-rank"][0].channels[name])
    assert stored(replace(asked, seed=1), dataset) is None


def test_a_damaged_answer_is_made_again_and_said(dataset: Dataset, tmp_path: Path) -> None:
    evaluate(plan("popularity"), dataset)
    (file,) = (tmp_path / "evaluations").iterdir()
    file.write_bytes(file.read_bytes()[:-3] + b"abc")
    again = evaluate(plan("popularity"), dataset)
    assert any("computed again" in notice for notice in again.notices)
    assert stored(plan("popularity"), dataset) is not None


def test_settings_of_a_protocol_are_part_of_the_plan_and_of_the_key(dataset: Dataset) -> None:
    """Half of 20 positives are asked instead of a fifth; a default that is spelt out changes nothing."""
    asked = plan("ease")
    spelt = replace(asked, protocol_options=(("warm_share", "0.2"), ("warm_fewest", 10)))
    assert spelt == asked
    half = replace(asked, protocol_options=(("warm_share", 0.5),))
    assert len(evaluate(half, dataset).splits[0].relevant.items) == N_USERS * 10
    assert stored(asked, dataset) is None
    assert stored(half, dataset) is not None
    with pytest.raises(UnknownNameError, match="unknown setting of the protocol warm 'cold_seeds'"):
        replace(asked, protocol_options=(("cold_seeds", 3),))
    with pytest.raises(OutOfRangeError, match="warm_fewest"):
        replace(asked, protocol_options=(("warm_fewest", 1),))


def test_knobs_reach_their_own_strategy_only(dataset: Dataset) -> None:
    """A flag of ease shapes ease, and stands in the answer; the other strategy's key is the one it had."""
    words = ["evaluate", "--strategies", "ease,item-knn", "--ease-l2", "5", "--warm-share", "0.5"]
    asked, k = plan_of(build_parser().parse_args(words))
    assert k == 10
    assert asked.protocol_options == (("warm_share", 0.5),)
    assert [dict(recipe.options).get("ease_l2") for recipe in asked.recipes] == [5.0, None]
    answer = as_json(evaluate(asked, dataset), k)
    assert answer["settings"]["ease"]["ease_l2"] == 5.0
    assert "ease_l2" not in answer["settings"]["item-knn"]
    assert answer["protocol"]["settings"] == {"warm_share": 0.5, "warm_fewest": 10}


def test_names_of_settings_are_nobody_elses() -> None:
    """They stand in one address and on one command line with those of the recipe."""
    own = [spec.name for key in stage("protocols").names() for spec in stage("protocols").knobs(key)]
    assert len(own) == len(set(own))
    assert not {spec.name for spec in all_knobs()} & set(own)


@pytest.mark.parametrize("protocol", ["warm", "cold-items"])
def test_a_look_up_at_any_k_says_what_the_report_says(dataset: Dataset, protocol: str) -> None:
    found = evaluate(plan("ease", "content", "fusion-rank", protocol=protocol), dataset)
    known = depths(found, "recall")
    for k in (1, 10, 100):
        board = leaderboard(found, k, ("recall",))
        for name, one in known.measures(k).items():
            assert one.n == board[name]["recall"].n
            for part in ("mean", "low", "high", "over_seeds"):
                assert getattr(one, part) == pytest.approx(getattr(board[name]["recall"], part), abs=1e-12)
        again = known.comparisons(k)
        assert [(one.a, one.b, one.p, one.p_holm, one.verdict, one.words) for one in again] == [
            (one.a, one.b, one.p, one.p_holm, one.verdict, one.words) for one in compare(found, k, "recall")
        ]


def test_every_report_corrects_over_the_pairs_of_one_metric(dataset: Dataset) -> None:
    """The same p wherever it is read, and Holm by hand: three pairs, whatever other metrics are reported."""
    found = evaluate(plan("ease", "content", "popularity"), dataset)
    pairs = [one for one in as_json(found, 3)["comparisons"] if one["metric"] == "ndcg"]
    assert [one["p_holm"] for one in pairs] == [one.p_holm for one in compare(found, 3, "ndcg")]
    assert [one["p_holm"] for one in pairs] == holm([one["p"] for one in pairs])
    assert min(one["p_holm"] for one in pairs) == pytest.approx(3 * min(one["p"] for one in pairs))


def test_a_difference_that_only_the_correction_hides_is_said_so() -> None:
    """Ten users. b beats a for nine of them: 22 of 1,024 sign patterns are as extreme, p = .02, after three pairs .06.
    b and c differ for four users only (2 of 16), a and c not at all in their mean."""
    values = {"a": np.zeros(10), "b": np.array([1.0] * 9 + [-1.0]), "c": np.array([1.0] * 5 + [-1.0] * 5)}
    first, second, third = compare_values(values, "recall", 10)
    assert (first.a, first.b, first.verdict) == ("a", "b", "none")
    assert first.p == pytest.approx(22 / 1_024, abs=0.005)
    assert first.p_holm == pytest.approx(3 * first.p)
    assert "not distinguishable on recall@10, once the number of pairs is corrected for: -0.8000" in first.words
    assert second.p == 1.0
    assert third.p == pytest.approx(2 / 16, abs=0.015)
    assert "corrected for" not in second.words + third.words


def test_cold_items_repeat_over_seeds_and_the_user_is_the_unit(dataset: Dataset) -> None:
    found = evaluate(plan("content", "popularity", protocol="cold-items"), dataset)
    measures = leaderboard(found, 5, ("recall", "coverage"))
    one = measures["content"]["recall"]
    assert one.over_seeds is not None
    assert one.n == N_USERS
    assert len(found.ranked["content"]) == 5
    assert measures["popularity"]["recall"].mean == 0.0  # it knows nothing of them: empty lists, not lists by id
    assert measures["content"]["coverage"].n == N_USERS


def test_cold_users_give_a_curve(dataset: Dataset) -> None:
    found = evaluate(plan("ease", "popularity", protocol="cold-users"), dataset)
    rising = cold_curve(found, 10, "recall")["ease"]
    assert list(rising) == [0, 1, 3, 5, 10]
    assert rising[0].mean == 0.0
    assert rising[10].mean == pytest.approx(10 / 20, abs=0.1)
    assert leaderboard(found, 10, ("recall",))["ease"]["recall"].mean == rising[10].mean
    told = as_json(found, 10)["cold_start"]["ease"]["recall"]
    assert {int(n): one["mean"] for n, one in told.items()} == {n: one.mean for n, one in rising.items()}
    warm = evaluate(plan("ease"), dataset)
    assert cold_curve(warm, 10, "recall") == {}
    assert "cold_start" not in as_json(warm, 10)


def test_curves_against_k_and_against_the_threshold(dataset: Dataset) -> None:
    found = evaluate(plan("ease"), dataset)
    line = curve(found, "recall", "ease")
    assert (np.diff(line.mean) >= 0).all()
    assert (line.low <= line.mean + 1e-9).all()
    swept = threshold_curve(found, "ease")
    assert (np.diff(swept.kept) <= 0).all()
    assert (np.diff(swept.recall) <= 1e-12).all()
    assert swept.recall[0] == 1.0
    assert swept.f1[swept.best] == swept.f1.max()


def test_thresholds_count_every_candidate() -> None:
    scores = np.array([[1.0, 2.0, np.nan, 3.0]], dtype=np.float32)
    assert counts_above(scores, np.array([1.0, 2.0, 3.0, 4.0], dtype=np.float32)).tolist() == [[3, 2, 1, 0]]
    assert thresholds_of(scores)[0] == 1.0
    assert thresholds_of(np.full((1, 2), np.nan, dtype=np.float32)).tolist() == [0.0]


def test_nobody_to_ask_and_a_wish_to_stop(dataset: Dataset) -> None:
    from threading import Event

    few = build_dataset("few", "Few", {"item_id": [1, 2]}, {"user_id": [1], "item_id": [1], "datetime": [5]})
    with pytest.raises(InputError, match="choose another protocol"):
        evaluate(plan("popularity"), few)
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        evaluate(plan("popularity"), dataset, cancel=stop)


def test_the_answer_is_plain_and_whole(dataset: Dataset) -> None:
    said: list[tuple[int, int]] = []
    found = evaluate(plan("popularity", "ease"), dataset, progress=lambda done, total, eta: said.append((done, total)))
    assert said == [(0, 2), (1, 2), (2, 2)]
    answer = json.loads(json.dumps(as_json(found, 10), allow_nan=False))
    assert answer["protocol"] | {"n_users": 40, "n_left_out": 0, "n_test_positives": 160} == answer["protocol"]
    assert list(answer["strategies"]["ease"]) == [
        *("recall", "precision", "f1", "accuracy", "ndcg", "map", "mrr", "hit_rate", "coverage", "ild", "novelty"),
        *("gini", "arp", "personalization", "serendipity", "calibration", "categories"),
    ]
    assert {one["metric"] for one in answer["comparisons"]} == {"recall", "precision", "f1", "ndcg"}
    assert set(answer["strategies"]["ease"]["recall"]) == {"mean", "low", "high", "n"}


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--strategies", "nothing"], "unknown strateg"),
        (["--strategies", ","], "names no strategy"),
        (["--strategies", "ease", "--protocol", "hot"], "unknown protocols 'hot'"),
        (["--strategies", "ease", "--k", "101"], "k must be a whole number between 1 and 100"),
        (["--strategies", "ease", "--strategy", "als"], "use --strategies instead"),
        (["--strategies", "ease", "--cold-seeds", "2"], "cold_seeds belongs to the protocol cold-items"),
        (["--strategies", "ease", "--warm-share", "2"], "warm_share must be a number between 0.01 and 0.9"),
        (["--strategies", "ease", "--ease-l2", "much"], "ease_l2 must be a number"),
    ],
)
def test_bad_flags_are_one_line(capsys: pytest.CaptureFixture[str], flags: list[str], words: str) -> None:
    assert main(["evaluate", *flags]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_splits_that_find_nobody_are_left_out_and_said() -> None:
    """One item is drawn each time, and where the only user did not like it there is nothing to ask."""
    one = build_dataset(
        "one",
        "One",
        {"item_id": list(range(N_ITEMS)), "title": [str(item) for item in range(N_ITEMS)]},
        {"user_id": [7] * 30, "item_id": list(range(30)), "datetime": list(range(30))},
    )
    options = (("cold_share", 1 / N_ITEMS), ("cold_seeds", 12), ("cold_fewest", 1))
    asked = Plan((Recipe(strategy="content"),), "cold-items", 0, options)
    drawn = [int(np.random.default_rng(seed).choice(N_ITEMS, 1, replace=False)[0]) for seed in range(12)]
    held = [f"seed {seed}" for seed, item in enumerate(drawn) if item < 30]
    assert 0 < len(held) < 12
    found = evaluate(asked, one)
    assert [split.label for split in found.splits] == held
    assert f"{12 - len(held)} of 12 draws hold nothing back from anybody and are left out." in found.notices
    assert leaderboard(found, 5, ("recall",))["content"]["recall"].n == 1


def test_another_version_of_what_learns_answers_anew(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate(plan("popularity"), dataset)
    assert stored(plan("popularity"), dataset) is not None
    monkeypatch.setattr(run, "learning_code", lambda: "another")
    assert stored(plan("popularity"), dataset) is None


@pytest.mark.parametrize("rounded", [False, True])
def test_counts_at_many_thresholds_are_those_of_plain_counting(rounded: bool) -> None:
    scores = np.random.default_rng(3).gamma(1, 1, (7, 500)).astype(np.float32)
    scores = np.round(scores, 1) if rounded else scores
    scores[:, ::9] = np.nan
    scores[2] = np.nan
    marks = thresholds_of(scores)
    expected = [[int((row >= mark).sum()) for mark in marks] for row in scores]
    assert counts_above(scores, marks).tolist() == expected
    assert counts_above(scores, marks[-1:]).tolist() == [row[-1:] for row in expected]


def test_scores_of_some_items_stand_row_by_row() -> None:
    scores = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], dtype=np.float32)
    lists = ItemLists.from_pairs(np.array([0, 2, 2]), np.array([1, 2, 0]), 3, 3)
    np.testing.assert_array_equal(values_at(scores, lists), [[2, np.nan], [np.nan, np.nan], [7, 9]])


def test_choices_that_play_no_part_are_said() -> None:
    given = ["evaluate", "--strategies", "ease,content", "--ease-l2", "5", "--model", "x", "--k", "3"]
    args = build_parser().parse_args(given)
    assert idle_choices(args, plan_of(args)[0].recipes) == []
    args = build_parser().parse_args([*given, "--als-factors", "3", "--metric", "euclidean"])
    assert idle_choices(args, plan_of(args)[0].recipes) == [
        "no part is played here by als_factors, metric: ease, content know nothing of it"
    ]


@pytest.mark.parametrize(("n", "n_items", "sizes"), [(5, 4, [2, 2, 1]), (3, 100, [1, 1, 1]), (0, 4, [])])
def test_large_catalogues_are_scored_for_fewer_people_at_once(
    monkeypatch: pytest.MonkeyPatch, n: int, n_items: int, sizes: list[int]
) -> None:
    monkeypatch.setattr("core.evaluate.judge.CELLS", 8)
    parts = list(batches(n, n_items))
    assert [len(rows) for rows in parts] == sizes
    assert [int(row) for rows in parts for row in rows] == list(range(n))
