"""The tables of the event log, and how a log of an older version is brought up to this one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ..errors import InputError, IntegrityError

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

VERSION = 1
"""Of the tables below; raised with every change to them, which then has a line in MIGRATIONS."""
MIGRATIONS: Mapping[int, Sequence[str]] = {}
"""Version -> the SQL that makes the next one of it. There is no older version yet."""
LIVE, UNDONE, FORGOTTEN = 0, 1, 2
"""What an event is: it counts; it was taken back; its user was reset, and nothing but its id is left."""
LONGEST_ID, LONGEST_NAME = 64, 1000
"""Characters of an event's id, and of the names of data sets, users and items."""
LONGEST_KIND = 16


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """meta: facts of the log by name. revisions: how many writes changed something, for each data set. events: one row
    each, numbered in the order they were stored."""

    metadata: MetaData
    meta: Table
    revisions: Table
    events: Table


@cache
def tables() -> Tables:
    """The tables as SQLAlchemy describes them; names start with ``recallscope_``, as the database may be shared."""
    from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, SmallInteger, String, Table

    metadata = MetaData()
    meta = Table(
        "recallscope_meta",
        metadata,
        Column("name", String(32), primary_key=True),
        Column("value", String(64), nullable=False),
    )
    revisions = Table(
        "recallscope_revisions",
        metadata,
        Column("dataset", String(LONGEST_NAME), primary_key=True),
        Column("revision", BigInteger, nullable=False),
    )
    events = Table(
        "recallscope_events",
        metadata,
        Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("id", String(LONGEST_ID), nullable=False, unique=True),
        Column("dataset", String(LONGEST_NAME), nullable=False),
        Column("user_id", String(LONGEST_NAME), nullable=False),
        Column("item_id", String(LONGEST_NAME), nullable=False),
        Column("kind", String(LONGEST_KIND), nullable=False),
        Column("at", Float(53), nullable=False),
        Column("state", SmallInteger, nullable=False, default=LIVE),
        Index("recallscope_events_of_user", "dataset", "user_id"),
    )
    return Tables(metadata, meta, revisions, events)


def prepare(connection: Connection, where: str) -> str:
    """Make the tables, or bring older ones up to this version, within the transaction of ``connection``.

    where: the log's place, for messages. Returns the log's own id, which no other log has. Raises InputError for a log
    of a newer version, IntegrityError for one that has no version.
    """
    from sqlalchemy import inspect

    made = tables()
    if not inspect(connection).has_table(made.meta.name):
        made.metadata.create_all(connection)
        facts = {"schema": str(VERSION), "log": uuid.uuid4().hex[:12]}
        connection.execute(made.meta.insert(), [{"name": name, "value": value} for name, value in facts.items()])
        return facts["log"]
    facts = dict(connection.execute(made.meta.select()).tuples().all())
    if not facts.get("schema", "").isdecimal() or "log" not in facts:
        raise IntegrityError(
            f"the event log {where} does not say which version it has: it was left as it is; move it away, and a new "
            "one is begun"
        )
    _migrate(connection, int(facts["schema"]), where)
    return facts["log"]


def _migrate(connection: Connection, found: int, where: str) -> None:
    """One version after the other; nothing is changed where one of them fails."""
    if found > VERSION:
        raise InputError(
            f"the event log {where} was written by a newer version of this program (schema {found}, this one knows "
            f"{VERSION}): update the program, or set RECALLSCOPE_DB_URL to another database"
        )
    if found == VERSION:
        return
    for step in range(found, VERSION):
        for statement in MIGRATIONS[step]:
            connection.exec_driver_sql(statement)
    meta = tables().meta
    connection.execute(meta.update().where(meta.c.name == "schema").values(value=str(VERSION)))
