"""Recall as a whole, in a world whose right answer is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.answer import answer, columns, command, digits, export_rows, spreadsheet_safe, status
from core.asking import asking
from core.candidates import nearest_to
from core.datasets.build import build_dataset
from core.errors import OutOfRangeError, UnknownNameError
from core.pipeline import recall, scores_for, user_indices
from core.recipe import Recipe
from core.registry import knob, stage
from core.score.dot import Dot
from core.types import Array, Dataset
from tests.worlds import PER_BLOCK, block_world, vectors_of

METRICS = stage("score").names()


def ids(dataset: Dataset, items: np.ndarray) -> list[int]:
    return [int(dataset.catalog.item_ids[item]) for item in items if item >= 0]


@pytest.mark.parametrize("metric", METRICS)
def test_every_user_gets_her_own_block_first(metric: str) -> None:
    dataset, vectors = block_world()
    run = recall(Recipe(metric=metric, k=4), dataset, vectors=vectors)
    for row, user in enumerate(dataset.interactions.user_ids):
        block = int(user) // 100
        assert sorted(ids(dataset, run.selected.items[row])) == [10 * block + place for place in range(2, PER_BLOCK)]
    assert (run.n_above_threshold == 16).all()


def test_seen_items_come_back_only_on_request() -> None:
    dataset, vectors = block_world()
    hidden = recall(Recipe(k=18), dataset, vectors=vectors)
    shown = recall(Recipe(k=18, exclude_seen=False), dataset, vectors=vectors)
    assert hidden.selected.counts.tolist() == [16] * 3
    assert shown.selected.counts.tolist() == [18] * 3
    assert not {0, 1} & set(ids(dataset, hidden.selected.items[0]))


def test_threshold_in_the_metric_s_own_unit() -> None:
    dataset, vectors = block_world()
    near = recall(Recipe.from_flat({"threshold": 0.9, "k": 10}), dataset, vectors=vectors)
    assert near.selected.counts.tolist() == [4] * 3
    assert near.n_above_threshold.tolist() == [4] * 3
    far = recall(Recipe.from_flat({"metric": "euclidean", "threshold": 0.5, "k": 10}), dataset, vectors=vectors)
    np.testing.assert_array_equal(far.selected.items, near.selected.items)


def test_nothing_passes_says_how_near_the_best_came() -> None:
    dataset, vectors = block_world()
    run = recall(Recipe.from_flat({"threshold": 0.9999, "k": 3}), dataset, np.array([0]), vectors=vectors)
    result = answer(run, dataset, 0)
    assert result["items"] == []
    assert result["status"] == "nothing_passes"
    assert str(digits(run.best_score[0])) in result["message"]
    assert f"{0.9999 - run.best_score[0]:.3g} away" in result["message"]


def test_a_history_that_cancels_out_gets_a_state_not_a_list() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1, 2, 3]}, {"user_id": [7, 8], "item_id": [1, 2]})
    opposite = vectors_of(np.array([[1, 0], [-1, 0], [0, 1]], dtype=np.float32))
    log = build_dataset("t", "T", {"item_id": [1, 2, 3]}, {"user_id": [7, 7, 8], "item_id": [1, 2, 3]})
    run = recall(Recipe(k=2), log, vectors=opposite)
    assert status(run, 0) == "no_direction"
    assert "cancel each other out" in answer(run, log, 0)["message"]
    assert run.selected.counts[0] == 0
    assert np.isnan(run.best_score[0])
    assert run.selected.counts[1] == 2
    assert status(recall(Recipe(k=1), dataset, vectors=opposite), 0) == "ok"


def test_a_user_without_history_gets_a_state_not_a_list() -> None:
    dataset, vectors = block_world()
    log = dataset.interactions
    nobody = replace(log, user_ids=np.append(log.user_ids, 999), indptr=np.append(log.indptr, log.indptr[-1]))
    run = recall(Recipe(k=2), replace(dataset, interactions=nobody), np.array([3, 0]), vectors=vectors)
    assert status(run, 0) == "no_history"
    assert run.selected.counts.tolist() == [0, 2]
    assert "no history" in answer(run, replace(dataset, interactions=nobody), 0)["message"]


def test_the_threshold_alone_lists_all_that_pass_whatever_k() -> None:
    dataset, vectors = block_world()
    run = recall(Recipe(select="threshold", threshold=-1.0, k=1), dataset, vectors=vectors)
    assert run.selected.counts.tolist() == run.n_above_threshold.tolist() == [16] * 3
    some = recall(Recipe(select="threshold", threshold=-1.0, k=1, pool=5), dataset, vectors=vectors)
    assert some.selected.counts.tolist() == [5] * 3


def test_a_threshold_that_plays_no_part_is_said() -> None:
    dataset, vectors = block_world()
    run = recall(Recipe(select="top-k", threshold=0.5), dataset, vectors=vectors)
    assert "plays no part" in run.notices[0]


def test_what_goes_by_categories_plays_no_part_without_any() -> None:
    dataset, vectors = block_world()
    asked = Recipe(diversify="calibration", diversity=0.5, spacing="category", diversity_space="ranked")
    assert recall(asked, dataset, vectors=vectors).notices == ()
    bare = replace(dataset, catalog=replace(dataset.catalog, categories=((),) * len(dataset.catalog)))
    assert recall(asked, bare, vectors=vectors).notices == (
        "diversify=calibration plays no part: the items of blocks have no categories",
        "spacing=category plays no part: the items of blocks have no categories",
    )
    assert recall(asked.replace(diversity=0, spacing="none"), bare, vectors=vectors).notices == ()


def test_a_printed_score_given_back_as_threshold_keeps_its_item() -> None:
    rng = np.random.default_rng(5)
    dataset = build_dataset("t", "T", {"item_id": range(50)}, {"user_id": [1, 1], "item_id": [0, 1]})
    vectors = vectors_of(rng.normal(size=(50, 12)).astype(np.float32))
    first = answer(recall(Recipe(k=20), dataset, vectors=vectors), dataset, 0)["items"]
    for place, item in enumerate(first, start=1):
        again = recall(Recipe(k=20, select="both", threshold=item["score"]), dataset, vectors=vectors)
        assert again.selected.counts[0] == place


def test_a_scorer_s_own_knobs_reach_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True, slots=True)
    class Scaled(Dot):
        """A dot product times a number."""

        key: ClassVar[str] = "scaled"
        factor: float = knob(1.0, "what the product is multiplied by", low=-4, high=4)

        def finish(self, kernels: Array, user_lengths: Array, item_lengths: Array) -> Array:
            return Dot.finish(self, kernels, user_lengths, item_lengths) * np.float32(self.factor)

        def inner(self, items: Array, lengths: Array) -> tuple[Array, Array | None]:
            return items * np.float32(self.factor), None

        def __call__(self, users: Array, items: Array) -> Array:
            return Dot.__call__(self, users, items) * np.float32(self.factor)

    monkeypatch.setitem(stage("score")._classes, "scaled", Scaled)
    dataset, vectors = block_world()
    plain = recall(Recipe(metric="dot", k=3), dataset, vectors=vectors)
    doubled = recall(Recipe.from_flat({"metric": "scaled", "factor": 2, "k": 3}), dataset, vectors=vectors)
    np.testing.assert_array_equal(doubled.selected.items, plain.selected.items)
    np.testing.assert_allclose(doubled.selected.scores, 2 * plain.selected.scores, rtol=1e-6)
    turned = recall(Recipe.from_flat({"metric": "scaled", "factor": -1, "k": 18}), dataset, vectors=vectors)
    assert turned.selected.items[0, 0] not in plain.selected.items[0]


def test_a_user_who_has_everything_gets_an_empty_list_with_a_reason() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1, 2]}, {"user_id": [7, 7], "item_id": [1, 2]})
    run = recall(Recipe(k=2), dataset, vectors=vectors_of(np.array([[1, 0], [1, 1]], dtype=np.float32)))
    assert status(run, 0) == "nothing_left"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), metric=st.sampled_from(METRICS), normalize=st.booleans())
def test_the_order_of_the_input_rows_changes_nothing(seed: int, metric: str, normalize: bool) -> None:
    rng = np.random.default_rng(seed)
    n_items, n_rows = 30, 60
    raw = rng.normal(size=(n_items, 5)).astype(np.float32)
    users, items = rng.integers(0, 6, n_rows), rng.integers(0, n_items, n_rows)
    weights = rng.integers(1, 6, n_rows)
    answers = []
    for shuffle in (np.arange(n_items), rng.permutation(n_items)):
        rows = rng.permutation(n_rows)
        dataset = build_dataset(
            "t",
            "T",
            {"item_id": shuffle},
            {"user_id": users[rows], "item_id": items[rows], "weight": weights[rows], "datetime": rows},
        )
        vectors = vectors_of(raw, unit=normalize)
        run = recall(Recipe(metric=metric, k=5, normalize=normalize), dataset, vectors=vectors)
        answers.append((dataset.fingerprint, run.selected.items, run.selected.scores))
    assert answers[0][0] == answers[1][0]
    np.testing.assert_array_equal(answers[0][1], answers[1][1])
    np.testing.assert_array_equal(answers[0][2], answers[1][2])


def test_k_beyond_the_catalogue_is_named() -> None:
    dataset, vectors = block_world()
    with pytest.raises(OutOfRangeError, match=r"k must be between 1 and 18 \(the catalogue\), got 19"):
        recall(Recipe(k=19), dataset, vectors=vectors)


def test_user_ids_are_found_as_numbers_or_texts() -> None:
    dataset, _ = block_world()
    assert user_indices(dataset.interactions, ["101", 201, 1]).tolist() == [1, 2, 0]
    for unknown in ("2", "x", "", "1e3", "99999999999999999999999", -5):
        with pytest.raises(UnknownNameError, match="unknown user"):
            user_indices(dataset.interactions, [unknown])


def test_hidden_is_every_interaction_of_the_asked_users() -> None:
    dataset, _ = block_world()
    rows, items = asking(Recipe(), dataset).hidden(np.array([2, 0]), seen=True)
    assert list(zip(rows.tolist(), items.tolist(), strict=True)) == [(0, 12), (0, 13), (1, 0), (1, 1)]


def test_nearest_to_a_vector_hides_nothing() -> None:
    _, vectors = block_world()
    found = nearest_to(Recipe(), vectors, vectors.values[:1], 3)
    assert found.items[0, 0] == 0
    assert found.scores[0, 0] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_scores_for_the_map_are_the_scores_of_the_list(metric: str) -> None:
    dataset, vectors = block_world()
    recipe = Recipe(metric=metric, k=4)
    run = recall(recipe, dataset, np.array([1]), vectors=vectors)
    everything = scores_for(recipe, vectors, run.users.values[0])
    np.testing.assert_allclose(everything[run.selected.items[0]], run.selected.scores[0], atol=1e-3)


def test_exported_columns_match_the_lists() -> None:
    dataset, vectors = block_world()
    run = recall(Recipe(k=3), dataset, vectors=vectors)
    table = columns(run, dataset)
    assert list(table) == ["user_id", "item_id", "score", "rank", "strategy"]
    assert table["rank"].tolist() == [1, 2, 3] * 3
    assert table["item_id"].tolist() == [item for row in range(3) for item in ids(dataset, run.selected.items[row])]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_disarmed_in_exports(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text
    assert spreadsheet_safe("Alien = 3") == "Alien = 3"
    assert spreadsheet_safe(-1.5) == -1.5
    dataset = build_dataset(
        "t", "T", {"item_id": [1, 2], "title": ["a", text]}, {"user_id": [text.strip()], "item_id": [1]}
    )
    run = recall(Recipe(k=1), dataset, vectors=vectors_of(np.eye(2, dtype=np.float32) + 0.5))
    header, row = export_rows(run, dataset, 0)
    assert header[:2] == ["user_id", "item_id"]
    assert row[2].startswith("'") or row[2].strip() == text.strip() != text


def test_the_shown_command_is_the_recipe() -> None:
    recipe = Recipe.from_flat({"k": 3, "threshold": 0.5, "normalize": False, "template": "{title} it's"})
    words = command(recipe, "u 1")
    assert words.startswith("python -m core recommend --user 'u 1'")
    assert "--normalize false" in words
    assert "--select both" in words


def test_a_run_remembers_how_it_was_made() -> None:
    dataset, vectors = block_world()
    recipe = Recipe(k=2)
    run = recall(recipe, dataset, vectors=vectors)
    assert (run.recipe, run.dataset, run.fingerprint, run.model) == (recipe, "blocks", dataset.fingerprint, "given")
    assert set(run.timings_ms) == {"vectors", "users", "score", "select", "total"}


def test_arrays_of_the_world_are_read_only() -> None:
    dataset, vectors = block_world()
    for array in (dataset.interactions.items, dataset.catalog.item_ids, vectors.values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
