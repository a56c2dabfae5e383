"""Whom the lists of the pages are made for: the data set's users, with what they have done on these pages since.

Another session, or another process, may have written a moment ago: the store's version is looked at each time, and
what was read for it is kept.
"""

from __future__ import annotations

from functools import lru_cache

from core.asking import asking
from core.audience import Audience
from core.errors import RecallscopeError
from core.live import OFF, live_audience, live_dataset
from core.recipe import Recipe
from core.store.events import Event, EventStore, event_store
from core.types import Dataset, Interactions


def problem() -> str:
    """Why feedback can neither be read nor kept, in a sentence; "" where it can."""
    try:
        event_store().version("")
    except RecallscopeError as error:
        return str(error)
    return ""


def audience(dataset: Dataset, recipe: Recipe) -> Audience:
    """Whom a recipe's lists are made for; as if there were no feedback where it cannot be read. Raises InputError for a
    moment that cannot be read."""
    return live_audience(dataset, _readable(recipe))


def _readable(recipe: Recipe) -> Recipe:
    return recipe.replace(events=OFF) if counts(recipe) and problem() else recipe


def learned(dataset: Dataset, recipe: Recipe) -> Dataset:
    """What a recipe's strategy learns from: the data set, with live feedback where that counts everywhere."""
    return live_dataset(_readable(recipe), dataset)


def counts(recipe: Recipe) -> bool:
    """Whether live feedback counts in a recipe's lists."""
    return recipe.events != OFF


def log(dataset: Dataset, recipe: Recipe) -> Interactions:
    """All that is known of the users at the recipe's moment. Raises InputError for a moment that cannot be read."""
    return asking(recipe, dataset, audience(dataset, recipe)).audience.log


def events_of(dataset: Dataset, user_id: str) -> tuple[Event, ...]:
    """What one user did on these pages and did not take back, oldest first; nothing where it cannot be read."""
    if problem():
        return ()
    store = event_store()
    return _events_of(store, dataset.name, user_id, store.version(dataset.name))


@lru_cache(maxsize=64)
def _events_of(store: EventStore, name: str, user_id: str, version: str) -> tuple[Event, ...]:
    return store.events(name, user_id)
