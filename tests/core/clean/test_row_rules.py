"""Rules that judge each interaction by itself, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.core.clean.logs import NOW, START, crowd, found, items_of, log, rule

NAN, INF = float("nan"), float("inf")


def test_rows_without_user_or_item() -> None:
    given = log([0, -1, 1], [-1, 0, 0])
    assert found(rule("missing_user")(given)) == [1]
    assert found(rule("missing_item")(given)) == [0]
    assert rule("missing_user")(given).text == "1 row without a user id."


def test_weights_that_are_no_numbers_are_told_from_missing_ones() -> None:
    given = log([0] * 4, [0] * 4, values=[1, NAN, INF, NAN], bad_values=np.array([0, 0, 1, 1], dtype=bool))
    finding = rule("bad_weight")(given)
    assert found(finding) == [1, 2, 3]
    assert finding.text == "3 rows without a usable weight: in 2 it is not a finite number, in 1 it is empty."


def test_weights_beyond_what_can_be_counted_are_not_used() -> None:
    finding = rule("bad_weight")(log([0] * 5, [0] * 5, values=[2.0**53, 2.0**63, -1e39, NAN, 1], feedback="count"))
    assert found(finding) == [1, 2, 3]
    assert finding.text == "3 rows without a usable weight: in 1 it is empty, in 2 it is larger than 2^53."


@pytest.mark.parametrize(
    ("feedback", "scale", "values", "rows"),
    [
        ("rating", (1.0, 5.0), [0.5, 1, 5, 5.5, -1, NAN], [0, 3, 4]),
        ("rating", (-10.0, 10.0), [-3, 0, 10, -11], [3]),
        ("rating", (NAN, NAN), [-0.5, 0, 700], [0]),
        ("count", (NAN, NAN), [0, -2, 1, 350_000, NAN], [0, 1]),
        ("event", (NAN, NAN), [0, 1, 5], [0]),
    ],
)
def test_weights_out_of_range(feedback: str, scale: tuple[float, float], values: list[float], rows: list[int]) -> None:
    given = log([0] * len(values), [0] * len(values), values=values, feedback=feedback, scale=scale)
    assert found(rule("weight_range")(given)) == rows


@pytest.mark.parametrize(
    ("values", "bad", "text"),
    [
        ([INF, INF, 1], [1, 1, 0], "2 rows whose weight is not a finite number."),
        ([NAN, 1], [0, 0], "1 row whose weight is empty."),
        ([2.0**60, 1], [0, 0], "1 row whose weight is larger than 2^53."),
    ],
)
def test_a_single_reason_is_one_plain_sentence(values: list[float], bad: list[int], text: str) -> None:
    given = log([0] * len(values), [0] * len(values), values=values, bad_values=np.array(bad, dtype=bool))
    assert rule("bad_weight")(given).text == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0, 1, 0], "2 rows whose event weighs 0."),
        ([0, 1, -1], "2 rows whose event weighs 0 or less."),
        ([1, NAN], "Every event weighs more than 0."),
    ],
)
def test_an_event_of_no_weight_is_not_out_of_a_range(values: list[float], text: str) -> None:
    assert rule("weight_range")(log([0] * len(values), [0] * len(values), values=values, feedback="event")).text == text


def test_missing_times_are_found_only_in_a_log_that_has_times() -> None:
    assert found(rule("bad_time")(log([0, 0], [0, 1], times=[None, 3]))) == [0]
    assert "the log has no times" in rule("bad_time")(log([0], [0])).text


def test_missing_places_are_found_only_in_a_log_that_lives_by_its_places() -> None:
    places = np.array([0, NAN, 2])
    finding = rule("bad_position")(log([0] * 3, [0, 1, 2], position=places))
    assert found(finding) == [1]
    assert finding.text == "1 row whose place in the history is missing or cannot be read."
    assert found(rule("bad_position")(log([0] * 3, [0, 1, 2], position=places, times=[1, 2, 3]))) == []
    assert rule("bad_position")(log([0], [0])).text == "Not looked at: the log has no places."


def test_times_before_the_earliest_year_and_in_the_future() -> None:
    first = int(np.datetime64("1990-01-01", "s").astype(np.int64))
    times = [-START, first - START - 1, first - START, NOW - START + 3600, NOW - START + 86_401, None]
    finding = rule("time_range")(log([0] * 6, [0] * 6, times=times))
    assert found(finding) == [0, 1, 4]
    assert finding.text == (
        "3 rows with an impossible time: 2 before 1990 (1 of them exactly 1 January 1970, which is how a 0 reads), "
        "1 in the future."
    )
    assert found(rule("time_range", earliest=2000, leeway=0)(log([0] * 6, [0] * 6, times=times))) == [0, 1, 2, 3, 4]


def test_items_that_the_catalogue_does_not_have() -> None:
    given = log([0, 0, 0, 0], [0, 1, -1, 1], known_items=np.array([True, False]))
    finding = rule("unknown_item")(given)
    assert found(finding) == [1, 3]
    assert finding.text == "2 rows with 1 item that the items file does not have."
    assert found(rule("unknown_item")(log([0], [0]))) == []


def test_ids_that_stand_for_anybody() -> None:
    given = log([0, 1, 2, -1], [0, 0, 1, 0], user_ids=["Anonymous", "ann", "0"], item_ids=["i", "N/A"])
    finding = rule("placeholders")(given)
    assert found(finding) == [0, 2]
    assert finding.evidence == ("user Anonymous: 1 interaction", "item N/A: 1 interaction")


def test_a_user_0_is_a_user_unless_it_holds_far_too_much() -> None:
    users, items, _ = crowd()
    names = [str(code) for code in range(60)]
    assert found(rule("placeholders")(log(users.tolist(), items.tolist(), user_ids=names))) == []
    more = np.concatenate([users, np.zeros(20_000, dtype=int)])
    finding = rule("placeholders")(log(more.tolist(), [0] * len(more), user_ids=names))
    assert found(finding) == np.flatnonzero(more == 0).tolist()


def test_item_rows_without_an_id_or_with_one_again() -> None:
    given = items_of(["A", "B", "C", "D"], ids=["1", "", "1", ""])
    assert found(rule("item_missing_id")(given)) == [1, 3]
    assert found(rule("item_repeats")(given)) == [2]
    assert rule("item_repeats")(given).text == "1 row with 1 id that a row above has already."


def test_items_without_any_text_are_only_shown() -> None:
    finding = rule("empty_text")(items_of(["", " ", "A", ""], ["", "\t", "A", "said"]))
    assert found(finding) == [0, 1]
    assert rule("empty_text").mode == "look"
