"""Only what is not known is encoded, and what was encoded survives a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.embed.cached import encode_cached
from core.errors import Cancelled
from core.store.vectors import VectorCache

ROOT = Path(__file__).resolve().parents[3]
SLOW_JOB = """
import runpy, sys
from pathlib import Path
here = runpy.run_path(sys.argv[1])
cache = here["VectorCache"](Path(sys.argv[2]))
here["run"](cache, encoder=here["CountingEncoder"](seconds=0.3), commit_seconds=0.0)
"""
STOPPABLE_JOB = """
import runpy, sys
from pathlib import Path
from core.embed import cached
from core.vectors import stop_on_terminate
here = runpy.run_path(sys.argv[1])
cached.COMMIT_SHARE = 1e-12
stop_on_terminate()
try:
    here["run"](
        here["VectorCache"](Path(sys.argv[2])),
        encoder=here["CountingEncoder"](seconds=0.3),
        commit_seconds=1e9,
        progress=lambda done, *_: print(done, flush=True),
    )
except KeyboardInterrupt:
    sys.exit(7)
"""
TEXTS = [f"text number {number}" for number in range(20)]


def vector_of(text: str) -> np.ndarray:
    return np.array([len(text), sum(text.encode())], dtype=np.float32)


class CountingEncoder:
    """Three texts a batch; remembers what it was asked for, may be slow, may fail."""

    def __init__(self, seconds: float = 0.0, fail_after: int | None = None) -> None:
        self.encoded: list[str] = []
        self.seconds, self.fail_after = seconds, fail_after

    def batches(
        self, texts: Sequence[str], cancel: Any = None, **words: Any
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for start in range(0, len(texts), 3):
            if cancel is not None and cancel.is_set():
                raise Cancelled("stopped")
            if self.fail_after is not None and len(self.encoded) >= self.fail_after:
                raise RuntimeError("out of memory")
            time.sleep(self.seconds)
            batch = list(texts[start : start + 3])
            self.encoded += batch
            yield np.arange(start, start + len(batch)), np.stack([vector_of(text) for text in batch])


def run(
    cache: VectorCache, texts: Sequence[str] = TEXTS, encoder: Any = None, **words: Any
) -> tuple[np.ndarray, list[str]]:
    encoder = encoder or CountingEncoder()
    return encode_cached(texts, "space", cache, lambda: encoder, **words), encoder.encoded


def right(texts: Sequence[str] = TEXTS) -> np.ndarray:
    return np.stack([vector_of(text) for text in texts])


def test_the_second_time_nothing_is_encoded_and_no_model_is_asked_for(tmp_path: Path) -> None:
    values, encoded = run(VectorCache(tmp_path))
    np.testing.assert_array_equal(values, right())
    assert encoded == TEXTS
    again = encode_cached(TEXTS, "space", VectorCache(tmp_path), lambda: pytest.fail("loaded the model"))
    np.testing.assert_array_equal(again, right())


def test_only_new_and_changed_texts_are_encoded(tmp_path: Path) -> None:
    run(VectorCache(tmp_path))
    changed = [*TEXTS[5:], "a new one", TEXTS[0], "text number 3, changed", "a new one"]
    values, encoded = run(VectorCache(tmp_path), changed)
    assert encoded == ["a new one", "text number 3, changed"]
    np.testing.assert_array_equal(values, right(changed))


def test_equal_texts_are_encoded_once(tmp_path: Path) -> None:
    values, encoded = run(VectorCache(tmp_path), ["a", "b", "a", "a"])
    assert encoded == ["a", "b"]
    np.testing.assert_array_equal(values, right(["a", "b", "a", "a"]))


def test_spaces_do_not_mix(tmp_path: Path) -> None:
    run(VectorCache(tmp_path))
    encoder = CountingEncoder()
    encode_cached(TEXTS, "other", VectorCache(tmp_path), lambda: encoder)  # type: ignore[arg-type, return-value]
    assert encoder.encoded == TEXTS


@pytest.mark.parametrize("commit_seconds", [0.0, 1000.0])
def test_an_error_keeps_what_was_finished(tmp_path: Path, commit_seconds: float) -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        run(VectorCache(tmp_path), encoder=CountingEncoder(fail_after=9), commit_seconds=commit_seconds)
    values, encoded = run(VectorCache(tmp_path))
    assert encoded == TEXTS[9:]
    np.testing.assert_array_equal(values, right())


def test_cancelling_keeps_what_was_finished(tmp_path: Path) -> None:
    flag = threading.Event()

    def stop(done: int, total: int, left: float | None) -> None:
        if done >= 6:
            flag.set()

    with pytest.raises(Cancelled):
        run(VectorCache(tmp_path), progress=stop, cancel=flag)
    seen: list[tuple[int, int, float | None]] = []
    _, encoded = run(VectorCache(tmp_path), progress=lambda *call: seen.append(call))
    assert encoded == TEXTS[6:]
    assert seen[0] == (6, 20, None)
    assert seen[-1][:2] == (20, 20)


def test_a_killed_process_resumes_from_its_last_batch(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", SLOW_JOB, __file__, str(tmp_path)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob("texts/space/*.safetensors"))) < 3 and time.monotonic() < deadline:
            assert child.poll() is None, "the child ended before it could be killed"
            time.sleep(0.01)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    kept = len(list(tmp_path.glob("texts/space/*.safetensors"))) * 3
    assert 9 <= kept < 20
    cache = VectorCache(tmp_path)
    values, encoded = run(cache)
    assert encoded == TEXTS[kept:]
    np.testing.assert_array_equal(values, right())
    assert not cache.notices


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_process_keeps_every_finished_batch(tmp_path: Path, number: int) -> None:
    """Commits are made to look dear, so that all but the first batch are still pending when the signal comes."""
    command = [sys.executable, "-c", STOPPABLE_JOB, __file__, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [int(child.stdout.readline()) for _ in range(4)]
        child.send_signal(number)
        rest, errors = child.communicate(timeout=60)
    said += map(int, rest.split())
    assert (child.returncode, errors) == (7, "")
    assert said[:4] == [0, 3, 6, 9]
    assert len(list(tmp_path.glob("texts/space/*.safetensors"))) == 2
    _, encoded = run(VectorCache(tmp_path))
    assert encoded == TEXTS[said[-1] :]


def test_every_batch_is_committed_while_that_is_cheap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.1 s a batch and next to nothing a commit: seven of them; commits that cost as much wait for each other."""
    added: list[int] = []

    class Disk(VectorCache):
        def add(self, space: str, texts: Sequence[str], values: np.ndarray) -> None:
            now.append(now[-1] + cost)
            added.append(len(texts))

    def encode(seconds: float) -> list[int]:
        added.clear()

        class Clocked(CountingEncoder):
            def batches(self, *args: Any, **words: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
                for batch in super().batches(*args, **words):
                    now.append(now[-1] + 0.1)
                    yield batch

        run(Disk(tmp_path), encoder=Clocked(), commit_seconds=seconds)
        return list(added)

    now, cost = [0.0], 0.002
    monkeypatch.setattr("core.embed.cached.time", SimpleNamespace(monotonic=lambda: now[-1]))
    assert encode(2.0) == [3] * 6 + [2]
    cost = 0.1
    assert encode(2.0) == [3, 17]
    assert encode(0.25) == [3, 9, 8]


def test_a_damaged_shard_is_encoded_again_and_said(tmp_path: Path) -> None:
    run(VectorCache(tmp_path))
    shard = next(tmp_path.glob("texts/space/*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-1])
    cache = VectorCache(tmp_path)
    values, encoded = run(cache)
    assert encoded == TEXTS
    assert len(cache.notices) == 1
    np.testing.assert_array_equal(values, right())


def test_a_full_disk_costs_the_memory_not_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.store.vectors.write_sealed", full)
    cache = VectorCache(tmp_path)
    values, _ = run(cache, commit_seconds=0.0)
    np.testing.assert_array_equal(values, right())
    assert len(cache.notices) == 1
    assert "No space left" in cache.notices[0]
