"""Everything one explanation is made of: whom and what it is about, as it is and as it was changed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.audience import Audience
from core.explain.altered import altered
from core.explain.attribution import Attribution, attribute_case
from core.explain.counterfactual import Removals, removals_of
from core.explain.histories import whole
from core.explain.sources import Case, case_of
from core.explain.standing import Standing, rivals_of, stand
from core.recipe import Recipe
from core.serving import scale_of
from core.types import Dataset, Run, Vectors

from . import live, resources

KEPT = 16
MOST_SCORED = 200
"""Histories that are scored anew for one picture, where there is no closed form."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One item for one user. now: the case with the history as changed by hand, before: as it is; the same one where
    nothing was changed. run: her list as it is. parts: the score now, taken apart. ranked: how many items it is ranked
    among, itself included."""

    dataset: Dataset
    recipe: Recipe
    content: Vectors
    user: int
    item: int
    base: Audience
    people: Audience
    run: Run
    before: Case
    now: Case
    stood: Standing
    stands: Standing
    parts: Attribution
    ranked: int

    @property
    def changed(self) -> bool:
        """Whether the history is another one than hers."""
        return self.people is not self.base

    @property
    def rank(self) -> int:
        """From 1; 0 where the item has no score."""
        return int(self.stands.ranks[0])

    @property
    def score(self) -> float:
        """Higher is better."""
        return float(self.stands.scores[0])

    @property
    def title(self) -> str:
        """The item's."""
        return str(self.dataset.catalog.titles[self.item])

    @property
    def listed(self) -> list[int]:
        """The items of her list as it is, best first."""
        return [int(item) for item in self.run.selected.items[0] if item >= 0]

    @property
    def has_it(self) -> bool:
        """Whether the item stands in her history already."""
        return bool((self.before.history.items == self.item).any())

    def native(self, score: float) -> float:
        """A score in the metric's own unit."""
        return float(scale_of(self.recipe).native(np.float64(score)))  # type: ignore[arg-type]


def picture(
    dataset: Dataset, recipe: Recipe, user: int, item: int, run: Run, without: tuple[int, ...], plus: tuple[int, ...]
) -> Picture:
    """The explanation of an item. run: her list. Raises InputError where the user or the strategy gives no score."""
    base = live.audience(dataset, recipe)
    people = _altered(base, user, without, plus)
    content = resources.vectors(recipe)
    before = case_of(recipe, dataset, content, user, base)
    now = before if people is base else case_of(recipe, dataset, content, user, people)
    stood = stand(before, item, whole(before.history))
    stands = stood if now is before else stand(now, item, whole(now.history))
    return Picture(
        dataset=dataset,
        recipe=recipe,
        content=content,
        user=user,
        item=item,
        base=base,
        people=people,
        run=run,
        before=before,
        now=now,
        stood=stood,
        stands=stands,
        parts=attribute_case(now, np.array([item])),
        ranked=int(rivals_of(before, item).sum()) + 1,
    )


def without_each(shown: Picture) -> Removals | None:
    """What leaving out each item of the history, as it is now, does to this one; None where that would take too long,
    since every history has to be scored anew and there are many."""
    plain = shown.parts.exact and not shown.parts.channels
    return _removals(shown) if plain or len(shown.now.history) <= MOST_SCORED else None


@lru_cache(maxsize=4)
def _removals(shown: Picture) -> Removals:
    return removals_of(shown.now, shown.item)


@lru_cache(maxsize=KEPT)
def _altered(base: Audience, user: int, without: tuple[int, ...], plus: tuple[int, ...]) -> Audience:
    return altered(base, user, without, plus)
