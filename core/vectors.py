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
from .recipe import COMMON_TEMPLATE, DEFAULT_MODEL, Recipe
from .store.memo import FileMemo
from .store.paths import cache_dir
from .store.vectors import VectorCache
from .types import Affine, Array, Dataset, Vectors, readonly, unit_rows

__all__ = [
    "default_cache",
    "embed_items",
    "embed_phrases",
    "embed_texts",
    "is_warm",
    "item_texts",
    "space_key",
    "stop_on_terminate",
]

_ENCODERS = Lock()
OWN_VECTORS = "own-vectors"
"""In place of a model's name: the item vectors that were imported with the data set."""

ENCODING_VERSION = 1
"""Raised whenever the same model would give the same text another vector than before."""


def template_of(recipe: Recipe, dataset: Dataset) -> str:
    """The item text in use."""
    return recipe.template or dataset.template or COMMON_TEMPLATE


def model_of(recipe: Recipe, dataset: Dataset) -> str:
    """The model in use: the recipe's, else the vectors that came with the data, else the default one."""
    own = OWN_VECTORS if dataset.own_vectors is not None else DEFAULT_MODEL
    return recipe.model or own


def item_texts(recipe: Recipe, dataset: Dataset) -> list[str]:
    """What the encoder reads for each item, in catalogue order.

    The template is the recipe's, else the data set's own, else a common one. Fields of the common one that the data
    set lacks drop out with their words, as if empty everywhere; in any other template an unknown field raises
    UnknownNameError. Raises InputError for a template that cannot be read.
    """
    template = template_of(recipe, dataset)
    fields = dict(dataset.catalog.fields)
    if template == COMMON_TEMPLATE:
        nothing = np.full(len(dataset.catalog), "", dtype=object)
        fields = dict.fromkeys(fields_in(template), nothing) | fields
    texts = fill(template, fields)
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
    if model_of(recipe, dataset) == OWN_VECTORS:
        return _own_vectors(recipe, dataset, cache)
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
    notices = tuple(cache.notices[already:])
    return _vectors(recipe, arrays, source.label, resolve_precision(recipe.precision), fingerprint, notices)


def _vectors(
    recipe: Recipe, arrays: dict[str, Array], model: str, precision: str, fingerprint: str, notices: tuple[str, ...]
) -> Vectors:
    affine = Affine(arrays.get("mean"), arrays.get("matrix"))
    return Vectors(readonly(arrays["values"]), recipe.normalize, affine, model, precision, fingerprint, notices)


def _own_vectors(recipe: Recipe, dataset: Dataset, cache: VectorCache) -> Vectors:
    """The vectors that came with the data, post-processed like any other."""
    raw, already = _own(dataset), len(cache.notices)
    content = hashlib.sha256(np.ascontiguousarray(raw).data).hexdigest()
    fingerprint = _fingerprint(recipe, OWN_VECTORS, [content])
    arrays = cache.load_items(fingerprint)
    if arrays is None:
        arrays = _finish(recipe, raw)
        cache.save_items(fingerprint, arrays)
    return _vectors(recipe, arrays, OWN_VECTORS, "fp32", fingerprint, tuple(cache.notices[already:]))


def _own(dataset: Dataset) -> Array:
    if dataset.own_vectors is None:
        raise InputError(f"{dataset.name} brought no vectors of its own: choose a model, or import it with vectors")
    return dataset.own_vectors


def is_warm(recipe: Recipe, dataset: Dataset, *, cache: VectorCache | None = None) -> bool:
    """Whether :func:`embed_items` can answer without loading the model."""
    cache = default_cache() if cache is None else cache
    if model_of(recipe, dataset) == OWN_VECTORS:
        return _own(dataset) is not None  # nothing has to be encoded
    texts = item_texts(recipe, dataset)
    space = space_key(recipe, _source(recipe))
    return cache.has_items(_fingerprint(recipe, space, texts)) or bool(cache.fetch(space, texts)[1].all())


def embed_phrases(recipe: Recipe, texts: Sequence[str], vectors: Vectors) -> Array:
    """Free texts (n) placed in the space of the items -> (n, d) float32. Loads the model on first use.

    Raises InputError among vectors that came with the data: nobody knows their model.
    """
    if vectors.model == OWN_VECTORS:
        raise InputError(
            "a phrase has no place among vectors that came with the data: choose a model to search by phrase"
        )
    raw = _encoder_of(recipe, _source(recipe)).encode_raw(list(texts), role="phrase")
    return vectors.place(raw)


def embed_texts(recipe: Recipe, texts: Sequence[str], vectors: Vectors) -> Array:
    """Texts (n) exactly as if they were those of items -> (n, d) float32. Loads the model on first use.

    Raises InputError among vectors that came with the data: nobody knows their model.
    """
    if vectors.model == OWN_VECTORS:
        raise InputError("vectors that came with the data: nobody knows the model that would place another text there")
    raw = _encoder_of(recipe, _source(recipe)).encode_raw(list(texts), role="item", prompt=recipe.prompt)
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
    return resolve(recipe.model or DEFAULT_MODEL, FileMemo(cache_dir() / "models.json"))


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
