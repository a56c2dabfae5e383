"""The vector cache: content-addressed, safe against kills, damage and company."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.store import vectors as module
from core.store.vectors import VectorCache, text_keys

WRITER = """
import sys
import numpy as np
from pathlib import Path
from core.store.vectors import VectorCache
cache, start = VectorCache(Path(sys.argv[1])), int(sys.argv[2])
for number in range(start, start + 30):
    cache.add("s", [f"text {number}"], np.full((1, 3), number, dtype=np.float32))
    if number % 7 == 0:
        cache.compact("s")
    values, found = cache.fetch("s", [f"text {n}" for n in range(start, number + 1)])
    assert found.all(), (start, number, found)
    assert (values[:, 0] == np.arange(start, number + 1)).all()
cache.compact("s")
assert not cache.notices, cache.notices
"""


def rows(*numbers: int) -> np.ndarray:
    return np.array([[number, number / 2] for number in numbers], dtype=np.float32)


def shards(root: Path) -> list[Path]:
    return sorted((root / "texts" / "s").glob("*.safetensors"))


def test_known_texts_are_found_others_are_not(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    assert cache.fetch("s", ["a"])[0].shape == (1, 0)
    cache.add("s", ["a", "b"], rows(1, 2))
    cache.add("s", ["c"], rows(3))
    values, found = cache.fetch("s", ["c", "x", "a", "a"])
    assert found.tolist() == [True, False, True, True]
    np.testing.assert_array_equal(values[found], rows(3, 1, 1))
    assert not cache.fetch("another space", ["a"])[1].any()


def test_compaction_keeps_every_row_in_one_shard(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    for number in range(4):
        cache.add("s", [f"t{number}"], rows(number))
    cache.add("s", ["t0"], rows(0))
    assert len(shards(tmp_path)) == 5
    cache.compact("s")
    assert len(shards(tmp_path)) == 1
    values, found = cache.fetch("s", ["t0", "t1", "t2", "t3"])
    assert found.all()
    np.testing.assert_array_equal(values, rows(0, 1, 2, 3))


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_shard_is_reported_and_only_its_rows_are_lost(tmp_path: Path, damage: str) -> None:
    VectorCache(tmp_path).add("s", ["a"], rows(1))
    first = shards(tmp_path)[0]
    VectorCache(tmp_path).add("s", ["b"], rows(2))
    data = bytearray(first.read_bytes())
    data[-3] ^= 64
    first.write_bytes({"cut": bytes(data[:-5]), "flip": bytes(data), "empty": b""}[damage])
    cache = VectorCache(tmp_path)
    assert cache.fetch("s", ["a", "b"])[1].tolist() == [False, True]
    assert len(cache.notices) == 1
    assert first.name in cache.notices[0]
    assert not first.exists()


def test_a_folder_in_place_of_a_shard_or_matrix_is_reported_and_taken_away(tmp_path: Path) -> None:
    VectorCache(tmp_path).add("s", ["a"], rows(1))
    shard, matrix = tmp_path / "texts" / "s" / "0.safetensors", tmp_path / "items" / "f1.safetensors"
    for path in (shard, matrix):
        (path / "inside").mkdir(parents=True)
    cache = VectorCache(tmp_path)
    assert cache.fetch("s", ["a"])[1].all()
    assert cache.load_items("f1") is None
    assert [path.name in notice for path, notice in zip((shard, matrix), cache.notices, strict=True)] == [True, True]
    assert not shard.exists()
    assert not matrix.exists()


def test_a_shard_of_another_space_is_not_used(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    cache.add("s", ["a"], rows(1))
    other = tmp_path / "texts" / "t"
    other.mkdir()
    shards(tmp_path)[0].rename(other / "moved.safetensors")
    assert not cache.fetch("t", ["a"])[1].any()
    assert "space" in cache.notices[0]


def test_a_shard_merged_by_another_process_meanwhile_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = VectorCache(tmp_path)
    cache.add("s", ["a"], rows(1))
    cache.add("s", ["b"], rows(2))
    listing = module._shards
    state = {"merged": False}

    def list_then_merge(folder: Path) -> list[Path]:
        found = listing(folder)
        if not state["merged"]:
            state["merged"] = True
            VectorCache(tmp_path).compact("s")
        return found

    monkeypatch.setattr(module, "_shards", list_then_merge)
    assert cache.fetch("s", ["a", "b"])[1].all()


def test_compaction_skips_what_another_process_merges_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = VectorCache(tmp_path)
    for number in range(3):
        cache.add("s", [f"t{number}"], rows(number))
    listing = module._shards
    state = {"merged": False}

    def list_then_merge(folder: Path) -> list[Path]:
        found = listing(folder)
        if not state["merged"]:
            state["merged"] = True
            VectorCache(tmp_path).compact("s")
            cache.add("s", ["t3"], rows(3))
        return found

    monkeypatch.setattr(module, "_shards", list_then_merge)
    cache.compact("s")
    values, found = cache.fetch("s", ["t0", "t1", "t2", "t3"])
    assert found.all()
    np.testing.assert_array_equal(values, rows(0, 1, 2, 3))


def test_several_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [
        subprocess.Popen([*command, str(start)], cwd=root, env=environment, stderr=subprocess.PIPE, text=True)
        for start in (0, 100)
    ]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], errors
    texts = [f"text {number}" for start in (0, 100) for number in range(start, start + 30)]
    cache = VectorCache(tmp_path)
    assert cache.fetch("s", texts)[1].all()
    assert not cache.notices


def test_leftovers_of_killed_writers_are_swept_when_old(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    cache.add("s", ["a"], rows(1))
    old, young = (tmp_path / "texts" / "s" / f"x.safetensors.tmp-{name}" for name in ("1", "2"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 10_000,) * 2)
    cache.compact("s")
    assert not old.exists()
    assert young.exists()


def test_matrices_come_back_and_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_MATRICES", 2)
    cache = VectorCache(tmp_path)
    for number, name in enumerate(("f1", "f2")):
        cache.save_items(name, {"values": rows(number)})
        os.utime(tmp_path / "items" / f"{name}.safetensors", (time.time() - 100 + number,) * 2)
    assert cache.load_items("f1") is not None
    cache.save_items("f3", {"values": rows(3)})
    assert cache.has_items("f1")
    assert not cache.has_items("f2")
    loaded = cache.load_items("f3")
    assert loaded is not None
    np.testing.assert_array_equal(loaded["values"], rows(3))


def test_a_damaged_or_renamed_matrix_is_reported_and_not_used(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    cache.save_items("f1", {"values": rows(1)})
    path = tmp_path / "items" / "f1.safetensors"
    path.rename(path.with_name("f2.safetensors"))
    assert cache.load_items("f1") is None
    assert not cache.notices
    assert cache.load_items("f2") is None
    assert len(cache.notices) == 1
    assert not cache.has_items("f2")


def test_keys_are_the_front_of_the_hash() -> None:
    assert text_keys(["a"])[0].hex() == "ca978112ca1bbdcafac231b39a23dc4d"
