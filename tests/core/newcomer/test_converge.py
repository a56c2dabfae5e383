"""How lists settle: what each answer kept, and which one moved the list most."""

from __future__ import annotations

import numpy as np
import pytest

from core.compare.overlap import rbo
from core.newcomer.converge import convergence


def test_by_hand_the_answer_whose_absence_changes_the_list_moved_it_most() -> None:
    before = np.array([7, 8, 9])
    steps = np.array([[0, 1, 2], [0, 1, 2], [3, 0, 1]])
    without = np.array([[3, 0, 1], [3, 0, 2], [0, 1, 2]])
    found = convergence(before, steps, without)
    assert found.kept[0] == 0.0
    assert found.kept[1] == pytest.approx(1.0)
    assert found.kept[2] == pytest.approx(rbo(steps[1:2], steps[2:3])[0])
    assert found.moved[0] == 0.0
    assert found.moved[2] == pytest.approx(1 - rbo(steps[2:3], steps[1:2])[0])
    assert found.most == 2


def test_an_answer_that_changes_nothing_is_not_said_to_have_moved_most() -> None:
    one = np.array([[0, 1]])
    assert convergence(np.array([0, 1]), one, one).most == -1
    assert convergence(np.array([0, 1]), np.zeros((0, 2), dtype=int), np.zeros((0, 2), dtype=int)).most == -1


def test_lists_that_are_both_empty_have_no_overlap() -> None:
    empty = np.full((1, 2), -1)
    found = convergence(empty[0], empty, empty)
    assert np.isnan(found.kept[0])
    assert found.most == -1
