"""What is known of one user, computed when asked for and kept while she is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.audience import Audience
from core.portrait import activity as when
from core.portrait import against, alike, drift, interests, mainstream, near, recent
from core.portrait.likes import likes
from core.portrait.space import Space, looked_at, own_vector, space
from core.recipe import Recipe
from core.types import Array, Dataset, Interactions

from . import live, resources

KEPT = 16
GROUPING = "interests"
"""The user model that finds interests; with its own defaults."""


@dataclass(frozen=True, eq=False)
class Facts:
    """One user in the space of a recipe. Vectors and the strategy have to be ready for what is read from the space."""

    dataset: Dataset
    recipe: Recipe
    user: int
    log: Interactions
    audience: Audience | None

    @property
    def n_items(self) -> int:
        """Of the catalogue."""
        return len(self.dataset.catalog)

    @cached_property
    def liked(self) -> Array:
        """Her liked items, each once, ascending."""
        return likes(self.log, self.n_items).of(self.user)

    @cached_property
    def owned(self) -> int:
        """Different items of her history, liked or not."""
        return len(set(self.log.items[self.log.history(self.user)].tolist()))

    @cached_property
    def against(self) -> against.Against:
        """Categories and words beside everybody else's."""
        return against.against_others(self.log, self.dataset.catalog, self.user)

    @cached_property
    def mainstream(self) -> mainstream.Mainstream | None:
        """How popular what she likes is."""
        return mainstream.mainstream(self.log, self.n_items, self.user)

    @cached_property
    def activity(self) -> when.Activity | None:
        """When she was here."""
        return when.activity(self.log, self.user)

    @cached_property
    def space(self) -> Space:
        """Items and other users as points."""
        return space(self.recipe, self.dataset, resources.vectors(self.recipe), self.audience)

    @cached_property
    def vector(self) -> Array:
        """(d,) herself as a point, NaN where she has no place."""
        return own_vector(self.recipe, self.dataset, resources.vectors(self.recipe), self.user, self.audience)

    @cached_property
    def drift(self) -> drift.Drift:
        """How her taste moved."""
        return drift.drift(self.log, self.dataset.catalog, self.user, self.space.items)

    @cached_property
    def interests(self) -> tuple[interests.Interest, ...]:
        """Her interests as groups."""
        model = Recipe(user_model=GROUPING).build("users")
        (taste,) = model(self.log, np.array([self.user]), self.space.items)
        return interests.interests(taste, self.log, self.dataset.catalog, self.user, self.space.items)

    @cached_property
    def company(self) -> alike.Company | None:
        """Who is like her."""
        seen = self.space
        return alike.company(
            self.log, self.n_items, self.dataset.fingerprint, self.user, self.vector, seen.others, seen.vectors
        )

    @cached_property
    def near(self) -> tuple[near.Near, ...]:
        """What stands next to her."""
        return near.near(self.log, self.user, self.space.items, self.vector)

    def recent(self, last: int) -> recent.Recent:
        """Her last likes beside the earlier ones."""
        return recent.recent(self.log, self.dataset.catalog, self.user, self.space.items, last)

    @property
    def shown(self) -> Recipe:
        """The recipe whose space this is: of the item texts where the strategy has none."""
        return looked_at(self.recipe)


def facts(dataset: Dataset, recipe: Recipe, user: int) -> Facts:
    """With what she did on these pages. Raises InputError for a moment that cannot be read."""
    return _facts(dataset, recipe, user, live.log(dataset, recipe), live.audience(dataset, recipe))


@lru_cache(maxsize=KEPT)
def _facts(dataset: Dataset, recipe: Recipe, user: int, log: Interactions, audience: Audience | None) -> Facts:
    return Facts(dataset, recipe, user, log, audience)
