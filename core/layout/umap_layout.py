"""The picture of the item vectors: PCA to 50 dimensions, then UMAP, seeded, turned and scaled to a fixed frame."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np

from ..errors import Cancelled, InputError, MissingDependencyError
from ..types import Array, unit_rows
from .neighbours import nearest
from .pca import pca

Progress = Callable[[int, int, float], None]
"""Called with (done, total, seconds left); the time is an estimate."""

FEWEST = 15
"""Distinct items below which UMAP has no neighbourhoods to work with and the PCA picture is used."""
PCA_DIMS = 50
NEIGHBOURS = 12
MIN_DIST = 0.1
SPREAD = 2.0
NEGATIVES = 10
EPOCHS_SMALL, EPOCHS_LARGE, SMALL_UP_TO = 400, 200, 10_000
SETTINGS = f"pca{PCA_DIMS}-k{NEIGHBOURS}-m{MIN_DIST}-s{SPREAD}-n{NEGATIVES}-e{EPOCHS_SMALL}/{EPOCHS_LARGE}-v1"
"""What the picture depends on besides the vectors, the dimensions and the seed: part of a cache key."""

INNER_SHARE = 0.98
STEPS = 1000


class Flag(Protocol):
    """Something like threading.Event: set when the job should stop."""

    def is_set(self) -> bool: ...


@dataclass(slots=True)
class Stages:
    """Turns stages of known expected length into one progress figure, and stops the job when asked.

    expected: seconds each stage takes on an ordinary machine; only their ratios matter. Within a stage progress
    moves only where the stage reports it; ``total`` is always STEPS.
    """

    expected: dict[str, float]
    progress: Progress | None = None
    cancel: Flag | None = None
    started: float = field(default_factory=time.monotonic)

    def at(self, stage: str, share: float = 0.0) -> None:
        """Say that ``share`` (0 .. 1) of a stage is done. Raises Cancelled."""
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled("the map was stopped on request; nothing of it is kept")
        if self.progress is None:
            return
        names = list(self.expected)
        before = sum(self.expected[name] for name in names[: names.index(stage)])
        done = (before + share * self.expected[stage]) / sum(self.expected.values())
        spent = time.monotonic() - self.started
        total = spent / done if spent > 1.0 and done > 0 else sum(self.expected.values())
        self.progress(round(done * STEPS), STEPS, total * (1.0 - done))

    def within(self, stage: str) -> Callable[[float], None]:
        """:meth:`at` for one stage, as the callback of a function that reports its own share."""
        return partial(self.at, stage)


def expected_seconds(n: int) -> dict[str, float]:
    """What the stages of :func:`umap_layout` take for n items, roughly; in their order."""
    return {
        "load": 3.0,
        "reduce": 0.2 + 2e-5 * n,
        "neighbours": 0.1 + 8e-9 * n**2,
        "graph": 3.0 + 3e-5 * n,
        "epochs": 2.0 + 2.4e-6 * n * epochs(n),
    }


def epochs(n: int) -> int:
    """Passes over the neighbour graph: fewer for large sets, which see more pairs in each."""
    return EPOCHS_SMALL if n <= SMALL_UP_TO else EPOCHS_LARGE


def can_umap(vectors: Array) -> bool:
    """Whether there are at least FEWEST distinct rows."""
    seen: set[bytes] = set()
    for row in vectors:
        seen.add(row.tobytes())
        if len(seen) >= FEWEST:
            return True
    return False


def umap_layout(
    vectors: Array,
    dims: int,
    seed: int,
    progress: Progress | None = None,
    cancel: Flag | None = None,
    stages: Stages | None = None,
) -> Array:
    """(n, d) vectors -> (n, dims) float32 picture in the frame of :func:`framed`; the same for the same seed.

    Neighbours are exact, by cosine after PCA to PCA_DIMS. Progress moves in coarse steps up to the neighbour graph
    and with UMAP's own epochs after it (in a notebook, where UMAP draws its own bar, the epochs are one step);
    ``cancel`` is looked at in the same places. stages: where this is part of a longer job, the job's clock, used
    instead of ``progress`` and ``cancel``.

    Raises InputError for fewer than FEWEST distinct rows or NaN (use :func:`can_umap` and PCA), Cancelled,
    MissingDependencyError. Source: McInnes, Healy & Melville 2018.
    """
    n = len(vectors)
    clock = stages or Stages(expected_seconds(n), progress, cancel)
    if not can_umap(vectors):
        raise InputError(f"UMAP needs at least {FEWEST} different items: use the PCA picture")
    clock.at("load")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # umap warns on import about parts it does not need
            from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding
    except ImportError:
        raise MissingDependencyError("umap-learn", "the map") from None
    clock.at("reduce")
    reduced = pca(vectors, min(PCA_DIMS, vectors.shape[1]))
    clock.at("neighbours")
    indices, distances = _with_itself(reduced, min(NEIGHBOURS, n), clock)
    clock.at("graph")
    random = np.random.RandomState(seed)
    graph, _, _ = fuzzy_simplicial_set(
        reduced, indices.shape[1], random, "cosine", knn_indices=indices, knn_dists=distances
    )
    clock.at("epochs")
    a, b = find_ab_params(SPREAD, MIN_DIST)
    drawn, _ = simplicial_set_embedding(
        reduced,
        graph,
        n_components=dims,
        initial_alpha=1.0,
        a=a,
        b=b,
        gamma=1.0,
        negative_sample_rate=NEGATIVES,
        n_epochs=epochs(n),
        init=_start(reduced, dims, random),
        random_state=random,
        metric="cosine",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        tqdm_kwds={"disable": False, "file": _Epochs(clock, epochs(n)), "bar_format": "{n}", "mininterval": 0.2},
    )
    return framed(drawn, guide=reduced[:, :dims])


def framed(xy: Array, guide: Array | None = None) -> Array:
    """Turn and scale a picture (n, dims) to a fixed frame -> (n, dims) float32.

    The widest direction lies along x. The middle of the 1st and 99th percentile of each axis is 0, and 98 % of the
    points lie inside [-1, 1] on every axis; the aspect is kept. guide: (n, dims) another picture of the same
    points; each axis is mirrored so that it agrees with the guide where they have anything in common.
    """
    turned = pca(xy, xy.shape[1]).astype(np.float64)
    if guide is not None:
        side = np.einsum("nd,nd->d", turned, guide.astype(np.float64))
        turned[:, side < 0] *= -1.0
    if not len(turned):
        return turned.astype(np.float32)
    low, high = np.percentile(turned, [1, 99], axis=0)
    turned -= (low + high) / 2
    radius = float(np.quantile(np.abs(turned).max(axis=1), INNER_SHARE, method="higher"))
    return (turned / radius if radius > 0 else np.zeros_like(turned)).astype(np.float32)


def _with_itself(reduced: Array, k: int, clock: Stages) -> tuple[Array, Array]:
    """(n, k) int32 neighbours and float32 cosine distances, each row itself first, as UMAP wants them."""
    rows = unit_rows(reduced)
    own = np.arange(len(rows))
    found, similarity = nearest(rows, rows, k - 1, unit=True, exclude_self=own, on_block=clock.within("neighbours"))
    indices = np.column_stack((own, found)).astype(np.int32)
    distances = np.column_stack((np.zeros(len(rows)), np.maximum(0.0, 1.0 - similarity))).astype(np.float32)
    return indices, distances


def _start(reduced: Array, dims: int, random: np.random.RandomState) -> Array:
    """The PCA picture, 10 wide, with a little noise so that equal items can part."""
    start = np.zeros((len(reduced), dims), dtype=np.float64)
    start[:, : reduced.shape[1]] = reduced[:, :dims]
    start *= 10.0 / max(float(np.abs(start).max()), float(np.finfo(np.float32).tiny))
    return (start + random.normal(scale=1e-4, size=start.shape)).astype(np.float32)


@dataclass(slots=True)
class _Epochs:
    """The text file UMAP's progress bar writes to: reads the epoch back and passes it on."""

    clock: Stages
    total: int

    def write(self, text: str) -> int:
        number = text.strip()
        if number.isdigit():
            self.clock.at("epochs", int(number) / self.total)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""
