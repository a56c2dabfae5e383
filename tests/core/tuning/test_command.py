"""The verb ``tune``: a table, JSON, a record, and one line for bad input."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

import core.sources
from core.__main__ import main
from core.types import Dataset


@pytest.fixture
def loaded(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every data set is this one."""
    monkeypatch.setattr(core.sources, "load_dataset", lambda name, **_: dataset)


@pytest.mark.usefixtures("loaded")
def test_the_command_line_tries_records_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """A table for people, JSON lines with an answer at the end for programs; the second run runs nothing."""
    flags = ["tune", "--dataset", "tastes", "--strategy", "ease", "--grid", "ease_l2=5,1000"]
    assert main(flags) == 0
    out = capsys.readouterr().out
    assert "(defaults)" in out
    assert "Evaluate it: python -m core evaluate --dataset tastes --protocol warm --strategies ease" in out
    assert main([*flags, "--json", "--progress"]) == 0
    *steps, answer = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["stage"], one["done"], one["total"]) for one in steps] == [("tune", n, 3) for n in (1, 2, 3)]
    assert (answer["n_run"], len(answer["tries"]), answer["metric"]) == (0, 3, "ndcg")
    assert Path(answer["record"]).is_file()


@pytest.mark.usefixtures("loaded")
def test_the_printed_command_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The search's last word is a command line of ours."""
    flags = ["--strategy", "ease", "--tries", "3", "--ease-half-life", "3", "--metric", "recall", "--k", "5"]
    flags += ["--warm-share", "0.3"]
    assert main(["tune", "--dataset", "tastes", "--json", *flags]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {one["values"]["ease_half_life"] for one in answer["tries"]} == {3.0}
    assert len({one["values"]["ease_l2"] for one in answer["tries"]}) == 3
    words = shlex.split(answer["command"])
    assert words[:4] == ["python", "-m", "core", "evaluate"]
    assert main([*words[3:], "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["k"], found["protocol"]["settings"]["warm_share"]) == (5, 0.3)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ((), "tune needs --strategy, one of popularity"),
        (("--strategy", "nope"), "unknown strategy 'nope'"),
        (("--strategy", "popularity"), "the strategy popularity has no knobs to tune"),
        (("--strategy", "fusion-score"), "no knob of fusion-score is left to draw: name values with --grid"),
        (("--strategy", "ease", "--metric", "coverage"), "coverage cannot be tuned for"),
        (("--strategy", "ease", "--metric", "nope"), "unknown metrics 'nope'"),
        (("--strategy", "ease", "--protocol", "nope"), "unknown protocols 'nope'"),
        (("--strategy", "ease", "--tries", "0"), "tries must be a whole number between 1 and 10000, got 0"),
        (("--strategy", "ease", "--k", "101"), "k must be a whole number between 1 and 100"),
        (("--strategy", "ease", "--cold-share", "0.3"), "cold_share belongs to the protocol cold-items"),
        (("--strategy", "ease", "--search", "grid"), "--search grid needs --grid"),
        (("--strategy", "ease", "--grid", "nope=1"), "unknown knob of ease 'nope'"),
        (("--strategy", "ease", "--grid", "ease_l2=1,2,3", "--tries", "2"), "the grid has 4 tries with the defaults"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], words: str
) -> None:
    """Before anything is fitted."""
    assert main(["tune", *flags]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
