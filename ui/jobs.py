"""Long jobs run as child processes of the same command line a user would type: encoding, map layouts, imports,
trainings.

A child keeps torch, umap and their seconds of imports out of the server, cannot stall a page or take the server down
with it, ends at once when cancelled, and leaves every finished batch in the cache, so the next start goes on from
there. One job per content: a reload, or another browser session that wants the same thing, finds the job that is
already running.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"
OUT_OF_MEMORY = (
    "it ran out of memory, and only this job was ended: bring a smaller part of the data, or run it on a larger machine"
)
FAULT = (
    "this is a fault of the program, not of your files ({what}), and nothing was kept or changed: try again, and if it "
    "happens again, report it with the formats of your files"
)
KILL = 9
ERRORS_KEPT = 200
"""Lines of what a child says on stderr that are kept: the last ones."""


POINTS_KEPT = 1000
"""Points of a curve that are kept: the last ones."""


@dataclass(frozen=True, slots=True)
class Point:
    """One epoch of a training. recall and baseline (popularity): of the validation users, NaN without any."""

    epoch: int
    loss: float
    recall: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Progress:
    """state: running | done | failed | cancelled. stage: what is being done. done of total; eta_s, NaN = unknown.

    points: the curve so far of a job that has one, oldest first.
    """

    state: str = RUNNING
    stage: str = "start"
    done: int = 0
    total: int = 0
    eta_s: float = float("nan")
    message: str = ""
    points: tuple[Point, ...] = ()

    @property
    def share(self) -> float:
        """Finished part of the present stage, in [0, 1]."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(eq=False, slots=True)
class Job:
    """One child process and the last thing it said. result: what it came to, as plain values, where it tells."""

    key: str
    process: subprocess.Popen[str]
    started: float
    progress: Progress = field(default_factory=Progress)
    wanted_to_stop: bool = False
    result: dict[str, Any] | None = None
    limit_s: float | None = None
    out_of_time: bool = False

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

    def under(self, prefix: str) -> tuple[Job, ...]:
        """The jobs whose key starts with ``prefix``, running or ended, the last started last."""
        with self._lock:
            found = [job for key, job in self._jobs.items() if key.startswith(prefix)]
        return tuple(sorted(found, key=lambda job: job.started))

    def start(self, key: str, verb: str, flat: Mapping[str, Any], *extra: str, limit_s: float | None = None) -> Job:
        """Start ``python -m core VERB``, or return the job already running for that key.

        flat: flags by name, such as a recipe in flat form; None is left out. extra: further words of the command line.
        limit_s: the child is ended after so many seconds, None = never.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.progress.state == RUNNING:
                return job
            process = _child(command(verb, flat, extra))
            job = Job(key=key, process=process, started=time.monotonic(), limit_s=limit_s)
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a short command said: its JSON object, or the problem in one sentence and {}."""

    values: Mapping[str, Any]
    problem: str = ""


def ask(verb: str, *words: str, limit_s: float) -> Answer:
    """Run ``python -m core VERB ...`` to its end and read the one JSON object it prints."""
    process = _child(question(verb, words))
    try:
        said, errors = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return Answer({}, _too_long(limit_s))
    if process.returncode:
        return Answer({}, _last_sentence(errors.splitlines(), process.returncode))
    try:
        return Answer(dict(json.loads(said)))
    except (ValueError, TypeError):
        return Answer({}, f"the command {verb} gave no answer that can be read")


def command(verb: str, flat: Mapping[str, Any], extra: Sequence[str]) -> list[str]:
    """The command line of a job: a recipe in flat form as flags."""
    flags = [f"--{name}={_flag(value)}" for name, value in flat.items() if value is not None]
    return [sys.executable, "-m", "core", verb, "--progress", *extra, *flags]


def question(verb: str, words: Sequence[str]) -> list[str]:
    """The command line of a short command that answers in JSON."""
    return [sys.executable, "-m", "core", verb, *words, "--json"]


def _child(words: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _flag(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _follow(job: Job) -> None:
    """Read the child's progress lines until it ends."""
    errors: deque[str] = deque(maxlen=ERRORS_KEPT)
    timer = threading.Timer(job.limit_s, _end, args=(job,)) if job.limit_s else None
    if timer:
        timer.daemon = True
        timer.start()
    with job.process as child:
        reader = threading.Thread(target=lambda: errors.extend(child.stderr or ()), daemon=True)
        reader.start()
        for line in child.stdout or ():
            _hear(job, line)
        code = child.wait()
        reader.join(timeout=5)
    if timer:
        timer.cancel()
    if code == 0:
        job.progress = replace(job.progress, state=DONE)
    elif job.wanted_to_stop:
        job.progress = replace(job.progress, state=CANCELLED)
    else:
        message = _too_long(job.limit_s or 0) if job.out_of_time else _last_sentence(errors, code)
        job.progress = replace(job.progress, state=FAILED, message=message)


def _end(job: Job) -> None:
    job.out_of_time = True
    job.process.kill()


def _hear(job: Job, line: str) -> None:
    """A line of progress, or {"result": ...}, which comes last."""
    if line.startswith('{"result"'):
        try:
            job.result = dict(json.loads(line)["result"])
        except (ValueError, KeyError, TypeError):
            return
    else:
        job.progress = _parsed(line, job.progress)


def _parsed(line: str, before: Progress) -> Progress:
    try:
        said = json.loads(line)
        now = Progress(RUNNING, str(said["stage"]), int(said["done"]), int(said["total"]), float(said["eta_s"] or 0))
        return replace(now, points=(*before.points, *_point(said))[-POINTS_KEPT:])
    except (ValueError, KeyError, TypeError):
        return before


def _point(said: Mapping[str, Any]) -> tuple[Point, ...]:
    """The point of a line that brings one."""
    if "loss" not in said:
        return ()
    recall, baseline = (math.nan if said[name] is None else float(said[name]) for name in ("recall", "baseline"))
    return (Point(int(said["done"]), float(said["loss"]), recall, baseline),)


def _too_long(limit_s: float) -> str:
    return f"it took longer than {limit_s:g} seconds and was stopped: bring a smaller file, or use the command line"


def _last_sentence(errors: Sequence[str] | deque[str], code: int) -> str:
    """What went wrong: the child's own last sentence, else what its end tells."""
    ours = [line.strip().removeprefix("recallscope: ") for line in errors if line.startswith("recallscope: ")]
    if ours:
        return ours[-1]
    if code == -KILL or any("MemoryError" in line or "std::bad_alloc" in line for line in errors):
        return OUT_OF_MEMORY
    if code < 0:
        return f"it was ended from outside (signal {-code}), and nothing was changed: try again"
    return FAULT.format(what=_last_exception(errors, code))


def _last_exception(errors: Sequence[str] | deque[str], code: int) -> str:
    """The kind of the last exception, never its text, which may hold data; else the code of the end."""
    kinds = [found[1] for line in errors if (found := re.match(r"(?:\w+\.)*(\w+(?:Error|Exception))\b", line))]
    return f"{kinds[-1]}, code {code}" if kinds else f"code {code}"
