"""What became of the neighbourhoods: hand-worked pictures, and scikit-learn as the reference."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.layout import preservation as module
from core.layout.preservation import drawn_neighbours, neighbourhood, preservation, shared, trustworthiness
from core.types import Array

ANGLES = np.radians([0, 10, 50, 70])
FOUR = np.stack((np.cos(ANGLES), np.sin(ANGLES)), axis=1).astype(np.float32)


def cloud(n: int, d: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def test_four_points_by_hand() -> None:
    # True nearest: 0->1, 1->0, 2->3, 3->2. Drawn on a line at 0, 1, 5, 3: 0->1, 1->0, 2->3, 3->1 (2 away, as is 2;
    # so 3 stands at 2.9): three of four kept.
    drawn = np.array([[0, 0], [1, 0], [5, 0], [2.9, 0]], dtype=np.float32)
    assert preservation(FOUR, drawn, 1).tolist() == [1, 1, 1, 0]


def test_trustworthiness_of_four_points_by_hand() -> None:
    # Only point 3 has a stranger next to it: 1, which is its second nearest (rank 2, one too many).
    # 1 - 2 / (4 * 1 * (8 - 3 - 1)) * (2 - 1) = 1 - 2 / 16
    drawn = np.array([[0, 0], [1, 0], [5, 0], [2.9, 0]], dtype=np.float32)
    assert trustworthiness(FOUR, drawn, 1) == 1 - 2 / 16


def test_a_faithful_picture_keeps_everything() -> None:
    angles = np.sort(np.random.default_rng(2).uniform(0, 1.5, 200))
    circle = np.stack((np.cos(angles), np.sin(angles)), axis=1).astype(np.float32)
    assert preservation(circle, circle).min() == 1.0
    assert trustworthiness(circle, circle) == 1.0


def test_a_random_picture_keeps_what_chance_keeps() -> None:
    n = 1200
    kept = preservation(cloud(n, 30), cloud(n, 2, seed=1))
    assert kept.dtype == np.float32
    assert abs(kept.mean() - 15 / (n - 1)) < 0.004
    assert abs(trustworthiness(cloud(n, 30), cloud(n, 2, seed=1)) - 0.5) < 0.02


@pytest.mark.parametrize(("n", "k"), [(60, 5), (400, 15)])
def test_trustworthiness_is_scikit_learns(n: int, k: int) -> None:
    from sklearn.manifold import trustworthiness as reference

    vectors, drawn = cloud(n, 12), cloud(n, 12)[:, :2]
    assert trustworthiness(vectors, drawn, k) == pytest.approx(
        reference(vectors, drawn, n_neighbors=k, metric="cosine"), abs=1e-6
    )


def test_a_sample_estimates_the_whole_and_is_seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, drawn = cloud(900, 8), cloud(900, 8)[:, :2]
    whole = trustworthiness(vectors, drawn)
    part = trustworthiness(vectors, drawn, sample=300, seed=1)
    assert part != whole
    assert abs(part - whole) < 0.02
    assert part == trustworthiness(vectors, drawn, sample=300, seed=1)
    monkeypatch.setattr(module, "EXACT_UP_TO", 800)
    monkeypatch.setattr(module, "SAMPLE", 300)
    assert trustworthiness(vectors, drawn, seed=1) == part


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, drawn = cloud(300, 8), cloud(300, 8)[:, :2]
    whole = trustworthiness(vectors, drawn)
    monkeypatch.setattr(module, "BLOCK_CELLS", 7 * 300)
    assert trustworthiness(vectors, drawn) == whole


def test_undefined_is_nan() -> None:
    assert [neighbourhood(n) for n in (0, 1, 2, 3, 4, 30, 31, 5000)] == [0, 0, 0, 1, 1, 14, 15, 15]
    for n in (0, 1, 2):
        assert np.isnan(preservation(FOUR[:n], FOUR[:n])).all()
        assert len(preservation(FOUR[:n], FOUR[:n])) == n
        assert math.isnan(trustworthiness(FOUR[:n], FOUR[:n]))


def test_coincident_points_are_never_their_own_neighbour() -> None:
    drawn = np.zeros((40, 2), dtype=np.float32)
    found = drawn_neighbours(drawn, 5)
    assert found.shape == (40, 5)
    for point, row in enumerate(found):
        assert point not in row
        assert len(set(row.tolist())) == 5


def test_shared_counts_common_indices_only() -> None:
    true = np.array([[1, 2, 3, 4], [0, 2, 3, -1]])
    drawn = np.array([[4, 9, 8, 1], [7, 8, 9, -1]])
    assert shared(true, drawn).tolist() == [0.5, 0.0]
