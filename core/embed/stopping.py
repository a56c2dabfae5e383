"""A signal that ends the program waits until finished work is on disk."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class _State:
    """Only the main thread touches it: signals arrive there."""

    holding: int = 0
    asked: bool = False


_STATE = _State()


def stop_on_terminate() -> None:
    """From here on SIGTERM, like Ctrl-C, raises KeyboardInterrupt in the main thread, but never inside
    :func:`finish_first`. To be called once, in the main thread, by a program (not by a library or a server).

    KeyboardInterrupt and not Cancelled, since libraries swallow ordinary exceptions.
    """
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)


@contextmanager
def finish_first() -> Iterator[None]:
    """A signal that arrives in this block takes effect at its end. In other threads it does nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _STATE.holding += 1
    try:
        yield
    finally:
        _STATE.holding -= 1
        if _STATE.asked and not _STATE.holding:
            _STATE.asked = False
            raise KeyboardInterrupt


def _stop(number: int, frame: FrameType | None) -> None:
    if not _STATE.holding:
        raise KeyboardInterrupt
    _STATE.asked = True
