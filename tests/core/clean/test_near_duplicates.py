"""Items that say nearly the same: what is one item, what is not, and how interactions follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean.overlap import candidates, sets
from core.clean.runner import clean
from core.clean.words import plain, plain_texts, scattered
from core.types import Array
from tests.core.clean.logs import found, items_of, rule

LONG = (
    "This sturdy folder keeps paper flat and clean on every desk at home or in the office, closes with a soft elastic "
    "band, opens wide for quick filing, and comes in a plain card box that you can recycle after use"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Panic! At the Disco", "panic at the DISCO"),
        ("múm", "MUM"),
        ("Straße", "STRASSE"),
        ("Café  del\tMar", "Cafe del Mar."),
        ("ＲＥＤ", "Red"),
        ("★", "★"),
    ],
)
def test_the_same_words_are_the_same_item(one: str, other: str) -> None:
    assert found(rule("near_duplicates")(items_of([one, other]))) == [1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HP 74", "HP 75"),
        ("Part 1", "Part 2"),
        ("C", "C++"),
        ("C++", "C#"),
        ("★", "☆"),
        ("का", "की"),
        ("東京 1", "東京 2"),
        ("Dune", "Dunes"),
        ("Heat", "Heat and Dust"),
        ("", ""),
        ("!", "?"),
    ],
)
def test_other_words_numbers_or_signs_are_another_item(one: str, other: str) -> None:
    assert found(rule("near_duplicates")(items_of([one, other]))) == []


@pytest.mark.parametrize(
    ("titles", "texts", "same"),
    [
        (("Folder", "Folder"), (LONG, LONG.removesuffix(" use")), True),
        (("Folder", "Folder"), (LONG, LONG[: len(LONG) // 2]), False),
        (("Folder red", "Folder blue"), (LONG, LONG), False),
        (("Folder red", "Folder blue"), (f"red. {LONG}", f"blue. {LONG}"), False),
        (("Folder", "Folder"), (f"{LONG} 74", f"{LONG} 75"), False),
        (("Folder", "Folder"), (f"{LONG} 74 75", f"{LONG} 75 74"), True),
        (("", ""), (LONG, f"{LONG}, as said"), True),
        (("Folder", ""), (LONG, f"{LONG}, as said"), False),
    ],
)
def test_long_texts_may_differ_a_little(titles: tuple[str, str], texts: tuple[str, str], same: bool) -> None:
    assert found(rule("near_duplicates")(items_of(titles, texts))) == ([1] if same else [])


def test_untitled_items_with_the_same_few_words_are_not_one_item() -> None:
    assert found(rule("near_duplicates")(items_of(["", ""], ["Drama", "Drama"]))) == []


def test_applied_the_interactions_go_to_the_earliest_and_never_along_a_chain() -> None:
    given = items_of(["Heat", "Dune", "HEAT", "dune!", "Heat."], ids=["1", "2", "3", "4", "5"])
    given = given.keep(np.array([4, 3, 2, 1, 0]))  # the order in memory does not matter, the place in the sheet does
    cleaned, ledger, rejected = clean(given, [(rule("near_duplicates"), "apply")], lambda at: ())
    assert sorted(cleaned.ids.tolist()) == ["1", "2"]
    assert cleaned.renamed == {"3": "1", "4": "2", "5": "1"}
    assert ledger.entries[0].samples == ("3 “HEAT” = 1 “Heat”", "4 “dune!” = 2 “Dune”", "5 “Heat.” = 1 “Heat”")
    assert [(key, sorted(at.tolist())) for key, at in rejected] == [("near_duplicates", [2, 3, 4])]


def test_a_merge_of_a_merge_leads_to_the_end() -> None:
    once = items_of(["Heat", "heat"], ids=["1", "2"])
    again = rule("near_duplicates")(replace(once, renamed={"3": "2"})).after
    assert again.renamed == {"3": "1", "2": "1"}


def test_plain_words() -> None:
    assert plain(" Beyoncé – «Live» at\u00a0Roseland ") == "beyonce live at roseland"
    assert plain("東京物語") == "東 京 物 語"
    assert plain("…") in ("...", "…")
    assert plain("") == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from("aB 1\t\n\0.-+#é★"), max_size=12), max_size=8))
def test_many_texts_at_once_are_as_plain_as_each_alone(texts: list[str]) -> None:
    assert plain_texts(texts) == [plain(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 12), max_size=12), min_size=1, max_size=14), st.sampled_from([0.5, 0.7, 0.9, 1.0])
)
def test_no_pair_that_overlaps_enough_is_missed(groups: list[set[int]], least: float) -> None:
    rows: Array = np.array([row for row, group in enumerate(groups) for _ in group], dtype=np.int64)
    elements = np.array([element for group in groups for element in group], dtype=np.int64)
    given = sets(rows, scattered(elements), len(groups))
    one, other = candidates(given, np.zeros(len(groups), dtype=np.uint64), least)
    near = {(int(a), int(b)): float(value) for a, b, value in zip(one, other, given.jaccard(one, other), strict=True)}
    for b, right in enumerate(groups):
        for a, left in enumerate(groups[:b]):
            if left and right and len(left & right) / len(left | right) >= least and b < 8:
                assert near[a, b] == pytest.approx(len(left & right) / len(left | right))


def test_many_items_of_one_template_are_found_without_comparing_all() -> None:
    n = 1000
    names = ["".join(chr(97 + int(digit)) for digit in str(row)) for row in range(n)]
    given = items_of([""] * n, [f"{LONG} {LONG} called {name}" for name in names], ids=names)
    assert len(found(rule("near_duplicates")(given))) == n - 1
    rows = np.repeat(np.arange(n), 30)
    one, _ = candidates(sets(rows, scattered(np.tile(np.arange(30), n)), n), np.zeros(n, dtype=np.uint64), 0.9)
    assert n - 1 <= len(one) <= 10 * n


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (["Blue pen", "blue PEN"], "1 item that says the same as an earlier one, in the same words."),
        (
            [LONG, f"{LONG} again"],
            "1 item that says the same as an earlier one, in nearly the same words (90 % or more of the word pairs).",
        ),
        (
            [LONG, LONG.upper(), f"{LONG} again"],
            "2 items that say the same as an earlier one: 1 in the same words, 1 in nearly the same "
            "(90 % or more of the word pairs).",
        ),
    ],
)
def test_only_what_was_found_is_said(titles: list[str], text: str) -> None:
    assert rule("near_duplicates")(items_of(titles)).text == text
