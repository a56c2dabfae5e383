"""Numbers, in the ways people write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..types import Array
from .texts import as_texts, distinct, is_missing, matches, plain, spread, trimmed

if TYPE_CHECKING:
    import pyarrow as pa

PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
DECIMAL_COMMA = r"^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$"
COMMA_THOUSANDS = r"^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$"
DOT_THOUSANDS = r"^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?$"
MANY_DOTS = r"\..*\."
SPACES = "[ '’\u00a0\u2009\u202f]"
SPACED_THOUSANDS = rf"^[+-]?[1-9]\d{{0,2}}(?:{SPACES}\d{{3}})+(?:[.,]\d*)?$"


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """values: (n,) float64, NaN where missing or not a finite number.

    bad: (n,) bool, True where something stands there that is not a finite number ("abc", "inf", "nan").
    """

    values: Array
    bad: Array

    def __len__(self) -> int:
        return len(self.values)


def as_numbers(column: Any) -> Numbers:
    """Numbers with a sign, exponent, decimal point, or decimal comma where the column uses that throughout.

    Thousands may be parted by blanks or apostrophes, by commas, and by dots where these cannot be decimal ones.
    "1,234" is 1234 where nothing beside it speaks for a decimal comma: no "4,5" or "0,125", and no "12345", which has
    its thousands unparted. "1.234" is 1234 only beside "1.234.567" or "1.234,5". A bool is 0 or 1.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    array = plain(column)
    kind = array.type
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        source = array.cast(pa.int8()) if pa.types.is_boolean(kind) else array
        there = pc.is_valid(array).to_numpy(zero_copy_only=False)
        values = pc.fill_null(source.cast(pa.float64(), safe=False), float("nan")).to_numpy(zero_copy_only=False)
        return _numbers(values, there)
    if pa.types.is_temporal(kind) or pa.types.is_nested(kind):
        return Numbers(np.full(len(array), np.nan), pc.is_valid(array).to_numpy(zero_copy_only=False))
    texts = trimmed(as_texts(array))
    # "nan" is written by somebody who divided by nothing: that is to be seen, not taken for an empty cell.
    there = ~is_missing(texts) | matches(texts, "(?i)^nan$")
    given = pc.if_else(pa.array(there), texts, pa.scalar(None, pa.string()))
    try:
        values = given.cast(pa.float64())
    except pa.ArrowInvalid:
        codes, given = distinct(given)
        values = pa.array(spread(_written_by_people(given).to_numpy(zero_copy_only=False), codes, np.nan))
    return _numbers(pc.fill_null(values, float("nan")).to_numpy(zero_copy_only=False), there)


def _numbers(values: Array, there: Array) -> Numbers:
    finite = np.isfinite(values)
    return Numbers(np.where(finite, values, np.nan), there & ~finite)


def _written_by_people(texts: pa.Array) -> pa.Array:
    """Float64, null where no number is found."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.replace_substring(texts, "\u2212", "-")
    spaced = pa.array(matches(texts, SPACED_THOUSANDS))
    texts = pc.if_else(spaced, pc.replace_substring_regex(texts, SPACES, ""), texts)
    if _comma_is_decimal(texts):
        dotted = pa.array(matches(texts, DOT_THOUSANDS))
        texts = pc.if_else(dotted, pc.replace_substring(texts, ".", ""), texts)
        # What still has a point does not fit the column.
        texts = pc.if_else(pa.array(matches(texts, r"\.")), pa.scalar(None, pa.string()), texts)
        texts = pc.replace_substring(texts, ",", ".")
    else:
        grouped = pa.array(matches(texts, COMMA_THOUSANDS))
        texts = pc.if_else(grouped, pc.replace_substring(texts, ",", ""), texts)
    return pc.if_else(pa.array(matches(texts, PLAIN)), texts, pa.scalar(None, pa.string())).cast(pa.float64())


def _comma_is_decimal(texts: pa.Array) -> bool:
    """Whether a column writes 4,5 (and 1.234,5) rather than 4.5 (and 1,234.5)."""
    dots = matches(texts, PLAIN) & matches(texts, r"\.")
    decimal, grouped = matches(texts, DECIMAL_COMMA), matches(texts, COMMA_THOUSANDS)
    dotted = matches(texts, DOT_THOUSANDS)
    for_comma = int((decimal & ~grouped).sum() + (dotted & ~dots).sum())
    for_point = int((dots & ~dotted).sum() + (grouped & ~decimal).sum())
    if for_comma or for_point:
        return for_comma > for_point
    # Only "1,234" and the like: counts are far commoner than decimals of three digits throughout.
    large = matches(texts, r"^[+-]?\d{4,}$")
    return bool((decimal & grouped).any()) and bool(large.any()) and not bool(dots.any())
