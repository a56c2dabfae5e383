"""Columns whose names say nothing, typed headers, and the samples that are shown."""

from __future__ import annotations

import pytest

from core.roles.guess import understand
from core.sheets import INTERACTIONS, ITEMS
from tests.core.roles.by_hand import filled, sheet
from tests.core.roles.test_layouts import DAYS, ITEM, SECONDS, STARS, USERS

WARES = [f"{what} {how}" for what in ("Mug", "Pot", "Plate", "Bowl", "Jug") for how in ("red", "blue", "big", "small")]
USES = ["for tea and cold juice", "to bake a sweet bread", "for guests on long evenings", "to take along to school"]
ODD = {
    "Art. Nr": [f"A{n:03}" for n in range(60)],
    "Was": [WARES[n * 7 % 20] for n in range(60)],
    "Wofür": [USES[n % 4] for n in range(60)],
    "Gruppe": [("Kitchen", "Garden", "Bath", "Office")[n * n % 3] for n in range(60)],
}
ODD_ROLES = {"item_id": "Art. Nr", "title": "Was", "text": "Wofür", "category": "Gruppe"}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 3, 2, 1), (3, 2, 1, 0)])
@pytest.mark.parametrize("kind", ["", ITEMS])
def test_ids_beside_texts_that_repeat_are_items(order: tuple[int, ...], kind: str) -> None:
    names = list(ODD)
    meaning = understand(sheet("artikel.csv", {names[place]: ODD[names[place]] for place in order}), kind)
    assert meaning.kind == ITEMS
    assert filled(meaning) == ODD_ROLES


def test_a_row_number_does_not_make_items_of_a_log() -> None:
    who, what = [f"Ann {n % 7}" for n in range(60)], [f"Mug {n % 11}" for n in range(60)]
    numbers = [f"B{n}" for n in range(60)]
    assert understand(sheet("a.csv", {"event_id": numbers, "Wer": who, "Was": what})).kind == INTERACTIONS
    assert understand(sheet("a.csv", {"Nr": numbers, "Wer": who, "Was": what, "Wann": DAYS})).kind == INTERACTIONS
    assert understand(sheet("sales.csv", {"Nr": numbers, "Wer": who, "Was": what})).kind == INTERACTIONS


def test_a_typed_header_makes_the_roles_certain() -> None:
    given = {"uid": USERS, "thing": ITEM, "value": STARS, "ts": SECONDS}
    meaning = understand(sheet("a.csv", given, uid="token", thing="token", value="float", ts="float"))
    assert filled(meaning) == {"user_id": "uid", "item_id": "thing", "weight": "value", "datetime": "ts"}
    assert meaning.kind == INTERACTIONS
    assert min(meaning.confidence, *(guess.confidence for guess in meaning.guesses if guess.columns)) >= 0.95


def test_a_typed_sequence_shows_names_as_a_category_and_words_as_a_title() -> None:
    given = {"item_id": ["1", "2"], "movie_title": [["The", "Lamp"], ["Ice"]], "class": [["Drama", "Noir"], ["War"]]}
    typed = {"item_id": "token", "movie_title": "token_seq", "class": "token_seq"}
    meaning = understand(sheet("a.item", given, **typed))
    samples = {guess.role: guess.samples for guess in meaning.guesses if guess.columns}
    assert samples == {"item_id": ("1", "2"), "title": ("The Lamp", "Ice"), "category": ("Drama, Noir", "War")}
    assert all(guess.confidence >= 0.95 for guess in meaning.guesses if guess.columns)


def test_samples_come_from_all_over_the_rows() -> None:
    users = [str(2 + n // 400) for n in range(1200)]
    meaning = understand(sheet("a.csv", {"userID": users, "itemID": [str(n % 500) for n in range(1200)]}))
    assert meaning.guesses[0].samples == ("2", "3", "4")
    few = understand(sheet("a.csv", {"userID": ["7"] * 9 + ["8"], "itemID": ["a", "", "b", "a", *"cdefgh"]}))
    assert few.guesses[0].samples == ("7", "8")
    assert few.guesses[1].samples == ("a", "c", "e")
