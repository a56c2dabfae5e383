"""What the pictures of the page Diversity say in words, and which run belongs to which curve."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.evaluate.types import Measure
from core.explain.ledger import Gone
from core.recipe import Recipe
from core.tradeoff.knee import Knee, knee
from core.tradeoff.points import Point
from core.types import Dataset
from ui.diversity_curve import knee_words, percent
from ui.diversity_map import moves_words, overlay_of
from ui.diversity_pictures import mix_words
from ui.figures.category_mix import Mix
from ui.map_scene import Scene
from ui.tradeoff_job import key_of


def point_of(diversity: float, ndcg: float, ild: float, *, real: bool) -> Point:
    values: dict[str, Any] = {name: Measure(ndcg, ndcg, ndcg, 9) for name in ("ndcg", "recall", "categories")}
    values |= {f"{name}_{end}": ndcg - 0.2 for name in ("ndcg", "recall") for end in ("delta", "low", "high")}
    ild_of = Measure(ild, ild, ild, 9)
    return Point("mmr", 10, diversity, **values, ild=ild_of, p=0.001 if real else 0.5, real=real)


def proposal(*points: Point) -> Knee:
    found = knee(points, "mmr", 10)
    assert found is not None
    return found


START = point_of(0.0, 0.2, 0.5, real=False)


def test_a_bend_is_proposed_with_what_it_brings_and_costs() -> None:
    found = proposal(
        *(START, point_of(0.3, 0.19, 0.56, real=True), point_of(0.6, 0.19, 0.58, real=True)),
        point_of(1.0, 0.1, 0.6, real=True),
    )
    said = knee_words(found)
    assert said.startswith("**Proposed: MMR at 0.60.** ILD +16 %, NDCG −5.0 %.")
    assert "80 % of the diversity it can gain, for 10 % of the relevance" in said
    assert "no loss" not in said


def test_a_strength_without_measurable_loss_is_proposed_as_such() -> None:
    found = proposal(
        START, *(point_of(step / 4, 0.2 - 0.01 * step, 0.5 + 0.01 * step, real=False) for step in (1, 2, 4))
    )
    said = knee_words(found)
    assert "MMR at 1.00" in said
    assert "(not distinguishable from zero)" in said
    assert "Up to 1.00 no loss of relevance can be told from chance, even" in said
    assert "bends" not in said


def test_a_measurable_loss_before_the_bend_is_where_the_proposal_ends() -> None:
    found = proposal(
        *(START, point_of(0.3, 0.2, 0.54, real=False), point_of(0.6, 0.19, 0.59, real=True)),
        point_of(1.0, 0.1, 0.6, real=True),
    )
    said = knee_words(found)
    assert "MMR at 0.30" in said
    assert "Up to 0.30 no loss of relevance" in said
    assert "bends most at 0.60, but a loss" in said


@pytest.mark.parametrize(
    ("share", "said"), [(0.184, "+18 %"), (-0.021, "−2.1 %"), (0.0, "+0.0 %"), (math.nan, "–"), (math.inf, "–")]
)
def test_shares_are_read_at_a_glance(share: float, said: str) -> None:
    assert percent(share) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.5, 0.25, "nearer to her own: miscalibration 0.50 → 0.25"),
        (0.25, 0.5, "away from her own: miscalibration 0.25 → 0.50"),
        (0.251, 0.2512, "as far from her own as before: miscalibration 0.25"),
        (math.nan, 0.5, "not defined"),
    ],
)
def test_the_mix_is_said_by_its_distance(before: float, after: float, said: str) -> None:
    assert said in mix_words(Mix(("a",), (1.0,), (1.0,), (1.0,), before, after))


def gone(item: int, instead: int | None) -> Gone:
    return Gone(item, 1, None, math.nan, 0.1, "outscored", "diversify", instead=instead)


def test_arrows_join_what_has_a_place_on_the_map() -> None:
    view = cast(
        Scene, SimpleNamespace(user_place=lambda: None, ranked=[5, 6], has_place=lambda item: item not in (2, 6))
    )
    overlay = overlay_of(view, [gone(1, 5), gone(2, 5), gone(3, 6), gone(4, None)])
    assert list(overlay.left) == [1, 3, 4]
    assert list(overlay.arrows) == [(1, 5)]
    assert overlay.ranked == [5, 6]


def test_who_came_and_went_is_counted() -> None:
    assert moves_words([1, 2], [3]) == "1 entered, 2 left"
    assert "Nobody entered" in moves_words([], [])


def test_one_run_serves_every_strength_and_no_other_choice() -> None:
    dataset, recipe = cast(Dataset, SimpleNamespace(fingerprint="f")), Recipe()
    assert key_of(recipe, dataset) == key_of(recipe.replace(diversity=0.7), dataset)
    for other in (recipe.replace(k=20), recipe.replace(diversify="dpp"), recipe.replace(spacing="none", pool=80)):
        assert key_of(other, dataset) != key_of(recipe, dataset)
