"""The recipe: one flat set of choices, checked once, with messages that name the value."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError, OutOfRangeError, UnknownNameError
from core.recipe import Recipe
from core.registry import stage


def test_defaults_survive_the_flat_form() -> None:
    recipe = Recipe()
    assert Recipe.from_flat(recipe.to_flat()) == recipe
    assert recipe.to_flat(changed_only=True) == {}


@given(
    k=st.integers(1, 500),
    metric=st.sampled_from(stage("score").names()),
    threshold=st.none() | st.floats(0, 2),
    normalize=st.booleans(),
    half_life=st.floats(0, 365),
)
def test_flat_strings_give_the_same_recipe(
    k: int, metric: str, threshold: float | None, normalize: bool, half_life: float
) -> None:
    recipe = Recipe.from_flat(
        {
            "k": k,
            "metric": metric,
            "threshold": threshold,
            "select": "both",
            "normalize": normalize,
            "half_life": half_life,
        }
    )
    as_text = {name: "" if value is None else str(value) for name, value in recipe.to_flat().items()}
    assert Recipe.from_flat(as_text) == recipe
    assert Recipe.from_flat({"select": "both", **recipe.to_flat(changed_only=True)}) == recipe


@pytest.mark.parametrize(
    ("flat", "words"),
    [
        ({"k": 0}, "k must be a whole number of at least 1, got 0"),
        ({"k": "ten"}, "k must be a whole number of at least 1, got 'ten'"),
        ({"k": 2.5}, "got 2.5"),
        ({"threshold": "high"}, "threshold must be a number, got 'high'"),
        ({"threshold": "nan"}, "threshold must be a number"),
        ({"threshold": "1e39"}, "threshold must be a number between -1e+09 and 1e+09, got 1e+39"),
        ({"threshold": "-0.5", "metric": "euclidean"}, "threshold must be at least 0, being a euclidean distance"),
        ({"template": "{title} \udcff"}, "template holds bytes that are not text"),
        ({"half_life": -1}, "half_life must be a number between 0 and 3650, got -1"),
        ({"normalize": "maybe"}, "normalize must be true or false"),
        ({"pool": 5, "k": 10}, "pool must be at least k (10), got 5"),
    ],
)
def test_numbers_out_of_range_are_named(flat: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=".*") as caught:
        Recipe.from_flat(flat)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_catalogue_bounds_k() -> None:
    with pytest.raises(OutOfRangeError, match=r"k must be a whole number between 1 and 9066 \(the catalogue\), got 0"):
        Recipe.from_flat({"k": "0"}, n_items=9066)
    assert Recipe.from_flat({"k": "9066"}, n_items=9066).k == 9066


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="unknown metric 'cosin'; known: cosine"):
        Recipe(metric="cosin")
    with pytest.raises(UnknownNameError, match="unknown parameter 'kk'"):
        Recipe.from_flat({"kk": 3})


def test_a_threshold_is_never_silently_ignored() -> None:
    assert Recipe.from_flat({"threshold": "0.4"}).select == "both"
    assert Recipe.from_flat({"threshold": "0.4", "select": "top-k"}).select == "top-k"
    with pytest.raises(InputError, match="needs a threshold"):
        Recipe(select="threshold")


def test_options_belong_to_the_chosen_implementations() -> None:
    recipe = Recipe.from_flat({"half_life": 30})
    assert recipe.build("users").half_life == 30.0
    assert dict(recipe.options)["weight_power"] == 1.0
    with pytest.raises(UnknownNameError):
        Recipe(options=(("no_such_knob", 1),))


@pytest.mark.parametrize(
    ("flat", "words"),
    [
        ({"diversity": 2}, "diversity must be a number between 0 and 1, got 2"),
        ({"diversity": "-0.01"}, "diversity must be a number between 0 and 1"),
        ({"diversity": "abc"}, "diversity must be a number between 0 and 1, got 'abc'"),
        ({"diversity": "nan"}, "diversity must be a number"),
        ({"diversify": "mrr"}, "unknown diversify 'mrr'; known: mmr"),
        ({"diversity_space": "map"}, "unknown diversity_space 'map'; known: text, ranked"),
        ({"relevance_scale": "z"}, "unknown relevance_scale 'z'; known: min-max, rank, score"),
        ({"spacing": "wide"}, "unknown spacing 'wide'; known: none"),
        ({"exploration": "coin"}, "unknown exploration 'coin'; known: none"),
    ],
)
def test_diversity_out_of_range_is_one_sentence(flat: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        Recipe.from_flat(flat)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_a_step_that_is_asked_for_rearranges() -> None:
    assert not Recipe().rearranges
    assert not Recipe(diversify="mmr", relevance_scale="rank", diversity_space="ranked").rearranges
    assert Recipe(diversity=0.05).rearranges
    assert all(Recipe(spacing=key).rearranges for key in stage("spacing").names() if key != "none")
    assert all(Recipe(exploration=key).rearranges for key in stage("exploration").names() if key != "none")


@given(
    method=st.sampled_from(stage("diversify").names()),
    spacing=st.sampled_from(stage("spacing").names()),
    exploration=st.sampled_from(stage("exploration").names()),
    diversity=st.floats(0, 1),
    space=st.sampled_from(["text", "ranked"]),
    scale=st.sampled_from(["min-max", "rank", "score"]),
)
def test_steps_survive_the_flat_form(
    method: str, spacing: str, exploration: str, diversity: float, space: str, scale: str
) -> None:
    chosen = {"diversify": method, "spacing": spacing, "exploration": exploration, "diversity": diversity}
    recipe = Recipe.from_flat({**chosen, "diversity_space": space, "relevance_scale": scale})
    as_text = {name: "" if value is None else str(value) for name, value in recipe.to_flat().items()}
    assert Recipe.from_flat(as_text) == recipe
    assert Recipe.from_flat(recipe.to_flat(changed_only=True)) == recipe
    assert recipe.build("diversify").key == method
    assert recipe.rearranges == (diversity > 0 or spacing != "none" or exploration != "none")


def test_steps_shape_neither_vectors_nor_the_map() -> None:
    assert Recipe(diversity=0.5, diversity_space="ranked", relevance_scale="rank").embedding() == Recipe().embedding()


def test_a_pool_may_be_as_short_as_the_list_but_no_shorter() -> None:
    assert Recipe(k=10, pool=10, diversity=0.5).pool_size == 10
    with pytest.raises(InputError, match=r"pool must be at least k \(10\), got 9: raise pool, or use 0 for 5 x K"):
        Recipe(k=10, pool=9, diversity=0.5)
    assert Recipe(k=10, pool=5, diversity=0.5, select="threshold", threshold=0.2).pool_size == 5


def test_pool_defaults_to_five_times_k() -> None:
    assert Recipe(k=7).pool_size == 35
    assert Recipe(k=7, pool=9).pool_size == 9
    assert Recipe(k=7, select="threshold", threshold=0.1).pool_size > 10**9


def test_embedding_part_ignores_what_only_ranks() -> None:
    base = Recipe()
    assert base.replace(k=50, metric="dot", half_life=9).embedding() == base.embedding()
    assert base.replace(template="{title}").embedding() != base.embedding()


def test_recipes_are_values() -> None:
    recipe = Recipe.from_flat({"k": 3, "half_life": 4})
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert len({recipe, Recipe.from_flat({"half_life": 4, "k": 3})}) == 1
