"""The map: how faithful, how long, and how well and fast a new point is placed. ``python -m benchmarks.layout``

Works on the embedded data set (encoded first where the cache is cold) and prints trustworthiness (Venna & Kaski 2001,
k = 15, exact), mean neighbourhood preservation (k = 15) and seconds of each picture; then for items taken out of the
finished map and placed again the preservation of the placed points beside that of their own; then milliseconds of
placing one point beside the limit of 50 ms.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from core import Recipe, load_dataset
from core.layout.neighbours import nearest
from core.layout.pca import pca
from core.layout.place import place
from core.layout.preservation import NEIGHBOURS, preservation, shared, trustworthiness
from core.layout.umap_layout import PCA_DIMS, framed, umap_layout
from core.types import Array, unit_rows
from core.vectors import embed_items

LEFT_OUT, ROUNDS, LIMIT_MS = 500, 15, 50.0
LARGE, WIDTH = 100_000, 384


def pictures(vectors: Array, seed: int) -> dict[str, Callable[[], Array]]:
    """The pictures to compare, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

    def library(values: Array) -> Array:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(UMAP(metric="cosine", random_state=seed, n_jobs=1).fit_transform(values))

    return {
        "PCA": lambda: pca(vectors, 2),
        "UMAP, the library's settings, straight": lambda: library(vectors),
        f"UMAP, the library's settings, after PCA {PCA_DIMS}": lambda: library(pca(vectors, PCA_DIMS)),
        "our map": lambda: umap_layout(vectors, 2, seed),
        "our map, once more (UMAP is compiled)": lambda: umap_layout(vectors, 2, seed),
        "our map in 3-D": lambda: umap_layout(vectors, 3, seed),
    }


def left_out(vectors: Array, xy: Array, placer: Callable[[Array, Array, Array], Array]) -> tuple[float, float]:
    """Take LEFT_OUT items out of a picture and place them -> mean preservation (where they were, where they land).

    Both are counted alike, among the items that stayed.
    """
    from scipy.spatial import cKDTree

    out = np.random.default_rng(0).choice(len(vectors), LEFT_OUT, replace=False)
    stayed = np.setdiff1d(np.arange(len(vectors)), out)
    true, _ = nearest(vectors[stayed], vectors[out], NEIGHBOURS)
    tree = cKDTree(xy[stayed])
    spots = placer(vectors[stayed], xy[stayed], vectors[out])
    own, landed = (float(shared(true, tree.query(points, k=NEIGHBOURS)[1]).mean()) for points in (xy[out], spots))
    return own, landed


def plain_mean(vectors: Array, xy: Array, queries: Array) -> Array:
    """The simplest placer: the mean of the nearest items."""
    found, _ = nearest(vectors, queries, NEIGHBOURS)
    return np.asarray(xy[found].mean(axis=1))


def placing_ms(vectors: Array, xy: Array, *, unit: bool) -> float:
    """Median milliseconds of placing one point."""
    queries = unit_rows(np.random.default_rng(1).standard_normal((ROUNDS, vectors.shape[1])))
    times = []
    for query in queries:
        start = perf_counter()
        place(vectors, xy, query[None, :], unit=unit)
        times.append((perf_counter() - start) * 1000)
    return median(times)


def main() -> None:
    """Print everything."""
    recipe = Recipe()
    found = embed_items(recipe, load_dataset(recipe.dataset))
    vectors, unit = found.values, found.unit
    print(f"{len(vectors):,} items of {recipe.dataset}\n")
    print(f"{'picture':46} trustworthiness  preservation  seconds")
    drawn: dict[str, Array] = {}
    for name, draw in pictures(vectors, recipe.seed).items():
        start = perf_counter()
        drawn[name] = draw()
        seconds = perf_counter() - start
        trust, kept = trustworthiness(vectors, drawn[name], unit=unit), preservation(vectors, drawn[name], unit=unit)
        print(f"{name:46} {trust:15.4f} {kept.mean():13.4f} {seconds:8.1f}", flush=True)

    print(f"\npreservation of {LEFT_OUT} items    where they were    placed    ratio")
    for name in ("our map", "our map in 3-D"):
        for how, placer in (("placed", place), ("plain mean of the nearest", plain_mean)):
            own, landed = left_out(vectors, drawn[name], placer)
            print(f"{name}, {how:28} {own:12.4f} {landed:12.4f} {landed / own:8.2f}")

    print(f"\nplacing one point ({WIDTH} wide)    median    limit    ratio")
    rng = np.random.default_rng(0)
    large = unit_rows(rng.standard_normal((LARGE, WIDTH), dtype=np.float32))
    scattered = framed(rng.standard_normal((LARGE, 2)))
    for values, xy in ((vectors, drawn["our map"]), (large, scattered)):
        for flag in (True, False):
            ms = placing_ms(values, xy, unit=flag)
            kind = "unit vectors" if flag else "raw vectors"
            print(f"{len(values):7,} items, {kind:13} {ms:10.1f} ms {LIMIT_MS:6.0f} ms {ms / LIMIT_MS:7.3f}")


if __name__ == "__main__":
    main()
