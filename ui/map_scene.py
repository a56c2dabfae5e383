"""What one drawing of the map is made from: the space, its layout, the user's list, a phrase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.asking import asking
from core.candidates import nearest_to
from core.errors import RecallscopeError
from core.layout.place import place
from core.maps import Layout
from core.pipeline import scores_for
from core.recipe import Recipe
from core.scoring import scores_of
from core.serving import CONTENT, has_space
from core.types import Array, Candidates, Dataset, Run, Vectors

from . import blocks, live, resources, strategy
from .text import t

HITS = 20


@dataclass(frozen=True, eq=False)
class Scene:
    """All that one drawing of the map needs.

    vectors: of the space that is drawn, in which neighbours are found: the strategy's own, else that of the texts.
    placed: (n_items,) bool, the items that have a place in it, None = all. hits: found among the texts.
    """

    dataset: Dataset
    recipe: Recipe
    vectors: Vectors
    placed: Array | None
    layout: Layout
    final: bool
    run: Run
    hits: Candidates | None
    phrase: Array | None

    @property
    def ranked(self) -> list[int]:
        """The list, best first."""
        return [int(item) for item in self.run.selected.items[0] if item >= 0]

    @property
    def history(self) -> list[int]:
        """The user's items."""
        log = live.log(self.dataset, self.recipe)
        return [int(item) for item in log.items[log.history(int(self.run.users.users[0]))]]

    @property
    def found(self) -> list[int]:
        """The items nearest to the phrase, best first."""
        return [] if self.hits is None else [int(item) for item in self.hits.items[0] if item >= 0]

    def has_place(self, item: int) -> bool:
        """Whether an item has a place in the space that is drawn."""
        return self.placed is None or bool(self.placed[item])

    @property
    def of_texts(self) -> bool:
        """Whether the map shows the item texts: then a phrase has a place on it."""
        return self.recipe.strategy == CONTENT or not has_space(self.recipe)

    def user_place(self) -> Array | None:
        """Where the user lies on the map (dims,); None where she has no place in its space."""
        users = self.run.users
        return self._place_of(users.values[0]) if users.known[0] and has_space(self.recipe) else None

    def phrase_place(self) -> Array | None:
        """Where the phrase lies on the map (dims,); None without one, or where it has no place in its space."""
        return None if self.phrase is None or not self.of_texts else self._place_of(self.phrase[0])

    def _place_of(self, vector: Array) -> Array | None:
        found = place(self.vectors.values, self.layout.xy, vector[None, :], unit=self.vectors.unit)[0]
        return found if np.isfinite(found).all() else None

    def scores(self) -> Array | None:
        """(n_items,) what the strategy gives every item for this user, NaN where nothing; None for no such user."""
        if not self.run.users.known[0]:
            return None
        if not has_space(self.recipe):
            asked = asking(self.recipe, self.dataset, live.audience(self.dataset, self.recipe))
            return scores_of(strategy.served(self.recipe), asked, int(self.run.users.users[0]))
        found = scores_for(self.recipe, self.vectors, self.run.users.values[0])
        return found if self.placed is None else np.where(self.placed, found, np.nan)


def scene(dataset: Dataset, recipe: Recipe, user: int, phrase: str, dims: int) -> Scene:
    """Everything computed once per redraw."""
    vectors, placed = resources.shown_space(recipe)
    layout, final = resources.layout(recipe, dims)
    query = _phrase_vector(recipe, phrase)
    hits = None if query is None else nearest_to(recipe, resources.vectors(recipe), query, HITS)
    return Scene(dataset, recipe, vectors, placed, layout, final, resources.run(recipe, user), hits, query)


def _phrase_vector(recipe: Recipe, phrase: str) -> Array | None:
    if not phrase.strip():
        return None
    try:
        with st.spinner(t("map.encoding")):
            return resources.phrase_vector(recipe, phrase.strip())
    except RecallscopeError as error:
        blocks.error_card(str(error))
        return None
