"""Columns as they stand in a file -> typed values, a whole column at once.

A column is a pyarrow Array or ChunkedArray of n values: strings from text formats ("" = empty), or numbers, bools,
times, lists and dictionaries from Parquet and JSON, with nulls. Every function returns n values in the same order and
raises nothing, whatever stands there: what cannot be read is marked as bad, what is missing as missing. Whether a value
makes sense (a time in the future, a negative rating) is asked by the cleaning rules.
"""

from .ids import Ids, as_ids
from .lists import as_lists, without_entities
from .numbers import Numbers, as_numbers
from .texts import as_texts
from .times import FORMS, NO_TIME, Times, as_times, times_from_parts

__all__ = [
    "FORMS",
    "NO_TIME",
    "Ids",
    "Numbers",
    "Times",
    "as_ids",
    "as_lists",
    "as_numbers",
    "as_texts",
    "as_times",
    "times_from_parts",
    "without_entities",
]
