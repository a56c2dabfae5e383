"""Encode only what is not known yet, and commit as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from ..types import Array
from .encoder import CancelFlag, Encoder, Progress, ProgressClock
from .stopping import finish_first

COMMIT_SHARE = 0.03
COMMIT_SECONDS = 2.0


class TextCache(Protocol):
    """What keeps text vectors, by space (see :class:`core.store.vectors.VectorCache`)."""

    def fetch(self, space: str, texts: Sequence[str]) -> tuple[Array, Array]:
        """(values (n, d), found (n,) bool)."""
        ...

    def add(self, space: str, texts: Sequence[str], values: Array) -> None:
        """Commit some vectors for good."""
        ...

    def compact(self, space: str) -> None:
        """Tidy up after a job."""
        ...


def encode_cached(
    texts: Sequence[str],
    space: str,
    cache: TextCache,
    encoder: Callable[[], Encoder],
    *,
    prompt: str = "",
    progress: Progress | None = None,
    cancel: CancelFlag | None = None,
    commit_seconds: float = COMMIT_SECONDS,
) -> Array:
    """Item texts (n) -> raw vectors (n, d) float32. ``encoder`` is only called where something is missing.

    Every finished batch is committed at once, as long as that takes less than COMMIT_SHARE of the time; on slower
    disks several together, after ``commit_seconds`` at the latest. Whatever is pending is committed when the job
    ends, also by Cancelled, an error, or a signal (see :mod:`core.embed.stopping`).
    """
    distinct = list(dict.fromkeys(texts))
    values, found = cache.fetch(space, distinct)
    missing = np.flatnonzero(~found)
    if len(missing):
        wanted = [distinct[row] for row in missing]
        clock = ProgressClock(len(distinct), progress, done=int(found.sum()))
        pending = _Pending(space, cache, wanted, commit_seconds)
        try:
            for rows, vectors in encoder().batches(wanted, role="item", prompt=prompt, cancel=cancel):
                with finish_first():
                    pending.put(rows, vectors)
                if not values.shape[1]:
                    values = np.zeros((len(distinct), vectors.shape[1]), dtype=np.float32)
                values[missing[rows]] = vectors
                clock.advance(len(rows))
        finally:
            with finish_first():
                pending.commit()
        cache.compact(space)
    place = {text: row for row, text in enumerate(distinct)}
    return values[[place[text] for text in texts]]


class _Pending:
    """Batches that are finished but not yet on disk."""

    def __init__(self, space: str, cache: TextCache, texts: Sequence[str], seconds: float) -> None:
        self._space, self._cache, self._texts, self._seconds = space, cache, texts, seconds
        self._batches: list[tuple[Array, Array]] = []
        self._last, self._cost = time.monotonic(), 0.0

    def put(self, rows: Array, vectors: Array) -> None:
        self._batches.append((rows, vectors))
        if time.monotonic() - self._last >= min(self._seconds, self._cost / COMMIT_SHARE):
            self.commit()

    def commit(self) -> None:
        started = time.monotonic()
        if self._batches:
            rows = np.concatenate([rows for rows, _ in self._batches])
            vectors = np.concatenate([vectors for _, vectors in self._batches])
            self._cache.add(self._space, [self._texts[row] for row in rows], vectors)
            self._batches = []
        self._last = time.monotonic()
        self._cost = self._last - started
