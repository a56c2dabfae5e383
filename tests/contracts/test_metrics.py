"""What every metric must keep, whoever wrote it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.metrics.judging import judge
from core.registry import stage
from core.splits import users_of
from core.types import Array
from tests.core.metrics.lists import drawn_lists

METRICS = [stage("metrics").get(key)() for key in stage("metrics").names()]
UNIT = {"recall", "precision", "f1", "accuracy", "ndcg", "map", "mrr", "hit_rate", "coverage", "gini"}
UNIT |= {"personalization", "serendipity"}
each = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
draws = settings(max_examples=10, deadline=None)
KS = np.arange(1, 9)


def test_the_keys_of_the_command_line_are_there_in_order() -> None:
    assert [metric.key for metric in METRICS] == [
        *("recall", "precision", "f1", "accuracy", "ndcg", "map", "mrr", "hit_rate"),
        *("coverage", "ild", "novelty", "gini", "arp", "personalization", "serendipity", "calibration"),
        "categories",
    ]


@each
def test_it_states_its_contract(metric: Any) -> None:
    assert dataclasses.is_dataclass(metric)
    assert type(metric).__dataclass_params__.frozen
    for text in (metric.label, metric.formula, metric.denominator, metric.source):
        assert text.strip() == text != ""
    assert any(part.strip("();,").isdigit() and len(part.strip("();,")) == 4 for part in metric.source.split())
    assert metric.better in ("higher", "lower", "")
    assert isinstance(metric.per_user, bool)


@each
@draws
@given(seed=st.integers(0, 10_000))
def test_shape_type_and_bounds(metric: Any, seed: int) -> None:
    judged = drawn_lists(seed)
    before = [array.copy() for array in (judged.items, judged.hits, KS)]
    found = metric(judged, KS)
    assert found.shape == ((len(judged.items), len(KS)) if metric.per_user else (len(KS),))
    assert found.dtype == (np.float32 if metric.per_user else np.float64)
    assert all(np.array_equal(a, b) for a, b in zip(before, (judged.items, judged.hits, KS), strict=True))
    defined = found[~np.isnan(found)]
    assert np.isfinite(defined).all()
    assert (defined >= -1e-7).all()
    if metric.key in UNIT:
        assert not np.isnan(found).any()
        assert (defined <= 1 + 1e-6).all()


def same(a: Array, b: Array) -> None:
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@each
@draws
@given(seed=st.integers(0, 10_000))
def test_a_value_at_k_depends_on_the_first_k_places_only(metric: Any, seed: int) -> None:
    judged = drawn_lists(seed)
    found = metric(judged, KS)
    for k in (1, 3, 8):
        cut = judge(judged.items[:, :k], judged.relevant, judged.n_candidates, judged.world)
        same(metric(cut, np.array([k]))[..., 0], found[..., k - 1])
    same(metric(judged, np.array([2, 5])), found[..., [1, 4]])


@each
@draws
@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_users_does_not_matter(metric: Any, seed: int) -> None:
    judged = drawn_lists(seed)
    order = np.random.default_rng(seed).permutation(len(judged.items))
    world = dataclasses.replace(judged.world, histories=users_of(judged.world.histories, order))
    turned = judge(judged.items[order], judged.relevant.take(order), judged.n_candidates[order], world)
    found = metric(judged, KS)
    same(metric(turned, KS), found[order] if metric.per_user else found)


@each
def test_no_users_at_all_are_no_trouble(metric: Any) -> None:
    judged = drawn_lists(0)
    none = np.zeros(0, dtype=np.int64)
    world = dataclasses.replace(judged.world, histories=users_of(judged.world.histories, none))
    nobody = judge(judged.items[none], judged.relevant.take(none), judged.n_candidates[none], world)
    found = metric(nobody, KS)
    assert found.shape == ((0, len(KS)) if metric.per_user else (len(KS),))
    assert np.isnan(found).all()
