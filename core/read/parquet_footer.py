"""What a Parquet file says about itself, read without pyarrow: its own reader of column metadata ends the process
where a damaged footer contradicts itself.

The footer is a Thrift struct in the compact protocol; field numbers as in
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT, _UUID = 1, 2, 3, 7, 8, 9, 10, 11, 12, 13
_DICTIONARY, _PREFIXED = {2, 8}, 7
"""Encodings: PLAIN_DICTIONARY and RLE_DICTIONARY; DELTA_BYTE_ARRAY."""
_DEEPEST = 32
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """One column of one row group: its path, the values it holds, and their size before compression.

    kind: number of the physical type (6 = bytes, 7 = bytes of one length). prefixed: values share their starts.
    """

    path: tuple[str, ...]
    kind: int
    values: int
    size: int
    dictionary: bool
    prefixed: bool


@dataclass(frozen=True, slots=True)
class Footer:
    """rows: of the whole table. groups: the chunks of each row group. widest: bytes of the widest fixed-length type."""

    rows: int
    groups: tuple[tuple[Chunk, ...], ...]
    widest: int


def read_footer(path: Path) -> Footer:
    """The footer of a file. Raises ValueError where it is damaged, or of more than 64 MiB."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - 8, 0))
        end = file.read(8)
        length = int.from_bytes(end[:4], "little")
        if len(end) < 8 or end[4:] != MAGIC or length > min(size - 8, _MOST_BYTES):
            raise ValueError("the footer is missing or cut")
        file.seek(size - 8 - length)
        data = file.read(length)
    try:
        root = _Thrift(data).record()
        groups = tuple(tuple(_chunk(column[3]) for column in group[1]) for group in root[4])
        widest = max((element.get(2, 0) for element in root[2]), default=0)
        footer = Footer(root[3], groups, widest)
        negative = footer.rows < 0 or any(min(chunk.values, chunk.size) < 0 for group in groups for chunk in group)
    except (IndexError, KeyError, TypeError, AttributeError, struct.error):
        raise ValueError("the footer contradicts itself") from None
    if negative:
        raise ValueError("the footer holds negative sizes")
    return footer


def _chunk(meta: dict[int, Any]) -> Chunk:
    path = tuple(part.decode() for part in meta[3])
    encodings = set(meta[2])
    dictionary = 11 in meta or bool(encodings & _DICTIONARY)
    return Chunk(path, meta[1], meta[5], meta[6], dictionary, prefixed=_PREFIXED in encodings)


class _Thrift:
    """A reader of the compact protocol: structs become mappings from field number to value."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._depth = data, 0, 0

    def record(self) -> dict[int, Any]:
        """The struct that begins here."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("the footer is nested too deep")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            kind = head & 15
            number = number + (head >> 4) if head >> 4 else self._signed()
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind)
        self._depth -= 1
        return fields

    def _value(self, kind: int) -> Any:
        if kind == _STRUCT:
            return self.record()
        if kind == _BINARY:
            return self._take(self._unsigned())
        if kind in (_LIST, _SET):
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._unsigned()
            return self._several(count, head & 15)
        if kind == _MAP:
            count = self._unsigned()
            kinds = self._byte() if count else 0
            return [(self._value(kinds >> 4), self._value(kinds & 15)) for _ in self._counted(count)]
        if kind == _DOUBLE:
            return struct.unpack("<d", self._take(8))[0]
        if kind == _UUID:
            return self._take(16)
        if kind <= _BYTE:
            return self._byte()
        if kind > _UUID:
            raise ValueError("the footer holds an unknown type")
        return self._signed()

    def _several(self, count: int, kind: int) -> list[Any]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("the footer is nested too deep")
        values = [self._value(kind) for _ in self._counted(count)]
        self._depth -= 1
        return values

    def _counted(self, count: int) -> range:
        """Each value takes a byte at least: more values than bytes are left is a lie."""
        if count > len(self._data) - self._at:
            raise ValueError("the footer is cut")
        return range(count)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, count: int) -> bytes:
        self._counted(count)
        self._at += count
        return self._data[self._at - count : self._at]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("the footer holds a number too long")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
