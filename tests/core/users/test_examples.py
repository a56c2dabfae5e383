"""Example users: found where they were planted."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.users.examples import examples, focus


def planted() -> tuple[object, np.ndarray]:
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


def test_each_kind_is_found() -> None:
    interactions, vectors = planted()
    found = {example.kind: int(interactions.user_ids[example.user]) for example in examples(interactions, vectors)}  # type: ignore[attr-defined]
    assert found == {"heavy": 3, "light": 4, "focused": 1, "eclectic": 2}


def test_focus_is_the_length_of_the_mean_direction() -> None:
    interactions, vectors = planted()
    values = focus(interactions, 3 * vectors)  # type: ignore[arg-type]
    assert values[0] == pytest.approx(1)
    assert values[1] == pytest.approx(1 / np.sqrt(12))


def test_nobody_gives_no_examples() -> None:
    dataset = build_dataset("t", "T", {"item_id": [1]}, {"user_id": [], "item_id": []})
    assert examples(dataset.interactions, np.ones((1, 2), dtype=np.float32)) == ()
