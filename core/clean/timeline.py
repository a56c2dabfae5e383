"""Rows by user (or item) and time, as one number each, so that a window of time is a range of numbers."""

from __future__ import annotations

import numpy as np

from ..types import Array
from .state import NO_TIME

EARLIEST, LATEST = -(2**33), 2**34
"""The years 1697 to 2514 in unix seconds; what lies outside is moved to the edge."""
COARSE = 0.99


def timeline(codes: Array, times: Array, rows: Array, window: int) -> tuple[Array, int, int]:
    """Sorted keys code x span + time ; the span; and the time that counts as 0.

    rows: (n,) bool, the rows wanted; those without code or time are left out. Two codes lie further apart than the
    window (seconds), so a range of that length above a key holds rows of its own code only.
    """
    chosen = rows & (codes >= 0) & (times != NO_TIME)
    clipped = clip(times[chosen])
    start = int(clipped.min(initial=LATEST))
    span = max(int(clipped.max(initial=EARLIEST)) - start, 0) + window + 1
    return np.sort(codes[chosen].astype(np.int64) * span + (clipped - start)), span, start


def clip(times: Array) -> Array:
    """Times within the years that fit into a key."""
    return np.clip(times, EARLIEST, LATEST)


def are_coarse(times: Array) -> bool:
    """Whether nearly all times are whole minutes (or days): then what happened at once cannot be told."""
    known = times[times != NO_TIME]
    return bool(len(known)) and float((known % 60 == 0).mean()) >= COARSE
