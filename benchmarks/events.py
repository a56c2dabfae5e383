"""Live feedback: events stored a second, and one click merged into the default log. ``python -m benchmarks.events``

Every event is on the disk before the next one is sent (one by one), or before its sender goes on (16 senders at once,
in batches of 100). The peer is plain sqlite3 with the same durability, one INSERT and one commit an event; both take
turns, as the disk may be shared. Exit code 1 below the target from 16 senders at once, or above the limit of a merge.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

from core import load_dataset
from core.live import audience_for
from core.store.events import Event, EventStore

EVENTS, ROUNDS, SENDERS, BATCH = 500, 5, 16, 100
TARGET, LIMIT_MS = 1000.0, 5.0


def some(n: int) -> list[Event]:
    """Events that nobody has sent before."""
    return [Event(uuid.uuid4().hex, "movielens-small", "15", str(place), "like", 1.7e9) for place in range(n)]


def rate(run: Callable[[list[Event]], object], n: int = EVENTS) -> float:
    """Events a second of one run."""
    events = some(n)
    start = perf_counter()
    run(events)
    return n / (perf_counter() - start)


def plain_log(path: Path) -> sqlite3.Connection:
    """The peer: the same columns, the same durability."""
    log = sqlite3.connect(path, isolation_level=None)
    log.execute("PRAGMA journal_mode = WAL")
    log.execute("PRAGMA synchronous = FULL")
    log.execute("CREATE TABLE events (id TEXT UNIQUE, dataset TEXT, user_id TEXT, item_id TEXT, kind TEXT, at REAL)")
    return log


def plain_insert(log: sqlite3.Connection, events: list[Event]) -> None:
    """One by one, each committed."""
    for one in events:
        row = (one.id, one.dataset, one.user_id, one.item_id, one.kind, one.at)
        log.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", row)


def one_by_one(store: EventStore, events: list[Event]) -> None:
    """As one session does."""
    for one in events:
        store.record([one])


def at_once(store: EventStore, pool: ThreadPoolExecutor, events: list[Event]) -> None:
    """As many sessions do: each sender waits for its own event."""
    list(pool.map(lambda one: store.record([one]), events))


def batches(store: EventStore, events: list[Event]) -> None:
    """As a file of events does."""
    for start in range(0, len(events), BATCH):
        store.record(events[start : start + BATCH])


def merge_ms() -> float:
    """Milliseconds of one click merged into the default log."""
    dataset = load_dataset("movielens-small")
    click = [Event("a", dataset.name, "15", "1", "click", 1.7e9)]
    audience_for(dataset, click)
    times = []
    for _ in range(20):
        start = perf_counter()
        audience_for(dataset, click)
        times.append((perf_counter() - start) * 1000)
    return median(times)


def main() -> int:
    """Print the rates, beside the peer, and the merge."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(SENDERS) as pool:
        store, log = EventStore(f"sqlite:///{folder}/ours.sqlite"), plain_log(Path(folder) / "plain.sqlite")
        runs: dict[str, Callable[[list[Event]], object]] = {
            "one by one": lambda events: one_by_one(store, events),
            "plain sqlite3, one by one": lambda events: plain_insert(log, events),
            f"{SENDERS} senders at once": lambda events: at_once(store, pool, events),
            f"batches of {BATCH}": lambda events: batches(store, events),
        }
        found: dict[str, list[float]] = {name: [] for name in runs}
        store.record(some(1))
        for _ in range(ROUNDS):
            for name, run in runs.items():
                found[name].append(rate(run))
        stored = len(store.events("movielens-small"))
        store.close()
        log.close()
    for name, rates in found.items():
        print(f"{name:<26} {median(rates):8,.0f} events/s, best {max(rates):8,.0f} (target {TARGET:,.0f})")
    lost = 1 + (len(runs) - 1) * ROUNDS * EVENTS - stored
    merged = merge_ms()
    print(f"lost: {lost}; one click merged into the default log in {merged:.2f} ms (limit {LIMIT_MS:g})")
    return 0 if median(found[f"{SENDERS} senders at once"]) >= TARGET and merged <= LIMIT_MS and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
