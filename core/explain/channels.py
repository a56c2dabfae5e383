"""Which channels of a merged list brought its items: each on its own, one alone, or only several together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..splits import MERGED_DEPTH
from ..types import Array


@dataclass(frozen=True, slots=True)
class Shares:
    """What channels have of a list of n items by themselves, in their own first ``depth``.

    depth: n, or MERGED_DEPTH where n is more, since nothing is known below that.
    own: channel -> how many of the items are among its own first, most first. alone: items that are there with one
    channel only. together: items that are there with none, and come from further down.
    """

    n: int
    depth: int
    own: Mapping[str, int]
    alone: int
    together: int


def shares(channels: Mapping[str, Array], row: int, n: int) -> Shares:
    """What each channel has of the first ``n`` items of one list. channels: as ``Run.channels``."""
    depth = min(n, MERGED_DEPTH)
    inside = {name: (ranks[row, :n] > 0) & (ranks[row, :n] <= depth) for name, ranks in channels.items()}
    own = sorted(((name, int(these.sum())) for name, these in inside.items()), key=lambda pair: -pair[1])
    how_many = np.sum(list(inside.values()), axis=0) if inside else np.zeros(n, dtype=np.int64)
    return Shares(n, depth, dict(own), int((how_many == 1).sum()), int((how_many == 0).sum()))
