"""A small text-to-text dictionary in one file, for facts that are slow to find and cheap to lose."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path

from .sealed import write_atomic

MOST_ENTRIES = 200


class FileMemo(MutableMapping[str, str]):
    """Read on first use, written on every change; an unreadable file counts as empty. The oldest entries go first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content: dict[str, str] | None = None

    def _loaded(self) -> dict[str, str]:
        if self._content is None:
            try:
                content = json.loads(self._path.read_text("utf-8"))
                self._content = {str(key): str(value) for key, value in content.items()}
            except (OSError, ValueError, AttributeError):
                self._content = {}
        return self._content

    def _save(self) -> None:
        content = self._loaded()
        while len(content) > MOST_ENTRIES:
            del content[next(iter(content))]
        with suppress(OSError):
            write_atomic(self._path, json.dumps(content).encode())

    def __getitem__(self, key: str) -> str:
        return self._loaded()[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._loaded()[key] = value
        self._save()

    def __delitem__(self, key: str) -> None:
        del self._loaded()[key]
        self._save()

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())
