"""Edges that were found by trying: each was a traceback, a wrong figure or a silence once."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.describe import describe
from core.errors import FileError, InputError, RecallscopeError, UnknownNameError
from core.importing.inspect import inspect
from core.importing.plan import FilePlan, ImportPlan
from core.importing.run import run_import
from core.importing.views import Report
from core.sources import kept_sets, load_dataset, rename_dataset
from core.store.paths import data_dir

from .files import ITEMS, LOG, plan_of, written

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and cache of this test alone."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))


def log_plan(folder: Path, text: str, roles: list[tuple[str, str]] | None = None, **choices: Any) -> ImportPlan:
    path = written(folder, log_csv=text)["log_csv"]
    return plan_of("set", (path, "interactions"), roles=roles or (), **choices)


def test_an_event_column_without_a_single_event_is_one_sentence(tmp_path: Path) -> None:
    plan = log_plan(tmp_path, "user,item,event\n1,2,\n2,3,\n", [("event", "event")])
    with pytest.raises(FileError, match="log.csv, column event: the column is empty"):
        run_import(plan)


def test_a_year_alone_is_a_coarse_time(tmp_path: Path) -> None:
    run_import(log_plan(tmp_path, "user,item,year\n1,2,2001\n1,3,2000\n", [("year", "year")]))
    log = load_dataset("set").interactions
    assert log.times is not None
    assert log.times.tolist() == [946_684_800, 978_307_200]


def test_a_column_may_be_id_and_title_at_once(tmp_path: Path) -> None:
    items = "artist,genre\nA,rock\nB,pop\nB,pop\nC,\n"
    files = written(tmp_path, items_csv=items, log_csv="user_id,artist\n1,A\n1,B\n2,C\n")
    plan = plan_of("set", (files["items_csv"], "items"), (files["log_csv"], "interactions"))
    both = dataclasses.replace(plan.files[0], roles=(("item_id", ("artist",)), ("title", ("artist",))))
    report = run_import(dataclasses.replace(plan, files=(both, plan.files[1])))
    assert report.ledgers[1].entries[1].samples == ("row 4: artist B",)
    assert load_dataset("set").catalog.titles.tolist() == ["A", "B", "C"]


@pytest.mark.parametrize("choices", [{}, {"log_counts": False}, {"feedback": "rating"}])
def test_a_weight_beyond_all_bounds_is_taken_out_and_the_set_can_be_described(
    tmp_path: Path, choices: dict[str, Any]
) -> None:
    rows = "".join(f"u{row % 3},i{row % 4},{row % 5 + 1}\n" for row in range(12))
    report = run_import(log_plan(tmp_path, f"user,item,plays\n{rows}u1,i9,{2**63}\nu2,i9,1e39\n", **choices))
    assert (
        sum(entry.dropped for entry in report.ledgers[0].entries if entry.rule in ("bad_weight", "weight_range")) == 2
    )
    dataset = load_dataset("set")
    assert np.isfinite(dataset.interactions.weights).all()
    json.dumps(describe(dataset).to_json(), allow_nan=False)


@pytest.mark.parametrize(
    "data",
    [
        {"name": 5},
        {"name": "a", "label": 7},
        {"name": "a", "replace": "yes"},
        {"name": "a", "files": 3},
        {"name": "a", "files": [{"path": 1, "name": "x"}]},
        {"name": "a", "files": [{"path": "x"}]},
        {"name": "a", "positive_from": "much"},
        {"name": "a", "events": [["view", "much"]]},
        {"name": "a", "rules": {"a": 1}},
        [],
        None,
        {},
    ],
)
def test_what_is_no_plan_is_one_sentence(data: Any) -> None:
    with pytest.raises(InputError, match="this is not an import plan|must be"):
        ImportPlan.from_json(data)


def test_a_plan_survives_as_plain_values() -> None:
    file = FilePlan("/a/b.csv", "b.csv", "items", roles=(("title", ("x", "y")),))
    plan = ImportPlan("a", "A", (file,), "rating", 3.5, "ISO 8601", False, (("view", 2.0),), (("rare", "off"),))
    assert ImportPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_a_file_name_that_is_no_text_does_no_harm(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/w\xe9ird.csv"))
    path.write_text(LOG)
    report = run_import(plan_of("set", (path, "interactions")))
    assert [file.name for file in report.files] == ["wird.csv"]


def test_one_odd_id_does_not_part_the_log_from_its_items(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        items_csv="item_id,title\n" + "".join(f"{n},Item {n}\n" for n in range(1, 40)),
        log_csv="user,item\n" + "".join(f"{n % 7},{n % 39 + 1}.0\n" for n in range(100)) + "1,unknown\n",
    )
    report = run_import(plan_of("set", (files["log_csv"], "interactions"), (files["items_csv"], "items")))
    assert {entry.rule: entry.dropped for entry in report.ledgers[0].entries}["unknown_item"] == 1


def test_ids_that_never_meet_are_shown_side_by_side(tmp_path: Path) -> None:
    files = written(tmp_path, items_csv="item_id,title\n00007,Seven\n", log_csv="user,item\n1,7\n2,7\n")
    with pytest.raises(InputError, match="the log calls items like '7', the items file like '00007'"):
        run_import(plan_of("set", *files.values()))


def test_of_a_repeated_item_the_first_row_counts_for_its_vector_too(tmp_path: Path) -> None:
    files = written(tmp_path, items_csv="id,title\n1,First\n2,Two\n1,Again\n", log_csv="user,item\n1,1\n1,2\n")
    np.save(tmp_path / "v.npy", np.array([[1, 0], [0, 1], [9, 9]], dtype=np.float32))
    run_import(plan_of("set", *files.values(), tmp_path / "v.npy"))
    dataset = load_dataset("set")
    assert dataset.catalog.titles.tolist() == ["First", "Two"]
    assert dataset.own_vectors is not None
    assert dataset.own_vectors.tolist() == [[1, 0], [0, 1]]
    ids = written(tmp_path, ids_csv="item_id\n1\n2\n1\n")["ids_csv"]
    with pytest.raises(FileError, match="ids.csv: the id 1 stands more than once"):
        run_import(plan_of("other", *files.values(), tmp_path / "v.npy", ids))


def test_an_item_without_an_id_needs_no_vector(tmp_path: Path) -> None:
    rows = [{"item_id": 1, "title": "A", "vector": [1.0, 2.0]}, {"item_id": None, "title": "B", "vector": None}]
    files = written(tmp_path, items_jsonl="\n".join(map(json.dumps, rows)), log_csv="user,item\n1,1\n2,1\n")
    run_import(plan_of("set", *files.values()))
    dataset = load_dataset("set")
    assert dataset.own_vectors is not None
    assert dataset.own_vectors.tolist() == [[1, 2]]


@pytest.mark.parametrize(("low", "high"), [(0, 200), (-3, 3), (0, 7)])
def test_every_rating_of_an_unusual_scale_stays(tmp_path: Path, low: float, high: float) -> None:
    ratings = np.linspace(low, high, 2000)
    rows = "".join(f"u{n % 50},i{n},{rating:.3f}\n" for n, rating in enumerate(ratings))
    report = run_import(log_plan(tmp_path, "user,item,rating\n" + rows, feedback="rating"))
    assert report.n_interactions == 2000


def test_a_threshold_of_zero_on_a_scale_that_starts_below_it(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 5},i{n},{rating}\n" for n, rating in enumerate([-10, -5, 0, 5, 10] * 4))
    report = run_import(log_plan(tmp_path, "user,item,rating\n" + rows, positive_from=0.0))
    dataset = load_dataset("set")
    assert dataset.interactions.positive_from == 10
    assert dataset.origin["shift"] == 10
    assert (dataset.interactions.weights >= 10).sum() == 12
    assert any("10 was added to each" in notice for notice in report.notices)


def test_tags_weigh_and_are_cut_aloud(tmp_path: Path) -> None:
    tags = "".join(f"1,{tag},1\n" for tag in "abcdef") + "1,z,100\n,lost,1\n"
    files = written(tmp_path, tags_csv="item_id,tag,weight\n" + tags, log_csv="user,item_id\n1,1\n2,1\n")
    report = run_import(plan_of("set", (files["log_csv"], "interactions"), (files["tags_csv"], "tags")))
    assert load_dataset("set").catalog.categories == (("z", "a", "b", "c", "d"),)
    assert any("1 items have more than 5 tags" in notice for notice in report.notices)
    assert any("tags.csv: 1 rows without an item or a tag" in notice for notice in report.notices)


def test_items_known_from_the_log_alone_get_their_tags(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        log_csv="user,item_id\n1,1\n1,2\n",
        items_csv="item_id,title\n1,One\n",
        tags_csv="item_id,tag\n2,rock\n",
    )
    kinds = zip(files.values(), ("interactions", "items", "tags"), strict=True)
    run_import(plan_of("set", *kinds, rules=(("unknown_item", "off"),)))
    assert load_dataset("set").catalog.categories == ((), ("rock",))


def test_names_are_found_by_their_codes_whatever_the_columns_are_called(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        log_csv="user,movie\n1,1\n1,2\n",
        items_csv="movie,title,genre\n1,One,10\n2,Two,20\n",
        genre_csv="id,name\n10,Drama\n20,Comedy\n",
    )
    kinds = zip(files.values(), ("interactions", "items", "names"), strict=True)
    run_import(plan_of("set", *kinds))
    assert load_dataset("set").catalog.categories == (("Drama",), ("Comedy",))


def test_a_role_that_only_some_logs_have_is_left_out_aloud(tmp_path: Path) -> None:
    files = written(tmp_path, a_csv="user,item,date\n1,2,2024-01-01\n", b_csv="user,item\n2,2\n")
    plan = plan_of("set", *((path, "interactions") for path in files.values()))
    assert inspect(plan).time == "none"
    report = run_import(plan)
    assert report.time == "none"
    assert any("The role datetime is left out: b.csv has no column for it" in notice for notice in report.notices)


@pytest.mark.parametrize(
    ("template", "words"), [("{nope}", "unknown field of the item text 'nope'"), ("{a", "without its }")]
)
def test_an_item_text_that_cannot_be_filled_is_refused_at_once(tmp_path: Path, template: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        run_import(log_plan(tmp_path, LOG, template=template))
    assert kept_sets() == ()


def test_what_makes_another_set_gives_another_fingerprint(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS)
    np.save(tmp_path / "a.npy", np.eye(4, dtype=np.float32))
    np.save(tmp_path / "b.npy", np.ones((4, 2), dtype=np.float32))
    plans = [
        plan_of("a", *files.values()),
        plan_of("b", *files.values(), template="{title}"),
        plan_of("c", *files.values(), tmp_path / "a.npy"),
        plan_of("d", *files.values(), tmp_path / "b.npy"),
        plan_of("e", *files.values(), feedback="count", log_counts=False),
    ]
    assert len({run_import(plan).fingerprint for plan in plans}) == len(plans)
    assert run_import(plan_of("f", *files.values())).fingerprint == load_dataset("a").fingerprint


@pytest.mark.parametrize("mode", ["off", "look"])
def test_items_need_an_id_of_their_own_also_where_the_rules_are_off(tmp_path: Path, mode: str) -> None:
    files = written(tmp_path, log_csv="user,item\n1,1\n", items_csv="item,title\n1,One\n2,Two\n1,Again\n,None\n")
    with pytest.raises(FileError, match='items.csv, row 4, column item: "1" stands more than once: let the rule'):
        run_import(plan_of("set", *files.values(), rules=(("item_repeats", mode),)))
    with pytest.raises(FileError, match='items.csv, row 5, column item: "" is no item_id'):
        run_import(plan_of("set", *files.values(), rules=(("item_missing_id", mode),)))


def test_places_that_cannot_be_read_are_taken_out(tmp_path: Path) -> None:
    rows = "".join(f"1,{n},{n if n else 'abc'}\n" for n in range(10))
    report = run_import(log_plan(tmp_path, "user,item,position\n" + rows))
    assert {entry.rule: entry.dropped for entry in report.ledgers[0].entries}["bad_position"] == 1
    assert load_dataset("set").interactions.items.tolist() == list(range(9))


def test_days_that_might_be_months_are_said_and_can_be_set(tmp_path: Path) -> None:
    text = "user,item,date\n1,1,01/02/2022\n1,2,03/04/2022\n"
    seen = inspect(log_plan(tmp_path, text))
    assert "(" in seen.time_form
    report = run_import(log_plan(tmp_path, text))
    assert any(notice.startswith("Times are read as day/month/year (") for notice in report.notices)
    plan = log_plan(tmp_path, text, time_form="month/day/year", replace=True)
    assert "(" not in inspect(plan).time_form
    run_import(plan)
    times = load_dataset("set").interactions.times
    assert times is not None
    assert [time.gmtime(at)[1:3] for at in times.tolist()] == [(1, 2), (3, 4)]
    with pytest.raises(UnknownNameError, match="form of times"):
        log_plan(tmp_path, text, time_form="next week")


def test_choices_that_play_no_part_are_said(tmp_path: Path) -> None:
    plan = log_plan(
        tmp_path, "user,item,event\n1,2,view\n1,3,cart\n", positive_from=4.0, events=(("nope", 3.0), ("VIEW", 2.0))
    )
    report = run_import(plan)
    assert "The threshold 4 plays no part: there are no ratings." in report.notices
    assert "The weight of the event nope plays no part: no such event occurs." in report.notices
    assert load_dataset("set").interactions.weights.tolist() == [2, 3]


def test_a_rename_keeps_the_label_and_the_plan_in_step(tmp_path: Path) -> None:
    run_import(log_plan(tmp_path, LOG, label="My set"))
    rename_dataset("set", "other")
    (kept,) = kept_sets()
    assert (kept.name, kept.label, kept.plan["name"], kept.plan["label"]) == ("other", "My set", "other", "My set")


def test_what_killed_imports_left_is_swept_when_it_is_old(tmp_path: Path) -> None:
    folder = data_dir() / "datasets"
    for name in (".a.tmp-1-x", ".b.old-1-x", ".c.deleted-x", ".d.tmp-2-y", "empty"):
        (folder / name).mkdir(parents=True)
    old = time.time() - 7200
    for name in (".a.tmp-1-x", ".b.old-1-x", ".c.deleted-x"):
        os.utime(folder / name, (old, old))
    run_import(dataclasses.replace(log_plan(tmp_path, LOG), name="empty"))
    assert sorted(path.name for path in folder.iterdir()) == [".d.tmp-2-y", "empty"]


def test_a_disk_that_refuses_is_one_sentence_with_a_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.importing.run.write_dataset", full)
    with pytest.raises(
        RecallscopeError, match=r"set could not be kept in .* \(No space left on device\).*RECALLSCOPE_DATA"
    ):
        run_import(log_plan(tmp_path, LOG))


def test_the_command_line_imports_again_from_a_kept_plan_and_looks_before_it_leaps(tmp_path: Path) -> None:
    files = written(tmp_path, log_csv=LOG, items_csv=ITEMS)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, capture_output=True, text=True)

    sources = ("--interactions", str(files["log_csv"]), "--items", str(files["items_csv"]))
    nowhere = run("import", "shop", *sources, "--rejected", str(tmp_path / "none" / "r.csv"))
    assert (nowhere.returncode, kept_sets()) == (2, ())
    first = run("import", "shop", *sources, "--rule", "bot_volume=apply", "--json")
    report = Report.from_json(json.loads(first.stdout))
    assert [(file.name, file.kind) for file in report.files] == [("log.csv", "interactions"), ("items.csv", "items")]
    manifest = str(data_dir() / "datasets" / "shop" / "manifest.json")
    lost = run("import", "--plan", manifest)
    assert lost.returncode == 2
    assert "log.csv: the plan does not say where this file is: name it: --interactions FILE" in lost.stderr
    again = run("import", "again", "--plan", manifest, *sources, "--json")
    assert Report.from_json(json.loads(again.stdout)).fingerprint == report.fingerprint
    told = run("import", "--help").stdout
    assert "bot_volume (look" in told
    assert "rare.user_core=1" in told
