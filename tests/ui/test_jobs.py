"""Long jobs as child processes: progress, end, failure, cancel, one per content."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from ui import jobs
from ui.jobs import CANCELLED, DONE, FAILED, RUNNING, Job, JobTable


@pytest.fixture
def table() -> Iterator[JobTable]:
    made = JobTable()
    yield made
    for job in made.running():
        job.cancel()
        job.process.wait(10)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The child runs this Python text in place of the command line."""
    script: list[str] = []
    monkeypatch.setattr(jobs, "command", lambda verb, flat, extra: [sys.executable, "-c", script[0]])
    return script


def ended(job: Job, seconds: float = 20) -> str:
    end = time.monotonic() + seconds
    while job.progress.state == RUNNING and time.monotonic() < end:
        time.sleep(0.02)
    return job.progress.state


LINE = 'print(\'{"stage": "embed", "done": 3, "total": 4, "eta_s": 1.5}\', flush=True);'


def test_progress_is_read_and_the_end_is_seen(table: JobTable, scripted: list[str]) -> None:
    scripted.append("import sys;" + LINE + "print('not json', flush=True)")
    job = table.start("a", "layout", {})
    assert ended(job) == DONE
    assert (job.progress.stage, job.progress.done, job.progress.total, job.progress.eta_s) == ("embed", 3, 4, 1.5)
    assert job.progress.share == 0.75


def test_a_failure_brings_its_own_sentence(table: JobTable, scripted: list[str]) -> None:
    scripted.append("import sys; sys.stderr.write('noise\\nrecallscope: no such model\\n'); sys.exit(2)")
    job = table.start("a", "layout", {})
    assert ended(job) == FAILED
    assert job.progress.message == "no such model"


def test_cancel_ends_the_child_and_keeps_what_it_said(table: JobTable, scripted: list[str]) -> None:
    scripted.append("import time;" + LINE + "time.sleep(60)")
    job = table.start("a", "layout", {})
    while not job.progress.total:
        time.sleep(0.02)
    job.cancel()
    assert ended(job) == CANCELLED
    assert job.progress.done == 3
    assert job.process.poll() is not None


def test_the_same_content_is_one_job_until_it_is_forgotten(table: JobTable, scripted: list[str]) -> None:
    scripted.append("import time; time.sleep(60)")
    job = table.start("a", "layout", {})
    assert table.start("a", "layout", {}) is job
    table.forget("a")
    assert table.find("a") is job, "a running job is not forgotten"
    job.cancel()
    ended(job)
    table.forget("a")
    assert table.find("a") is None


def test_flags_are_those_of_the_command_line() -> None:
    words = jobs.command("layout", {"k": 3, "normalize": False, "threshold": None}, ("--dims", "3"))
    assert words[1:] == ["-m", "core", "layout", "--progress", "--dims", "3", "--k=3", "--normalize=false"]


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"stage": 1}', '{"stage":"x","done":"y","total":1,"eta_s":1}'])
def test_odd_lines_change_nothing(line: str) -> None:
    before = jobs.Progress(stage="embed", done=1, total=2)
    assert jobs._parsed(line, before) == before
