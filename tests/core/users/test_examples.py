"""Example users: found where they were planted."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.types import Array, Interactions
from core.users.examples import examples, focus


def planted() -> tuple[Interactions, Array]:
    """Items 0-39 point along axis 0 (taste A), 40-79 along axes 1.. (scattered)."""
    vectors = np.zeros((80, 41), dtype=np.float32)
    vectors[:40, 0] = 1
    vectors[np.arange(40, 80), 1 + np.arange(40)] = 1
    histories = {
        1: range(12),  # focused
        2: range(40, 52),  # eclectic
        3: range(80),  # heavy
        4: range(38, 41),  # light
        5: [*range(6), *range(40, 46)],
        6: [*range(7), *range(50, 55)],
    }
    rows = [(user, item) for user, items in histories.items() for item in items]
    dataset = build_dataset(
        "t", "T", {"item_id": list(range(80))}, {"user_id": [u for u, _ in rows], "item_id": [i for _, i in rows]}
    )
    return dataset.interactions, vectors


def kinds(interactions: Interactions, vectors: Array) -> dict[str, int]:
    return {example.kind: int(interactions.user_ids[example.user]) for example in examples(interactions, vectors)}


def test_each_kind_is_found() -> None:
    assert kinds(*planted()) == {"heavy": 3, "light": 4, "focused": 1, "eclectic": 2}


def test_one_liked_item_in_a_long_history_is_no_focus() -> None:
    vectors = np.eye(40, dtype=np.float32)
    vectors[:12] = vectors[0]
    liked = {1: [0], 2: range(11), 3: range(12, 24), 4: range(14), 5: range(20, 30)}
    rows = [(user, item, 5 if item in liked[user] else 1) for user in liked for item in range(30)]
    log = {name: [row[place] for row in rows] for place, name in enumerate(("user_id", "item_id", "weight"))}
    dataset = build_dataset("t", "T", {"item_id": list(range(40))}, log, positive_from=4)
    found = kinds(dataset.interactions, vectors)
    assert found["focused"] == 2
    assert found["eclectic"] == 3


def test_focus_is_the_length_of_the_mean_direction() -> None:
    interactions, vectors = planted()
    values = focus(interactions, 3 * vectors)
    assert values[0] == pytest.approx(1)
    assert values[1] == pytest.approx(1 / np.sqrt(12))


def test_nobody_gives_no_examples() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1]}, {"user_id": [], "item_id": []})
    assert examples(dataset.interactions, np.ones((1, 2), dtype=np.float32)) == ()
