"""Sealed files are whole and unaltered, or refused."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.errors import IntegrityError
from core.store.sealed import read_sealed, write_atomic, write_sealed

ANY_ARRAY = st.sampled_from(["f4", "f8", "i4", "i8", "u1", "?"]).flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4))
)


def example(path: Path) -> dict[str, np.ndarray]:
    content = {"values": np.arange(12, dtype=np.float32).reshape(4, 3), "ids": np.arange(4)}
    write_sealed(path, content, {"key": "k1", "note": "Größe"})
    return content


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.dictionaries(st.text("abc_.", min_size=1), ANY_ARRAY, max_size=3),
    meta=st.dictionaries(st.text(), st.text(), max_size=3),
)
def test_what_is_written_is_read(tmp_path: Path, content: dict[str, np.ndarray], meta: dict[str, str]) -> None:
    meta.pop("sha256", None)
    write_sealed(tmp_path / "x", content, meta)
    found, found_meta = read_sealed(tmp_path / "x", meta)
    assert found_meta == meta
    assert found.keys() == content.keys()
    for name, array in content.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()
        assert not found[name].flags.writeable


def test_views_are_written_as_they_look(tmp_path: Path) -> None:
    array = np.arange(20.0).reshape(4, 5).T[::2]
    write_sealed(tmp_path / "x", {"a": array}, {})
    np.testing.assert_array_equal(read_sealed(tmp_path / "x")[0]["a"], array)


def test_every_truncation_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    example(path)
    whole = path.read_bytes()
    for length in (0, 1, 7, 8, 9, 40, len(whole) // 2, len(whole) - 12, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(IntegrityError, match="damaged"):
            read_sealed(path)


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    example(path)
    whole = path.read_bytes()
    for position in range(len(whole)):
        altered = bytearray(whole)
        altered[position] ^= 1
        path.write_bytes(bytes(altered))
        try:
            arrays_read, meta = read_sealed(path)
        except IntegrityError:
            continue
        pytest.fail(f"byte {position} changed unnoticed: {arrays_read.keys()} {meta}")


def test_appended_bytes_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    example(path)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(IntegrityError):
        read_sealed(path)


def test_another_key_is_refused_and_named(tmp_path: Path) -> None:
    example(tmp_path / "x")
    assert read_sealed(tmp_path / "x", {"key": "k1"})[1]["note"] == "Größe"
    with pytest.raises(IntegrityError, match=r"key is 'k1', not 'k2'"):
        read_sealed(tmp_path / "x", {"key": "k2"})
    with pytest.raises(IntegrityError, match=r"model is None"):
        read_sealed(tmp_path / "x", {"model": "m"})


def test_a_missing_file_is_not_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_sealed(tmp_path / "nothing")


def test_a_folder_in_its_place_is_damage_and_the_next_write_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "x" / "inside").mkdir(parents=True)
    with pytest.raises(IntegrityError, match=r"x cannot be read \("):
        read_sealed(tmp_path / "x")
    example(tmp_path / "x")
    assert read_sealed(tmp_path / "x")[1]["key"] == "k1"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_below_a_file_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("in the way")
    with pytest.raises(FileNotFoundError):
        read_sealed(tmp_path / "x" / "y")


def test_objects_cannot_be_sealed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="only numbers"):
        write_sealed(tmp_path / "x", {"a": np.array(["text"], dtype=object)}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    write_atomic(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
