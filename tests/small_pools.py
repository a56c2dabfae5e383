"""Pools made by hand or by hypothesis, for tests of what orders them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from core.pools import Picks, Pools
from core.types import Array, readonly


def pools_of(
    items: Sequence[Sequence[int]],
    relevance: Sequence[Sequence[float]] | None = None,
    *,
    categories: Sequence[Sequence[int]] = (),
    wanted: Sequence[Sequence[float]] | None = None,
    popularity: Sequence[float] | None = None,
    vectors: Array | None = None,
    seed: int = 0,
) -> Pools:
    """Pools of rows of item indices, -1 padded. categories: those of each item, by column; wanted: a row each.

    Relevance falls in even steps from 1 to 0 where it is not given.
    """
    given = np.array(items, dtype=np.int32).reshape(len(items), -1)
    n_items = max(int(given.max(initial=-1)) + 1, len(categories))
    n_categories = max((column + 1 for row in categories for column in row), default=0)
    if wanted is not None:
        n_categories = len(wanted[0])
    mixes = np.zeros((n_items, n_categories), dtype=np.float32)
    for item, row in enumerate(categories):
        mixes[item, list(row)] = 1 / max(len(row), 1)
    even = 1 - np.arange(given.shape[1]) / max(given.shape[1] - 1, 1)
    scores = np.broadcast_to(even, given.shape) if relevance is None else np.array(relevance)
    mix = np.zeros((len(given), n_categories)) if wanted is None else np.array(wanted)
    return Pools(
        users=readonly(np.arange(len(given), dtype=np.int64)),
        items=readonly(given),
        relevance=readonly(np.where(given >= 0, scores, np.nan).astype(np.float32)),
        vectors=readonly(np.eye(n_items, dtype=np.float32) if vectors is None else vectors),
        mixes=readonly(mixes),
        wanted=readonly(mix.astype(np.float32)),
        popularity=readonly(np.array([0.0] * n_items if popularity is None else popularity, dtype=np.float32)),
        seed=seed,
    )


@st.composite
def small_pools(draw: st.DrawFn) -> Pools:
    """One to three users, pools of up to 12 of 14 items, some shorter, up to four categories, some items without."""
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 12))
    categories = [draw(st.sets(st.integers(0, 3), max_size=3)) for _ in range(14)]
    rows = []
    for _ in range(n):
        length = draw(st.integers(0, m))
        rows.append([*draw(st.permutations(range(14)))[:length], *[-1] * (m - length)])
    weights = st.lists(st.integers(0, 5), min_size=4, max_size=4)
    wanted = [np.array(draw(weights), dtype=float) for _ in range(n)]
    return pools_of(
        rows,
        categories=[sorted(row) for row in categories],
        wanted=[(row / max(row.sum(), 1)).tolist() for row in wanted],
        popularity=[draw(st.integers(0, 10)) / 10 for _ in range(14)],
        seed=draw(st.integers(0, 3)),
    )


def check_picks(pools: Pools, picks: Picks, k: int) -> None:
    """What holds for every step: shapes, types, no pick twice, padding at the end, nothing writable."""
    n, m = pools.items.shape
    assert picks.places.shape == (n, min(k, m))
    assert picks.places.dtype == picks.cause.dtype == np.int32
    assert picks.value.dtype == picks.penalty.dtype == np.float32
    for values in (picks.value, picks.penalty, picks.cause, picks.barred):
        assert values.shape == (n, m)
        assert not values.flags.writeable
    assert (picks.penalty >= 0).all()
    for row, count in enumerate(pools.counts):
        length = int((picks.places[row] >= 0).sum())
        assert length <= count
        assert (picks.places[row, length:] == -1).all()
        assert len(set(picks.places[row, :length].tolist())) == length
        assert (picks.places[row, :length] < count).all()
