"""A strategy chosen by a recipe: lists come from it, in its own space or by its own scores."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from core import pipeline
from core.answer import columns
from core.asking import asking
from core.recipe import Recipe
from core.scoring import channels_of
from core.serving import Serving
from core.splits import People
from core.types import Array, UserVectors, readonly
from tests.worlds import block_world, vectors_of

DATASET, CONTENT = block_world()
N_ITEMS = len(DATASET.catalog)


@dataclass(frozen=True, eq=False)
class ByPlace:
    """Scores an item by its place in the catalogue and has no opinion on the last one; knows nobody of row 2."""

    def score(self, people: People) -> Array:
        scores = np.tile(np.arange(N_ITEMS, dtype=np.float32), (len(people), 1))
        scores[:, -1] = np.nan
        scores[people.users == 2] = np.nan
        return scores

    def item_vectors(self) -> Array:
        angle = np.linspace(0, np.pi / 2, N_ITEMS)
        points = np.stack((np.cos(angle), np.sin(angle)), axis=1).astype(np.float32) * 3
        points[-1] = np.nan
        return points

    def user_vectors(self, people: People) -> UserVectors:
        known = readonly(people.users != 2)
        values = np.where(known[:, None], np.array([[0.0, 2.0]]), np.nan).astype(np.float32)
        return UserVectors(people.users, values, known, known)


def serve(monkeypatch: pytest.MonkeyPatch, found: Serving, *, has_space: bool = True) -> None:
    """Let the pipeline find this strategy, whatever the recipe names."""
    for module in ("pipeline", "candidates", "scoring", "idle"):
        monkeypatch.setattr(f"core.{module}.needs_fitting", lambda recipe: True)
    for module in ("pipeline", "candidates"):
        monkeypatch.setattr(f"core.{module}.serving", lambda *args: found)
    for module in ("idle", "serving"):
        monkeypatch.setattr(f"core.{module}.has_space", lambda recipe: has_space)


@pytest.fixture
def by_place(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Serving(ByPlace(), None, np.ones(N_ITEMS, dtype=bool))
    serve(monkeypatch, found, has_space=False)


@pytest.mark.usefixtures("by_place")
def test_own_scores_rank_and_nothing_seen_or_unscored_comes() -> None:
    run = pipeline.recall(Recipe(k=3), DATASET, vectors=CONTENT)
    assert run.selected.items.tolist() == [[16, 15, 14], [16, 15, 14], [-1, -1, -1]]
    assert run.users.known.tolist() == [True, True, False]
    assert run.users.has_history.all()
    assert run.n_above_threshold.tolist() == [15, 15, 0]
    assert set(columns(run, DATASET)["strategy"]) == {"content"}


@pytest.mark.usefixtures("by_place")
def test_a_threshold_is_on_the_strategy_s_own_scale_and_an_idle_metric_is_said() -> None:
    recipe = Recipe(k=9, metric="euclidean", select="both", threshold=15.0)
    run = pipeline.recall(recipe, DATASET, np.array([0]), vectors=CONTENT)
    assert run.selected.items[0].tolist()[:3] == [16, 15, -1]
    assert any("euclidean plays no part" in notice for notice in run.notices)


def test_a_space_of_its_own_obeys_the_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    points = ByPlace().item_vectors()
    placed = np.asarray(np.isfinite(points).all(axis=1))
    vectors = replace(vectors_of(np.nan_to_num(points)), fingerprint="1" * 16)
    serve(monkeypatch, Serving(ByPlace(), vectors, placed))
    run = pipeline.recall(Recipe(k=2), DATASET, vectors=CONTENT)
    assert run.selected.items.tolist() == [[16, 15], [16, 15], [-1, -1]]
    np.testing.assert_allclose(np.linalg.norm(run.users.values[:2], axis=1), 1)
    assert run.selected.scores[0, 0] == pytest.approx(np.sin(np.pi / 2 * 16 / 17), abs=1e-6)


def test_lists_of_the_content_strategy_have_no_channels() -> None:
    found = Serving(ByPlace(), None, np.ones(N_ITEMS, dtype=bool))
    assert channels_of(found, asking(Recipe(), DATASET), np.array([0]), np.zeros((1, 2), dtype=np.int32)) == {}


@dataclass(frozen=True, eq=False)
class Counting(ByPlace):
    """Counts how often it is asked; its one channel ranks the items from the last to the first."""

    asked: list[str] = field(default_factory=list)

    def score(self, people: People) -> Array:
        self.asked.append("score")
        return ByPlace.score(self, people)

    def channels(self, people: People, items: Array) -> dict[str, Array]:
        self.asked.append("channels")
        return {"place": np.where(items >= 0, N_ITEMS - items, 0).astype(np.int32)}


def test_a_slider_step_does_not_ask_the_strategy_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Serving(Counting(), None, np.ones(N_ITEMS, dtype=bool))
    serve(monkeypatch, found, has_space=False)
    one, more = (pipeline.recall(Recipe(k=k), DATASET, np.array([1]), vectors=CONTENT) for k in (2, 4))
    assert found.fitted.asked == ["score", "channels"]  # type: ignore[attr-defined]
    assert more.selected.items[0, :2].tolist() == one.selected.items[0].tolist()
    everybody = pipeline.recall(Recipe(k=4), DATASET, vectors=CONTENT)
    assert everybody.channels["place"].tolist()[1] == more.channels["place"][0].tolist() == [2, 3, 4, 5]
    assert everybody.channels["place"].tolist()[2] == [0] * 4


@dataclass(frozen=True, eq=False)
class InBlocks(Counting):
    """Refuses to be asked about more than two people at once."""

    def score(self, people: People) -> Array:
        assert len(people) <= 2
        return Counting.score(self, people)

    def channels(self, people: People, items: Array) -> dict[str, Array]:
        assert len(people) <= 2
        return Counting.channels(self, people, items)


@pytest.mark.parametrize("embedded", [False, True])
def test_everybody_is_asked_for_in_blocks_and_gets_the_same_lists(
    monkeypatch: pytest.MonkeyPatch, embedded: bool
) -> None:
    points = ByPlace().item_vectors()
    vectors = replace(vectors_of(np.nan_to_num(points)), fingerprint="2" * 16) if embedded else None
    found = Serving(InBlocks(), vectors, np.asarray(np.isfinite(points).all(axis=1)))
    serve(monkeypatch, found, has_space=embedded)
    alone = [pipeline.recall(Recipe(k=4), DATASET, np.array([user]), vectors=CONTENT) for user in range(3)]
    monkeypatch.setattr("core.candidates.BLOCK", 2)
    monkeypatch.setattr("core.scoring.BLOCK", 2)
    run = pipeline.recall(Recipe(k=4), DATASET, vectors=CONTENT)
    assert run.selected.items.tolist() == [one.selected.items[0].tolist() for one in alone]
    assert run.n_above_threshold.tolist() == [one.n_above_threshold[0] for one in alone]
    assert run.users.known.tolist() == [True, True, False]
    assert run.channels["place"].tolist() == [one.channels["place"][0].tolist() for one in alone]
