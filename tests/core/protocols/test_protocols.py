"""The protocols by hand on a small log, their promises on any log, and their exact sizes on the default set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.protocols.cold_items import ColdItems
from core.protocols.cold_users import ColdUsers
from core.protocols.random_split import RandomSplit
from core.protocols.temporal import Temporal
from core.protocols.warm import Warm
from core.registry import stage
from core.splits import Split, everybody
from core.types import Array, Interactions, readonly

KEYS = stage("protocols").names()


def log_of(histories: list[list[tuple[int, float, int]]]) -> Interactions:
    """A log from (item, weight, time) rows, each history oldest first; liked from 4."""
    rows = [row for history in histories for row in history]
    return Interactions(
        user_ids=readonly(np.arange(len(histories))),
        indptr=readonly(np.cumsum([0, *map(len, histories)])),
        items=readonly(np.array([row[0] for row in rows], dtype=np.int32)),
        weights=readonly(np.array([row[1] for row in rows], dtype=np.float32)),
        times=readonly(np.array([row[2] for row in rows], dtype=np.int64)),
        positive_from=4.0,
    )


def random_log(seed: int, n_users: int = 12, n_items: int = 40) -> tuple[Interactions, Array]:
    """Histories of up to 35 different items at rising times."""
    rng = np.random.default_rng(seed)
    histories = [
        [
            (int(item), float(rng.integers(1, 6)), 10 * user + place)
            for place, item in enumerate(rng.permutation(n_items)[: rng.integers(0, 36)])
        ]
        for user in range(n_users)
    ]
    return log_of(histories), np.ones(n_items, dtype=bool)


def sets(split: Split, row: int) -> tuple[set[int], set[int]]:
    return set(split.relevant.of(row).tolist()), set(split.hidden.of(row).tolist())


def test_warm_by_hand() -> None:
    """Ten positives: the last two are asked. The unloved film 20 came before the last training positive and is seen;
    30 came after it and is not used at all. The other user has nine positives: all of them train."""
    tested = [(item, 5.0, item) for item in range(7)] + [(20, 1.0, 7), (7, 4.0, 8), (30, 2.0, 9)]
    tested += [(8, 4.0, 10), (9, 4.5, 11)]
    small = [(item, 5.0, item) for item in range(10, 19)] + [(31, 1.0, 20)]
    (split,) = Warm()(log_of([tested, small]), np.ones(40, dtype=bool), 0).splits
    assert split.people.users.tolist() == [0]
    assert sets(split, 0) == ({8, 9}, {*range(8), 20})
    assert split.people.histories.items.tolist() == [*range(7), 20, 7]
    assert split.train.items.tolist() == [*range(7), 20, 7, *range(10, 19), 31]
    assert split.n_candidates.tolist() == [40 - 9]
    assert split.n_left_out == 0


def test_temporal_by_hand() -> None:
    """T falls at second 9 of 0..10: the test part is 8 and 9 at seconds 8 and 10; 8 is before T, so only 9 is asked."""
    history = [(item, 5.0, item) for item in range(9)] + [(9, 5.0, 10)]
    other = [(20, 5.0, 0)] * 0 + [(20 + place, 1.0, place) for place in range(9)]
    (split,) = Temporal()(log_of([history, other]), np.ones(40, dtype=bool), 0).splits
    assert sets(split, 0) == ({9}, set(range(9)))
    assert split.people.histories.items.tolist() == list(range(8))
    assert set(split.train.items.tolist()) == {*range(9), *range(20, 29)}


def test_cold_users_meet_the_same_question_after_more_and_more_positives() -> None:
    history = [(30, 1.0, 0), *((item, 5.0, item + 1) for item in range(13))]
    cut = ColdUsers(newcomers_share=0.9)(log_of([history]), np.ones(40, dtype=bool), 0)
    assert [split.label for split in cut.splits] == ["n=0", "n=1", "n=3", "n=5", "n=10"]
    for split, told in zip(cut.splits, ([], [30, 0], [30, 0, 1, 2], [30, *range(5)], [30, *range(10)]), strict=True):
        assert split.train is cut.splits[0].train
        assert len(split.train) == 0
        assert sets(split, 0) == ({10, 11, 12}, {30, *range(10)})
        assert set(split.people.histories.items.tolist()) - {30} == set(told) - {30}


def test_without_times_temporal_says_what_to_use_and_without_order_warm_draws() -> None:
    log, known = random_log(3)
    with pytest.raises(InputError, match="use warm or random"):
        Temporal()(replace(log, times=None), known, 0)
    bare = replace(log, times=None, ordered=False)
    first, again, other = (Warm(warm_fewest=3)(bare, known, seed) for seed in (0, 0, 1))
    assert "drawn at random" in first.notices[0]
    assert first.splits[0].relevant.items.tolist() == again.splits[0].relevant.items.tolist()
    assert first.splits[0].relevant.items.tolist() != other.splits[0].relevant.items.tolist()


@pytest.mark.parametrize("key", KEYS)
@given(seed=st.integers(0, 30))
def test_promises_of_every_protocol(key: str, seed: int) -> None:
    """Nobody is asked for what is hidden, told or not rankable; what is removed has no rows; indices stay."""
    log, known = random_log(seed)
    before = log.items.copy()
    for split in stage("protocols").get(key)()(log, known, seed).splits:
        assert len(split.people) == len(split.relevant) == len(split.hidden)
        assert split.train.n_users == log.n_users
        assert split.known[split.train.items].all()
        for row, user in enumerate(split.people.users):
            wanted, hidden = sets(split, row)
            liked = set(log.liked(int(user)).tolist())
            told = set(split.people.histories.items[split.people.histories.history(row)].tolist())
            assert wanted
            assert wanted <= liked
            assert not wanted & (hidden | told)
            assert split.rankable[list(wanted)].all()
            assert split.n_candidates[row] == split.rankable.sum() - len([i for i in hidden if split.rankable[i]])
            if key != "temporal":
                assert not wanted & set(split.train.liked(int(user)).tolist())
    assert (log.items == before).all()


def test_cold_items_have_no_rows_and_only_they_are_ranked() -> None:
    log, known = random_log(5)
    splits = ColdItems()(log, known, 7).splits
    assert [split.label for split in splits] == [f"seed {seed}" for seed in range(7, 12)]
    for split in splits:
        assert split.rankable.sum() == 8
        assert (split.rankable == ~split.known).all()
        assert not split.rankable[split.train.items].any()
    assert (splits[0].rankable != splits[1].rankable).any()


def test_a_split_inside_a_split_never_sees_its_question() -> None:
    """Applied to training rows, a protocol gives validation rows."""
    log, known = random_log(11)
    outer = RandomSplit()(log, known, 0).splits[0]
    inner = RandomSplit()(outer.train, outer.known, 0).splits[0]
    asked = {(int(user), item) for row, user in enumerate(outer.people.users) for item in sets(outer, row)[0]}
    for row, user in enumerate(inner.people.users):
        assert not {(int(user), item) for item in sets(inner, row)[0]} & asked


def test_everybody_is_asked_with_all_they_did() -> None:
    log, _ = random_log(2)
    people = everybody(log).take(np.array([3, 0]))
    assert people.users.tolist() == [3, 0]
    assert people.histories.liked(0).tolist() == log.liked(3).tolist()


def test_sizes_on_the_default_set() -> None:
    from core import load_dataset

    dataset = load_dataset("movielens-small")
    known = np.ones(len(dataset.catalog), dtype=bool)
    (warm,) = Warm()(dataset.interactions, known, 0).splits
    assert (len(warm.people), int(warm.relevant.counts.sum())) == (625, 10_014)
    (temporal,) = Temporal()(dataset.interactions, known, 0).splits
    assert len(temporal.people) == 80
