"""Why one item stands above another: the differences of what each row and each part gives the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..types import Array
from .attribution import Attribution


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """first, second: item indices. gap: score of the first minus that of the second = rows.sum() + sum of parts.

    rows: (m,) what each row of the history gives the first more than the second. order: (m,) the rows by the size of
    that, the largest first. parts: the same of each residual part. channels: of each channel of a merged list; these
    are another way of cutting the same gap.
    """

    first: int
    second: int
    gap: float
    rows: Array
    order: Array
    parts: Mapping[str, float]
    channels: Mapping[str, float]


def contrast(attribution: Attribution, first: int, second: int) -> Contrast:
    """Two of the targets of an attribution, by item index; raises KeyError for an item that is none."""
    a, b = attribution.of(first), attribution.of(second)
    rows = attribution.values[:, a] - attribution.values[:, b]
    return Contrast(
        first=first,
        second=second,
        gap=float(attribution.scores[a] - attribution.scores[b]),
        rows=rows,
        order=np.argsort(-np.abs(np.nan_to_num(rows)), kind="stable"),
        parts={name: float(part[a] - part[b]) for name, part in attribution.residual_parts.items()},
        channels={name: float(one.scores[a] - one.scores[b]) for name, one in attribution.channels.items()},
    )
