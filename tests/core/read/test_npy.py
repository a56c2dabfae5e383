"""Item vectors: checked by their header before a number is loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import FileError
from core.read.files import read_vectors


def save(folder: Path, array: object) -> Path:
    """Write an array."""
    path = folder / "v.npy"
    np.save(path, np.asarray(array))
    return path


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", ">f4", "int32", "uint8"])
def test_numbers_of_any_type_become_float32(tmp_path: Path, kind: str) -> None:
    values = np.arange(12).reshape(4, 3).astype(kind)
    read = read_vectors(save(tmp_path, values))
    assert (read.dtype, read.flags.c_contiguous, read.tolist()) == (np.float32, True, values.astype(float).tolist())
    assert read_vectors(save(tmp_path, np.asfortranarray(values))).tolist() == read.tolist()


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([{}, 1], dtype=object), "holds Python objects, and opening those can run code"),
        (np.array([["a", "b"]]), "holds values of type <U1, numbers were expected"),
        (np.ones((2, 2), complex), "holds values of type complex128"),
        (np.ones(3), "has the shape (3,), (items, dimensions) was expected"),
        (np.ones((0, 3)), "has the shape (0, 3)"),
        (np.ones((1, 20_000), "f4"), "has 20,000 dimensions, the limit is 16,384"),
        (np.array([[1.0, 2.0], [3.0, np.nan]]), 'v.npy, row 2, column 2: "nan" is not a finite 32-bit number'),
        (np.array([[1e300, 2.0]]), 'row 1, column 1: "1e+300" is not a finite'),
    ],
)
def test_what_are_no_vectors_is_said(tmp_path: Path, array: object, message: str) -> None:
    with pytest.raises(FileError) as caught:
        read_vectors(save(tmp_path, array))
    assert message in str(caught.value)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path, np.ones((5, 4), "f4"))
    whole = path.read_bytes()
    for content, message in (
        (whole[:-1], "it has 79 bytes of numbers, its header says 80"),
        (whole + b"x", "it has 81 bytes of numbers"),
        (whole[:9], "its header is damaged"),
        (whole.replace(b"(5, 4)", b"(5, 4("), "its header is damaged"),
        (whole.replace(b"(5, 4), ", b"(10**9),"), "its header is damaged"),
        (b"", "the file is empty"),
        (b"1,2\n", ": not a NumPy array file"),
        (b"PK\x03\x04" + bytes(30), "a zip archive"),
    ):
        path.write_bytes(content)
        with pytest.raises(FileError, match=message):
            read_vectors(path, name="other.npy")


def test_an_array_that_claims_more_than_it_holds_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "v.npy"
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 4)})
    with pytest.raises(FileError, match="takes more than 2 GB in memory"):
        read_vectors(path)
