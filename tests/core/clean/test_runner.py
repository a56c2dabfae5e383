"""The runner: modes, ledger, samples and rejected rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from core.clean.runner import clean, default_rules, rules_from
from core.clean.state import Finding, Log
from core.errors import OutOfRangeError, UnknownNameError
from core.sheets import APPLY, LOOK, OFF, Entry
from core.types import Array
from tests.core.clean.logs import items_of, log, rule


def show(at: Array) -> tuple[str, ...]:
    return tuple(f"row {position}" for position in at.tolist())


def test_rules_run_in_order_and_the_ledger_adds_up() -> None:
    given = log([0, -1, 0, 1], [0, 1, -1, 1], values=[3, 4, 4, 9], feedback="rating", scale=(1.0, 5.0))
    before = (Entry("ragged", APPLY, 2, 2, "2 rows with too many columns."),)
    cleaned, ledger, rejected = clean(given, default_rules("interactions"), show, before)
    assert cleaned.at.tolist() == [0]
    assert (ledger.table, ledger.rows_in, ledger.rows_out) == ("interactions", 6, 1)
    assert [(key, at.tolist()) for key, at in rejected] == [
        ("missing_user", [1]),
        ("missing_item", [2]),
        ("weight_range", [3]),
    ]
    by_rule = {entry.rule: entry for entry in ledger.entries}
    assert list(by_rule)[:3] == ["ragged", "missing_user", "missing_item"]
    assert by_rule["missing_user"].samples == ("row 1",)
    assert by_rule["weight_range"].text == "1 rating outside the scale of 1 to 5."


def test_a_rule_that_looks_or_is_off_changes_nothing_but_stands_in_the_ledger() -> None:
    given = log([0, -1], [0, 0])
    cleaned, ledger, rejected = clean(given, [(rule("missing_user"), LOOK), (rule("missing_item"), OFF)], show)
    assert cleaned is given
    assert rejected == ()
    assert [(entry.mode, entry.touched, entry.dropped) for entry in ledger.entries] == [(LOOK, 1, 0), (OFF, 0, 0)]
    assert ledger.entries[1].text == "Switched off."


def test_five_samples_are_enough_and_evidence_goes_before_rows() -> None:
    _, ledger, _ = clean(log([-1] * 9, [0] * 9), [(rule("missing_user"), APPLY)], show)
    assert ledger.entries[0].samples == ("row 0", "row 1", "row 2", "row 3", "row 4")
    given = log([0, 0, 1], [0, 0, 0], user_ids=["guest", "ann"])
    _, ledger, _ = clean(given, [(rule("placeholders"), LOOK)], show)
    assert ledger.entries[0].samples == ("user guest: 2 interactions",)


def test_the_items_ledger_names_its_table() -> None:
    given = items_of(["A", "B", "C"], ids=["1", "", "1"])
    cleaned, ledger, _ = clean(given, default_rules("items"), show)
    assert cleaned.ids.tolist() == ["1"]
    assert (ledger.table, ledger.rows_in, ledger.rows_out) == ("items", 3, 1)


def test_modes_and_knobs_are_chosen_by_name() -> None:
    chosen = {
        each.key: (each, mode) for each, mode in rules_from("interactions", {"rare": LOOK}, {"rare.user_core": "5"})
    }
    assert chosen["rare"][1] == LOOK
    assert chosen["rare"][0].user_core == 5
    assert chosen["bot_volume"][1] == LOOK
    assert chosen["repeats"][1] == APPLY


@pytest.mark.parametrize(
    ("table", "modes", "knobs", "message"),
    [
        ("interactions", {"rara": LOOK}, {}, "unknown cleaning rule 'rara'; known: rare"),
        ("interactions", {"item_repeats": LOOK}, {}, "unknown cleaning rule 'item_repeats'"),
        ("interactions", {"rare": "maybe"}, {}, "unknown mode of the cleaning rule rare 'maybe'; known: apply, look"),
        ("interactions", {}, {"rare.cores": 1}, "unknown knob of a cleaning rule 'rare.cores'"),
        ("tags", {}, {}, "unknown table to clean 'tags'; known: interactions, items"),
    ],
)
def test_unknown_names_are_refused(table: str, modes: dict[str, str], knobs: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        rules_from(table, modes, knobs)


def test_a_knob_out_of_range_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="user_core must be a whole number between 1 and 1000, got 0"):
        rules_from("interactions", {}, {"rare.user_core": 0})


@dataclass(frozen=True)
class _Wrong:
    key = "wrong"

    def __call__(self, state: Log) -> Finding:
        return Finding(np.zeros(len(state), dtype=bool), "", after=state.keep(np.zeros(len(state), dtype=bool)))


def test_a_rule_may_not_change_the_number_of_rows_behind_the_ledger() -> None:
    with pytest.raises(TypeError, match="another table than it was given"):
        clean(log([0], [0]), [(_Wrong(), APPLY)], show)  # type: ignore[list-item]
