"""A region of the map that a reader drew, and which points lie inside it.

The browser sends the outline only, never the indices: a lasso is a few hundred numbers at any catalogue size, and
what lies inside is decided here, on the coordinates the server itself holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..types import Array

KINDS = ("box", "lasso")
MAX_VERTICES = 4096
"""More than any hand draws; a longer outline is a broken or hostile message."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Region:
    """An outline in map coordinates.

    kind: "box" (two opposite corners, in any order) or "lasso" (3 .. 4096 vertices, closed by itself).
    points: (x, y) pairs, finite. Raises InputError for anything else.
    """

    kind: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"a map region is a box or a lasso, got {self.kind!r}")
        pairs = tuple(_pair(point) for point in self.points)
        if self.kind == "box" and len(pairs) != 2:
            raise InputError(f"a box has 2 corners, got {len(pairs)}")
        if self.kind == "lasso" and not 3 <= len(pairs) <= MAX_VERTICES:
            raise InputError(f"a lasso has between 3 and {MAX_VERTICES} vertices, got {len(pairs)}")
        object.__setattr__(self, "points", pairs)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x low, y low, x high, y high)."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @classmethod
    def from_payload(cls, raw: object) -> Region | None:
        """The region a browser message describes ({"kind": ..., "points": [[x, y], ...]}), None if it describes none.

        Anything malformed counts as no region: a message from a browser must never stop a page.
        """
        if not isinstance(raw, Mapping):
            return None
        points = raw.get("points")
        if not isinstance(points, Sequence) or isinstance(points, str | bytes) or len(points) > MAX_VERTICES:
            return None
        try:
            return cls(kind=str(raw.get("kind")), points=tuple(points))
        except InputError:
            return None


def _pair(point: object) -> Point:
    """Two finite numbers, or InputError."""
    if not isinstance(point, Sequence) or isinstance(point, str | bytes) or len(point) != 2:
        raise InputError(f"a vertex of a map region is an (x, y) pair, got {str(point)[:40]!r}")
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in point):
        raise InputError(f"a vertex of a map region holds two numbers, got {str(point)[:40]!r}")
    try:
        x, y = float(point[0]), float(point[1])
    except OverflowError:
        raise InputError("a vertex of a map region is out of range") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InputError(f"a vertex of a map region must be finite, got {str(point)[:40]!r}")
    return x, y


def inside(region: Region, xy: Array) -> Array:
    """Which points lie in the region.

    xy: (n, 2). Returns (n,) bool. A box includes its border. A lasso follows the even-odd rule, so a loop drawn
    twice is a hole; a point exactly on a lasso's line may fall on either side. A point that is not finite is outside.
    """
    points = np.asarray(xy, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError(f"map coordinates must have the shape (n, 2), got {points.shape}")
    x_low, y_low, x_high, y_high = region.bounds
    x, y = points[:, 0], points[:, 1]
    within = (x >= x_low) & (x <= x_high) & (y >= y_low) & (y <= y_high)
    if region.kind == "box":
        return within
    rows = np.flatnonzero(within)
    rows = rows[np.argsort(y[rows], kind="stable")]
    mask = np.zeros(len(points), dtype=bool)
    mask[rows] = _crossed_oddly(np.array(region.points), x[rows], y[rows])
    return mask


def _crossed_oddly(outline: Array, x: Array, y: Array) -> Array:
    """(n,) bool: a ray to the right crosses the outline an odd number of times. y must ascend.

    Sorted heights make each edge touch only the points between its two ends, which is what keeps 200 edges over
    100,000 points cheap.
    """
    ends = np.roll(outline, -1, axis=0)
    lower = np.where((outline[:, 1] <= ends[:, 1])[:, None], outline, ends)
    upper = np.where((outline[:, 1] <= ends[:, 1])[:, None], ends, outline)
    first = np.searchsorted(y, lower[:, 1], side="left")
    last = np.searchsorted(y, upper[:, 1], side="left")
    odd = np.zeros(len(x), dtype=bool)
    for (x0, y0), (x1, y1), start, stop in zip(lower, upper, first, last, strict=True):
        if start < stop:
            along = (y[start:stop] - y0) / (y1 - y0)
            odd[start:stop] ^= x[start:stop] < x0 + along * (x1 - x0)
    return odd
