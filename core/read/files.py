"""The two ways in: any file as a Sheet, and an array of item vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import FileError, RecallscopeError
from ..registry import stage
from ..sheets import Dialect, Sheet
from ..types import Array
from . import DETECT, Request
from .encodings import marked
from .limits import HEAD_ROWS
from .signatures import refuse
from .text import read_start

__all__ = ["HEAD_ROWS", "format_of", "read_file", "read_vectors"]


def read_file(
    path: Path,
    *,
    name: str = "",
    wish: Dialect = DETECT,
    head: bool = False,
    columns: Sequence[str] | None = None,
) -> Sheet:
    """A file of any known format as columns.

    name: what the user calls it (default: its own name); only the part behind the last folder is shown.
    wish: what the user decided, "" = detect. head: only about the first 1,000 rows, at once even for a file of 2 GB.
    columns: only these, in the order of the file. Raises FileError, and UnknownNameError for an unknown format.
    """
    path = Path(path)
    shown = shown_name(name or path.name)
    request = Request(path, shown, wish, head, None if columns is None else tuple(columns))
    try:
        start = read_start(path, shown)
        refuse(shown, start)
        return stage("read").get(wish.format or format_of(shown, start, wish))()(request)
    except RecallscopeError:
        raise
    except Exception as error:
        if not _is_expected(error):
            raise
        raise _damaged(shown, error) from None


def format_of(name: str, start: bytes, wish: Dialect = DETECT) -> str:
    """The key of the format that is most sure of a file, by its name and its first bytes."""
    encoding = wish.encoding or marked(start)
    if encoding.startswith(("utf-16", "utf-32")):
        start = start.decode(encoding, errors="replace").encode()
    start = start.removeprefix(b"\xef\xbb\xbf")
    keys = stage("read").names()
    if wish.delimiter:
        keys = ("movielens",) if wish.delimiter == "::" else ("csv", "recbole")
    formats = [stage("read").get(key)() for key in keys]
    return str(max(formats, key=lambda known: known.matches(name, start)).key)


def read_vectors(path: Path, *, name: str = "") -> Array:
    """An array file (.npy) as (n, d) float32, every number finite.

    Header, size and type are checked before anything is loaded, and pickled objects are never opened.
    Raises FileError.
    """
    from .npy import load

    path = Path(path)
    shown = shown_name(name or path.name)
    try:
        return load(path, shown)
    except RecallscopeError:
        raise
    except Exception as error:
        if not _is_expected(error):
            raise
        raise _damaged(shown, error) from None


def shown_name(name: str) -> str:
    """The part of a name behind the last folder, printable and at most 100 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    text = "".join(char for char in last if char.isprintable()).strip()
    return (text if len(text) <= 100 else f"{text[:99]}…") or "file"


def _is_expected(error: Exception) -> bool:
    """What damaged bytes make the libraries raise; anything else is a fault of ours and must be seen."""
    import pyarrow as pa

    return isinstance(error, pa.ArrowException | MemoryError | RecursionError | OSError | ValueError | ArithmeticError)


def _damaged(name: str, error: Exception) -> FileError:
    if isinstance(error, MemoryError):
        return FileError(name, "too large for the memory", hint="bring a sample of the rows, or fewer columns")
    return FileError(
        name, f"damaged or incomplete ({type(error).__name__})", hint="export it again, or choose another file"
    )
