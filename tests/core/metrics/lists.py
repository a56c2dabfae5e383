"""Lists, relevant items and a world around them, from plain Python lists."""

from __future__ import annotations

import numpy as np

from core.metrics.judged import Judged, World
from core.metrics.judging import judge
from core.registry import stage
from core.splits import ItemLists
from core.types import Array, Interactions, unit_rows


def history_log(histories: list[list[int]]) -> Interactions:
    """What users liked, without times."""
    indptr = np.concatenate(([0], np.cumsum([len(items) for items in histories]))).astype(np.int64)
    items = np.array([item for row in histories for item in row], dtype=np.int32)
    return Interactions(np.arange(len(histories)), indptr, items, np.ones(len(items), np.float32), None, False)


def judged_lists(
    lists: list[list[int]],
    relevant: list[list[int]],
    n_items: int,
    *,
    popularity: list[int] | None = None,
    categories: Array | None = None,
    vectors: Array | None = None,
    histories: list[list[int]] | None = None,
    n_train_users: int = 3,
) -> Judged:
    """Short lists are padded to the longest; every item is a candidate for everybody."""
    depth = max((len(row) for row in lists), default=0)
    items = np.array([row + [-1] * (depth - len(row)) for row in lists], dtype=np.int32).reshape(len(lists), depth)
    rows = np.repeat(np.arange(len(relevant)), [len(row) for row in relevant])
    wanted = ItemLists.from_pairs(rows, np.array([i for row in relevant for i in row]), len(relevant), n_items)
    world = World(
        np.array(popularity if popularity is not None else [1] * n_items),
        unit_rows(np.eye(n_items, dtype=np.float32) if vectors is None else vectors),
        np.zeros((n_items, 0), dtype=bool) if categories is None else categories,
        history_log(histories if histories is not None else [[] for _ in lists]),
        np.ones(n_items, dtype=bool),
        n_train_users,
    )
    return judge(items, wanted, np.full(len(lists), n_items), world)


def drawn_lists(seed: int, n: int = 6, n_items: int = 15, depth: int = 8) -> Judged:
    """Random lists, some of them short or empty."""
    rng = np.random.default_rng(seed)
    lists = [rng.permutation(n_items)[: rng.integers(0, depth + 1)].tolist() for _ in range(n - 1)]
    return judged_lists(
        [*lists, rng.permutation(n_items)[:depth].tolist()],
        [rng.permutation(n_items)[: rng.integers(1, 6)].tolist() for _ in range(n)],
        n_items,
        popularity=rng.integers(0, 9, n_items).tolist(),
        categories=rng.random((n_items, 4)) < 0.4,
        vectors=rng.standard_normal((n_items, 5)).astype(np.float32),
        histories=[rng.permutation(n_items)[: rng.integers(0, 5)].tolist() for _ in range(n)],
        n_train_users=9,
    )


def value(key: str, judged: Judged, *ks: int) -> Array:
    """The metric of that name at some K."""
    return stage("metrics").get(key)()(judged, np.array(ks))
