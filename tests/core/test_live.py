"""Live feedback in a log: what each kind does to a history, by hand and against a plain replay of the events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.asking import asking
from core.datasets.build import Columns, build_dataset
from core.live import audience_for, liked_events, live_audience, live_dataset, places_of, weight_of, with_events
from core.recipe import Recipe
from core.store.events import KINDS, Event, event_store
from core.types import Dataset, Interactions

NOW = 2_000_000_000.0
ITEMS: Columns = {"item_id": [1, 2, 3, 4, 5], "title": list("abcde")}


def small(*, times: bool = True, positive_from: float = 3.0, weights: tuple[float, ...] = (5, 1, 3, 4)) -> Dataset:
    """User 7 has items 1, 2 and 3; user 8 has item 1; user 9 nothing that anybody knows of yet but item 5."""
    rows: dict[str, list[float]] = {"user_id": [7, 7, 7, 8, 9], "item_id": [1, 2, 3, 1, 5], "weight": [*weights, 4.0]}
    if times:
        rows["datetime"] = [10, 20, 30, 40, 50]
    return build_dataset("small", "Small", ITEMS, rows, positive_from=positive_from)


DATA = small()


def event(kind: str, item: int | str, user: int | str = 7, at: float = NOW, name: str = "") -> Event:
    return Event(name or f"{kind}-{item}-{user}-{at:.0f}", "small", str(user), str(item), kind, at)


def history(log: Interactions, user: int) -> list[tuple[int, float]]:
    rows = log.history(user)
    return [(int(item) + 1, float(weight)) for item, weight in zip(log.items[rows], log.weights[rows], strict=True)]


def hidden(dataset: Dataset, *events: Event) -> list[list[int]]:
    lists = audience_for(dataset, events).hidden
    assert lists is not None
    return [(lists.of(user) + 1).tolist() for user in range(dataset.interactions.n_users)]


def test_each_kind_of_event() -> None:
    like, click, watched, dislike = (
        weight_of(kind, DATA.interactions) for kind in ("like", "click", "watched", "dislike")
    )
    assert (like, click, dislike) == (5.0, 3.0, 1.0)
    assert dislike < watched < 3.0
    assert np.isnan(weight_of("not-now", DATA.interactions))
    log = audience_for(DATA, [event("like", 4), event("click", 5, at=NOW + 1)]).log
    assert history(log, 0) == [(1, 5.0), (2, 1.0), (3, 3.0), (4, 5.0), (5, 3.0)]
    log = audience_for(DATA, [event("dislike", 1), event("watched", 5, 8)]).log
    assert history(log, 0) == [(2, 1.0), (3, 3.0), (1, 1.0)]
    assert history(log, 1) == [(1, 4.0), (5, watched)]
    assert log.liked(1).tolist() == [0]
    assert (log.positive_from, log.n_users, log.ordered) == (3.0, 3, True)
    assert log.times is not None
    assert log.times.tolist() == [20, 30, NOW, 40, NOW, 50]
    assert not log.items.flags.writeable


def test_not_now_hides_and_says_nothing_of_taste() -> None:
    audience = audience_for(DATA, [event("not-now", 4)])
    assert audience.log is DATA.interactions
    assert hidden(DATA, event("not-now", 4)) == [[4], [], []]
    assert audience_for(DATA, [event("not-now", 4), event("like", 4, at=NOW + 1)]).hidden is None
    assert hidden(DATA, event("like", 4), event("not-now", 4, at=NOW + 1)) == [[4], [], []]


def test_the_last_opinion_counts_and_looking_takes_none_back() -> None:
    both = [event("like", 4), event("dislike", 4, at=NOW + 1)]
    assert history(audience_for(DATA, both).log, 0)[-1] == (4, 1.0)
    assert history(audience_for(DATA, both[::-1]).log, 0)[-1] == (4, 1.0)  # by time, in whatever order they come
    seen = [event("like", 4), event("click", 4, at=NOW + 1), event("watched", 4, at=NOW + 2)]
    assert history(audience_for(DATA, seen).log, 0)[-1] == (4, 5.0)
    assert audience_for(DATA, [event("watched", 1)]).log is DATA.interactions
    assert history(audience_for(DATA, [event("click", 1)]).log, 0) == [(2, 1.0), (3, 3.0), (1, 5.0)]
    assert history(audience_for(DATA, [event("click", 2)]).log, 0) == [(1, 5.0), (3, 3.0), (2, 3.0)]


def test_what_was_done_often_stays_often() -> None:
    rows: Columns = {"user_id": [7, 7, 7], "item_id": [1, 1, 2], "weight": [1.0, 1.0, 1.0], "datetime": [1, 2, 3]}
    data = build_dataset("small", "Small", ITEMS, rows)
    assert history(audience_for(data, [event("like", 1)]).log, 0) == [(1, 1.0), (2, 1.0), (1, 1.0)]
    log = audience_for(data, [event("dislike", 1)]).log
    assert history(log, 0) == [(2, 1.0), (1, 0.0)]
    assert log.liked(0).tolist() == [1]


def test_in_a_log_where_all_counts_a_dislike_finds_a_place_below() -> None:
    data = small(positive_from=0.0, weights=(5, 0, 3, 4))
    log = audience_for(data, [event("dislike", 4), event("watched", 5)]).log
    assert log.liked(0).tolist() == [0, 1, 2]
    assert dict(history(log, 0))[4] == 0.0
    again = audience_for(replace(data, interactions=log), [event("like", 4)]).log
    assert again.liked(0).tolist() == [0, 1, 2, 3]
    assert audience_for(data, [event("like", 4)]).log.positive_from == 0.0


def test_a_click_of_one_user_moves_nobody_elses_window() -> None:
    """A window counts back from the end of the log as learned from: a click years later leaves others what they had."""
    data = small()
    asked = asking(Recipe(window=1), data, audience_for(data, [event("click", 4, user=7)]))
    assert asked.now == 50
    others = asked.people(np.array([1, 2])).histories
    assert [len(others.items[others.history(row)]) for row in (0, 1)] == [1, 1]
    mine = asked.people(np.array([0])).histories
    assert 3 in mine.items.tolist()  # what was clicked counts, however late


def test_a_log_without_times_has_events_at_the_end_and_one_that_goes_on_has_them_in_place() -> None:
    timeless = audience_for(small(times=False), [event("like", 4, at=5.0)]).log
    assert timeless.times is None
    assert history(timeless, 0)[-1] == (4, 5.0)
    log = audience_for(DATA, [event("like", 4, at=20.7)]).log
    assert history(log, 0) == [(1, 5.0), (2, 1.0), (4, 5.0), (3, 3.0)]


def test_strangers_unknown_items_and_what_was_taken_back_count_for_nothing() -> None:
    odd = [event("like", 4, user) for user in (6, "07", "x", "", "9" * 40)] + [event("like", "4.0"), event("like", 44)]
    audience = audience_for(DATA, [*odd, replace(event("like", 4), undone=True)], "v")
    assert audience.log is DATA.interactions
    assert audience.version == "v"
    assert places_of(["a", "c", "b"], np.array(["a", "b"], dtype=object)).tolist() == [0, -1, 1]
    assert places_of(["1"], np.array([], dtype=np.int64)).tolist() == [-1]


def test_new_likes_are_those_the_log_has_not() -> None:
    events = [event("like", 5, 8, NOW + 3), event("click", 4, name="a"), event("like", 1), event("dislike", 5)]
    found = liked_events(DATA, events)
    assert (found.users.tolist(), found.items.tolist()) == ([0, 1], [3, 4])
    assert found.ids == ("a", events[0].id)
    assert liked_events(DATA, []).ids == ()


@pytest.fixture
def own_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    monkeypatch.delenv("RECALLSCOPE_DB_URL", raising=False)
    yield
    event_store().close()


@pytest.mark.usefixtures("own_events")
def test_a_recipe_says_what_events_count_in_and_until_when() -> None:
    lists, everywhere, off = (Recipe(events=events) for events in ("lists", "everywhere", "off"))
    assert live_audience(DATA, lists).log is DATA.interactions
    assert live_dataset(everywhere, DATA) is DATA
    first, second = event("like", 4, at=100.0), event("like", 5, at=NOW)
    event_store().record([first, second])
    assert live_audience(DATA, off).log is DATA.interactions
    found = live_audience(DATA, lists)
    assert history(found.log, 0)[-2:] == [(4, 5.0), (5, 5.0)]
    assert live_audience(DATA, lists) is found
    assert history(live_audience(DATA, lists.replace(as_of="1970-01-01")).log, 0)[-1] == (4, 5.0)
    assert live_dataset(lists, DATA) is DATA
    assert live_dataset(off, DATA) is DATA
    learned = live_dataset(everywhere, DATA)
    assert learned.fingerprint == with_events(DATA, [first, second]).fingerprint != DATA.fingerprint
    assert live_dataset(everywhere, DATA) is learned
    assert history(learned.interactions, 0) == history(found.log, 0)
    event_store().undo(second.id)
    assert history(live_audience(DATA, lists).log, 0)[-1] == (4, 5.0)
    event_store().reset("small", "7")
    assert live_audience(DATA, lists).log is DATA.interactions


made = st.builds(
    event,
    kind=st.sampled_from(KINDS),
    item=st.integers(1, 6),
    user=st.integers(7, 10),
    at=st.integers(0, 60).map(float),
    name=st.uuids().map(str),
)


@settings(max_examples=60, deadline=None)
@given(events=st.lists(made, max_size=12), times=st.booleans(), positive_from=st.sampled_from((0.0, 3.0)))
def test_merging_is_a_replay_one_pair_at_a_time(events: list[Event], times: bool, positive_from: float) -> None:
    data = small(times=times, positive_from=positive_from)
    audience = audience_for(data, events)
    log, before = audience.log, data.interactions
    wanted = {(u, i): w for u in range(3) for i, w in history(before, u)}
    had = {pair for pair, weight in wanted.items() if weight >= positive_from}
    pairs = [(int(one.user_id) - 7, int(one.item_id)) for one in events]
    order = [place for place in np.argsort([one.at for one in events], kind="stable") if max(pairs[place]) < 6]
    said: dict[tuple[int, int], list[str]] = {}
    for place in order:
        if pairs[place][0] < 3 and pairs[place][1] < 6:
            said.setdefault(pairs[place], []).append(events[place].kind)
    for pair, kinds in said.items():
        opinions = [kind for kind in kinds if kind in ("like", "dislike")]
        if opinions:
            wanted[pair] = weight_of(opinions[-1], before)
        elif "click" in kinds:
            wanted[pair] = wanted[pair] if pair in had else weight_of("click", before)
        elif "watched" in kinds:
            wanted.setdefault(pair, weight_of("watched", before))
    found = {(u, i): w for u in range(3) for i, w in history(log, u)}
    assert found.keys() == wanted.keys()
    assert all(found[pair] == pytest.approx(wanted[pair], abs=1e-6) for pair in wanted)
    assert len(log) == len(found)
    assert log.indptr[-1] == len(log)
    if log.times is not None:
        assert all((np.diff(log.times[log.history(user)]) >= 0).all() for user in range(3))
    put_off = {pair for pair, kinds in said.items() if kinds[-1] == "not-now"}
    rows = [] if audience.hidden is None else list(zip(*audience.hidden.pairs(), strict=True))
    assert {(int(user), int(item) + 1) for user, item in rows} == put_off
