"""The rows that an import left out, as one table: file, row, rule, reason, and their cells as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..registry import stage
from ..types import Array
from ..values import as_texts
from .rows import UNREAD, Rows

if TYPE_CHECKING:
    import pyarrow as pa

Dropped = Sequence[tuple[str, Array]]
RECORD = "record"
"""The column that holds a record that has no cells: its text."""


def rejected_table(parts: Sequence[tuple[Rows, Dropped]]) -> pa.Table | None:
    """parts: the rows of each table with (rule, positions it dropped). None where nothing was dropped."""
    import pyarrow as pa

    tables = [table for rows, dropped in parts for table in (*_unread(rows), *_dropped(rows, dropped))]
    return pa.concat_tables(tables, promote_options="default") if tables else None


def _dropped(rows: Rows, dropped: Dropped) -> list[Any]:
    import pyarrow as pa

    tables = []
    for rule, at in dropped:
        reason = stage("clean").get(rule).label
        for sheet, places in rows.taken(at):
            if len(places):
                taken = sheet.table.take(pa.array(places))
                cells = {_free(name): as_texts(taken.column(name)) for name in taken.column_names}
                tables.append(_table(sheet.name, sheet.rows[places], rule, reason, cells))
    return tables


def _unread(rows: Rows) -> list[Any]:
    import pyarrow as pa

    tables = []
    for sheet in rows.sheets:
        if sheet.unread:
            cells = {RECORD: pa.array([record.text for record in sheet.unread], pa.string())}
            numbers = pa.array([record.row for record in sheet.unread], pa.int64())
            table = _table(sheet.name, numbers, UNREAD, "", cells)
            reasons = pa.array([record.reason for record in sheet.unread], pa.string())
            tables.append(table.set_column(table.column_names.index("reason"), "reason", reasons))
    return tables


def _table(file: str, rows: Any, rule: str, reason: str, cells: Mapping[str, Any]) -> Any:
    import pyarrow as pa

    def same(text: str) -> Any:
        return pa.array([text] * len(rows), pa.string())

    columns = {"file": same(file), "row": pa.array(rows, pa.int64()), "rule": same(rule), "reason": same(reason)}
    return pa.table({**columns, **cells})


def _free(name: str) -> str:
    return name + "_" if name in ("file", "row", "rule", "reason", RECORD) else name
