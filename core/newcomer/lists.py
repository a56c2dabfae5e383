"""The list of a newcomer, by the same recipe as everybody's, and how it settled while she answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..pipeline import recall
from ..recipe import Recipe
from ..serving import CONTENT
from ..types import Array, Dataset, Run, Vectors
from ..vectors import embed_phrases
from .audience import Balance, Encode, audience
from .converge import Convergence, convergence
from .persona import ABOUT_ITEMS, CATEGORY, DISLIKE, NOT_CATEGORY, SENTENCE, SKIP, Persona
from .phrases import wishes

PUSHED_AWAY = "negative"
"""The user model that is pushed away by dislikes."""
SPOKEN = 0.5
"""How strongly it is by what was put into words. One disliked item among many tells less: for those the
model's own default holds."""


def suited(recipe: Recipe, persona: Persona) -> Recipe:
    """The recipe with a user model that listens to dislikes, where there are some and it has the default one, which
    does not. Any other model was chosen on purpose and stays; so does that of a learned strategy.
    """
    spoken = bool(persona.of(NOT_CATEGORY)) or any(
        not wish.liked for text in persona.of(SENTENCE) for wish in wishes(text)
    )
    if recipe.strategy != CONTENT or recipe.user_model != Recipe.default_of("user_model"):
        return recipe
    if not spoken:
        return recipe.replace(user_model=PUSHED_AWAY) if persona.of(DISLIKE) else recipe
    return Recipe.from_flat(recipe.to_flat(changed_only=True) | {"user_model": PUSHED_AWAY, "dislike_strength": SPOKEN})


def only_items(recipe: Recipe) -> bool:
    """Whether only answers about items count: the strategy knows no texts, so categories and sentences are no help."""
    return recipe.strategy != CONTENT


def counting(recipe: Recipe, persona: Persona) -> Persona:
    """The persona with the answers that count under this recipe, SKIP aside."""
    kinds = set(ABOUT_ITEMS) if only_items(recipe) else {*ABOUT_ITEMS, CATEGORY, NOT_CATEGORY, SENTENCE}
    return Persona(tuple(answer for answer in persona.answers if answer.kind in kinds - {SKIP}))


def listed(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    personas: Sequence[Persona],
    *,
    encode: Encode | None = None,
    balance: Balance | None = None,
) -> Run:
    """The lists of some personas (n), as a run of n users. encode: places texts, by the recipe's own encoder if None.

    Raises what ``recall`` raises, and InputError for sentences among vectors whose model is unknown.
    """
    if encode is None:
        encode = partial(embed_phrases, recipe, vectors=content)
    people = audience([counting(recipe, persona) for persona in personas], dataset, content, encode, balance)
    return recall(recipe, dataset, np.arange(len(personas)), vectors=content, audience=people)


def settled(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    persona: Persona,
    *,
    encode: Encode | None = None,
    balance: Balance | None = None,
) -> Convergence:
    """What each answer that counts did to the list: one run over the persona on the way, and without each answer.

    The list of somebody who said nothing is ``unasked``.
    """
    now = counting(recipe, persona)
    steps = now.prefixes()
    without = tuple(now.without(answer) for answer in now.answers)
    run = listed(recipe, dataset, content, (*steps, *without), encode=encode, balance=balance)
    lists = run.selected.items
    before = unasked(recipe, dataset, content).selected.items[0]
    return convergence(before, lists[: len(steps)], lists[len(steps) :])


def unasked(recipe: Recipe, dataset: Dataset, content: Vectors) -> Run:
    """What somebody gets who has said nothing: what most people like, as long as the recipe's list."""
    popular = Recipe.from_flat(
        {"dataset": dataset.name, "strategy": "popularity", "k": recipe.k, **recipe.embedding().to_flat()}
    )
    return listed(popular.replace(strategy="popularity", k=recipe.k), dataset, content, [Persona()])


def nobody_rated(dataset: Dataset, items: Array) -> Array:
    """(n,) bool: items (n,) without any interaction, which only content can recommend."""
    met = np.bincount(dataset.interactions.items, minlength=len(dataset.catalog))
    return np.asarray(met[items] == 0)
