"""Live feedback on disk: every click, like, dislike, "not now" and "watched", stored before anybody is told so.

    record(events) --one transaction--> events + revision --commit reaches the disk--> returns

The log is an SQLite file in write-ahead mode, ``data_dir()/events.sqlite``, or the PostgreSQL database that
``RECALLSCOPE_DB_URL`` names. An event has an id made by who sends it: sent twice, it is stored once. What was returned
from survives the end of the process at any moment, and a power cut (``synchronous=FULL``).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import RecallscopeError
from .event import KINDS, Event, check
from .events_engine import URL_VARIABLE, default_url, engine_of, file_of, said_of, shown
from .events_schema import FORGOTTEN, LIVE, UNDONE, prepare, tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine, Select, Update

__all__ = ["EMPTY", "KINDS", "Event", "EventStore", "check", "event_store"]
EMPTY = "empty"
"""The version of a log that is not there yet."""
NOT_STORED = "storing was stopped, and nothing was stored: try again"
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Waiting:
    """What one call of ``record`` brings, and what became of it."""

    events: tuple[Event, ...]
    done: bool = False
    new: int = 0
    error: RecallscopeError | None = None


class EventStore:
    """The event log of one database; safe for many threads, and beside other processes.

    Methods raise InputError where the database cannot be had or refuses (what to do is said), IntegrityError where the
    file is damaged: then it is left as it is, and nothing is stored.
    """

    def __init__(self, url: str) -> None:
        self.url, self._file = url, file_of(url)
        self._known: tuple[tuple[int, int] | None, str] | None = None
        self._opening = threading.RLock()
        self._lock, self._turn, self._queue_lock = threading.Lock(), threading.Lock(), threading.Lock()
        self._queue: list[_Waiting] = []

    @cached_property
    def _engine(self) -> Engine:
        return engine_of(self.url)

    @property
    def log_id(self) -> str:
        """12 hex digits that no other log has. Asking makes the tables where there are none."""
        with self._opening:
            if self._known is None or self._known[0] != self._stamp():
                self._engine.dispose()  # the file was moved away: what is open still leads to the old one
                found = self._asked(self._prepared)
                self._known = (self._stamp(), found)
            return self._known[1]

    def _stamp(self) -> tuple[int, int] | None:
        """Tells one file from another in its place; None where there is none, or no file is used."""
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None
        return None if found is None else (found.st_dev, found.st_ino)

    @property
    def _empty(self) -> bool:
        """Whether nothing was ever stored: looking makes no file."""
        return self._file is not None and self._stamp() is None

    def _prepared(self) -> str:
        with self._writing() as connection:
            return prepare(connection, shown(self.url))

    def record(self, events: Sequence[Event]) -> int:
        """Store events; what is stored already, taken back or not, stays as it is. Returns how many are new.

        All of them or none, durable on return. Raises InputError for an event that cannot be one.
        """
        for event in events:
            check(event)
        if not events:
            return 0
        _ = self.log_id
        mine = _Waiting(tuple(events))
        with self._queue_lock:
            self._queue.append(mine)
        with self._turn:  # who gets it first writes for all who wait, with one commit
            if not mine.done:
                with self._queue_lock:
                    waiting, self._queue = self._queue, []
                self._write(waiting)
        if mine.error is not None:
            raise mine.error
        return mine.new

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        """Store what several threads have brought; each learns how many of its own are new, or what went wrong."""
        try:
            new = self._asked(lambda: self._record([event for one in waiting for event in one.events]))
            for one in waiting:
                own = {event.id for event in one.events} & new
                one.new, new = len(own), new - own
        except BaseException as error:
            for one in waiting:
                one.error = error if isinstance(error, RecallscopeError) else RecallscopeError(NOT_STORED)
            if not isinstance(error, RecallscopeError):
                raise
        finally:
            for one in waiting:
                one.done = True

    def _record(self, events: Sequence[Event]) -> set[str]:
        """The ids of those that are new; of one id, the first event counts."""
        made = tables()
        once = {event.id: event for event in reversed(events)}
        rows = [
            {
                **{name: getattr(event, name) for name in ("id", "dataset", "user_id", "item_id", "kind")},
                "at": float(event.at),
                "state": UNDONE if event.undone else LIVE,
            }
            for event in reversed(once.values())
        ]
        with self._writing() as connection:
            insert = self._insert(made.events).on_conflict_do_nothing(index_elements=["id"])
            new = set(connection.execute(insert.returning(made.events.c.id), rows).scalars().all())
            for dataset in sorted({once[event_id].dataset for event_id in new}):
                self._revise(connection, dataset)
        return new

    def undo(self, event_id: str) -> bool:
        """Take one event back; False where there is none of that id that counts."""
        events = tables().events
        which = (events.c.id == event_id) & (events.c.state == LIVE)
        return bool(self._changed(events.update().where(which).values(state=UNDONE)))

    def reset(self, dataset: str, user_id: str) -> int:
        """Forget for good what a user did, taken back or not; returns how many events are gone.

        Their ids alone stay, so that an event that is sent once more later does not come back.
        """
        events = tables().events
        which = (events.c.dataset == dataset) & (events.c.user_id == user_id) & (events.c.state != FORGOTTEN)
        blank = {"user_id": "", "item_id": "", "kind": "", "at": 0.0, "state": FORGOTTEN}
        return self._changed(events.update().where(which).values(**blank))

    def _changed(self, change: Update) -> int:
        """How many events a change reached; durable on return."""
        if self._empty:
            return 0
        _ = self.log_id

        def write() -> int:
            with self._writing() as connection:
                found = connection.execute(change.returning(tables().events.c.dataset)).scalars().all()
                for dataset in sorted(set(found)):
                    self._revise(connection, dataset)
            return len(found)

        return self._asked(write)

    def events(self, dataset: str, user_id: str | None = None, *, undone: bool = False) -> tuple[Event, ...]:
        """What happened on a data set, or what one user did, oldest first; ``undone``: with what was taken back."""
        events = tables().events
        counts = events.c.state != FORGOTTEN if undone else events.c.state == LIVE
        wanted = (events.c.dataset == dataset) & counts
        if user_id is not None:
            wanted &= events.c.user_id == user_id
        rows = self._rows(events.select().where(wanted).order_by(events.c.at, events.c.seq))
        return tuple(
            Event(row.id, row.dataset, row.user_id, row.item_id, row.kind, row.at, row.state == UNDONE) for row in rows
        )

    def version(self, dataset: str) -> str:
        """Changes with every write that changed something, of this process or another; one indexed look."""
        if self._empty:
            return EMPTY
        revisions = tables().revisions
        rows = self._rows(_select(revisions.c.revision).where(revisions.c.dataset == dataset))
        return f"{self.log_id}-{rows[0].revision if rows else 0}"

    def users_with_events(self, dataset: str) -> tuple[str, ...]:
        """The ids of the users who did something that counts, in alphabetical order."""
        events = tables().events
        which = (events.c.dataset == dataset) & (events.c.state == LIVE)
        return tuple(sorted(row.user_id for row in self._rows(_select(events.c.user_id).where(which).distinct())))

    def close(self) -> None:
        """Let go of the database; it is opened again when needed."""
        self._engine.dispose()

    def _rows(self, select: Select[Any]) -> Sequence[Any]:
        if self._empty:
            return ()
        _ = self.log_id

        def read() -> Sequence[Any]:
            with self._engine.connect() as connection:
                return connection.execute(select).all()

        return self._asked(read)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction, committed at the end, undone by an exception. One writer of this process at a time."""
        with self._lock, self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                # The lock is taken at once: a reader that turns writer would be refused without waiting.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def _revise(self, connection: Connection, dataset: str) -> None:
        revisions = tables().revisions
        first = self._insert(revisions).values(dataset=dataset, revision=1)
        more = {"revision": revisions.c.revision + 1}
        connection.execute(first.on_conflict_do_update(index_elements=["dataset"], set_=more))

    def _insert(self, table: Any) -> Any:
        """An INSERT that knows what to do with a row that is there already; both databases have it."""
        if self._engine.dialect.name == "sqlite":
            from sqlalchemy.dialects.sqlite import insert as of_sqlite

            return of_sqlite(table)
        from sqlalchemy.dialects.postgresql import insert as of_postgresql

        return of_postgresql(table)

    def _asked(self, what: Callable[[], T]) -> T:
        return said_of(self.url, what)


def _select(*columns: ColumnElement[Any]) -> Select[Any]:
    from sqlalchemy import select

    return select(*columns)


_STORES: dict[tuple[int, str], EventStore] = {}
_STORES_LOCK = threading.Lock()


def event_store() -> EventStore:
    """The log that ``RECALLSCOPE_DB_URL`` names, or the one in the data folder: one store for a process and a place.

    Opened when first asked something. Raises InputError for an address that cannot be one.
    """
    url = os.environ.get(URL_VARIABLE, "").strip() or default_url()
    key = (os.getpid(), url)  # a forked child must not share connections with its parent
    with _STORES_LOCK:
        if key not in _STORES:
            _STORES[key] = EventStore(url)
        return _STORES[key]
