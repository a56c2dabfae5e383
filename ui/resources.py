"""The only file with Streamlit caches: what the server keeps between reruns and shares between sessions.

Cached functions take a name, a fingerprint or a recipe, never arrays (Streamlit hashes large arrays by sample).
Recipes are hashed by their repr, since Streamlit's own hash of a dataclass leaves out its type. What is cached here
is big and read-only, so it is shared, not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np
import streamlit as st

from core.describe import Profile, describe
from core.errors import InputError
from core.evaluate.depths import Depths, depths
from core.evaluate.report import leaderboard
from core.evaluate.run import stored
from core.evaluate.types import Evaluation, Measure, Plan
from core.maps import Layout, load_layout, quick_layout
from core.pipeline import recall, score_range
from core.recipe import Recipe
from core.registry import stage
from core.serving import has_space, map_recipe, map_space
from core.sources import dataset_names, kept_sets, load_dataset, stamp_of
from core.store.drafts import note_path
from core.types import Array, Dataset, Run, Vectors
from core.users.examples import Example, examples
from core.vectors import embed_items, embed_phrases, is_warm

from . import blocks, live
from .jobs import Answer, JobTable, ask
from .map import MapColours, MapPoints, colouring

RECIPE_HASH: dict[Any, Any] = {Recipe: repr}


@st.cache_resource
def jobs() -> JobTable:
    """The long jobs of this server."""
    return JobTable()


@st.cache_data(ttl=5, max_entries=1)
def names() -> tuple[str, ...]:
    """The data sets there are; looked up again after a few seconds, since others may import meanwhile."""
    return dataset_names()


def dataset(name: str) -> tuple[Dataset, tuple[str, ...]]:
    """A data set, and what had to be repaired to load it; read again when it was imported anew meanwhile."""
    stamp = stamp_of(name)
    known = _stamps()
    if known.get(name, stamp) != stamp:
        _forget_derived()
    known[name] = stamp
    return _dataset(name, stamp)


@st.cache_resource
def _stamps() -> dict[str, str]:
    return {}


def _forget_derived() -> None:
    """Drop what was made from a data set that is another one now. Rare, so all of it goes."""
    for derived in (
        *(_vectors, _known_ready, _metric_range, _example_users, _final_layouts, _quick_layout),
        *(_phrase, _map_points, fixed_colours, names, labels),
    ):
        derived.clear()


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(name: str, stamp: str) -> tuple[Dataset, tuple[str, ...]]:
    notices: list[str] = []
    start = perf_counter()
    data = load_dataset(name, on_notice=notices.append)
    _took()[name] = (perf_counter() - start) * 1000
    return data, tuple(notices)


@st.cache_data(ttl=5, max_entries=1)
def labels() -> dict[str, str]:
    """What data sets are called, by name."""
    built_in = {name: stage("datasets").get(name).label for name in stage("datasets").names()}
    return {**built_in, **{kept.name: kept.label or kept.name for kept in kept_sets(whole=False)}}


@st.cache_resource(max_entries=8, show_spinner=False)
def profile(name: str, fingerprint: str) -> Profile:
    """Every figure about a data set; the fingerprint tells a re-imported set of the same name from the one before."""
    return describe(dataset(name)[0])


@st.cache_data(max_entries=32, show_spinner=False)
def inspected(token: str, mark: str) -> Answer:
    """What ``inspect`` says about the plan that a draft keeps under a mark, which stands for all it depends on."""
    return ask("inspect", "--plan", str(note_path(token, f"look-{mark}")), limit_s=INSPECT_LIMIT_S)


INSPECT_LIMIT_S = 60.0


@st.cache_resource
def _took() -> dict[str, float]:
    return {}


def data_ms(name: str) -> float:
    """Milliseconds that reading a data set took when this server read it."""
    return _took()[name]


def vectors_ms(recipe: Recipe) -> float:
    """Milliseconds that fetching the item vectors took when this server fetched them."""
    return _took()[repr(recipe.embedding())]


def ready(recipe: Recipe) -> bool:
    """True when the item vectors can be had at once, without the encoder."""
    return _ready(recipe.embedding())


def _ready(embedding: Recipe) -> bool:
    known = _known_ready()
    if embedding not in known and is_warm(embedding, dataset(embedding.dataset)[0]):
        known.add(embedding)
    return embedding in known


@st.cache_resource
def _known_ready() -> set[Recipe]:
    return set()


def vectors(recipe: Recipe) -> Vectors:
    """The item vectors of a recipe; only to be asked for when ``ready``."""
    return _vectors(recipe.embedding())


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=RECIPE_HASH)
def _vectors(embedding: Recipe) -> Vectors:
    data = dataset(embedding.dataset)[0]
    start = perf_counter()
    found = embed_items(embedding, data)
    _took()[repr(embedding)] = (perf_counter() - start) * 1000
    return found


def run(recipe: Recipe, user: int) -> Run:
    """The answer for one user (index), with what she did a moment ago: computed each time, in a few milliseconds."""
    data = dataset(recipe.dataset)[0]
    people, known = live.audience(data, recipe), live.learned(data, recipe)
    return recall(recipe, known, np.array([user]), vectors=vectors(recipe), audience=people)


OWN_RANGE = (0.0, 1.0)
"""Of a strategy without a space: nobody measures by it."""
RANGE_FIELDS = ("metric", "user_model", "strategy", "as_of")


def metric_range(recipe: Recipe) -> tuple[float, float]:
    """Lowest and highest value of the metric's own unit, for sliders and bars."""
    if not has_space(recipe):
        return OWN_RANGE
    options = {spec.name for spec in recipe.option_knobs()}
    flat = {name: value for name, value in recipe.to_flat().items() if name in options or name in RANGE_FIELDS}
    return _metric_range(Recipe.from_flat(recipe.embedding().to_flat() | flat))


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=RECIPE_HASH)
def _metric_range(recipe: Recipe) -> tuple[float, float]:
    return score_range(recipe, dataset(recipe.dataset)[0], vectors(recipe))


def example_users(recipe: Recipe) -> tuple[Example, ...]:
    """Users worth looking at first."""
    return _example_users(recipe.embedding())


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=RECIPE_HASH)
def _example_users(embedding: Recipe) -> tuple[Example, ...]:
    return examples(dataset(embedding.dataset)[0].interactions, _vectors(embedding).values)


def layout(recipe: Recipe, dims: int) -> tuple[Layout, bool]:
    """The map of a ready strategy, and whether it is the final one; until that is on disk, a quick picture."""
    shape, final = map_recipe(recipe), _final_layouts()
    if (shape, dims) not in final:
        found = load_layout(shown_space(shape)[0], shape, dims)
        if found is None:
            return _quick_layout(shape, dims), False
        while len(final) >= _FINAL_LAYOUTS:
            final.pop(next(iter(final)))
        final[(shape, dims)] = found
    return final[(shape, dims)], True


_FINAL_LAYOUTS = 6


def shown_space(recipe: Recipe) -> tuple[Vectors, Array | None]:
    """The item vectors that the map shows, and which items have a place there, None = all."""
    return map_space(recipe, dataset(recipe.dataset)[0], vectors(recipe))


@st.cache_resource
def _final_layouts() -> dict[tuple[Recipe, int], Layout]:
    return {}


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=RECIPE_HASH)
def _quick_layout(shape: Recipe, dims: int) -> Layout:
    shown, placed = shown_space(shape)
    return quick_layout(shown, dims, placed)


@st.cache_resource(max_entries=256, show_spinner=False, hash_funcs=RECIPE_HASH)
def _phrase(embedding: Recipe, phrase: str) -> Array:
    return embed_phrases(embedding, [phrase], _vectors(embedding))


def phrase_vector(recipe: Recipe, phrase: str) -> Array:
    """(1, d): a phrase in the space of the items; the first one of a server loads the encoder (seconds)."""
    return _phrase(recipe.embedding(), phrase)


def map_points(recipe: Recipe, drawn: Layout) -> MapPoints:
    """Places and labels of a layout; one instance as long as the layout lives, since it keeps its encoded form."""
    return _map_points(f"{recipe.dataset}/{drawn.fingerprint}", recipe.dataset, drawn)


@st.cache_resource(max_entries=6, show_spinner=False)
def _map_points(fingerprint: str, name: str, _drawn: Layout) -> MapPoints:
    data = dataset(name)[0]
    titles = data.catalog.titles.tolist()
    return MapPoints(fingerprint, _drawn.xy, titles, [blocks.subtitle_of(data, item) for item in range(len(titles))])


@st.cache_resource(max_entries=12, show_spinner=False)
def fixed_colours(name: str, by: str) -> MapColours:
    """A colouring that depends on the data set alone."""
    return colouring.FIXED[by](dataset(name)[0])


def evaluation(plan: Plan, fingerprint: str) -> Evaluation | None:
    """The results of a plan, None until they are on disk. fingerprint: of the data set the plan speaks of."""
    known, key = _evaluations(), f"{fingerprint}|{plan!r}"
    if key not in known:
        found = stored(plan, live.learned(dataset(plan.recipes[0].dataset)[0], plan.recipes[0]))
        if found is None:
            return None
        while len(known) >= _EVALUATIONS:
            known.pop(next(iter(known)))
        known[key] = found
    return known[key]


def evaluation_depths(plan: Plan, fingerprint: str, metric: str) -> Depths:
    """One metric of an evaluation that is there, at every K."""
    return _evaluation_depths(repr(plan), fingerprint, metric, plan)


@st.cache_resource(max_entries=12, show_spinner=False)
def _evaluation_depths(key: str, fingerprint: str, metric: str, _plan: Plan) -> Depths:
    return depths(_there(_plan, fingerprint), metric)


def evaluation_board(plan: Plan, fingerprint: str, k: int) -> Mapping[str, Mapping[str, Measure]]:
    """Every metric of an evaluation that is there, at one K."""
    return _evaluation_board(repr(plan), fingerprint, k, plan)


@st.cache_resource(max_entries=12, show_spinner=False)
def _evaluation_board(key: str, fingerprint: str, k: int, _plan: Plan) -> Mapping[str, Mapping[str, Measure]]:
    return leaderboard(_there(_plan, fingerprint), k)


def _there(plan: Plan, fingerprint: str) -> Evaluation:
    found = evaluation(plan, fingerprint)
    if found is None:
        raise InputError("the results of this evaluation are gone: run it again")
    return found


_EVALUATIONS = 4


@st.cache_resource
def _evaluations() -> dict[str, Evaluation]:
    return {}
