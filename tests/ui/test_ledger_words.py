"""The ledger's sentences: one for every kind, and a few by hand."""

from __future__ import annotations

from core.explain.ledger import Entry, Gone
from core.explain.ledger_reasons import ENTRY_KINDS, GONE_KINDS
from tests.worlds import block_world
from ui.ledger_words import of_entry, of_gone, short
from ui.text import words

DATASET, _ = block_world()


def test_every_kind_has_its_words() -> None:
    nan = float("nan")
    for kind in ENTRY_KINDS:
        entry = Entry(3, 2, 14, 0.5, 0.1, 0, 0.18, kind, "diversify", 1)
        said = of_entry(DATASET, entry)
        assert "{" not in said
        assert ("Item 0" in said) == ("{title}" in words()[f"ledger.{kind}"])
    for kind in GONE_KINDS:
        assert of_gone(DATASET, Gone(3, 2, 0, 0.81, 0.1, kind, "diversify", 1)).startswith("left: ")
    alone = of_entry(DATASET, Entry(3, 2, 1, 0.5, 1, None, nan, "relaxed", "spacing", 1))
    assert alone == "placed here although there is too much Block 1: nothing that fits was left"


def test_sentences_by_hand() -> None:
    unlike = Entry(3, 2, 14, 0.5, 0.1, 0, 0.18, "unlike", "diversify")
    assert of_entry(DATASET, unlike) == "moved up from 14: unlike Item 0, similarity .18"
    waited = Entry(3, 2, 5, 0.5, 0.0, None, float("nan"), "up", "spacing")
    assert of_entry(DATASET, waited) == "moved up from 5: others before it had to wait"
    assert of_gone(DATASET, Gone(3, 2, 0, 0.81, 0.1, "like", "diversify")) == "left: too like Item 0, .81"


def test_cosines_are_written_short() -> None:
    written = [short(value) for value in (0.184, -0.05, 1.0, -1.0, -0.001, 0.999, float("nan"))]
    assert written == [".18", "-.05", "1.00", "-1.00", ".00", "1.00", ""]
