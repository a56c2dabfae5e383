"""The groups of one history: which items of it belong together, and into how many groups it falls by itself."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..types import Array

SMALLEST = 4
"""Fewer items than this are one group."""
MOST_GROUPED = 500
"""Of a longer history the first so many items make the groups, and the others join the nearest one."""
DRAWS = 8
"""Clouds without groups that a grouping is compared with."""
NOTHING = 1e-9
"""A mean squared distance below this is rounding."""
FEWEST = 4
"""Dimensions of a cloud at least: in fewer, directions fall into groups by themselves."""
SPREADS = 3.0
"""Standard deviations above their mean that it has to pass."""


def groups_of(vectors: Array, most: int) -> Array:
    """(m,) int64 group of each unit row of ``vectors`` (m, d), numbered by first appearance; all 0 where they are one.

    Ward's method (J. H. Ward, JASA 1963; for the interests of users: Pal et al., "PinnerSage", KDD 2020) makes nested
    groupings into 2, 3 ... ``most``. The one counts whose mean silhouette (Rousseeuw, J. Comput. Appl. Math. 1987) is
    furthest above what as many points without groups in as many dimensions as
    the groups have reach, as the gap statistic compares
    (Tibshirani, Walther and Hastie, JRSS B 2001); none does where it is nowhere above. The same every time.
    """
    first = vectors[:MOST_GROUPED]
    most = min(most, len(first) // 2)
    if most < 2 or len(first) < SMALLEST:
        return np.zeros(len(vectors), dtype=np.int64)
    cosines = (first @ first.T).astype(np.float64)
    squared = float((cosines**2).sum())
    chosen, best = np.zeros(len(first), dtype=np.int64), 0.0
    for groups in _cuts(cosines, most):
        width = _bucket(dimensions(cosines, groups, squared))
        chance = by_chance(_bucket(len(first)), width, most)[int(groups.max()) - 1]
        found = float(silhouettes(cosines, groups).mean() - chance)
        if found > best:
            chosen, best = groups, found
    return chosen if len(vectors) == len(first) else _joined(vectors, first, chosen)


def silhouettes(cosines: Array, groups: Array) -> Array:
    """(m,) float64 in [-1, 1]: how much nearer each row is to its own group than to the nearest other one.

    cosines: (m, m); one minus them are the distances. groups: (m,) int64 from 0. 0 for rows alone in their group, and
    where there is one group only.
    """
    if not groups.any():
        return np.zeros(len(groups))
    members = np.eye(int(groups.max()) + 1)[groups]
    sizes = members.sum(axis=0)
    place = np.arange(len(groups))
    sums = cosines @ members
    own = 1 - (sums[place, groups] - cosines[place, place]) / np.maximum(sizes[groups] - 1, 1)
    others = 1 - sums / sizes
    others[place, groups] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(own, nearest)
    out = np.divide(nearest - own, larger, out=np.zeros(len(groups)), where=larger > 0)
    return np.where(sizes[groups] > 1, out, 0.0)


def dimensions(cosines: Array, groups: Array, squared: float | None = None) -> float:
    """How many directions rows spread over within their groups: the participation ratio of their variances, freed of
    how few rows there are; infinite where they do not spread, or are as unlike as can be.

    cosines: (m, m), products of the rows. groups: (m,) int64 from 0, fewer than m. squared: the sum of squares of
    ``cosines``, where it is known.
    """
    # With P the projection on group means, total and squares are those of (1 - P) C (1 - P), which is never formed.
    members = np.eye(int(groups.max()) + 1)[groups]
    sizes = members.sum(axis=0)
    sums = cosines @ members
    between = members.T @ sums
    total = float(np.trace(cosines) - (np.diag(between) / sizes).sum())
    if total <= NOTHING * len(groups):
        return float("inf")
    crossed = float((np.einsum("mg,mg->g", sums, sums) / sizes).sum())
    squared = float((cosines**2).sum()) if squared is None else squared
    squares = squared - 2 * crossed + float((between**2 / np.outer(sizes, sizes)).sum())
    inverse = squares / total**2 - 1 / (len(groups) - len(sizes))
    return max(float(FEWEST), 1 / inverse) if inverse > 0 else float("inf")


@lru_cache(maxsize=512)
def by_chance(n: int, width: int, most: int) -> tuple[float, ...]:
    """The mean silhouettes that n points without groups in ``width`` dimensions seldom pass, cut into 2 .. ``most``."""
    rng = np.random.default_rng([n, width])
    found = []
    for _ in range(DRAWS):
        cloud = rng.standard_normal((n, width))
        cosines = cloud @ cloud.T
        size = np.sqrt(np.diag(cosines))
        cosines /= size[:, None] * size
        found.append([silhouettes(cosines, groups).mean() for groups in _cuts(cosines, most)])
    return tuple((np.mean(found, axis=0) + SPREADS * np.std(found, axis=0, ddof=1)).tolist())


def _bucket(value: float) -> int:
    """A number rounded down to a power of the root of 2, so that clouds are drawn once for all that are much alike. Of
    fewer points, or dimensions, chance makes better groups: this never claims too many."""
    return int(2 ** (np.floor(2 * np.log2(min(value, 1024)) + NOTHING) / 2) + NOTHING)


def _cuts(cosines: Array, most: int) -> list[Array]:
    """The groupings into 2 .. ``most`` groups, fewest first."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    distances = np.sqrt(np.maximum(2 - 2 * cosines, 0))
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "ward")
    leaves, n = leaves_list(tree), len(cosines)
    starts = {2 * n - 2: 0}  # of each node's leaves, which stand side by side
    found = []
    for _ in range(2, most + 1):
        node = max(starts)  # the later two were merged, the farther apart they are
        start, (left, right) = starts.pop(node), tree[node - n, :2].astype(np.int64).tolist()
        starts |= {left: start, right: start + (1 if left < n else int(tree[left - n, 3]))}
        labels = np.zeros(n, dtype=np.int64)
        labels[list(starts.values())] = 1
        groups = np.empty(n, dtype=np.int64)
        groups[leaves] = np.cumsum(labels) - 1
        found.append(_in_order(groups))
    return found


def _in_order(labels: Array) -> Array:
    """Group numbers by first appearance."""
    _, first, group = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[group]


def _joined(vectors: Array, first: Array, groups: Array) -> Array:
    """The groups of all rows: each one beyond the first ones joins the group with the nearest middle."""
    middles = np.zeros((int(groups.max()) + 1, vectors.shape[1]))
    np.add.at(middles, groups, first)
    lengths = np.sqrt(np.einsum("gd,gd->g", middles, middles))[:, None]
    middles = np.divide(middles, lengths, out=middles, where=lengths > 0)
    return np.concatenate((groups, (vectors[len(first) :] @ middles.T).argmax(axis=1)))
