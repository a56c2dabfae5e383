"""Ids: who and what, as short codes and their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..types import Array
from .texts import distinct, is_missing, matches, plain, spread, trimmed

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE = r"^-?\d+(?:\.0+)?$"
WHOLE_AS_FLOAT = r"^-?\d+\.0+$"
FRACTION = r"^-?\d+\.\d*[1-9]\d*$"
MOSTLY = 0.9
"""From this share of whole numbers on a few other ids do not stand against reading "12.0" as 12."""


@dataclass(frozen=True, slots=True, eq=False)
class Ids:
    """codes: (n,) int32 places in ``names``, -1 where the id is missing.

    names: (n_distinct,) object holding str, in order of first appearance, each once, none empty.
    """

    codes: Array
    names: Array

    def __len__(self) -> int:
        return len(self.codes)


def as_ids(column: Any) -> Ids:
    """Ids without the blanks around; leading zeros stay.

    "12.0" is "12" where nine in ten of the distinct ids or more are whole numbers: that is what a gap in a column of
    whole numbers makes of them in many programs. Beside ids of other kinds it stays "12.0" where "12" stands there as
    well, or a 1.1, since then these are versions. In a column of floats an infinite value is no id, and so missing.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    array = plain(column)
    codes, texts = distinct(array)
    names = trimmed(texts)
    missing = is_missing(names)
    if pa.types.is_floating(array.type):
        missing |= matches(names, "inf")
    names = pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), names)
    names = _without_zeros(names, missing)
    # Trimming may have made two distinct texts one id.
    encoded = names.dictionary_encode()
    places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return Ids(spread(places, codes, -1), encoded.dictionary.to_numpy(zero_copy_only=False).astype(object))


def _without_zeros(names: pa.Array, missing: Array) -> pa.Array:
    """The names, with "12.0" as "12" where that is what it means."""
    import pyarrow as pa
    import pyarrow.compute as pc

    floats = matches(names, WHOLE_AS_FLOAT)
    if not floats.any():
        return names
    whole, there = matches(names, WHOLE), ~missing
    bare = pc.if_else(pa.array(floats), pc.replace_substring_regex(names, r"\.0+$", ""), names)
    if whole.sum() < there.sum():
        mostly = whole.sum() >= MOSTLY * there.sum() and not matches(names, FRACTION).any()
        if not mostly or pc.count_distinct(bare).as_py() < pc.count_distinct(names).as_py():
            return names
    return bare
