"""What a fresh server does before it answers: fetch what every page needs first."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.errors import RecallscopeError
from core.pipeline import index_for
from core.recipe import Recipe

from . import blocks, resources

PATIENCE_S = 3.0
"""How long the start may wait; on a warm cache fetching takes well under a second."""


@asynccontextmanager
async def warmed(app: Any) -> AsyncIterator[None]:
    """Fetch in a thread; after PATIENCE_S the server starts all the same and the thread goes on."""
    fetching = asyncio.create_task(asyncio.to_thread(fetch))
    await asyncio.wait([fetching], timeout=PATIENCE_S)
    yield


def fetch() -> None:
    """The default data set, its vectors and examples if they have been computed before, and what pages import."""
    for module in ("pandas", "plotly.graph_objects", "ui.overview_view", "ui.recommend_view", "ui.map_view"):
        importlib.import_module(module)
    recipe = Recipe()
    try:
        data, _ = resources.dataset(recipe.dataset)
        if resources.ready(recipe):
            index_for(resources.vectors(recipe), recipe.build("score"))
            resources.example_users(recipe)
        blocks.slot_of(data, 0)
    except RecallscopeError:
        return  # the page that needs it meets the same problem, and says so
