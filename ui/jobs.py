"""Long jobs: encoding and map layouts run as child processes of the same command line a user would type.

A child keeps torch, umap and their seconds of imports out of the server, cannot stall a page, ends at once when
cancelled, and leaves every finished batch in the cache, so the next start goes on from there. One job per content:
a reload, or another browser session that wants the same thing, finds the job that is already running.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """state: running | done | failed | cancelled. stage: what is being done. done of total; eta_s, NaN = unknown."""

    state: str = RUNNING
    stage: str = "start"
    done: int = 0
    total: int = 0
    eta_s: float = float("nan")
    message: str = ""

    @property
    def share(self) -> float:
        """Finished part of the present stage, in [0, 1]."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(eq=False, slots=True)
class Job:
    """One child process and the last thing it said."""

    key: str
    process: subprocess.Popen[str]
    started: float
    progress: Progress = field(default_factory=Progress)
    wanted_to_stop: bool = False

    def cancel(self) -> None:
        """End the child; what it finished is kept."""
        self.wanted_to_stop = True
        self.process.terminate()


class JobTable:
    """The jobs of this server, by content key; safe for many sessions."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def find(self, key: str) -> Job | None:
        """The job of that content, running or ended."""
        with self._lock:
            return self._jobs.get(key)

    def start(self, key: str, verb: str, flat: Mapping[str, Any], *extra: str) -> Job:
        """Start ``python -m core VERB`` for a recipe in flat form, or return the job already running for that key."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.progress.state == RUNNING:
                return job
            process = subprocess.Popen(
                command(verb, flat, extra),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
            job = Job(key=key, process=process, started=time.monotonic())
            self._jobs[key] = job
        threading.Thread(target=_follow, args=(job,), daemon=True, name=f"job-{key[:12]}").start()
        return job

    def forget(self, key: str) -> None:
        """Drop an ended job, so that it may be started again."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.progress.state != RUNNING:
                del self._jobs[key]

    def running(self) -> tuple[Job, ...]:
        """Every job that has not ended."""
        with self._lock:
            return tuple(job for job in self._jobs.values() if job.progress.state == RUNNING)


def command(verb: str, flat: Mapping[str, Any], extra: Sequence[str]) -> list[str]:
    """The child's command line: a recipe in flat form as flags."""
    flags = [f"--{name}={_flag(value)}" for name, value in flat.items() if value is not None]
    return [sys.executable, "-m", "core", verb, "--progress", *extra, *flags]


def _flag(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _follow(job: Job) -> None:
    """Read the child's progress lines until it ends."""
    errors: list[str] = []
    with job.process as child:
        reader = threading.Thread(target=lambda: errors.extend(child.stderr or ()), daemon=True)
        reader.start()
        for line in child.stdout or ():
            job.progress = _parsed(line, job.progress)
        code = child.wait()
        reader.join(timeout=5)
    if code == 0:
        job.progress = replace(job.progress, state=DONE)
    elif job.wanted_to_stop:
        job.progress = replace(job.progress, state=CANCELLED)
    else:
        job.progress = replace(job.progress, state=FAILED, message=_last_sentence(errors, code))


def _parsed(line: str, before: Progress) -> Progress:
    try:
        said = json.loads(line)
        return Progress(RUNNING, str(said["stage"]), int(said["done"]), int(said["total"]), float(said["eta_s"] or 0))
    except (ValueError, KeyError, TypeError):
        return before


def _last_sentence(errors: list[str], code: int) -> str:
    ours = [line.strip().removeprefix("recallscope: ") for line in errors if line.startswith("recallscope: ")]
    return ours[-1] if ours else f"the job ended with code {code}"
