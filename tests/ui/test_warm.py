"""What a fresh server does beside answering: nothing of it may keep it from starting, or bring it down."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from ui import warm


def kernels_that(warm_up: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a module in the kernels' place."""
    module = ModuleType("kernels_of_a_test")
    vars(module)["warm_up"] = warm_up
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(warm, "KERNELS", module.__name__)


def test_kernels_that_cannot_be_imported_are_logged_and_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warm, "KERNELS", "core.diversify.not_there")
    warm.preparing.set()
    with caplog.at_level(logging.WARNING):
        warm.prepare_steps()
    assert "could not be made ready" in caplog.text
    assert not warm.preparing.is_set()


@pytest.mark.parametrize("problem", [RuntimeError("no locator"), OSError("read-only"), SystemError("compiler")])
def test_a_compiler_that_fails_is_logged_and_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, problem: Exception
) -> None:
    def fails() -> None:
        raise problem

    kernels_that(fails, monkeypatch)
    with caplog.at_level(logging.WARNING):
        warm.prepare_steps()
    assert str(problem) in caplog.text
    assert not warm.preparing.is_set()


def test_a_server_does_not_wait_for_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = threading.Event()
    kernels_that(lambda: compiled.wait(20), monkeypatch)
    monkeypatch.setattr(warm, "fetch", lambda: None)

    async def start() -> float:
        began = time.perf_counter()
        async with warm.warmed(None):
            assert warm.preparing.is_set()
            return time.perf_counter() - began

    with ThreadPoolExecutor(1) as own:  # a browser test before this one may have left a loop in the main thread
        assert own.submit(asyncio.run, start()).result() < warm.PATIENCE_S
    compiled.set()
    end = time.monotonic() + 20
    while warm.preparing.is_set() and time.monotonic() < end:
        time.sleep(0.01)
    assert not warm.preparing.is_set()
