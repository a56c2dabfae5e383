"""Choices that were made and play no part: said, not swallowed."""

from __future__ import annotations

from .diversifying import takes_part
from .recipe import Recipe
from .registry import knobs_of, stage
from .scoring import LONG_TERM
from .serving import has_space, needs_fitting
from .types import Dataset


def idle_choices(recipe: Recipe, dataset: Dataset) -> tuple[str, ...]:
    """A sentence for each choice that changes nothing here."""
    said = []
    if recipe.threshold is not None and "threshold" not in stage("select").get(recipe.select).uses:
        said.append(f"the threshold {recipe.threshold:g} plays no part with select={recipe.select}: use select=both")
    if not has_space(recipe) and recipe.metric != Recipe.default_of("metric"):
        said.append(f"the metric {recipe.metric} plays no part: {recipe.strategy} ranks by its own scores")
    if recipe.rearranges and not takes_part(recipe):
        said.append(f"diversity plays no part with select={recipe.select}: all that pass are shown; use select=both")
    elif recipe.rearranges and recipe.pool == recipe.k and recipe.exploration == "none":
        said.append(f"the pool holds {recipe.pool} for a list of {recipe.k}: diversity can only change their order")
    by_category = stage("diversify").get(recipe.diversify).against == "category"
    asked = {"diversify": recipe.diversity > 0 and by_category, "spacing": recipe.spacing == "category"}
    if any(asked.values()) and not any(dataset.catalog.categories):
        said += [
            f"{name}={getattr(recipe, name)} plays no part: the items of {dataset.name} have no categories"
            for name, is_asked in asked.items()
            if is_asked
        ]
    if dataset.interactions.times is None:
        chosen = recipe.to_flat(changed_only=True)
        said += [
            f"{spec.name} {chosen[spec.name]} plays no part: the interactions of {dataset.name} have no times"
            for spec in (*knobs_of(Recipe), *recipe.option_knobs())
            if spec.needs == "times" and spec.name in chosen and spec.name != "as_of"
        ]
    return (*said, *_idle_tastes(recipe))


def _idle_tastes(recipe: Recipe) -> tuple[str, ...]:
    """A user model, or an affinity that only halves, where the strategy weighs histories by itself."""
    said = []
    changed = recipe.to_flat(changed_only=True)
    if not has_space(recipe):
        if recipe.user_model != Recipe.default_of("user_model"):
            said.append(f"the user model {recipe.user_model} plays no part: {recipe.strategy} weighs histories itself")
        if 0 < recipe.affinity < 1 and {"daypart", "weekday", "season"} & set(changed):
            said.append(
                f"affinity {recipe.affinity:g} plays no part: {recipe.strategy} counts an interaction in full or not "
                "at all; use affinity=1"
            )
    elif needs_fitting(recipe) and recipe.user_model == LONG_TERM:
        said += [
            f"{spec.name} plays no part: {recipe.strategy} weighs histories as it was trained; choose another "
            "user_model"
            for spec in stage("users").knobs(recipe.user_model)
            if spec.name in changed
        ]
    return tuple(said)
