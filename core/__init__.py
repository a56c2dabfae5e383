"""Recallscope's engine: the recall stage of a recommender on large-model embeddings, headless.

    load -> clean -> embed -> postprocess -> users -> score -> select (the pool)
        -> diversify -> spacing -> exploration -> Run
                                                   |-> explain
                                                   '-> view (ui/, pages/)

A frozen ``Recipe`` goes in, a ``Run`` comes out:

    >>> from core import Recipe, load_dataset, recall                          # doctest: +SKIP
    >>> recipe = Recipe(k=5)
    >>> run = recall(recipe, load_dataset(recipe.dataset))
    >>> run.selected.items.shape
    (671, 5)
"""

from __future__ import annotations

from .candidates import nearest_to
from .errors import Cancelled, InputError, RecallscopeError
from .pipeline import recall, user_indices
from .recipe import Recipe
from .sources import dataset_names, load_dataset
from .types import Dataset, Run, Vectors
from .vectors import embed_items, embed_phrases

__all__ = [
    "Cancelled",
    "Dataset",
    "InputError",
    "RecallscopeError",
    "Recipe",
    "Run",
    "Vectors",
    "dataset_names",
    "embed_items",
    "embed_phrases",
    "load_dataset",
    "nearest_to",
    "recall",
    "user_indices",
]
