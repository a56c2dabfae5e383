"""The verbs ``compare`` and ``recipes``: the numbers of the page, and one sentence for what cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.__main__ import main
from core.recipe import Recipe
from core.store.recipes import load_recipe


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.usefixtures("warm")
def test_lists_overlap_and_verdicts_come_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    sides = ("--a", "strategy=content", "--b", "diversity=0.5;k=12", "--c", "strategy=popularity")
    code, out, _ = run(capsys, "compare", *sides, "--user", "1", "--json")
    found = json.loads(out)
    assert code == 0
    assert {side: found["sides"][side]["k"] for side in "ABC"} == {"A": 10, "B": 12, "C": 10}
    assert [len(found["user"]["lists"][side]) for side in "ABC"] == [10, 12, 10]
    first = found["user"]["pairs"][0]
    ids = [{item["item_id"] for item in found["user"]["lists"][side][:10]} for side in "AB"]
    assert first["shared"] == len(ids[0] & ids[1]) == len(first["moved"])
    assert first["jaccard"] == pytest.approx(first["shared"] / (20 - first["shared"]), abs=1e-6)
    everyone = found["everybody"]
    assert (everyone["n_users"], everyone["k"]) == (625, 10)
    by_name = {one["metric"]: one for one in everyone["pairs"][1]["verdicts"]}
    assert everyone["pairs"][1]["sides"] == ["A", "C"]
    assert by_name["ndcg"]["better"] == "C"
    assert by_name["ndcg"]["words"].startswith("C beats A on ndcg@10 by ")


@pytest.mark.usefixtures("warm")
def test_the_table_for_people_and_the_lines_for_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    sides = ("--a", "strategy=content", "--b", "strategy=content")
    _, out, _ = run(capsys, "compare", *sides, "--user", "1")
    assert "user 1: A and B share 10 of 10 items: Jaccard 1.00, RBO 1.00" in out
    assert "not distinguishable on ndcg@10" in out
    _, out, _ = run(capsys, "compare", "--a", "", "--b", "strategy=popularity", "--user", "1")
    assert "user 1: A and B share 0 of 10 items: Jaccard 0.00, RBO 0.00" in out, "nothing said is a recipe as well"
    _, out, _ = run(capsys, "compare", *sides, "--progress")
    assert {json.loads(line)["stage"] for line in out.splitlines()} >= {"candidates"}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--a", "strategy=nobody", "--b", ""), "unknown strategy 'nobody'"),
        (("--a", "k=3"), "--b"),
        (("--a", "seed=1", "--b", "k=3"), "give all sides the same seed"),
        (("--a", "k=3", "--b", "k=4", "--p", "1"), "p must be a number above 0 and below 1"),
        (("--a", "k=3", "--b", "k=4", "--user", "nobody"), "unknown user"),
        (("--a", "k=3", "--b", "strategy=als;k=600"), "k must be between 1 and 500"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    argv: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "compare", *argv)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_recipes_are_saved_listed_and_deleted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    assert run(capsys, "recipes", "--save", "Mine", "strategy=ease;k=7")[:2] == (0, "saved as Mine\n")
    assert load_recipe("Mine").recipe == Recipe(strategy="ease", k=7)
    (tmp_path / "recipes" / "Torn.json").write_text("{", encoding="utf-8")
    code, out, err = run(capsys, "recipes", "--json")
    assert (code, json.loads(out)) == (0, {"recipes": {"Mine": "strategy=ease;k=7"}})
    assert "'Torn' is damaged" in err
    assert run(capsys, "recipes", "--delete", "Mine")[1] == "Mine was deleted\n"
    assert run(capsys, "recipes", "--delete", "Mine")[0] == 2
