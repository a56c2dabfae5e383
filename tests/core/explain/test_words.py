"""Word shares of real items: exactly what the ranking itself would lose, remembered, and honest where none exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from core import Recipe, embed_items, load_dataset, recall
from core.audience import Audience
from core.errors import OutOfRangeError
from core.explain import words
from core.explain.words import NO_MODEL, NO_PLACE, TEXT_ONLY, deletion_check, token_shares
from core.pipeline import placed_users
from core.score.cosine import Cosine
from core.types import Array, Dataset, Vectors, readonly
from core.vectors import OWN_VECTORS
from tests.worlds import block_world

RECIPE = Recipe(dataset="blocks", template="{title} is {category}")


class Encoder:
    """In place of a model: a text points to the block whose name stands in it, and to nothing else."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, recipe: Recipe, texts: Sequence[str], vectors: Vectors) -> Array:
        self.calls += 1
        rows = np.full((len(texts), 9), 0.1, dtype=np.float32)
        for row, text in enumerate(texts):
            for block in range(3):
                rows[row, block] += f"Block {block}" in text
        return vectors.place(rows)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoder]:
    found = Encoder()
    monkeypatch.setattr(words, "embed_texts", found)
    words.forget()
    yield found
    words.forget()


@pytest.fixture
def world() -> tuple[Dataset, Vectors]:
    return block_world()


def test_the_words_that_name_the_taste_carry_the_score(encoder: Encoder, world: tuple[Dataset, Vectors]) -> None:
    found = token_shares(RECIPE, *world, 0, 4)
    assert found.text == "Item 4 is Block 0"
    assert [found.word(place) for place in range(5)] == ["Item", "4", "is", "Block", "0"]
    assert found.note == ""
    gives = found.shares > 0.1
    assert gives.tolist() == [False, False, False, True, True]
    other = token_shares(RECIPE, *world, 0, 12)
    assert other.score < found.score
    assert (other.shares[3:] < 0.01).all()


def test_answers_are_remembered_by_text_space_and_user(encoder: Encoder, world: tuple[Dataset, Vectors]) -> None:
    first = token_shares(RECIPE, *world, 0, 4)
    assert token_shares(RECIPE, *world, 0, 4).shares is first.shares
    assert encoder.calls == 1
    token_shares(RECIPE, *world, 1, 4)
    assert encoder.calls == 2
    token_shares(RECIPE.replace(metric="dot"), *world, 0, 4)
    assert encoder.calls == 3
    assert deletion_check(RECIPE, *world, 0, 4) is deletion_check(RECIPE, *world, 0, 4)
    assert encoder.calls == 4


def test_the_deletion_test_agrees_where_the_shares_are_right(encoder: Encoder, world: tuple[Dataset, Vectors]) -> None:
    done = deletion_check(RECIPE, *world, 0, 4)
    assert done is not None
    assert done.by_share[0] == done.by_chance[0]
    assert done.ratio > 1.0


def test_a_strategy_that_reads_no_words_is_answered_among_the_texts(
    encoder: Encoder, world: tuple[Dataset, Vectors]
) -> None:
    found = token_shares(RECIPE.replace(strategy="ease"), *world, 0, 4)
    assert found.note == TEXT_ONLY
    assert np.array_equal(found.shares, token_shares(RECIPE, *world, 0, 4).shares)


def test_where_nothing_can_be_said_a_sentence_says_why(encoder: Encoder, world: tuple[Dataset, Vectors]) -> None:
    dataset, vectors = world
    own = token_shares(RECIPE, dataset, replace(vectors, model=OWN_VECTORS), 0, 4)
    assert (own.note, own.tokens, len(own.shares)) == (NO_MODEL, (), 0)
    assert np.isnan(own.score)
    log = dataset.interactions
    nobody = replace(log, weights=readonly(np.zeros_like(log.weights)))
    assert token_shares(RECIPE, dataset, vectors, 0, 4, Audience(nobody)).note == NO_PLACE
    assert deletion_check(RECIPE, dataset, vectors, 0, 4, Audience(nobody)) is None
    assert encoder.calls == 0


@pytest.mark.parametrize("item", [-1, 18])
def test_an_item_that_is_none_is_refused(item: int, world: tuple[Dataset, Vectors]) -> None:
    with pytest.raises(OutOfRangeError, match="between 0 and 17"):
        token_shares(RECIPE, *world, 0, item)


@pytest.mark.usefixtures("warm")
def test_on_the_real_model_scores_are_the_ranked_ones_and_words_are_told_right() -> None:
    """Slow: it loads the model. The whole text scores as the item does in the list; three items, ratio above 1."""
    recipe = Recipe()
    dataset = load_dataset(recipe.dataset)
    content, user = embed_items(recipe, dataset), 14
    run = recall(recipe, dataset, np.array([user]), vectors=content)
    placed, _ = placed_users(recipe, dataset, content, np.array([user]))
    ratios = []
    for place in range(3):
        item = int(run.selected.items[0, place])
        found = token_shares(recipe, dataset, content, user, item)
        assert found.score == pytest.approx(float(run.selected.scores[0, place]), abs=2e-3)
        assert found.score == pytest.approx(float(Cosine()(placed.values, content.values[[item]])[0, 0]), abs=2e-3)
        done = deletion_check(recipe, dataset, content, user, item)
        assert done is not None
        ratios.append(done.ratio)
    assert np.median(ratios) > 1.0
