"""The event log: stored once, never lost once said to be stored, seen everywhere; damaged files are left alone."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError, IntegrityError, RecallscopeError
from core.store import events_schema
from core.store.events import EMPTY, KINDS, Event, EventStore, check, event_store

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from core.store.events import Event, event_store
store, who, n = event_store(), sys.argv[1], int(sys.argv[2])
for number in range(n):
    event_id = f"{who}-{number}"
    store.record([Event(event_id, "blocks", who, str(number), "like", 1e9 + number)])
    print(event_id, flush=True)
"""
"""Says each event's id once it is stored."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    monkeypatch.delenv("RECALLSCOPE_DB_URL", raising=False)
    yield tmp_path / "events.sqlite"
    event_store().close()


def event(number: int = 0, kind: str = "like", *, user: str = "u", dataset: str = "blocks") -> Event:
    return Event(f"id-{number}", dataset, user, str(number), kind, 1e9 + number)


def writer(who: str, n: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, who, str(n)]
    return subprocess.Popen(words, cwd=ROOT, env=os.environ.copy(), stdout=subprocess.PIPE, text=True)


def ids(store: EventStore) -> list[str]:
    return [one.id for one in store.events("blocks")]


def test_looking_makes_no_file_and_finds_nothing(place: Path) -> None:
    store = event_store()
    assert store.events("blocks") == () == store.users_with_events("blocks")
    assert store.version("blocks") == EMPTY
    assert not store.undo("id-0")
    assert store.reset("blocks", "u") == 0
    assert store.record([]) == 0
    assert not place.exists()


def test_what_is_stored_comes_back_oldest_first_and_once(place: Path) -> None:
    store = event_store()
    assert store.record([event(2), event(1), event(2)]) == 2
    assert store.record([event(1), event(0, user="é=\u2603")]) == 1
    assert store.events("blocks") == (event(0, user="é=\u2603"), event(1), event(2))
    assert store.events("blocks", "u") == (event(1), event(2))
    assert store.events("other") == ()
    assert store.users_with_events("blocks") == ("u", "é=\u2603")
    assert store is event_store()
    with sqlite3.connect(place) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


def test_of_an_event_sent_twice_the_first_stays() -> None:
    store = event_store()
    store.record([event(1)])
    store.undo("id-1")
    assert store.record([replace(event(1), kind="dislike")]) == 0
    assert store.events("blocks", undone=True) == (replace(event(1), undone=True),)


def test_undo_takes_back_once() -> None:
    store = event_store()
    store.record([event(1), event(2)])
    assert store.undo("id-1")
    assert not store.undo("id-1")
    assert not store.undo("never sent")
    assert store.events("blocks") == (event(2),)


def test_reset_leaves_nothing_but_ids_which_do_not_come_back(place: Path) -> None:
    store = event_store()
    store.record([event(1, user="secret"), event(2, user="secret"), event(3)])
    store.undo("id-2")
    assert store.reset("blocks", "secret") == 2
    assert store.reset("blocks", "secret") == 0
    assert store.record([event(1, user="secret")]) == 0
    assert store.events("blocks", undone=True) == (event(3),)
    with sqlite3.connect(place) as raw:
        rows = raw.execute("SELECT * FROM recallscope_events").fetchall()
    raw.close()
    assert len(rows) == 3
    assert "secret" not in repr(rows)


def test_the_version_changes_with_every_change_and_with_nothing_else() -> None:
    store = event_store()
    seen = [store.version("blocks")]
    store.record([event(1), event(9, dataset="other")])
    seen.append(store.version("blocks"))
    store.undo("id-1")
    seen.append(store.version("blocks"))
    store.reset("blocks", "u")
    seen.append(store.version("blocks"))
    assert len(set(seen)) == 4
    store.record([event(1)])
    store.undo("id-1")
    store.reset("blocks", "u")
    store.record([event(8, dataset="other")])
    assert store.version("blocks") == seen[-1]
    assert EventStore(store.url).version("blocks") == seen[-1]


def test_two_processes_and_many_threads_at_once_lose_nothing() -> None:
    store = event_store()
    start = store.version("blocks")
    others = [writer(who, 25) for who in ("a", "b")]
    new: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: new.append(store.record([event(n), event(1000)]))) for n in range(25)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [line for one in others for line in one.communicate(timeout=60)[0].split()]
    assert sum(new) == 26  # the one that all of them send is new to one of them
    assert sorted(said) == sorted(f"{who}-{n}" for who in "ab" for n in range(25))
    assert sorted(ids(store)) == sorted([*said, *(f"id-{n}" for n in range(25)), "id-1000"])
    assert store.version("blocks") != start


def test_a_kill_in_mid_write_loses_nothing_that_was_said_to_be_stored(place: Path) -> None:
    child = writer("killed", 100_000)
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(30)]
    child.send_signal(signal.SIGKILL)
    said += child.stdout.read().split()
    child.stdout.close()
    child.wait()
    store = event_store()
    assert set(said) <= set(ids(store))
    assert len(ids(store)) <= len(said) + 1  # the one under way may have made it
    store.record([event(1)])
    with sqlite3.connect(place) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_a_log_of_a_newer_version_is_refused_and_left_alone(place: Path) -> None:
    event_store().record([event(1)])
    with sqlite3.connect(place) as raw:
        raw.execute("UPDATE recallscope_meta SET value = '99' WHERE name = 'schema'")
    raw.close()
    store = EventStore(event_store().url)
    with pytest.raises(InputError, match=r"newer version .*schema 99, this one knows 1\): update"):
        store.record([event(2)])
    assert ids(event_store()) == ["id-1"]


def test_a_log_of_an_older_version_is_brought_up_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    event_store().record([event(1)])
    better = "ALTER TABLE recallscope_events ADD COLUMN session VARCHAR(64)"
    monkeypatch.setattr(events_schema, "VERSION", 2)
    monkeypatch.setattr(events_schema, "MIGRATIONS", {1: (better, "this is no SQL")})
    with pytest.raises(RecallscopeError):
        EventStore(event_store().url).events("blocks")
    monkeypatch.setattr(events_schema, "MIGRATIONS", {1: (better,)})  # would fail had the first attempt left anything
    assert ids(EventStore(event_store().url)) == ["id-1"]
    assert ids(EventStore(event_store().url)) == ["id-1"]


def test_a_damaged_log_is_one_sentence_and_left_as_it_is(place: Path) -> None:
    place.write_bytes(b"no database at all" * 500)
    before = place.read_bytes()
    for attempt in (lambda: event_store().record([event(1)]), lambda: event_store().events("blocks")):
        with pytest.raises(IntegrityError, match="is damaged .* was left as it is; move it away"):
            attempt()
    assert place.read_bytes() == before
    place.rename(place.with_name("damaged"))
    assert event_store().record([event(1)]) == 1  # the same process begins a new one


def test_a_log_that_was_moved_away_is_not_written_to(place: Path) -> None:
    store = event_store()
    store.record([event(1)])
    first = store.version("blocks")
    for file in place.parent.glob("events.sqlite*"):
        file.unlink()
    assert store.version("blocks") == EMPTY
    assert store.record([event(1)]) == 1
    assert store.version("blocks") != first
    assert ids(EventStore(store.url)) == ["id-1"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://somebody@somewhere/x", "must name an SQLite file or a PostgreSQL database"),
        ("sqlite://", "must name an SQLite file"),
        ("sqlite:///:memory:", "must name an SQLite file"),
        ("nonsense", "must be the address of a database, as sqlite:///"),
    ],
)
def test_an_address_that_cannot_be_one_is_said(url: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECALLSCOPE_DB_URL", url)
    with pytest.raises(InputError, match=sentence):
        EventStore(url).record([event(1)])
    monkeypatch.delenv("RECALLSCOPE_DB_URL")


def test_another_file_can_be_named_and_one_that_cannot_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECALLSCOPE_DB_URL", f"sqlite:///{tmp_path}/what?.sqlite")
    assert event_store().record([event(1)]) == 1
    assert (tmp_path / "what?.sqlite").is_file()
    with pytest.raises(InputError, match="cannot be used, and nothing was stored: unable to open"):
        EventStore(f"sqlite:///{tmp_path}/none/x.sqlite").record([event(1)])


def test_a_postgres_server_that_is_not_there_or_has_no_driver_is_said_without_the_password() -> None:
    store = EventStore("postgresql://me:geheim@127.0.0.1:1/feedback")
    with pytest.raises(InputError, match=r"cannot be reached|psycopg\[binary\]") as caught:
        store.record([event(1)])
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ""}, "an event's id must be 1 to 64"),
        ({"id": "x" * 65}, "an event's id must be 1 to 64"),
        ({"id": "a b"}, "an event's id must be 1 to 64"),
        ({"kind": "buy"}, "unknown kind of event 'buy'"),
        ({"user_id": ""}, "the user_id of an event must be a text of 1 to 1000"),
        ({"item_id": "x" * 1001}, "the item_id of an event must be a text of 1 to 1000"),
        ({"dataset": 7}, "the dataset of an event must be a text"),
        ({"item_id": "a\nb"}, "the item_id of an event holds a control character"),
        ({"user_id": "a\x00"}, "holds a control character"),
        ({"user_id": "\ud800"}, "holds a control character"),
        ({"at": float("nan")}, "the time of an event must be unix seconds"),
        ({"at": -1.0}, "the time of an event must be unix seconds"),
        ({"at": 1e15}, "the time of an event must be unix seconds"),
        ({"at": True}, "the time of an event must be unix seconds"),
    ],
)
def test_what_is_no_event_is_refused_with_all_that_came_with_it(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        event_store().record([event(1), replace(event(2), **change)])  # type: ignore[arg-type]
    assert event_store().events("blocks") == ()


names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20)
made = st.builds(
    Event,
    id=st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True),
    dataset=st.sampled_from(("blocks", "other")),
    user_id=names,
    item_id=names,
    kind=st.sampled_from(KINDS),
    at=st.floats(0, 2e9),
    undone=st.booleans(),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(made, max_size=4), max_size=5))
def test_it_holds_what_a_dictionary_would(tmp_path_factory: pytest.TempPathFactory, batches: list[list[Event]]) -> None:
    store = EventStore(f"sqlite:///{tmp_path_factory.mktemp('log')}/x.sqlite")
    wanted: dict[str, Event] = {}
    for batch in batches:
        fresh = {one.id for one in batch} - set(wanted)
        for one in batch:
            check(one)
            wanted.setdefault(one.id, one)
        assert store.record(batch) == len(fresh)
    found = [one for dataset in ("blocks", "other") for one in store.events(dataset, undone=True)]
    assert {one.id: one for one in found} == wanted
    assert len(found) == len(wanted)
    store.close()
