"""The map of a catalogue: computed once, measured, kept on disk, and verified whenever it is read.

``quick_layout`` is there at once (PCA); ``build_layout`` makes the real one (UMAP) in the background, and
``load_layout`` reads it from then on. ``core.layout.place`` puts users and phrases into either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .errors import IntegrityError, OutOfRangeError, RecallscopeError
from .layout.pca import pca
from .layout.preservation import EXACT_UP_TO, NEIGHBOURS, SAMPLE, preservation, trustworthiness
from .layout.umap_layout import (
    FEWEST,
    SETTINGS,
    Flag,
    Progress,
    Stages,
    can_umap,
    expected_seconds,
    framed,
    umap_layout,
)
from .recipe import Recipe
from .store.paths import cache_dir
from .store.sealed import read_sealed, write_sealed
from .types import Array, Vectors, readonly

KIND = "layout"
STRIP_SHARE, STRIP_GAP = 0.1, 0.15
"""The strip of items without a place is a tenth as high as it is wide, and so far below the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A picture of the items, and how far to trust it.

    xy: (n_items, dims) float32 in the frame of ``umap_layout.framed``: 98 % of the items inside [-1, 1].
    preservation: (n_items,) float32 in [0, 1], the share of each item's 15 true nearest neighbours that are among its
    15 nearest in the picture; NaN where it was not measured (the quick picture) or is not defined (below 3 items).
    trustworthiness: Venna & Kaski 2001, in [0, 1], over a seeded sample above 10,000 items; NaN likewise.
    method: "umap" or "pca". fingerprint: 16 hex digits; equal for equal pictures. notices: what the viewer should know.
    """

    xy: Array
    preservation: Array
    trustworthiness: float
    method: str
    fingerprint: str
    notices: tuple[str, ...] = ()


def layout_key(vectors: Vectors, recipe: Recipe, dims: int) -> str:
    """16 hex digits over the vectors, the dimensions, the recipe's seed and UMAP's settings.

    Raises OutOfRangeError unless dims is 2 or 3.
    """
    return _digest(vectors.fingerprint, _checked(dims), recipe.seed, SETTINGS, NEIGHBOURS)


def quick_layout(vectors: Vectors, dims: int, placed: Array | None = None) -> Layout:
    """The PCA picture, for while the real one is being made; its quality is not measured. placed: see build_layout."""
    inside, spread = _only(vectors, placed)
    xy = spread(_pca_picture(inside, _checked(dims)))
    unmeasured = np.full(len(xy), np.nan, dtype=np.float32)
    key = _digest(vectors.fingerprint, dims, "quick")
    return Layout(readonly(xy), readonly(unmeasured), float("nan"), "pca", key)


def load_layout(
    vectors: Vectors, recipe: Recipe, dims: int, on_notice: Callable[[str], None] | None = None
) -> Layout | None:
    """The map from the cache, or None where it has to be built.

    A damaged file is never used: ``on_notice`` gets one sentence about it, and the answer is None.
    """
    key = layout_key(vectors, recipe, dims)
    try:
        arrays, meta = read_sealed(_path(key), {"kind": KIND, "key": key})
        layout = Layout(
            xy=arrays["xy"],
            preservation=arrays["preservation"],
            trustworthiness=float(meta["trustworthiness"]),
            method=meta["method"],
            fingerprint=key,
            notices=tuple(json.loads(meta["notices"])),
        )
        if layout.xy.shape != (len(vectors.values), dims) or layout.preservation.shape != layout.xy.shape[:1]:
            raise IntegrityError(f"{_path(key)} is not the map of these {len(vectors.values)} items")
    except FileNotFoundError:
        return None
    except (IntegrityError, KeyError, ValueError) as error:
        if on_notice is not None:
            on_notice(f"The stored map could not be used and is computed again: {error}.")
        return None
    return layout


def build_layout(
    vectors: Vectors,
    recipe: Recipe,
    dims: int,
    progress: Progress | None = None,
    cancel: Flag | None = None,
    placed: Array | None = None,
) -> Layout:
    """Compute, measure and keep the map; one that is already in the cache is returned as it is.

    placed: (n_items,) bool, None = all; items that have no place in the space lie in a strip of their own below the
    picture, which is computed and measured without them.
    progress: called with (done, total, seconds left), first coarsely by stage, then with UMAP's epochs. cancel: looked
    at in the same places. Two processes that build the same map at once do no harm: both write the same file, whole.
    Raises Cancelled (nothing is kept), InputError for vectors with NaN.
    """
    repaired: list[str] = []
    stored = load_layout(vectors, recipe, dims, repaired.append)
    if stored is not None:
        return stored
    layout = _compute(vectors, recipe, dims, progress, cancel, placed)
    try:
        _write(layout)
    except (OSError, RecallscopeError) as error:
        repaired.append(f"The map could not be kept in the cache and will be computed again next time: {error}.")
    return replace(layout, notices=(*layout.notices, *repaired))


def _compute(
    vectors: Vectors,
    recipe: Recipe,
    dims: int,
    progress: Progress | None,
    cancel: Flag | None,
    placed: Array | None,
) -> Layout:
    values, spread = _only(vectors, placed)
    n = len(values)
    measure = _expected_seconds(*values.shape)
    notices: tuple[str, ...] = ()
    if can_umap(values):
        method, clock = "umap", Stages(expected_seconds(n) | measure, progress, cancel)
        xy = umap_layout(values, dims, recipe.seed, stages=clock)
    else:
        method, clock = "pca", Stages(measure, progress, cancel)
        xy = _pca_picture(values, dims)
        notices = (f"The map is the PCA picture: UMAP needs at least {FEWEST} different items.",)
    clock.at("preservation")
    kept = preservation(values, xy, unit=vectors.unit, on_block=clock.within("preservation"))
    clock.at("trustworthiness")
    trust = trustworthiness(values, xy, unit=vectors.unit, seed=recipe.seed)
    clock.at("trustworthiness", 1.0)
    everywhere = kept if placed is None else _at(kept, placed, np.nan)
    return Layout(readonly(spread(xy)), readonly(everywhere), trust, method, layout_key(vectors, recipe, dims), notices)


def _only(vectors: Vectors, placed: Array | None) -> tuple[Array, Callable[[Array], Array]]:
    """The vectors that have a place, and what gives a picture of them its strip of those that have none."""
    if placed is None or placed.all():
        return vectors.values, lambda xy: xy
    return vectors.values[placed], lambda xy: _with_strip(xy, placed)


def _with_strip(xy: Array, placed: Array) -> Array:
    """A picture of the placed items -> (n_items, dims): the others in rows below it, in the order of the catalogue."""
    out = _at(xy, placed, 0.0)
    outside = np.flatnonzero(~placed)
    columns = int(np.ceil(np.sqrt(len(outside) / STRIP_SHARE)))
    row, column = np.divmod(np.arange(len(outside)), columns)
    step = 2.0 / columns
    out[outside, 0] = -1.0 + step * (column + 0.5)
    out[outside, 1] = min(-1.0, float(xy[:, 1].min(initial=-1.0))) - STRIP_GAP - step * row
    return out


def _at(values: Array, placed: Array, rest: float) -> Array:
    """Values of the placed items -> of all items, the others ``rest``."""
    out = np.full((len(placed), *values.shape[1:]), rest, dtype=values.dtype)
    out[placed] = values
    return out


def _expected_seconds(n: int, d: int) -> dict[str, float]:
    """What measuring a picture takes, on the scale of ``umap_layout.expected_seconds``."""
    measured = n if n <= EXACT_UP_TO else SAMPLE
    return {"preservation": 0.1 + (5e-9 + 4e-11 * d) * n**2, "trustworthiness": 0.1 + (1e-8 + 2e-11 * d) * n * measured}


def _write(layout: Layout) -> None:
    meta = {
        "kind": KIND,
        "key": layout.fingerprint,
        "method": layout.method,
        "trustworthiness": repr(layout.trustworthiness),
        "notices": json.dumps(layout.notices),
    }
    write_sealed(_path(layout.fingerprint), {"xy": layout.xy, "preservation": layout.preservation}, meta)


def _path(key: str) -> Path:
    return cache_dir() / "layouts" / f"{key}.safetensors"


def _pca_picture(values: Array, dims: int) -> Array:
    return framed(pca(values, dims))


def _checked(dims: int) -> int:
    if dims not in (2, 3):
        raise OutOfRangeError("dims", dims, "2 or 3")
    return dims


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
