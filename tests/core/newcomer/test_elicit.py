"""What to ask: known and telling items first, never one twice, and questions that stay until they are answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.build import build_dataset
from core.newcomer.elicit import Elicitation, entropy0, opinions, questions, worth
from core.newcomer.persona import DISLIKE, LIKE, SKIP, Persona
from core.types import Dataset, Vectors
from tests.worlds import block_world, vectors_of

PLAIN = Elicitation(diversity=0.0)


def two_camps() -> tuple[Dataset, Vectors]:
    """Ten users like items 0, 1, 2 and dislike 3, 4, 5; eight the other way round. Item 6 is liked by two."""
    rows: dict[str, list[float]] = {"user_id": [], "item_id": [], "weight": []}
    for user in range(18):
        mine = (0, 1, 2) if user < 10 else (3, 4, 5)
        for item in range(6):
            rows["user_id"].append(user)
            rows["item_id"].append(item)
            rows["weight"].append(5.0 if item in mine else 1.0)
    for user in (0, 17):
        rows["user_id"].append(user)
        rows["item_id"].append(6)
        rows["weight"].append(5.0)
    items: dict[str, Sequence[object]] = {"item_id": range(7), "title": [f"Item {item}" for item in range(7)]}
    dataset = build_dataset("camps", "Camps", items, rows, positive_from=4.0)
    return dataset, vectors_of(np.eye(7))


def test_entropy0_by_hand() -> None:
    found = entropy0(np.array([0.5, 0.25, 0.0, 1.0]), np.array([0.5, 0.25, 0.0, 0.0]))
    assert found.tolist() == pytest.approx([1 / 2.5, (0.5 + 0.5 + 0.5 * 0.5) / 2.5, 0.0, 0.0])


def test_opinions_are_those_on_the_best_known_items_first() -> None:
    dataset, _ = two_camps()
    found = opinions(dataset.interactions)
    assert found.items.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert found.liked.sum(axis=0).tolist() == [10, 10, 10, 8, 8, 8, 2]
    assert found.disliked.sum(axis=0).tolist() == [8, 8, 8, 10, 10, 10, 0]
    assert opinions(dataset.interactions, 2).items.tolist() == [0, 1]


def test_worth_is_highest_where_a_like_is_likely_and_the_answer_tells() -> None:
    found = opinions(two_camps()[0].interactions)
    even = np.full(18, 1 / 18)
    assert int(worth(found, even, 0.7).argmax()) == 0
    assert worth(found, even, 0.7)[6] == worth(found, even, 0.7).min()
    likely = worth(found, even, 1.0)
    assert likely.tolist() == pytest.approx([1, 1, 1, 0.8, 0.8, 0.8, 0.2])


@pytest.mark.parametrize(("kind", "asked"), [(LIKE, {1, 2}), (DISLIKE, {3, 4})])
def test_the_next_question_is_about_what_those_who_agree_like(kind: str, asked: set[int]) -> None:
    dataset, content = two_camps()
    found = questions(
        dataset.interactions, dataset.catalog, content, Persona().with_answer(kind, "0"), 1, Elicitation(1.0, 0.0)
    )
    assert int(found[0]) in asked


def test_an_answer_replaces_its_own_question_and_the_others_keep_their_places() -> None:
    dataset, content = two_camps()
    first = questions(dataset.interactions, dataset.catalog, content, Persona(), 3, PLAIN)
    assert len(set(first.tolist())) == 3
    persona = Persona().with_answer(SKIP, str(first[1]))
    second = questions(dataset.interactions, dataset.catalog, content, persona, 3, PLAIN)
    assert (second[0], second[2]) == (first[0], first[2])
    assert second[1] not in first


def test_diversity_keeps_questions_apart() -> None:
    dataset, _ = two_camps()
    alike = np.eye(7)
    alike[1] = alike[2] = alike[0]
    found = questions(dataset.interactions, dataset.catalog, vectors_of(alike), Persona(), 2, Elicitation(1.0, 0.5))
    assert found.tolist() == [0, 3]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from((LIKE, DISLIKE, SKIP)), st.integers(0, 6)), max_size=9), st.integers(1, 9))
def test_nothing_answered_is_asked_again(answers: list[tuple[str, int]], size: int) -> None:
    dataset, content = two_camps_kept
    persona = Persona()
    for kind, item in answers:
        persona = persona.with_answer(kind, str(item))
    found = questions(dataset.interactions, dataset.catalog, content, persona, size).tolist()
    left = 7 - len({item for _, item in answers})
    assert len(found) == len(set(found)) == min(size, left)
    assert not {str(item) for item in found} & {answer.value for answer in persona.answers}


two_camps_kept = two_camps()


def test_a_log_without_dislikes_can_be_asked_about_as_well() -> None:
    dataset, content = block_world()
    persona = Persona().with_answer(LIKE, "0")
    found = questions(dataset.interactions, dataset.catalog, content, persona, 3)
    assert len(found) == 3
    assert 0 not in found
