"""Imports end to end on small files: what comes out is known by hand."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.errors import FileError, InputError, UnknownNameError
from core.importing.inspect import inspect
from core.importing.plan import ImportPlan, check_name, suggested_name
from core.importing.run import run_import
from core.importing.views import Inspection, Report
from core.pipeline import recall
from core.recipe import Recipe
from core.sources import dataset_names, kept_sets, load_dataset, rejected_csv
from core.types import Dataset
from core.vectors import OWN_VECTORS, item_texts

from .files import ITEMS, LOG, plan_of, written


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and cache of this test alone."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))


def imported(plan: ImportPlan) -> tuple[Report, Dataset]:
    report = run_import(plan)
    dataset = load_dataset(plan.name)
    assert report.fingerprint == dataset.fingerprint
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    return report, dataset


def history(dataset: Dataset, user: str) -> list[tuple[str, float]]:
    log = dataset.interactions
    rows = log.history(log.user_ids.tolist().index(user))
    return list(zip(dataset.catalog.item_ids[log.items[rows]].tolist(), log.weights[rows].tolist(), strict=True))


def test_odd_names_become_a_data_set_that_ranks(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS)
    report, dataset = imported(plan_of("shop", *files.values(), label="My shop"))
    assert (report.n_users, report.n_items, report.n_interactions) == (3, 4, 6)
    assert (report.feedback, report.time, dataset.label) == ("rating", "time", "My shop")
    assert dataset.catalog.item_ids.tolist() == ["a1", "a2", "a3", "a4"]
    assert dataset.catalog.titles.tolist() == ["Red pen", "Blue pen", "Stapler", "Desk lamp"]
    assert dataset.catalog.categories == (("office", "pens"), ("office", "pens"), ("office",), ("light",))
    assert history(dataset, "u1") == [("a1", 5), ("a2", 4), ("a3", 1)]
    assert history(dataset, "u3") == [("a2", 2)]  # rated twice: the later one
    assert item_texts(Recipe(), dataset)[2] == (
        "Stapler. Holds twenty sheets of paper together with a single push. Category: office"
    )
    ledger = report.ledgers[0]
    assert (ledger.rows_in, ledger.rows_out) == (7, 6)
    assert {entry.rule: entry.dropped for entry in ledger.entries if entry.dropped} == {"repeats": 1}
    assert rejected_csv("shop").decode().splitlines()[1].startswith('"log.csv",7,"repeats"')


def test_interactions_alone_are_enough(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv="user,item\n007,x\n007,y\n008,x\n007,x\n")
    report, dataset = imported(plan_of("bare", files["log_csv"]))
    assert dataset.interactions.user_ids.tolist() == ["007", "008"]
    assert dataset.catalog.titles.tolist() == ["Untitled item x", "Untitled item y"]
    assert (report.feedback, report.time, dataset.interactions.ordered) == ("none", "none", False)
    assert history(dataset, "007") == [("x", pytest.approx(np.log2(3))), ("y", 1.0)]
    assert any("no times" in line for line in report.off)
    assert any("no titles" in line for line in report.off)


def test_what_the_user_says_stands_above_what_we_guess(tmp_path: Path) -> None:
    text = "a,b,c,d\n" + "".join(f"{row % 3},{row % 5},{row % 4 + 1},{row}\n" for row in range(30))
    files = written(tmp_path, log_csv=text)
    roles = [("user_id", "b"), ("item_id", "a"), ("weight", "c"), ("position", "d")]
    plan = plan_of("own", (files["log_csv"], "interactions"), roles=roles, feedback="count", log_counts=False)
    report, dataset = imported(plan)
    assert (report.n_users, report.n_items, report.time, dataset.feedback) == (5, 3, "position", "amount")
    assert dataset.interactions.user_ids.tolist() == [0, 1, 2, 3, 4]
    assert dataset.interactions.ordered
    assert dataset.interactions.times is None
    sums = sum(row % 4 + 1 for row in range(30))
    assert dataset.interactions.weights.sum() == sums


def test_liked_from_keeps_the_rest_as_seen(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS)
    _, dataset = imported(plan_of("shop", *files.values(), positive_from=4.0))
    log = dataset.interactions
    assert log.positive_from == 4
    assert dataset.catalog.item_ids[log.liked(0)].tolist() == ["a1", "a2"]
    assert len(log) == 6


@pytest.mark.parametrize(
    ("ratings", "expected", "liked"),
    [([-10, 0, 10, 5], [0, 10, 20, 15], 13.0), ([0, 5, 3, 1], [0, 5, 3, 1], 3.0)],
)
def test_a_scale_that_starts_below_zero_is_moved_up(
    tmp_path: Path, ratings: list[int], expected: list[float], liked: float
) -> None:
    rows = "".join(f"u{user},i{place},{rating}\n" for user in range(9) for place, rating in enumerate(ratings))
    files = written(tmp_path, log_csv="user,item,rating\n" + rows)
    _, dataset = imported(plan_of("moved", files["log_csv"], positive_from=3.0))
    assert [weight for _, weight in history(dataset, "u0")] == expected
    assert dataset.interactions.positive_from == liked


def test_counts_weigh_on_a_log_scale(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv="userID\tartistID\tplays\n1\t7\t1\n1\t8\t1023\n2\t7\t350000\n1\t7\t2\n")
    report, dataset = imported(plan_of("music", files["log_csv"]))
    assert report.feedback == "count"
    assert history(dataset, 1) == [(7, 2.0), (8, 10.0)]  # 1 + 2 plays, log2(1 + 3); log2(1 + 1023)
    assert np.rint(np.exp2(np.float64(dataset.interactions.weights.max())) - 1) == 350_000


def test_events_weigh_by_their_type(tmp_path: Path) -> None:
    rows = ("1,5,view,1700000000", "1,5,addtocart,1700000001", "1,6,transaction,1700000002", "2,5,peek,1700000003")
    files = written(tmp_path, log_csv="\n".join(("visitorid,itemid,event,timestamp", *rows)))
    seen = inspect(plan_of("shop", files["log_csv"]))
    assert {name: weight for name, _, weight in seen.events} == {
        "view": 1, "addtocart": 3, "transaction": 5, "peek": 1,
    }  # fmt: skip
    _, dataset = imported(plan_of("shop", files["log_csv"], events=(("peek", 0.5), ("view", 2.0))))
    assert history(dataset, 1) == [(5, 5.0), (6, 5.0)]
    assert history(dataset, 2) == [(5, 0.5)]


def test_day_month_and_year_in_columns_of_their_own(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv="user,item,day,month,year\n1,1,2,1,2009\n1,2,1,1,2009\n")
    report, dataset = imported(plan_of("dates", files["log_csv"]))
    assert report.time == "time"
    assert history(dataset, 1) == [(2, 1.0), (1, 1.0)]
    assert dataset.interactions.times is not None
    assert dataset.interactions.times.tolist() == [1_230_768_000, 1_230_854_400]


def test_several_logs_stand_under_each_other(tmp_path: Path) -> None:
    files = written(
        tmp_path, may_csv="user,item,rating\n1,1,5\n1,2,4\n", june_csv="User ID;Movie ID;Stars\n2;1;x\n2;2;3\n"
    )
    plans = [(path, "interactions") for path in files.values()]
    report, dataset = imported(plan_of("two", *plans))
    assert (report.n_users, report.n_interactions) == (2, 3)
    bad = next(entry for entry in report.ledgers[0].entries if entry.rule == "bad_weight")
    assert bad.samples == ("june.csv, row 2: User ID 2, Movie ID 1, Stars x",)
    assert history(dataset, 2) == [(2, 3.0)]


def test_tags_and_the_names_of_their_codes_describe_items(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        plays_dat="userID\tartistID\tweight\n1\t1\t10\n1\t2\t20\n2\t1\t30\n2\t3\t3\n",
        artists_dat="id\tname\n1\tOne\n2\tTwo\n3\tThree\n",
        tagged_dat="userID\tartistID\ttagID\n1\t1\t7\n2\t1\t8\n3\t1\t8\n1\t2\t7\n",
        tags_dat="tagID\ttagValue\n7\trock\n8\tcafé del mar\n".encode("latin-1"),
    )
    kinds = ("interactions", "items", "tags", "names")
    _, dataset = imported(plan_of("music", *zip(files.values(), kinds, strict=True)))
    assert dataset.catalog.categories == (("café del mar", "rock"), ("rock",), ())
    assert item_texts(Recipe(), dataset) == ["One. Category: café del mar, rock", "Two. Category: rock", "Three"]


def test_items_that_no_file_describes_are_dropped_or_kept_by_their_id(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG + "u1,zzz,5,2024-02-01\n", items_csv=ITEMS)
    report, _ = imported(plan_of("strict", *files.values()))
    dropped = {entry.rule: entry.dropped for entry in report.ledgers[0].entries}
    assert (dropped["unknown_item"], report.n_items) == (1, 4)
    report, dataset = imported(plan_of("lenient", *files.values(), rules=(("unknown_item", "look"),)))
    assert report.n_items == 5
    assert dataset.catalog.titles.tolist()[-1] == "Untitled item zzz"


def test_near_duplicates_are_merged_where_the_user_says_so(tmp_path: Path) -> None:
    twin = ITEMS + "b1;Red pen;A pen that writes in red ink for a very long time;office|pens\n"
    files = written(tmp_path, log_csv=LOG + "u3,b1,5,2024-02-01\nu1,b1,2,2024-02-02\n", items_csv=twin)
    report, dataset = imported(plan_of("merged", *files.values(), rules=(("near_duplicates", "apply"),)))
    assert report.n_items == 4
    assert ("a1", 5.0) in history(dataset, "u3")
    assert ("a1", 2.0) in history(dataset, "u1")  # the later rating of what is one item now


def test_vectors_come_along_as_an_array_with_ids_or_in_the_order_of_the_items(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS, ids_csv="item_id\na4\na3\na2\na1\n")
    np.save(tmp_path / "vectors.npy", np.arange(8, dtype=np.float64).reshape(4, 2))
    array = tmp_path / "vectors.npy"
    _, dataset = imported(plan_of("with-ids", *files.values(), array))
    assert dataset.own_vectors is not None
    assert dataset.own_vectors.tolist() == [[6, 7], [4, 5], [2, 3], [0, 1]]
    _, dataset = imported(plan_of("in-order", files["log_csv"], files["items_csv"], array))
    assert dataset.own_vectors is not None
    assert dataset.own_vectors.tolist() == [[0, 1], [2, 3], [4, 5], [6, 7]]
    run = recall(Recipe(dataset="in-order", model=OWN_VECTORS, k=2), dataset)
    assert run.selected.items.shape == (3, 2)


def test_vectors_in_a_column_come_along(tmp_path: Path) -> None:
    rows = [{"item_id": place, "title": f"Item {place}", "embedding": [place, 1.0]} for place in range(4)]
    files = written(
        tmp_path,
        items_jsonl="\n".join(json.dumps(row) for row in rows),
        log_csv="user,item\n1,1\n1,2\n2,3\n",
    )
    _, dataset = imported(plan_of("column", *files.values()))
    assert dataset.own_vectors is not None
    assert dataset.own_vectors.tolist() == [[0, 1], [1, 1], [2, 1], [3, 1]]


@pytest.mark.parametrize(
    ("n", "ids", "words"),
    [(3, "", "3 vectors, but there are 4 items"), (4, "a1\na2\na3\nzz\n", "no vector for 1 of 4 items, such as a4")],
)
def test_vectors_that_do_not_fit_are_one_sentence(tmp_path: Path, n: int, ids: str, words: str) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS, **({"ids_csv": "item_id\n" + ids} if ids else {}))
    np.save(tmp_path / "vectors.npy", np.ones((n, 2), dtype=np.float32))
    with pytest.raises(FileError, match=words):
        run_import(plan_of("set", *files.values(), tmp_path / "vectors.npy"))
    assert kept_sets() == ()


def test_a_role_that_a_column_cannot_play_is_refused_not_cleaned_away(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv="visitor,product,mood\nu1,a1,good\nu2,a2,bad\nu1,a2,3\n")
    plan = plan_of("wrong", (files["log_csv"], "interactions"), roles=[("weight", "mood")], feedback="rating")
    with pytest.raises(FileError, match='log.csv, row 2, column mood: "good" is not a number, like 67% of this column'):
        run_import(plan)
    plan = plan_of("wrong", (files["log_csv"], "interactions"), roles=[("datetime", "mood")])
    with pytest.raises(FileError, match="is not a time we can read"):
        run_import(plan)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"rules": (("nonsense", "apply"),)}, UnknownNameError, "unknown cleaning rule 'nonsense'"),
        ({"rules": (("repeats", "maybe"),)}, UnknownNameError, "maybe"),
        ({"knobs": (("rare.user_core", "x"),)}, InputError, "user_core must be a whole number"),
        ({"knobs": (("rare.nothing", 1),)}, UnknownNameError, "rare.nothing"),
        ({"name": "../up"}, InputError, "cannot be called '../up'"),
        ({"name": "movielens-small"}, InputError, "built-in"),
        ({"files": ()}, InputError, "no file was given"),
        ({"positive_from": 99.0}, InputError, "no rating reaches positive_from 99, the highest rating is 5"),
        ({"feedback": "event"}, InputError, "feedback event needs a column with the role event"),
        (
            {"rules": (("missing_user", "off"),)},
            FileError,
            'log.csv, row 9, column visitor: "" is no user_id, as in 1 row that would stay',
        ),
        (
            {"knobs": (("rare.user_core", 50),)},
            InputError,
            "no interaction of log.csv is left after cleaning: the rule rare",
        ),
    ],
)
def test_what_cannot_be_is_one_sentence_and_keeps_nothing(
    tmp_path: Path, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    files = written(tmp_path, log_csv=LOG + ",a1,4,2024-01-01\n", items_csv=ITEMS)
    plan = dataclasses.replace(plan_of("shop", *files.values()), **changes)  # type: ignore[arg-type]
    with pytest.raises(error, match=words) as caught:
        run_import(plan)
    assert "\n" not in str(caught.value)
    assert dataset_names() == ("movielens-small",)


def test_a_taken_name_is_refused_until_replacing_is_allowed(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS)
    first = run_import(plan_of("shop", *files.values()))
    with pytest.raises(InputError, match="already a data set shop"):
        run_import(plan_of("shop", files["log_csv"]))
    assert load_dataset("shop").fingerprint == first.fingerprint
    second = run_import(plan_of("shop", files["log_csv"], replace=True))
    assert load_dataset("shop").fingerprint == second.fingerprint != first.fingerprint


def test_a_kept_plan_imports_the_same_set_again(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS)
    first = run_import(plan_of("shop", *files.values(), positive_from=3.0, rules=(("bot_volume", "apply"),)))
    (kept,) = kept_sets()
    assert kept.files == ("log.csv", "items.csv")
    plan = ImportPlan.from_json(kept.plan)
    paths = {path.name: str(path) for path in files.values()}
    here = dataclasses.replace(
        plan, files=tuple(dataclasses.replace(f, path=paths[f.name]) for f in plan.files), replace=True
    )
    assert run_import(here).fingerprint == first.fingerprint


def test_imports_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    logs = {f"log{n}_csv": "user,item\n" + "".join(f"{n},{row}\n" for row in range(n + 1)) for n in range(6)}
    files = written(tmp_path, **logs)
    plans = [plan_of(f"set{n}", path) for n, path in enumerate(files.values())]
    same = [plan_of("same", path) for path in files.values()]

    def attempt(plan: ImportPlan) -> str:
        try:
            return run_import(plan).fingerprint
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor(6) as pool:
        apart, together = list(pool.map(attempt, plans)), list(pool.map(attempt, same))
    assert [load_dataset(f"set{n}").fingerprint for n in range(6)] == apart
    won = [fingerprint for fingerprint in together if "already a data set" not in fingerprint]
    assert won == [load_dataset("same").fingerprint]
    assert sorted(path.name for path in (tmp_path / "data" / "datasets").iterdir()) == [
        "same",
        *(f"set{n}" for n in range(6)),
    ]


def test_an_inspection_shows_what_an_import_would_do(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        log_csv=LOG,
        items_csv=ITEMS,
        readme_txt="What a day.\n\nNothing, but; words\n",
        photo_csv=b"\x89PNG\r\n\x1a\n0000",
    )
    seen = inspect(plan_of("shop", *files.values()))
    log, items, _, photo = seen.files
    assert (log.kind, log.n_rows, items.kind, items.n_rows) == ("interactions", 7, "items", 4)
    assert items.dialect.delimiter == ";"
    assert {guess.role: guess.columns for guess in log.guesses if guess.columns} == {
        "user_id": ("visitor",), "item_id": ("product sku",), "weight": ("stars",), "datetime": ("when",),
    }  # fmt: skip
    assert next(guess for guess in log.guesses if guess.role == "user_id").samples[:2] == ("u1", "u2")
    assert "PNG" in photo.problem
    assert (seen.feedback, seen.scale, seen.time, seen.problem) == ("rating", (1.0, 5.0), "time", "")
    assert seen.histogram == ((1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 2), (5, 5, 2))
    assert Inspection.from_json(json.loads(json.dumps(seen.to_json()))) == seen
    assert dataset_names() == ("movielens-small",)


def test_an_inspection_says_what_is_missing(tmp_path: Path) -> None:
    files = written(tmp_path, items_csv=ITEMS)
    seen = inspect(plan_of("shop", files["items_csv"]))
    assert "none of the files has a user and an item in each row (items.csv is items)" in seen.problem
    with pytest.raises(InputError, match="none of the files"):
        run_import(plan_of("shop", files["items_csv"]))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My Shop 2024!", "my-shop-2024"),
        ("../../etc", "etc"),
        ("Ünïcode", "unicode"),
        ("你好", "my-data"),
        ("", "my-data"),
    ],
)
def test_a_suggested_name_is_an_allowed_one(text: str, name: str) -> None:
    assert suggested_name(text) == name
    assert check_name(suggested_name(text)) == name


@pytest.mark.parametrize(
    "name", ["", "A", "-a", "a-", "a/b", "a\\b", "..", "a..b", "a" * 65, "a b", "é", ".hidden", "a\n"]
)
def test_a_name_that_is_a_path_or_worse_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot be called"):
        check_name(name)
