"""Making room in a folder of kept files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .sealed import remove


def prune(folder: Path, pattern: str, most: int, most_bytes: int) -> None:
    """Take away the files of a pattern that were written longest ago, until at most ``most`` of ``most_bytes`` together
    are left; never the last one. Another process may take a file away meanwhile."""
    found = []
    for path in folder.glob(pattern):
        with suppress(OSError):
            state = path.stat()
            found.append((state.st_mtime_ns, state.st_size, path))
    taken = 0
    for place, (_, size, path) in enumerate(sorted(found, reverse=True)):
        taken += size
        if place and (place >= most or taken > most_bytes):
            remove(path)
