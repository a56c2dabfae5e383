"""Metrics worked by hand, and what has to hold whatever the lists."""

from __future__ import annotations

import dataclasses
import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.registry import stage
from tests.core.metrics.lists import drawn_lists, judged_lists, value

KEYS = stage("metrics").names()
draws = settings(max_examples=15, deadline=None)
KS = np.arange(1, 9)


@pytest.mark.parametrize("key", KEYS)
def test_the_example_in_the_docstring_holds(key: str) -> None:
    module = importlib.import_module(stage("metrics").get(key).__module__)
    result = doctest.testmod(module)
    assert result.attempted >= 2
    assert result.failed == 0


def test_a_miss_at_the_end_of_the_padding_is_no_hit() -> None:
    """Item 0 is relevant to the first, the last item to the second; neither may show up in the padding."""
    judged = judged_lists([[1], [1], [0, 1, 2]], [[0], [2], [2]], 3)
    assert judged.hits.tolist() == [[False] * 3, [False] * 3, [False, False, True]]


def test_accuracy_counts_the_places_that_are_filled() -> None:
    """Ten candidates, one hit of two: TP 1, FP 1, FN 1, TN 7; the short list stays where it is."""
    judged = judged_lists([[0, 5], [0, 5, 6, 7]], [[0, 1], [0, 1]], 10)
    assert value("accuracy", judged, 2, 4) == pytest.approx(np.array([[0.8, 0.8], [0.8, 0.6]]))


def test_diversity_is_the_mean_over_the_pairs() -> None:
    judged = judged_lists([[0, 1, 2], [0]], [[0], [0]], 3, vectors=np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32))
    found = value("ild", judged, 1, 2, 3)
    assert np.isnan(found[:, 0]).all()
    assert np.isnan(found[1]).all()
    assert found[0, 1:] == pytest.approx([0.4, (0.4 + 1 + 0.2) / 3])


@draws
@given(seed=st.integers(0, 10_000))
def test_aggregates_equal_their_plain_definitions(seed: int) -> None:
    judged = drawn_lists(seed)
    lists = [[int(i) for i in row if i >= 0] for row in judged.items]
    n = len(lists)
    for place, k in enumerate(KS.tolist()):
        sets = [set(row[:k]) for row in lists]
        overlaps = [len(sets[a] & sets[b]) / k for a in range(n) for b in range(a)]
        assert value("personalization", judged, *KS)[place] == pytest.approx(1 - np.mean(overlaps))
        assert value("coverage", judged, *KS)[place] == pytest.approx(len(set.union(*sets)) / 15)
        shown = np.bincount([i for row in sets for i in row], minlength=15)
        apart = np.abs(shown[:, None] - shown[None]).mean() / (2 * shown.mean())
        assert value("gini", judged, *KS)[place] == pytest.approx(apart)


@draws
@given(seed=st.integers(0, 10_000))
def test_per_user_values_equal_their_plain_definitions(seed: int) -> None:
    judged = drawn_lists(seed)
    vectors = judged.world.vectors.astype(np.float64)
    for row, items in enumerate(judged.items):
        listed = [int(i) for i in items if i >= 0]
        wanted = set(judged.relevant.of(row).tolist())
        for k in KS.tolist():
            top = listed[:k]
            hits = [i in wanted for i in top]
            precision, recall = sum(hits) / k, sum(hits) / len(wanted)
            average = sum(sum(hits[: p + 1]) / (p + 1) for p, hit in enumerate(hits) if hit) / min(k, len(wanted))
            harmonic = 2 * precision * recall / (precision + recall) if any(hits) else 0
            for key, plain in (("precision", precision), ("recall", recall), ("map", average), ("f1", harmonic)):
                assert value(key, judged, k)[row, 0] == pytest.approx(plain, abs=1e-6)
            assert value("mrr", judged, k)[row, 0] == pytest.approx(1 / (hits.index(True) + 1) if any(hits) else 0)
            assert value("hit_rate", judged, k)[row, 0] == float(any(hits))
            if len(top) > 1:
                pairs = [1 - vectors[a] @ vectors[b] for p, a in enumerate(top) for b in top[:p]]
                assert value("ild", judged, k)[row, 0] == pytest.approx(np.mean(pairs), abs=1e-5)


@draws
@given(seed=st.integers(0, 10_000))
def test_recall_and_hits_never_fall_with_k_and_a_perfect_list_gets_one(seed: int) -> None:
    judged = drawn_lists(seed)
    for key in ("recall", "mrr", "hit_rate"):
        assert (np.diff(value(key, judged, *KS), axis=1) >= 0).all()
    wanted = [judged.relevant.of(row).tolist() for row in range(len(judged.items))]
    perfect = judged_lists(wanted, wanted, 15)
    for key in ("ndcg", "map", "mrr"):
        assert (value(key, perfect, *range(1, perfect.items.shape[1] + 1)) == 1).all()


def test_calibration_needs_categories_on_both_sides() -> None:
    """History half A, half B; list all A: .5 log(.5/.995) + .5 log(.5/.005)."""
    categories = np.array([[1, 0], [0, 1], [0, 0]], dtype=bool)
    judged = judged_lists([[0], [0], [2], [0]], [[0]] * 4, 3, categories=categories, histories=[[0, 1], [2], [0], [0]])
    found = value("calibration", judged, 1)[:, 0]
    assert found[0] == pytest.approx(0.5 * np.log(0.5 / 0.995) + 0.5 * np.log(0.5 / 0.005), rel=1e-5)
    assert np.isnan(found[1:3]).all()
    assert found[3] == pytest.approx(0, abs=1e-6)
    assert np.isnan(value("calibration", judged_lists([[0]], [[0]], 3), 1)).all()


def test_categories_count_once_however_often_they_stand_in_a_list() -> None:
    """Items of A, of A and B, of none; the empty list touches nothing."""
    categories = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0]], dtype=bool)
    judged = judged_lists([[0, 1, 2], [2], []], [[0]] * 3, 3, categories=categories)
    assert value("categories", judged, 1, 2, 3).tolist() == [[1, 2, 2], [0, 0, 0], [0, 0, 0]]
    assert np.isnan(value("categories", judged_lists([[0]], [[0]], 3), 1)).all()


def test_undefined_is_nan() -> None:
    empty = judged_lists([[], [0, 1]], [[0], [0]], 3, n_train_users=0)
    for key in ("arp", "ild"):
        assert np.isnan(value(key, empty, 2)[0]).all()
    assert np.isnan(value("novelty", empty, 1, 2)).all()
    assert np.isnan(value("personalization", judged_lists([[0]], [[0]], 3), 1)).all()
    nothing = dataclasses.replace(empty, items=np.full((2, 2), -1, dtype=np.int32))
    assert np.isnan(value("gini", nothing, 1, 2)).all()
    assert value("coverage", nothing, 1, 2).tolist() == [0, 0]
