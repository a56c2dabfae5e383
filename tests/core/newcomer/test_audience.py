"""A persona as an audience: who likes block A gets block A, and everything weighs what it should."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from core.newcomer.audience import ALL_COUNT, Balance, audience
from core.newcomer.lists import counting, listed, nobody_rated, settled, suited, unasked
from core.newcomer.persona import CATEGORY, DISLIKE, LIKE, NOT_CATEGORY, SENTENCE, SKIP, Persona, from_text
from core.recipe import Recipe
from core.types import Array
from tests.worlds import block_world

DATASET, CONTENT = block_world()
RECIPE = Recipe(dataset="blocks", k=4, pool=18)


def encode(texts: Sequence[str]) -> Array:
    """A sentence that names a block points its way."""
    out = np.zeros((len(texts), CONTENT.values.shape[1]), dtype=np.float32)
    for row, text in enumerate(texts):
        out[row, int(text.rpartition(" ")[2])] = 1.0
    return out


def persona(text: str) -> Persona:
    made, said = from_text(text, DATASET.catalog)
    assert said == ()
    return made


def blocks_of(text: str, recipe: Recipe = RECIPE) -> list[int]:
    made = persona(text)
    run = listed(suited(recipe, made), DATASET, CONTENT, [made], encode=encode)
    return [int(item) // 6 for item in run.selected.items[0] if item >= 0]


@pytest.mark.parametrize(("text", "block"), [("l0", 0), ("l10.l11", 1), ("cBlock_2", 2), ("tblock_1", 1)])
def test_who_likes_a_block_gets_that_block(text: str, block: int) -> None:
    assert blocks_of(text) == [block] * 4


def test_what_was_liked_is_not_recommended() -> None:
    run = listed(RECIPE, DATASET, CONTENT, [persona("l0.l3")], encode=encode)
    assert set(run.selected.items[0].tolist()) == {1, 2, 4, 5}


def test_the_rows_by_hand() -> None:
    made = persona("l11.d0.cBlock_2.xBlock_1.tblock_0_but_not_block_1.s20")
    found = audience([made], DATASET, CONTENT, encode, Balance(category_weight=0.5, sentence_weight=2.0))
    assert found.log.items.tolist() == [7, 0, 18, 19, 20, 21]
    assert found.log.weights.tolist() == pytest.approx([4, 0.5 * ALL_COUNT, 2, 0.75 * ALL_COUNT, 8, 0], abs=1e-12)
    assert found.log.liked(0).tolist() == [7, 18, 20]
    assert found.labels == ("Block 2", "Block 1", "block 0", "block 1")
    assert found.extra is not None
    assert np.linalg.norm(found.extra, axis=1).tolist() == pytest.approx([1, 1, 1, 1])
    block = CONTENT.values[12:].mean(axis=0)
    assert found.extra[0].tolist() == pytest.approx((block / np.linalg.norm(block)).tolist(), abs=1e-6)


def test_a_sentence_shares_its_weight_among_its_wishes() -> None:
    made = persona("tno_block_2-2C_block_0_without_block_1-2C_block_1")
    found = audience([made], DATASET, CONTENT, encode, Balance(sentence_weight=2.0))
    against = ALL_COUNT / 2  # 1 of 2 likes each
    assert found.log.weights.tolist() == pytest.approx([against, 4.0, against, 4.0], abs=1e-12)


def test_several_personas_are_several_users_and_share_what_they_both_say() -> None:
    found = audience([Persona(), persona("l0.cBlock_1"), persona("cBlock_1.l1")], DATASET, CONTENT, encode)
    assert found.log.indptr.tolist() == [0, 0, 2, 4]
    assert found.log.items.tolist() == [0, 18, 18, 1]
    assert found.version != audience([persona("l0")], DATASET, CONTENT, encode).version


def test_without_texts_nothing_is_encoded() -> None:
    def refuse(texts: Sequence[str]) -> Array:
        raise AssertionError(texts)

    assert audience([persona("l0.d1.cBlock_1")], DATASET, CONTENT, refuse).extra is not None
    assert audience([persona("l0.d1")], DATASET, CONTENT, refuse).extra is None


def test_who_said_nothing_gets_what_most_people_like() -> None:
    run = unasked(RECIPE, DATASET, CONTENT)
    assert run.recipe.strategy == "popularity"
    assert set(run.selected.items[0].tolist()) <= {0, 1, 6, 7, 12, 13}


def test_where_the_strategy_knows_items_only_only_answers_about_items_count() -> None:
    made = persona("l0.cBlock_2.tblock_1.s10.d12")
    assert counting(RECIPE, made).answers == tuple(answer for answer in made.answers if answer.kind != SKIP)
    counted = counting(RECIPE.replace(strategy="ease"), made)
    assert {answer.kind for answer in counted.answers} == {LIKE, DISLIKE}


def test_the_way_of_a_list_by_hand() -> None:
    found = settled(RECIPE, DATASET, CONTENT, persona("l0.s5.l10.l11"), encode=encode)
    assert len(found.kept) == len(found.moved) == 3
    assert found.moved[0] == 0.0  # two likes of another block outvote it
    assert found.most == 1
    alone = settled(RECIPE, DATASET, CONTENT, persona("l0"), encode=encode)
    assert alone.moved.tolist() == [1.0]


def test_items_nobody_rated_are_told() -> None:
    assert nobody_rated(DATASET, np.array([0, 1, 2, 6])).tolist() == [False, False, True, False]


def test_every_kind_of_answer_is_tried_here() -> None:
    made = persona("l0.d1.s2.cBlock_0.xBlock_1.tblock_0")
    kinds = {answer.kind for answer in made.answers}
    assert kinds == {LIKE, DISLIKE, SKIP, CATEGORY, NOT_CATEGORY, SENTENCE}


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("l0", "weighted_mean"),
        ("l0.d10", "negative"),
        ("l0.xBlock_1", "negative"),
        ("tblock_0_not_block_1", "negative"),
    ],
)
def test_dislikes_get_a_user_model_that_listens_to_them(text: str, model: str) -> None:
    assert suited(RECIPE, persona(text)).user_model == model
    assert suited(RECIPE.replace(strategy="ease"), persona(text)).user_model == "weighted_mean"
    assert suited(RECIPE.replace(user_model="recent"), persona(text)).user_model == "recent"


@pytest.mark.parametrize("against", ["d20", "xBlock_2", "tnot_block_2"])
def test_what_is_disliked_is_pushed_away(against: str) -> None:
    """Somebody between two blocks who is against one of them gets the other one."""
    made = persona(f"l10.l21.{against}")
    run = listed(suited(RECIPE, made), DATASET, CONTENT, [made], encode=encode)
    assert {int(item) // 6 for item in run.selected.items[0]} == {1}


def test_an_answer_that_weighs_nothing_plays_no_part() -> None:
    found = audience([persona("l0.cBlock_1.tblock_2")], DATASET, CONTENT, encode, Balance(0.0, 0.0))
    assert found.log.items.tolist() == [0]
