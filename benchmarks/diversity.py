"""The whole loop behind one step of the diversity slider, for everybody. ``python -m benchmarks.diversity``

Score, hide, select a pool of 50, MMR to 10, eight metrics: all test users of the default set. Beside it the bare
product of the same shape (which yields no list), what the page asks for with kept pools (lists, metrics, intervals and
tests against diversity 0), and pyversity making the same lists one by one, where it is installed. Then a whole sweep,
not read from the cache. Medians; exit code 1 above a limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.ranking import clock
from core import Recipe, load_dataset
from core.candidates import index_for
from core.diversifying import assemble, diversified
from core.pools import Pools
from core.select.pool import rank
from core.splits import HistorySide
from core.tradeoff.figures import Figures, compared, figures, lists_of, measured, plain
from core.tradeoff.population import Population, population
from core.tradeoff.sweep import at, places, point_at
from core.types import Array, Candidates, Vectors
from core.users.placing import placed
from core.vectors import embed_items

SETTING = Recipe(k=10, pool=50, diversity=0.3)
ROUNDS = 25
LOOP_MS, EFFECTS_MS, SWEEP_S = 60.0, 100.0, 15.0


class Loop:
    """All of it, from user vectors to figures."""

    def __init__(self, people: Population, content: Vectors) -> None:
        self.people, self.items = people, content.values
        rows = np.arange(len(people))
        model = SETTING.build("users")
        self.users = placed(
            model, people.split.people.histories, rows, HistorySide.plain(content.values), unit=content.unit
        ).values
        self.index = index_for(content, SETTING.build("score"))
        self.hidden = people.split.hidden.pairs()

    def __call__(self) -> Figures:
        pool, _ = rank(self.index, self.users, SETTING.pool_size, self.hidden, None)
        people = self.people
        pools = assemble(
            *(SETTING, people.catalog, people.vectors, people.popularity),
            *(people.split.people.users, people.wanted, pool),
        )
        return measured(people, diversified(SETTING, pools, pool).lists, SETTING.k)

    def bare(self) -> Array:
        """Every score, and nothing else."""
        product: Array = self.users @ self.items.T
        return product


def theirs(pools: Pools, k: int) -> Callable[[], list[Array]] | None:
    """pyversity on the same pools, one user after another; None where it is not installed."""
    try:
        from pyversity import mmr
    except ImportError:
        return None
    vectors = [pools.vectors[items] for items in pools.items]

    def one_by_one() -> list[Array]:
        given = zip(vectors, pools.relevance, strict=True)
        return [mmr(own, scores, k, SETTING.diversity, normalize=False).indices for own, scores in given]

    return one_by_one


def step(people: Population, diversity: float) -> None:
    """A step of the slider with kept pools: nothing of it is remembered, but what is known of diversity 0."""
    lists_of.cache_clear()
    recipe = SETTING.replace(diversity=diversity)
    compared(figures(people, recipe), figures(people, plain(recipe)))


def swept(people: Population) -> float:
    """Seconds of every point of the sweep."""
    start = perf_counter()
    for place in places(SETTING.replace(pool=0), len(people.catalog)):
        point_at(people, at(SETTING.replace(pool=0), *place))
    return perf_counter() - start


def main() -> int:
    """Measure ours, the bare product and pyversity in turn, so that all see the same machine."""
    dataset = load_dataset(SETTING.dataset)
    content = embed_items(SETTING, dataset)
    people = population(SETTING, dataset, content)
    loop = Loop(people, content)
    made = lists_of(people, SETTING)
    peer = theirs(made.steps[0].pools, SETTING.k)
    arranged = partial(diversified, SETTING, made.steps[0].pools, cut_pool(people))
    strengths = iter(np.linspace(0.05, 0.95, ROUNDS + 2).tolist())
    times = [
        (clock(loop), clock(loop.bare), clock(arranged), clock(partial(step, people, next(strengths))))
        for _ in range(ROUNDS + 2)
    ][2:]
    whole, bare, mmr, effects = (median(column) for column in zip(*times, strict=True))
    print(
        f"{len(people)} users x {len(dataset.catalog):,} items, pool {SETTING.pool_size}, K {SETTING.k}, medians in ms"
    )
    print(f"whole loop          {whole:8.1f}   limit {LOOP_MS:g}   bare product {bare:.1f}   ratio {whole / bare:.2f}")
    print(f"step, pools kept    {effects:8.1f}   limit {EFFECTS_MS:g}   with intervals and paired tests")
    print(f"MMR for everybody   {mmr:8.1f}   {against(peer, made.places, mmr)}")
    seconds = swept(people)
    n = len(places(SETTING, len(people.catalog)))
    print(f"sweep, {n} points   {seconds:8.1f} s  limit {SWEEP_S:g} s")
    return int(whole > LOOP_MS or effects > EFFECTS_MS or seconds > SWEEP_S)


def cut_pool(people: Population) -> Candidates:
    """The pool that goes with the setting."""
    size = SETTING.pool_size
    return Candidates(people.pool.items[:, :size], people.pool.scores[:, :size])


def against(peer: Callable[[], list[Array]] | None, ours: Array, own_ms: float) -> str:
    """The peer's time, and how many of its lists are ours."""
    if peer is None:
        return "pyversity is not installed"
    found, times = peer(), [clock(peer) for _ in range(5)]
    same = np.mean([np.array_equal(one, own) for one, own in zip(found, ours, strict=True)])
    return f"pyversity one by one {median(times):.1f}   {median(times) / own_ms:.1f} x ours   {same:.0%} of lists alike"


if __name__ == "__main__":
    sys.exit(main())
