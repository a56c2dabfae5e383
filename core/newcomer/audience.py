"""From a persona to an audience: its answers as one history of items, sentences and categories.

    likes ------------- rows with the largest weight that a like has in the log
    categories, wishes  extra rows (a vector each), which weigh ``Balance`` likes
    dislikes, "not" --- rows below ``positive_from``, the further below the more they weigh: a user model that knows
                        dislikes is pushed away by them, any other passes over them

Strategies without a space, and those with one of their own, know items only: there, the answers about items count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..audience import Audience
from ..registry import knob
from ..types import Array, Catalog, Dataset, Interactions, Vectors, readonly, unit_rows
from .persona import CATEGORY, DISLIKE, LIKE, NOT_CATEGORY, SENTENCE, Answer, Persona, item_places, members, to_text
from .phrases import wishes

Encode = Callable[[Sequence[str]], Array]
"""Texts (n) -> (n, d) float32 in the space of the items, as ``core.vectors.embed_phrases`` places them."""
ALL_COUNT = 1e-6
"""``positive_from`` of a persona: whatever weighs something speaks for it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How much an answer that is no item weighs, in likes. A sentence shares its weight among its wishes,
    and as much among those against something. Whether dislikes push, and how strongly, is the user model's affair."""

    category_weight: float = knob(0.5, "how much a liked category weighs, in liked items", low=0, high=3, step=0.25)
    sentence_weight: float = knob(2.0, "how much a sentence weighs, in liked items", low=0, high=10, step=0.5)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a history: what it is about, how many likes it weighs, and whether it is liked."""

    about: tuple[str, str]
    weight: float
    liked: bool


def audience(
    personas: Sequence[Persona],
    dataset: Dataset,
    content: Vectors,
    encode: Encode,
    balance: Balance | None = None,
) -> Audience:
    """Personas (n) as the users 0 .. n-1 of an audience. What the catalogue does not know is passed over.

    content: the item-text vectors as ranked. encode: is called once, with all wishes, if there are any; what it
    raises is passed on (InputError among vectors of an unknown model).
    """
    balance = balance or Balance()
    catalog = dataset.catalog
    rows = [_rows(persona, catalog, balance) for persona in personas]
    heaviest = max(1.0, balance.category_weight, balance.sentence_weight)
    labels = list(dict.fromkeys(row.about for some in rows for row in some if row.about[0] != LIKE))
    places = {about: len(catalog) + place for place, about in enumerate(labels)}
    known = item_places([row.about[1] for some in rows for row in some if row.about[0] == LIKE], catalog)
    items = iter(known.tolist())
    top = float(dataset.interactions.weights.max(initial=0.0)) or 1.0
    indices = [next(items) if row.about[0] == LIKE else places[row.about] for some in rows for row in some]
    weights = [
        row.weight * top if row.liked else ALL_COUNT * (1 - row.weight / heaviest) for some in rows for row in some
    ]
    log = Interactions(
        user_ids=readonly(np.array([f"newcomer {row:04d}" for row in range(len(personas))], dtype=object)),
        indptr=readonly(np.cumsum([0, *(len(some) for some in rows)], dtype=np.int64)),
        items=readonly(np.array(indices, dtype=np.int32)),
        weights=readonly(np.array(weights, dtype=np.float32)),
        times=None,
        ordered=True,
        positive_from=ALL_COUNT,
    )
    extra = _extra(labels, catalog, content, encode) if labels else None
    return Audience(log, None, extra, tuple(value for _, value in labels), _version(personas, balance))


def _rows(persona: Persona, catalog: Catalog, balance: Balance) -> list[_Row]:
    found = [row for answer in persona.telling for row in _rows_of(answer, catalog, balance)]
    return [row for row in found if row.weight > 0]


def _rows_of(answer: Answer, catalog: Catalog, balance: Balance) -> list[_Row]:
    if answer.kind in (LIKE, DISLIKE):
        there = item_places([answer.value], catalog)[0] >= 0
        return [_Row((LIKE, answer.value), 1.0, answer.kind == LIKE)] if there else []
    if answer.kind in (CATEGORY, NOT_CATEGORY):
        there = answer.value in members(catalog)
        return [_Row((CATEGORY, answer.value), balance.category_weight, answer.kind == CATEGORY)] if there else []
    parts = wishes(answer.value)
    count = {liked: sum(part.liked == liked for part in parts) for liked in (True, False)}
    return [_Row((SENTENCE, part.text), balance.sentence_weight / count[part.liked], part.liked) for part in parts]


def _extra(labels: Sequence[tuple[str, str]], catalog: Catalog, content: Vectors, encode: Encode) -> Array:
    """(e, d) float32: a category is the mean of its items, as long as an item is."""
    out = np.zeros((len(labels), content.values.shape[1]), dtype=np.float32)
    texts = [place for place, (kind, _) in enumerate(labels) if kind == SENTENCE]
    if texts:
        out[texts] = encode([labels[place][1] for place in texts])
    length = 1.0 if content.unit else float(np.sqrt(np.mean(np.sum(content.values.astype(np.float64) ** 2, axis=1))))
    for place, (kind, name) in enumerate(labels):
        if kind == CATEGORY:
            out[place] = length * unit_rows(content.values[members(catalog)[name]].mean(axis=0)[None, :])[0]
    return readonly(out)


def _version(personas: Sequence[Persona], balance: Balance) -> str:
    content = repr(([to_text(persona) for persona in personas], balance))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
