"""Laps of a run in milliseconds."""

from __future__ import annotations

from time import perf_counter


class Clock:
    """Laps in milliseconds, by name."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Close the lap that began at the last one."""
        now = perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 3)
        self._last = now

    def done(self) -> dict[str, float]:
        """All laps and their total."""
        return {**self._laps, "total": round((perf_counter() - self._start) * 1000, 3)}
