"""The user's correction, and the sentence where something needed is missing."""

from __future__ import annotations

import pytest

from core.errors import FileError, InputError, UnknownNameError
from core.roles.guess import check, understand, with_choice
from core.sheets import INTERACTIONS
from tests.core.roles.by_hand import filled, texts

LOG = texts("log.csv", "user,item,stars,other", ["u1,a,5,x", "u1,b,4,y", "u2,a,3,x"])
ITEMS = texts("items.csv", "item_id,title,description,notes", ["a,Pen,Blue,old", "b,Ink,Red,new"])


def test_a_choice_is_certain_and_has_samples() -> None:
    meaning = with_choice(understand(LOG), LOG, "item_id", ("other",))
    guess = meaning.guesses[1]
    assert (guess.columns, guess.confidence, guess.why, guess.samples) == (("other",), 1.0, "given", ("x", "y"))
    assert filled(meaning) == {"user_id": "user", "item_id": "other", "weight": "stars"}


def test_a_guess_gives_way_but_an_earlier_choice_does_not() -> None:
    meaning = with_choice(understand(LOG), LOG, "user_id", ("item",))
    assert filled(meaning) == {"user_id": "item", "weight": "stars"}
    meaning = with_choice(meaning, LOG, "item_id", ("user",))
    assert filled(meaning) == {"user_id": "item", "item_id": "user", "weight": "stars"}
    with pytest.raises(InputError, match="log.csv: the column user cannot be both item_id and weight: give it to one"):
        with_choice(meaning, LOG, "weight", ("user",))


def test_a_role_can_be_emptied() -> None:
    assert filled(with_choice(understand(LOG), LOG, "weight", ())) == {"user_id": "user", "item_id": "item"}


def test_several_columns_may_be_the_text_and_the_title_one_of_them() -> None:
    meaning = with_choice(understand(ITEMS), ITEMS, "text", ("title", "notes", "title"))
    assert filled(meaning) == {"item_id": "item_id", "title": "title", "text": "title+notes"}
    with pytest.raises(InputError, match="items.csv: the role title takes one column, got title, notes"):
        with_choice(meaning, ITEMS, "title", ("title", "notes"))


def test_unknown_roles_and_columns_are_named() -> None:
    with pytest.raises(UnknownNameError, match="unknown role in log.csv, which holds interactions 'titel'"):
        with_choice(understand(LOG), LOG, "titel", ("item",))
    with pytest.raises(UnknownNameError, match="unknown column in log.csv 'itm'; known: item"):
        with_choice(understand(LOG), LOG, "item_id", ("itm",))
    with pytest.raises(UnknownNameError, match="unknown kind of file 'log'"):
        understand(LOG, "log")


def test_a_missing_role_is_one_sentence() -> None:
    meaning = with_choice(understand(LOG, INTERACTIONS), LOG, "item_id", ())
    with pytest.raises(FileError) as caught:
        check(meaning, "log.csv", LOG.columns)
    assert str(caught.value) == (
        "log.csv: no column is item_id (which item it was), found user, item, stars, other: "
        "say which column it is, or that this file is not the log"
    )
    with pytest.raises(FileError, match="found user, stars: say"):
        check(meaning, "log.csv")
    check(understand(LOG), "log.csv")
