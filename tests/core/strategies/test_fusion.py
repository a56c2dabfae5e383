"""Merged lists by hand: scores on one scale, reciprocal ranks, and what each channel says about its part."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.errors import InputError, UnknownNameError
from core.splits import COLD_ITEMS, People, Training, everybody
from core.strategies.fusion_rank import FittedFusionRank, FusionRank
from core.strategies.fusion_score import FittedFusionScore, FusionScore
from core.strategies.merging import Channels, channels_named, ranks_of, standardised
from core.types import Array, Interactions, readonly
from tests.worlds import block_world

NAN = np.nan
ALL = np.ones(4, dtype=bool)


@dataclass(frozen=True)
class Fixed:
    """The same scores for everybody."""

    row: tuple[float, ...]

    def score(self, people: People) -> Array:
        return np.tile(np.array(self.row, dtype=np.float32), (len(people), 1))


def one_user(*items: int) -> People:
    log = Interactions(
        user_ids=readonly(np.array([7])),
        indptr=readonly(np.array([0, len(items)])),
        items=readonly(np.array(items, dtype=np.int32)),
        weights=readonly(np.ones(len(items), dtype=np.float32)),
        times=None,
    )
    return everybody(log)


def parts(a: tuple[float, ...], b: tuple[float, ...], weights: tuple[float, float] = (1.0, 1.0)) -> Channels:
    return Channels({"a": Fixed(a), "b": Fixed(b)}, dict(zip("ab", weights, strict=True)), ALL)


def test_standardised_leaves_out_the_history_and_what_nobody_scored() -> None:
    """Items 1 and 2 count: mean 3, spread 1. The item of the history is placed on the same scale."""
    found = standardised(np.array([[10.0, 2.0, 4.0, NAN]]), one_user(0), ALL)
    np.testing.assert_allclose(found, [[7.0, -1.0, 1.0, NAN]])
    np.testing.assert_allclose(standardised(np.full((1, 4), 5.0), one_user(0), ALL), [[0, 0, 0, 0]])


def test_ranks_start_at_1_skip_the_history_and_break_ties_by_item() -> None:
    assert ranks_of(np.array([[9.0, 2.0, 2.0, NAN]]), one_user(0)).tolist() == [[0, 1, 2, 0]]


def test_sum_of_standardised_scores() -> None:
    """z of a: 1, -1 on items 1 and 2; z of b, twice the weight: -1, 1. Item 3 has no channel."""
    fitted = FittedFusionScore(parts((0.0, 4.0, 2.0, NAN), (0.0, 1.0, 3.0, NAN), (1.0, 2.0)))
    np.testing.assert_allclose(fitted.score(one_user(0))[0, 1:], [-1.0, 1.0, NAN])


def test_reciprocal_ranks() -> None:
    fitted = FittedFusionRank(parts((0.0, 4.0, 2.0, NAN), (0.0, NAN, 3.0, NAN)), 60.0)
    np.testing.assert_allclose(fitted.score(one_user(0))[0], [NAN, 1 / 61, 1 / 62 + 1 / 61, NAN], rtol=1e-6)


def test_each_item_says_which_channel_brought_it_and_at_what_rank() -> None:
    merged = parts((0.0, 4.0, 2.0, NAN), (0.0, NAN, 3.0, NAN))
    items = np.array([[2, 1, 3, -1]])
    for fitted in (FittedFusionScore(merged), FittedFusionRank(merged, 60.0)):
        found = fitted.channels(one_user(0), items)
        assert found["a"].tolist() == [[2, 1, 0, 0]]
        assert found["b"].tolist() == [[1, 0, 0, 0]]


def test_channels_are_named_with_their_weights() -> None:
    assert channels_named("ease, sequence = 1.5", "") == {"ease": 1.0, "sequence": 1.5}
    assert channels_named("", "ease,popularity=2") == {"ease": 1.0, "popularity": 2.0}
    for given, kind, words in (
        ("ease,fusion-rank", UnknownNameError, "unknown channel 'fusion-rank'"),
        ("ease,nothing", UnknownNameError, "unknown channel 'nothing'"),
        ("ease=-1,als", InputError, "the weight of ease must be a number above 0"),
        ("ease=much,als", InputError, "the weight of ease must be a number above 0"),
        ("ease", InputError, "needs at least 2"),
    ):
        with pytest.raises(kind, match=words):
            channels_named(given, "")


def test_lists_of_cold_items_are_merged_among_those() -> None:
    """Item 17 has no behaviour: it is the only one that lists are made of, so every channel ranks it first."""
    dataset, vectors = block_world()
    known = np.ones(len(dataset.catalog), dtype=bool)
    known[17] = False
    training = Training(dataset.catalog, dataset.interactions, vectors, vectors.values, readonly(known))
    cold = replace(training, task=COLD_ITEMS)
    for strategy in (FusionScore(), FusionRank()):
        fitted = strategy.fit(cold)
        people = everybody(dataset.interactions)
        ranks = fitted.channels(people, np.full((len(people), 1), 17))
        assert all((found == 1).all() for found in ranks.values())
