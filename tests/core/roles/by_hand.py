"""Sheets written by hand, as the reader would give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from core.sheets import Dialect, Meaning, Sheet


def sheet(name: str, columns: Mapping[str, Sequence[Any]], *, header: str = "yes", **declared: str) -> Sheet:
    """A sheet of a text format where all values are strings, else of Parquet. declared: types of a typed header."""
    table = pa.table({key: pa.array(list(values)) for key, values in columns.items()})
    first = 2 if header == "yes" else 1
    rows = np.arange(first, first + len(table))
    return Sheet(name, table, rows, Dialect("csv", "utf-8", ",", header), declared=declared)


def texts(name: str, header: str, rows: Sequence[str], *, named: bool = True) -> Sheet:
    """A sheet from comma-separated lines; without names the columns are called as the reader calls them."""
    cells = [row.split(",") for row in rows]
    columns = {key: [row[place] for row in cells] for place, key in enumerate(header.split(","))}
    return sheet(name, columns, header="yes" if named else "no")


def filled(meaning: Meaning) -> dict[str, str]:
    """Role -> its columns, those that are played only."""
    return {guess.role: "+".join(guess.columns) for guess in meaning.guesses if guess.columns}
