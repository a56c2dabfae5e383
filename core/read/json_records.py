"""JSON documents: a list of objects, a list within an object, or an object of columns."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..errors import FileError
from ..sheets import Dialect, Sheet
from . import Request
from .columns import joined
from .json_values import decoder, reason, table_of
from .limits import (
    HEAD_ROWS,
    MAX_DOCUMENT_BYTES,
    MAX_RECORD_BYTES,
    check_decoded,
    check_known,
    check_shape,
)
from .text import Text, open_text

if TYPE_CHECKING:
    import pyarrow as pa

_SPACE = re.compile(r"[ \t\r\n]*")
_BATCH = 20_000
_SHAPES = 'it must be a list of objects, such as [{"user_id": "u1", "item_id": "i1"}]'


@dataclass(frozen=True, slots=True)
class JsonRecords:
    """A list of objects is read piece by piece; any other document is held whole, up to 64 MiB."""

    key: ClassVar[str] = "json"
    label: ClassVar[str] = "JSON"
    order: ClassVar[int] = 4
    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    def matches(self, name: str, start: bytes) -> float:
        """Whether a list of objects, or an object over several lines, begins here."""
        text = start.lstrip()
        if text[:1] == b"[" and text[1:].lstrip()[:1] in (b"{", b"]"):
            return 0.9
        if name.lower().endswith(self.suffixes):
            return 0.8 if text[:1] in (b"[", b"{") else 0.6
        return 0.8 if re.match(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:', text) else 0.0

    def __call__(self, request: Request) -> Sheet:
        """Read. Raises FileError."""
        text = open_text(request, strict=True)
        start = next((chunk.lstrip() for chunk in text.chunks() if chunk.strip()), b"")
        if start[:1] == b"[":
            records: Iterable[Mapping[str, Any]] = _Items(text, request.name)
        else:
            records = _document(Text(text.path, text.name, text.encoding), request.name)
        dialect = Dialect(self.key, text.encoding)
        return _sheet(request, iter(records), dialect)


def _sheet(request: Request, records: Iterator[Mapping[str, Any]], dialect: Dialect) -> Sheet:
    tables: list[pa.Table] = []
    rows = size = 0
    tops = None
    if request.columns is not None:
        tops = {*request.columns, *(column.partition(".")[0] for column in request.columns)}
    most = HEAD_ROWS if request.head else _BATCH
    while batch := list(islice(records, most)):
        if tops is not None:
            batch = [{key: value for key, value in record.items() if key in tops} for record in batch]
        table = table_of(batch, request.name, rows + 1)
        if request.columns is not None:
            table = table.select([column for column in table.column_names if column in set(request.columns)])
        tables.append(table)
        rows, size = rows + len(batch), size + table.nbytes
        check_shape(request.name, rows, table.num_columns)
        check_decoded(request.name, size)
        if request.head:
            break
    if not rows:
        raise FileError(request.name, "the list is empty", hint="export it again with its rows")
    whole = not request.head or next(records, None) is None
    table = joined(tables, request.name)
    check_known(request.name, request.columns or (), table.column_names)
    if not table.num_columns and request.columns != ():
        raise FileError(request.name, "its objects hold nothing", row=1, hint="export it again with its columns")
    return Sheet(request.name, table, np.arange(1, rows + 1, dtype=np.int64), dialect, whole)


class _Items:
    """The objects of a list, one after the other, with a buffer of little more than the longest of them."""

    def __init__(self, text: Text, name: str) -> None:
        self._more = _texts(text)
        self._name, self._text, self._place, self._row, self._ended = name, "", 0, 1, False

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        self._sign()
        first = True
        while (sign := self._sign(peek=True)) != "]":
            if not first:
                if sign != ",":
                    raise self._fault(f"a comma or ] was expected, not {sign!r}" if sign else "the list is not closed")
                self._place += 1
                self._sign(peek=True)
            first = False
            yield self._object()
            self._row += 1
        self._place += 1
        if self._sign(peek=True):
            raise self._fault("something stands behind the list")

    def _object(self) -> Mapping[str, Any]:
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._place)
            except (ValueError, RecursionError) as error:
                said = reason(error, self._place)
                open_end = len(self._text) - self._place
                if open_end > MAX_RECORD_BYTES:
                    said = f"is longer than {MAX_RECORD_BYTES >> 20} MB, or {said}"
                if isinstance(error, RecursionError) or open_end > MAX_RECORD_BYTES or not self._fill():
                    raise self._fault(said) from None
                continue
            if not isinstance(value, dict):
                raise self._fault("is no object", value)
            self._place = end
            return value

    def _sign(self, *, peek: bool = False) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._place)
            self._place = space.end() if space else self._place
            if self._place < len(self._text):
                sign = self._text[self._place]
                self._place += not peek
                return sign
            if not self._fill():
                return ""

    def _fill(self) -> bool:
        """Take more text; False where there is none."""
        piece = next((piece for piece in self._more if piece), "")
        self._text, self._place = self._text[self._place :] + piece, 0
        return bool(piece)

    def _fault(self, what: str, value: object = None) -> FileError:
        return FileError(self._name, what, row=self._row, value=value, hint=_SHAPES)


def _texts(text: Text) -> Iterator[str]:
    decode = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in text.chunks():
            yield decode.decode(chunk)
        yield decode.decode(b"", text.whole)
    except UnicodeDecodeError:
        raise FileError(text.name, "it holds bytes that are not UTF-8", hint="save it as UTF-8") from None


def _document(text: Text, name: str) -> Iterator[Mapping[str, Any]]:
    if text.path.stat().st_size > MAX_DOCUMENT_BYTES:
        raise FileError(
            name,
            f"it has more than {MAX_DOCUMENT_BYTES >> 20} MB and is no plain list of objects",
            hint="save it as JSON Lines, one object a line",
        )
    try:
        document = decoder.decode("".join(_texts(text)).strip())
    except (ValueError, RecursionError) as error:
        raise FileError(name, _sentence(reason(error)), hint=_SHAPES) from None
    return _records(document, name)


def _sentence(said: str) -> str:
    """A reason that stands by itself, without a row or a value before it."""
    return f"it {said}" if said.startswith(("is ", "holds ", "has ")) else said


def _records(document: object, name: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a document that is no list: the only list of objects in it, or its columns."""
    if not isinstance(document, dict) or not document:
        raise FileError(name, "is no list of objects", value=document, hint=_SHAPES)
    lists = {key: value for key, value in document.items() if isinstance(value, list) and value}
    tables = [value for value in lists.values() if all(isinstance(row, dict) for row in value)]
    if len(tables) == 1:
        return iter(tables[0])
    if len(tables) > 1:
        raise FileError(name, f"it holds {len(tables)} lists of objects", hint="save each list as a file of its own")
    columns = {key: _values(value) for key, value in document.items()}
    if len({len(value) for value in columns.values()}) == 1 and all(columns.values()):
        return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    if all(isinstance(value, dict | list) for value in document.values()):
        sizes = ", ".join(f"{key[:40]}: {len(value)}" for key, value in islice(columns.items(), 6))
        raise FileError(name, f"its columns differ in length ({sizes})", hint=_SHAPES)
    return iter([document])


def _values(value: object) -> list[Any]:
    """A column as a list: pandas writes it as an object from row label to value."""
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
