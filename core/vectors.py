"""Item vectors for a recipe: texts -> encoder -> post-processing, each remembered under what it depends on.

The item text of an item whose every template field is missing is its title as shown ("Untitled item 42").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from .embed.cached import encode_cached
from .embed.encoder import CancelFlag, Encoder, Progress, resolve_precision
from .embed.models import ModelSource, resolve
from .embed.stopping import stop_on_terminate
from .embed.template import fields_in, fill
from .errors import InputError
from .recipe import DEFAULT_TEMPLATE, Recipe
from .store.memo import FileMemo
from .store.paths import cache_dir
from .store.vectors import VectorCache
from .types import Affine, Array, Dataset, Vectors, readonly, unit_rows

__all__ = [
    "default_cache",
    "embed_items",
    "embed_phrases",
    "is_warm",
    "item_texts",
    "space_key",
    "stop_on_terminate",
]

_ENCODERS = Lock()
ENCODING_VERSION = 1
"""Raised whenever the same model would give the same text another vector than before."""


def item_texts(recipe: Recipe, dataset: Dataset) -> list[str]:
    """What the encoder reads for each item, in catalogue order.

    Fields of the default template that the data set lacks drop out with their words, as if empty everywhere; in
    any other template an unknown field raises UnknownNameError. Raises InputError for a template that cannot be read.
    """
    fields = dict(dataset.catalog.fields)
    if recipe.template == DEFAULT_TEMPLATE:
        nothing = np.full(len(dataset.catalog), "", dtype=object)
        fields = dict.fromkeys(fields_in(DEFAULT_TEMPLATE), nothing) | fields
    texts = fill(recipe.template, fields)
    return [text or title for text, title in zip(texts, dataset.catalog.titles, strict=True)]


def embed_items(
    recipe: Recipe,
    dataset: Dataset,
    *,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
    cancel: CancelFlag | None = None,
) -> Vectors:
    """The item vectors exactly as they are ranked; from the cache where possible, without loading the model then.

    progress: called with (texts done, texts in all, seconds left or None). cancel: anything with ``is_set()``.
    Raises Cancelled (what was finished is kept), InputError (model, prompt or template), IntegrityError (weights).
    """
    cache = default_cache() if cache is None else cache
    already = len(cache.notices)
    source, texts = _settled(recipe), item_texts(recipe, dataset)
    space = space_key(recipe, source)
    fingerprint = _fingerprint(recipe, space, texts)
    arrays = cache.load_items(fingerprint)
    if arrays is None:
        raw = encode_cached(
            texts,
            space,
            cache,
            lambda: _encoder_of(recipe, source),
            prompt=recipe.prompt,
            progress=progress,
            cancel=cancel,
        )
        arrays = _finish(recipe, raw)
        cache.save_items(fingerprint, arrays)
    return Vectors(
        values=readonly(arrays["values"]),
        unit=recipe.normalize,
        affine=Affine(arrays.get("mean"), arrays.get("matrix")),
        model=source.label,
        precision=resolve_precision(recipe.precision),
        fingerprint=fingerprint,
        notices=tuple(cache.notices[already:]),
    )


def is_warm(recipe: Recipe, dataset: Dataset, *, cache: VectorCache | None = None) -> bool:
    """Whether :func:`embed_items` can answer without loading the model."""
    cache = default_cache() if cache is None else cache
    texts = item_texts(recipe, dataset)
    space = space_key(recipe, _source(recipe))
    return cache.has_items(_fingerprint(recipe, space, texts)) or bool(cache.fetch(space, texts)[1].all())


def embed_phrases(recipe: Recipe, texts: Sequence[str], vectors: Vectors) -> Array:
    """Free texts (n) placed in the space of the items -> (n, d) float32. Loads the model on first use."""
    raw = _encoder_of(recipe, _source(recipe)).encode_raw(list(texts), role="phrase")
    return vectors.place(raw)


def space_key(recipe: Recipe, source: ModelSource) -> str:
    """32 hex digits over everything that decides a text's raw vector besides the text."""
    precision = resolve_precision(recipe.precision)
    return _digest([ENCODING_VERSION, source.fingerprint, recipe.prompt, recipe.max_tokens, precision])[:32]


def default_cache() -> VectorCache:
    """The vectors in the cache folder."""
    return VectorCache(cache_dir() / "vectors")


def _finish(recipe: Recipe, raw: Array) -> dict[str, Array]:
    """Raw vectors (n, d) -> the ranked matrix and the post-processing that was fitted on the way."""
    if not np.isfinite(raw).all():
        raise InputError(f"the model {recipe.model!r} gave vectors that are not numbers: try precision fp32")
    affine = recipe.build("postprocess")(unit_rows(raw) if recipe.normalize else raw)
    bare = Vectors(raw, recipe.normalize, affine, "", "", "")
    parts = {"values": bare.place(raw), "mean": affine.mean, "matrix": affine.matrix}
    return {name: array for name, array in parts.items() if array is not None}


def _fingerprint(recipe: Recipe, space: str, texts: Sequence[str]) -> str:
    stage = recipe.build("postprocess")
    content = hashlib.sha256()
    for text in texts:
        encoded = text.encode()
        content.update(b"%d:%b" % (len(encoded), encoded))
    return _digest([space, content.hexdigest(), stage.key, asdict(stage), recipe.normalize])[:16]


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _source(recipe: Recipe) -> ModelSource:
    return resolve(recipe.model, FileMemo(cache_dir() / "models.json"))


def _settled(recipe: Recipe) -> ModelSource:
    """As :func:`_source`, but a hub model that was never here is downloaded first: only then its commit is known,
    and vectors kept under anything else would be computed again next time."""
    source = _source(recipe)
    if source.floating:
        Encoder(source, resolve_precision(recipe.precision), recipe.max_tokens).width()
        source = _source(recipe)
    return source


def _encoder_of(recipe: Recipe, source: ModelSource) -> Encoder:
    with _ENCODERS:
        return _encoder(source, resolve_precision(recipe.precision), recipe.max_tokens)


@lru_cache(maxsize=2)
def _encoder(source: ModelSource, precision: str, max_tokens: int) -> Encoder:
    """Loaded models are kept: a second phrase should not wait for the model again."""
    return Encoder(source, precision, max_tokens)
