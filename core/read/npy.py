"""Arrays of item vectors as NumPy writes them (.npy), never with pickled objects."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from ..errors import FileError
from ..types import Array
from .limits import MAX_DECODED_BYTES
from .signatures import refuse
from .text import read_start

_MAGIC = b"\x93NUMPY"
_ROWS = 1 << 14
MAX_WIDTH = 1 << 14
_SHAPE = "one row of numbers per item is expected: numpy.save(path, vectors.astype('float32'))"


def load(path: Path, name: str) -> Array:
    """(n, d) float32, C-contiguous, every number finite. Raises FileError, ValueError for a damaged header."""
    start = read_start(path, name)
    if not start.startswith(_MAGIC):
        refuse(name, start)
        raise FileError(name, "not a NumPy array file", hint=_SHAPE)
    shape, fortran, dtype, offset = _header(path, name)
    if dtype.hasobject:
        raise FileError(name, "it holds Python objects, and opening those can run code", hint=_SHAPE)
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise FileError(name, f"it holds values of type {dtype}, numbers were expected", hint=_SHAPE)
    if len(shape) != 2 or min(shape) < 1:
        raise FileError(name, f"it has the shape {shape}, (items, dimensions) was expected", hint=_SHAPE)
    if shape[1] > MAX_WIDTH:
        raise FileError(name, f"it has {shape[1]:,} dimensions, the limit is {MAX_WIDTH:,}", hint="reduce them first")
    count, size = math.prod(shape), path.stat().st_size - offset
    if 4 * count > MAX_DECODED_BYTES:
        raise FileError(
            name, f"it takes more than {MAX_DECODED_BYTES >> 30} GB in memory", hint="bring fewer items or dimensions"
        )
    if count * dtype.itemsize != size:
        raise FileError(
            name,
            f"it has {size:,} bytes of numbers, its header says {count * dtype.itemsize:,}",
            hint="copy or save it again",
        )
    stored = np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=shape, order="F" if fortran else "C")
    out = np.empty(shape, dtype=np.float32)
    for begin in range(0, shape[0], _ROWS):
        part = slice(begin, begin + _ROWS)
        with np.errstate(over="ignore", invalid="ignore"):
            out[part] = stored[part]
        odd = np.argwhere(~np.isfinite(out[part]))
        if len(odd):
            row, column = odd[0].tolist()
            raise FileError(
                name,
                "is not a finite 32-bit number",
                row=begin + row + 1,
                column=str(column + 1),
                value=stored[begin + row, column],
                hint="leave that item out, or give it a vector",
            )
    return out


def _header(path: Path, name: str) -> tuple[tuple[int, ...], bool, np.dtype[np.generic], int]:
    try:
        with path.open("rb") as file:
            version = npy.read_magic(file)
            if version not in ((1, 0), (2, 0)):
                raise ValueError("unknown version")
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, fortran, dtype = read(file)
            return shape, fortran, dtype, file.tell()
    except Exception:  # numpy evaluates the header as a Python literal, and damaged ones fail in every way a parser can
        raise FileError(name, "its header is damaged", hint=_SHAPE) from None
