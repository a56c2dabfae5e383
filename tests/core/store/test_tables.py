"""Data sets on disk: what is written is read, and damage is noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.datasets.build import build_dataset
from core.errors import IntegrityError
from core.store.manifest import read_manifest
from core.store.tables import read_dataset, write_dataset
from core.types import Catalog, Dataset, Interactions, Note

NOTE = Note("rule", 2, "Two things were done — “on purpose”.", ("a", "b"))


def small(ids: tuple[Any, ...] = ("b", "a", "ü"), *, times: bool = True, title: str = "") -> Dataset:
    log: dict[str, Any] = {"user_id": [2, 1, 2], "item_id": [ids[0], ids[1], ids[2]], "weight": [1.5, 2, 0.5]}
    if times:
        log["datetime"] = [30, 20, 10]
    items = {
        "item_id": ids,
        "title": ["Eins", title, "Drei"],
        "category": [("x, y", "z"), (), ("ö",)],
        "year": [1999, None, 2001],
    }
    return build_dataset("tiny", "Tiny set", items, log, notes=(NOTE,), licence="L", citation="C", source="S")


def assert_same(one: Dataset, other: Dataset) -> None:
    for name in ("name", "label", "fingerprint", "notes", "licence", "citation", "source"):
        assert getattr(one, name) == getattr(other, name)
    assert one.catalog.categories == other.catalog.categories
    assert one.catalog.fields.keys() == other.catalog.fields.keys()
    pairs = [(one.catalog.item_ids, other.catalog.item_ids), (one.catalog.titles, other.catalog.titles)]
    pairs += [(one.catalog.fields[name], other.catalog.fields[name]) for name in one.catalog.fields]
    pairs += [
        (getattr(one.interactions, n), getattr(other.interactions, n))
        for n in ("user_ids", "indptr", "items", "weights")
    ]
    for left, right in pairs:
        assert left.dtype == right.dtype
        assert left.tolist() == right.tolist()
        assert not right.flags.writeable
    if one.interactions.times is None or other.interactions.times is None:
        assert one.interactions.times is other.interactions.times
    else:
        assert one.interactions.times.tolist() == other.interactions.times.tolist()


@pytest.mark.parametrize("ids", [("b", "a", "ü"), (30, -1, 2)])
@pytest.mark.parametrize("times", [True, False])
def test_what_is_written_is_read(tmp_path: Path, ids: tuple[Any, ...], times: bool) -> None:
    dataset = small(ids, times=times)
    write_dataset(tmp_path / "set", dataset)
    assert_same(dataset, read_dataset(tmp_path / "set"))
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    assert read_manifest(tmp_path / "set")["counts"] == {"items": 3, "users": 2, "interactions": 3}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    titles=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=5),
    names=st.lists(st.lists(st.text("aé|,", min_size=1), max_size=2), min_size=5, max_size=5),
)
def test_any_text_survives(tmp_path: Path, titles: list[str], names: list[list[str]]) -> None:
    items = {"item_id": range(len(titles)), "title": titles, "category": names[: len(titles)]}
    dataset = build_dataset("t", "T", items, {"user_id": [], "item_id": []})
    write_dataset(tmp_path / "set", dataset)
    assert_same(dataset, read_dataset(tmp_path / "set"))


def test_users_without_a_history_survive(tmp_path: Path) -> None:
    whole = small()
    log = whole.interactions
    quiet = Interactions(np.array([1, 2, 9]), np.array([0, 1, 3, 3]), log.items, log.weights, log.times)
    dataset = Dataset("t", "T", whole.catalog, quiet, "0" * 16)
    write_dataset(tmp_path / "set", dataset)
    assert read_dataset(tmp_path / "set").interactions.indptr.tolist() == [0, 1, 3, 3]


def test_other_tools_can_read_the_tables(tmp_path: Path) -> None:
    import pandas as pd

    write_dataset(tmp_path / "set", small())
    log = pd.read_parquet(tmp_path / "set" / "interactions.parquet")
    assert log.to_dict("list") == {
        "user_id": [1, 2, 2],
        "item_id": ["a", "ü", "b"],
        "weight": [2.0, 0.5, 1.5],
        "datetime": [20, 10, 30],
    }


def test_a_second_writer_replaces_the_first(tmp_path: Path) -> None:
    write_dataset(tmp_path / "set", small(title="old"))
    write_dataset(tmp_path / "set", small(title="new"))
    assert "new" in read_dataset(tmp_path / "set").catalog.titles
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


@pytest.mark.parametrize("name", ["items", "users", "interactions"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_damage_to_a_table_is_noticed(tmp_path: Path, name: str, damage: str) -> None:
    folder = tmp_path / "set"
    write_dataset(folder, small())
    path = folder / f"{name}.parquet"
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 4
        path.write_bytes(bytes(data))
    elif damage == "cut":
        path.write_bytes(bytes(data[:-9]))
    else:
        path.unlink()
    with pytest.raises(IntegrityError, match=name):
        read_dataset(folder)


@pytest.mark.parametrize("name", ["items.parquet", "users.parquet", "interactions.parquet", "manifest.json"])
def test_a_folder_in_place_of_a_part_is_noticed_and_replaced(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "set"
    write_dataset(folder, small())
    (folder / name).unlink()
    (folder / name / "inside").mkdir(parents=True)
    with pytest.raises(IntegrityError, match=name):
        read_dataset(folder)
    write_dataset(folder, small())
    assert_same(small(), read_dataset(folder))


def test_a_file_in_place_of_the_folder_is_no_data_set_and_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "set").write_text("in the way")
    with pytest.raises(FileNotFoundError):
        read_dataset(tmp_path / "set")
    write_dataset(tmp_path / "set", small())
    assert_same(small(), read_dataset(tmp_path / "set"))
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_damage_to_the_manifest_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    write_dataset(folder, small())
    path = folder / "manifest.json"
    good = path.read_text()
    changed = json.loads(good) | {"licence": "public domain"}
    for bad in ("", good[:50], json.dumps(changed), "[]", good.replace('"format": 2', '"format": 1')):
        path.write_text(bad)
        with pytest.raises(IntegrityError, match=r"manifest\.json"):
            read_dataset(folder)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read_dataset(folder)


def test_tables_that_do_not_fit_together_are_noticed(tmp_path: Path) -> None:
    whole = small()
    log = whole.interactions
    too_few = Catalog(whole.catalog.item_ids[:2], whole.catalog.titles[:2], whole.catalog.categories[:2], {})
    write_dataset(tmp_path / "good", whole)
    write_dataset(
        tmp_path / "set",
        Dataset("t", "T", too_few, Interactions(log.user_ids, log.indptr, log.items % 2, log.weights, None), "0"),
    )
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text())
    (tmp_path / "set" / "interactions.parquet").write_bytes((tmp_path / "good" / "interactions.parquet").read_bytes())
    manifest["sha256"]["interactions.parquet"] = json.loads((tmp_path / "good" / "manifest.json").read_text())[
        "sha256"
    ]["interactions.parquet"]
    from core.store.manifest import _seal

    (tmp_path / "set" / "manifest.json").write_text(json.dumps(manifest | {"seal": _seal(manifest)}))
    with pytest.raises(IntegrityError, match="do not fit together"):
        read_dataset(tmp_path / "set")
