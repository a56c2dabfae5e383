"""What a fresh server does before it answers: fetch what every page needs first; then, beside it, what comes next."""

from __future__ import annotations

import asyncio
import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.candidates import index_for
from core.errors import RecallscopeError
from core.recipe import Recipe
from core.registry import stage

from . import blocks, resources

PATIENCE_S = 3.0
"""How long the start may wait; on a warm cache fetching takes well under a second."""
KERNELS = "core.diversify.warming"
"""The module whose ``warm_up`` loads compiled code, or compiles it."""
preparing = threading.Event()
"""Set while ``prepare_steps`` works for a server that has just started."""


@asynccontextmanager
async def warmed(app: Any) -> AsyncIterator[None]:
    """Fetch in a thread; after PATIENCE_S the server starts all the same and the thread goes on.

    The first step of a diversity slider is made ready in another thread, which the server never waits for.
    """
    fetching = asyncio.create_task(asyncio.to_thread(fetch))
    preparing.set()
    threading.Thread(target=prepare_steps, name="prepare-steps", daemon=True).start()
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


def prepare_steps() -> None:
    """The compiled code between pool and list, and one list by each method: seconds on a machine that never did it,
    since then it is compiled, a fraction of one afterwards. Whatever goes wrong here goes to the log and no further:
    a page that asks for such a list meets it again."""
    try:
        importlib.import_module(KERNELS).warm_up()
        for method in stage("diversify").names():
            recipe = Recipe(diversify=method, diversity=0.5)
            if resources.ready(recipe):
                resources.run(recipe, 0)
    except Exception as problem:
        logging.getLogger(__name__).warning("what diversity needs could not be made ready: %s", problem)
    finally:
        preparing.clear()
