"""Long jobs as child processes: progress, end, failure, cancel, one per content."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator

import pytest

from ui import jobs
from ui.jobs import CANCELLED, DONE, FAILED, POINTS_KEPT, RUNNING, Job, JobTable


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
    monkeypatch.setattr(jobs, "question", lambda verb, words: [sys.executable, "-c", script[0]])
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


def test_the_points_of_a_curve_are_kept(table: JobTable, scripted: list[str]) -> None:
    """In order, the last of very many; what says nothing is NaN, and lines without a loss add none."""
    line = '{"stage": "train", "done": %d, "total": 9, "eta_s": 1, "loss": 2.5, "recall": null, "baseline": 0.05}'
    scripted.append(LINE + f"[print({line!r} % n, flush=True) for n in range({POINTS_KEPT + 5})]")
    job = table.start("a", "train", {})
    assert ended(job) == DONE
    points = job.progress.points
    assert (points[0].epoch, points[-1].epoch, len(points)) == (5, POINTS_KEPT + 4, POINTS_KEPT)
    assert (points[0].loss, points[0].baseline, math.isnan(points[0].recall)) == (2.5, 0.05, True)


def test_jobs_are_found_by_the_beginning_of_their_key(table: JobTable, scripted: list[str]) -> None:
    scripted.append("pass")
    first, other, second = (table.start(key, "train", {}) for key in ("train|b", "embed|c", "train|a"))
    assert table.under("train|") == (first, second)
    assert table.under("embed|") == (other,)
    for job in (first, other, second):
        ended(job)


def test_the_result_is_kept(table: JobTable, scripted: list[str]) -> None:
    scripted.append(LINE + 'print(\'{"result": {"name": "shop", "n_items": 3}}\', flush=True)')
    job = table.start("a", "import", {}, "--plan", "plan.json")
    assert ended(job) == DONE
    assert job.result == {"name": "shop", "n_items": 3}
    assert job.progress.total == 4


@pytest.mark.parametrize("line", ['{"result"', '{"result": 1}', '{"result": [1]}', '{"resultat": {"a": 1}}'])
def test_a_result_that_is_none_is_none(table: JobTable, scripted: list[str], line: str) -> None:
    scripted.append(f"print({line!r})")
    job = table.start("a", "import", {})
    assert ended(job) == DONE
    assert job.result is None


def test_a_job_that_takes_too_long_is_ended_and_says_so(table: JobTable, scripted: list[str]) -> None:
    scripted.append("import time; time.sleep(60)")
    job = table.start("a", "import", {}, limit_s=0.3)
    assert ended(job) == FAILED
    assert "longer than 0.3 seconds" in job.progress.message
    assert job.process.poll() is not None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ran out of memory"),
        ("raise MemoryError", "ran out of memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
        ("import sys; sys.exit(3)", "fault of the program, not of your files (code 3)"),
        ("raise KeyError('a cell of the data')", "(KeyError, code 1), and nothing was kept or changed: try again"),
        ("import json; json.loads('x')", "(JSONDecodeError, code 1)"),
        ("import sys; sys.exit('recallscope: a.csv, row 2: no')", "a.csv, row 2: no"),
    ],
)
def test_however_a_child_ends_there_is_one_sentence(
    table: JobTable, scripted: list[str], script: str, said: str
) -> None:
    scripted.append(script)
    job = table.start("a", "import", {})
    assert ended(job) == FAILED
    assert said in job.progress.message
    assert "\n" not in job.progress.message
    answer = jobs.ask("inspect", limit_s=20)
    assert said in answer.problem
    assert answer.values == {}


def test_a_child_that_says_a_lot_does_not_block(table: JobTable, scripted: list[str]) -> None:
    scripted.append("import sys; [print('x' * 1000, file=sys.stderr) for _ in range(2000)]; print('y' * 100_000)")
    job = table.start("a", "import", {})
    assert ended(job) == DONE


def test_a_question_is_answered(scripted: list[str]) -> None:
    scripted.append("print('{\\n \"files\": []\\n}')")
    assert jobs.ask("inspect", limit_s=20) == jobs.Answer({"files": []})


@pytest.mark.parametrize("said", ["", "no json", "[1]", "3"])
def test_an_answer_that_is_none_is_said(scripted: list[str], said: str) -> None:
    scripted.append(f"print({said!r})")
    assert "no answer" in jobs.ask("inspect", limit_s=20).problem


def test_a_question_that_takes_too_long_is_given_up(scripted: list[str]) -> None:
    scripted.append("import time; time.sleep(60)")
    assert "longer than 0.3 seconds" in jobs.ask("inspect", limit_s=0.3).problem


def test_questions_and_flags() -> None:
    assert jobs.question("inspect", ("--plan", "a.json"))[1:] == ["-m", "core", "inspect", "--plan", "a.json", "--json"]


def test_flags_are_those_of_the_command_line() -> None:
    words = jobs.command("layout", {"k": 3, "normalize": False, "threshold": None}, ("--dims", "3"))
    assert words[1:] == ["-m", "core", "layout", "--progress", "--dims", "3", "--k=3", "--normalize=false"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"stage": 1}',
        '{"stage":"x","done":"y","total":1,"eta_s":1}',
        '{"stage":"x","done":1,"total":1,"eta_s":1,"loss":1}',
    ],
)
def test_odd_lines_change_nothing(line: str) -> None:
    before = jobs.Progress(stage="embed", done=1, total=2)
    assert jobs._parsed(line, before) == before
