"""Signals wait for what is being kept, and for nothing else."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from core.embed.stopping import finish_first, stop_on_terminate


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stop_on_terminate()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_at_once(number: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


def test_within_the_block_it_waits_for_the_end_of_the_outermost_one() -> None:
    done: list[str] = []

    def work() -> None:
        with finish_first():
            with finish_first():
                signal.raise_signal(signal.SIGTERM)
                done.append("inner")
            done.append("outer")
        done.append("after")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner", "outer"]
    with finish_first():
        done.append("again")
    assert done[-1] == "again"


def test_an_error_in_the_block_does_not_swallow_the_signal() -> None:
    def fail() -> None:
        with finish_first():
            signal.raise_signal(signal.SIGTERM)
            raise OSError("full")

    with pytest.raises(KeyboardInterrupt):
        fail()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)


def test_another_thread_holds_nothing_up() -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with finish_first():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert entered.wait(10)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        leave.set()
        thread.join()
