"""The database behind the event log: how it is opened, and how its errors are said."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import InputError, IntegrityError, RecallscopeError
from .paths import data_dir

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

URL_VARIABLE = "RECALLSCOPE_DB_URL"
FILE, OF_FILES = "events.sqlite", "sqlite:///"
EXAMPLES = "sqlite:////folder/events.sqlite, or postgresql://user:password@host/database"
WAIT_S = 15
"""How long a writer waits for another one."""
TRIES, PAUSE_S = 5, 0.05
"""Attempts where the database says it is locked in spite of waiting: opening, say, while another process does."""
POSTGRES_DRIVER = "postgresql+psycopg"
T = TypeVar("T")


def default_url() -> str:
    """The file in the data folder."""
    return f"{OF_FILES}{data_dir() / FILE}"


def file_of(text: str) -> Path | None:
    """The file of an address, None where it is no file's."""
    return Path(text.removeprefix(OF_FILES)) if text.startswith(OF_FILES) else None


def engine_of(text: str) -> Engine:
    """The engine of an address; nothing is opened yet. Raises InputError for an address that cannot be one, or whose
    driver is not installed."""
    from sqlalchemy import create_engine, event

    url = _parsed(text)
    if url.drivername == "sqlite":
        engine = create_engine(url, connect_args={"timeout": WAIT_S}, pool_size=8, max_overflow=32)
        event.listen(engine, "connect", _set_up)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    except ModuleNotFoundError:
        raise InputError(
            f'{URL_VARIABLE} names a PostgreSQL database, whose driver is not installed: pip install "psycopg[binary]"'
        ) from None


def shown(text: str) -> str:
    """An address as it may be said: the file, or the database without its password."""
    url = _parsed(text)
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def _parsed(text: str) -> URL:
    from sqlalchemy import URL, make_url
    from sqlalchemy.exc import ArgumentError

    file = text.removeprefix(OF_FILES)
    if text.startswith(OF_FILES) and file not in ("", ":memory:"):
        return URL.create("sqlite", database=file)  # as it is: a folder's name may hold a question mark
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InputError(f"{URL_VARIABLE} must be the address of a database, as {EXAMPLES}") from None
    if url.drivername in ("postgresql", "postgres", POSTGRES_DRIVER):
        return url.set(drivername=POSTGRES_DRIVER)
    raise InputError(f"{URL_VARIABLE} must name an SQLite file or a PostgreSQL database, as {EXAMPLES}")


def _set_up(connection: Any, record: Any) -> None:
    """Of every new SQLite connection: transactions are begun by us, and a commit reaches the disk."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def said_of(url: str, what: Callable[[], T]) -> T:
    """What ``what`` returns; the database's errors as ours, each one sentence. A busy database is asked again."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    for attempt in range(TRIES):
        try:
            return what()
        except DBAPIError as error:
            if not _is_busy(error) or attempt == TRIES - 1:
                raise _told(url, error) from None
            time.sleep(PAUSE_S * 2**attempt)
        except SQLAlchemyError as error:  # of SQLAlchemy itself: no connection got free in time, say
            raise RecallscopeError(
                f"the event log {shown(url)} cannot be had now ({type(error).__name__}): try again in a moment"
            ) from None
    raise AssertionError("unreachable")


def _is_busy(error: Any) -> bool:
    words = str(error.orig).lower()
    return any(word in words for word in ("locked", "busy", "deadlock", "could not serialize"))


def _told(url: str, error: Any) -> RecallscopeError:
    from sqlalchemy.exc import OperationalError

    place, why = shown(url), " ".join(str(error.orig).split()).rstrip(".")
    if _is_busy(error):
        return RecallscopeError(f"the event log {place} is busy, and nothing was stored: try again in a moment")
    if not url.startswith("sqlite"):
        if isinstance(error, OperationalError):
            return InputError(
                f"the database {place} of {URL_VARIABLE} cannot be reached: start the server, correct the address, or "
                f"unset it to keep feedback in a file ({why:.200})"
            )
        return InputError(f"the database {place} of {URL_VARIABLE} refused: {why:.200}")
    if isinstance(error, OperationalError):  # unable to open, read-only, a full disk
        return InputError(
            f"the event log {place} cannot be used, and nothing was stored: {why}; make room or give it rights, or set "
            f"{URL_VARIABLE} to another place"
        )
    return IntegrityError(
        f"the event log {place} is damaged ({why}): it was left as it is; move it away with the files of the same name "
        "beside it, and a new one is begun"
    )
