"""Overlap of rankings: worked by hand, and the properties that a measure of agreement has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compare.overlap import jaccard, rbo, shared
from core.errors import OutOfRangeError
from core.types import Array

LISTS = st.lists(st.integers(0, 8), max_size=7, unique=True)


def padded(items: list[int], width: int = 7) -> Array:
    return np.array([items + [-1] * (width - len(items))], dtype=np.int32)


def by_definition(a: list[int], b: list[int], p: float) -> float:
    """Equation 32 of the paper, term by term."""
    short, long = sorted((a, b), key=len)
    s, length = len(short), len(long)
    common = [len(set(short[:d]) & set(long[:d])) for d in range(length + 1)]
    agreed = sum(common[d] / d * p**d for d in range(1, length + 1))
    agreed += sum(common[s] * (d - s) / (s * d) * p**d for d in range(s + 1, length + 1))
    return (1 - p) / p * agreed + ((common[length] - common[s]) / length + common[s] / s) * p**length


def test_lists_worked_by_hand() -> None:
    a, b = np.array([[1, 2, 3]]), np.array([[1, 3, 4]])
    assert shared(a, b).tolist() == [2]
    assert jaccard(a, b).tolist() == [2 / 4]
    # X = 1, 1, 2; A = 1, 1/2, 2/3; p = 1/2: (1)(1/2 + 1/8 + 1/12) + 2/3 * 1/8
    assert rbo(a, b, 0.5)[0] == pytest.approx(1 / 2 + 1 / 8 + 1 / 12 + 1 / 12)


def test_a_list_that_is_the_beginning_of_another_agrees_wholly_in_order_and_half_in_size() -> None:
    a, b = padded([4, 7]), padded([4, 7, 1, 2])
    assert rbo(a, b)[0] == pytest.approx(1.0)
    assert jaccard(a, b)[0] == 0.5


def test_empty_lists_agree_about_nothing() -> None:
    a, b = np.array([[-1, -1], [-1, -1], [1, 2]]), np.array([[-1, -1], [1, 2], [3, 4]])
    assert np.isnan(jaccard(a, b)).tolist() == [True, False, False]
    assert np.isnan(rbo(a, b)).tolist() == [True, False, False]
    assert rbo(a, b)[1:].tolist() == [0.0, 0.0]
    assert shared(a, b).tolist() == [0, 0, 0]


def test_lists_of_no_width_and_no_users() -> None:
    assert np.isnan(rbo(np.zeros((2, 0), dtype=int), np.zeros((2, 0), dtype=int))).all()
    assert rbo(np.zeros((0, 3), dtype=int), np.zeros((0, 2), dtype=int)).shape == (0,)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, float("nan")])
def test_a_persistence_that_is_none_is_refused(p: float) -> None:
    with pytest.raises(OutOfRangeError, match="above 0 and below 1"):
        rbo(padded([1]), padded([1]), p)


@given(LISTS, LISTS, st.floats(0.05, 0.99))
def test_rbo_is_its_definition_and_stays_between_0_and_1(a: list[int], b: list[int], p: float) -> None:
    found = rbo(padded(a), padded(b), p)[0]
    if not a or not b:
        assert np.isnan(found) if a == b else found == 0
        return
    assert found == pytest.approx(min(1.0, by_definition(a, b, p)), abs=1e-12)
    assert 0 <= found <= 1
    assert found == pytest.approx(rbo(padded(b), padded(a), p)[0])
    assert (found == 0) == (not set(a) & set(b))
    assert rbo(padded(a), padded(a), p)[0] == pytest.approx(1.0)


@given(LISTS, LISTS)
def test_jaccard_is_that_of_sets(a: list[int], b: list[int]) -> None:
    found = jaccard(padded(a), padded(b))[0]
    either = set(a) | set(b)
    assert np.isnan(found) if not either else found == len(set(a) & set(b)) / len(either)


def test_users_are_taken_in_blocks_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    a, b = (np.argsort(rng.random((7, 9)), axis=1)[:, :4] for _ in range(2))
    whole = rbo(a, b), jaccard(a, b)
    monkeypatch.setattr("core.compare.overlap.BLOCK", 2)
    np.testing.assert_array_equal(whole, (rbo(a, b), jaccard(a, b)))
