"""Ids: who and what, as short codes and their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..types import Array
from .texts import distinct, is_missing, matches, plain, spread, trimmed

WHOLE = r"^-?\d+(?:\.0+)?$"
WHOLE_AS_FLOAT = r"^-?\d+\.0+$"


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

    "12.0" is "12" where the whole column is whole numbers written as floats: that is what a gap in a column of whole
    numbers makes of them in many programs. In a column of floats an infinite value is no id, and so missing.
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
    if matches(names, WHOLE_AS_FLOAT).any() and (matches(names, WHOLE) | missing).all():
        names = pc.replace_substring_regex(names, r"\.0+$", "")
    # Trimming may have made two distinct texts one id.
    encoded = names.dictionary_encode()
    places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return Ids(spread(places, codes, -1), encoded.dictionary.to_numpy(zero_copy_only=False).astype(object))
