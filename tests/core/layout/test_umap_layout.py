"""The UMAP picture and its frame. Loading and compiling UMAP is slow: the tests that need it share one picture."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from core.errors import Cancelled, InputError
from core.layout.preservation import preservation, trustworthiness
from core.layout.umap_layout import (
    EPOCHS_LARGE,
    EPOCHS_SMALL,
    FEWEST,
    Stages,
    can_umap,
    epochs,
    expected_seconds,
    framed,
    umap_layout,
)
from core.types import Array, unit_rows

GROUPS, PER, WIDTH = 6, 50, 24


def tastes(seed: int = 0) -> tuple[Array, Array]:
    """Items of GROUPS tastes, whose picture must show GROUPS islands -> (vectors, group of each)."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.standard_normal((WIDTH, WIDTH)))[0][:GROUPS]
    group = np.repeat(np.arange(GROUPS), PER)
    return unit_rows(centres[group] + 0.12 * rng.standard_normal((len(group), WIDTH))), group


@pytest.fixture(scope="module")
def pictured() -> tuple[Array, Array, Array, list[tuple[int, int, float]]]:
    vectors, group = tastes()
    vectors = vectors.copy()
    vectors[7] = vectors[3]
    vectors[200] = 0.0
    calls: list[tuple[int, int, float]] = []
    return vectors, group, umap_layout(vectors, 2, 4, lambda *call: calls.append(call)), calls


def test_every_taste_is_an_island(pictured: tuple[Array, Array, Array, list[tuple[int, int, float]]]) -> None:
    vectors, group, drawn, _ = pictured
    assert drawn.shape == (GROUPS * PER, 2)
    assert drawn.dtype == np.float32
    distances = np.linalg.norm(drawn[:, None] - drawn[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    counted = np.arange(len(drawn)) != 200  # the item without a direction belongs nowhere
    assert (group[distances.argmin(axis=1)] == group)[counted].mean() > 0.97
    assert trustworthiness(vectors, drawn) > 0.9
    assert preservation(vectors, drawn).mean() > 0.35


def test_progress_rises_to_the_end(pictured: tuple[Array, Array, Array, list[tuple[int, int, float]]]) -> None:
    calls = pictured[3]
    done = [call[0] for call in calls]
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == calls[-1][1] == 1000
    assert len(set(done)) >= 6
    assert all(np.isfinite(left) and left >= 0 for _, _, left in calls)


def test_the_seed_decides(pictured: tuple[Array, Array, Array, list[tuple[int, int, float]]]) -> None:
    vectors, _, drawn, _ = pictured
    assert np.array_equal(umap_layout(vectors, 2, 4), drawn)
    assert not np.array_equal(umap_layout(vectors, 2, 5), drawn)


def test_three_dimensions_and_the_smallest_set() -> None:
    vectors = np.random.default_rng(0).standard_normal((FEWEST, 4)).astype(np.float32)
    drawn = umap_layout(vectors, 3, 0)
    assert drawn.shape == (FEWEST, 3)
    assert np.isfinite(drawn).all()


@pytest.mark.parametrize("looks", [1, 3, 6])
def test_cancel_stops_the_job(looks: int) -> None:
    class After:
        """Set after it has been looked at a number of times: at the start, in the neighbours, in the epochs."""

        left = looks

        def is_set(self) -> bool:
            self.left -= 1
            return self.left < 0

    with pytest.raises(Cancelled):
        umap_layout(tastes()[0], 2, 0, cancel=After())


def test_an_event_that_is_set_stops_before_anything_is_loaded() -> None:
    event = threading.Event()
    event.set()
    with pytest.raises(Cancelled):
        umap_layout(tastes()[0], 2, 0, cancel=event)


def test_too_few_different_items_are_refused() -> None:
    vectors, _ = tastes()
    assert can_umap(vectors[:FEWEST])
    assert not can_umap(vectors[: FEWEST - 1])
    assert not can_umap(np.tile(vectors[: FEWEST - 1], (20, 1)))
    with pytest.raises(InputError, match="15 different"):
        umap_layout(vectors[:10], 2, 0)


def test_stages_add_up() -> None:
    calls: list[tuple[int, int, float]] = []
    clock = Stages({"first": 1.0, "second": 3.0}, lambda *call: calls.append(call))
    clock.at("first")
    clock.at("second")
    clock.within("second")(0.5)
    clock.at("second", 1.0)
    assert [call[:2] for call in calls] == [(0, 1000), (250, 1000), (625, 1000), (1000, 1000)]
    assert [call[2] for call in calls] == pytest.approx([4.0, 3.0, 1.5, 0.0])
    assert epochs(10_000) == EPOCHS_SMALL
    assert epochs(10_001) == EPOCHS_LARGE
    assert list(expected_seconds(100))[-1] == "epochs"


def test_the_frame() -> None:
    rng = np.random.default_rng(1)
    # Tall, far from 0, with a few strays.
    raw = rng.standard_normal((1000, 2)) * [1, 5]
    raw[990:] *= 4
    raw += [300, -70]
    out = framed(raw)
    inside = (np.abs(out) <= 1).all(axis=1).mean()
    assert 0.98 <= inside < 0.985
    core_part = out[:990]
    assert core_part[:, 0].std() > 3 * core_part[:, 1].std()  # wide, not tall
    np.testing.assert_allclose((np.percentile(out, 1, axis=0) + np.percentile(out, 99, axis=0)) / 2, 0, atol=1e-6)
    before = np.linalg.norm(raw[:50, None] - raw[None, :50], axis=2)
    after = np.linalg.norm(out[:50, None] - out[None, :50], axis=2)
    scale = after[0, 1] / before[0, 1]
    np.testing.assert_allclose(after, before * scale, rtol=1e-3, atol=1e-5)  # turned and scaled, nothing else


def test_the_frame_follows_the_guide() -> None:
    raw = np.random.default_rng(1).standard_normal((200, 2)) * [4, 1]
    guide = framed(raw)
    for flip in ([1, 1], [-1, 1], [1, -1], [-1, -1]):
        np.testing.assert_allclose(framed(raw * flip, guide), guide, atol=1e-5)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_the_frame_of_few_or_equal_points(n: int) -> None:
    assert framed(np.zeros((n, 2))).tolist() == [[0.0, 0.0]] * n
    out = framed(np.random.default_rng(0).standard_normal((n, 2)))
    assert out.shape == (n, 2)
    assert np.isfinite(out).all()
    assert (np.abs(out) <= 1).all()
