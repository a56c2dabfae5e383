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


def quick_layout(vectors: Vectors, dims: int) -> Layout:
    """The PCA picture, for while the real one is being made; its quality is not measured."""
    xy = _pca_picture(vectors.values, _checked(dims))
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
) -> Layout:
    """Compute, measure and keep the map; one that is already in the cache is returned as it is.

    progress: called with (done, total, seconds left), first coarsely by stage, then with UMAP's epochs. cancel: looked
    at in the same places. Two processes that build the same map at once do no harm: both write the same file, whole.
    Raises Cancelled (nothing is kept), InputError for vectors with NaN.
    """
    repaired: list[str] = []
    stored = load_layout(vectors, recipe, dims, repaired.append)
    if stored is not None:
        return stored
    layout = _compute(vectors, recipe, dims, progress, cancel)
    try:
        _write(layout)
    except (OSError, RecallscopeError) as error:
        repaired.append(f"The map could not be kept in the cache and will be computed again next time: {error}.")
    return replace(layout, notices=(*layout.notices, *repaired))


def _compute(vectors: Vectors, recipe: Recipe, dims: int, progress: Progress | None, cancel: Flag | None) -> Layout:
    values = vectors.values
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
    return Layout(readonly(xy), readonly(kept), trust, method, layout_key(vectors, recipe, dims), notices)


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
