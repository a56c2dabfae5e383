"""``newcomer`` on the command line: the list of the page, and what each answer did, from the same text."""

from __future__ import annotations

import json
import shlex

import pytest

from core import Recipe, load_dataset
from core.__main__ import main
from core.commands.newcomer import command
from core.newcomer.audience import Balance
from core.newcomer.lists import listed, suited
from core.newcomer.persona import from_text
from core.vectors import embed_items

TEXT = "l2571.d1.cSci-2DFi.s50.zz"


@pytest.mark.usefixtures("embedded")
def test_the_command_of_a_page_gives_its_list(capsys: pytest.CaptureFixture[str]) -> None:
    recipe, balance = Recipe(k=5, exclude_seen=False), Balance(category_weight=1.5)
    words = shlex.split(command(recipe, TEXT, balance))
    assert words[:4] == ["python", "-m", "core", "newcomer"]
    assert main(words[3:]) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    dataset = load_dataset(recipe.dataset)
    persona = from_text(TEXT, dataset.catalog)[0]
    run = listed(suited(recipe, persona), dataset, embed_items(recipe, dataset), [persona], balance=balance)
    assert [item["title"] for item in answer["items"]] == dataset.catalog.titles[run.selected.items[0]].tolist()
    assert [one["kind"] for one in answer["persona"]["answers"]] == ["like", "dislike", "category"]
    assert all(0 <= one["kept"] <= 1 and 0 <= one["moved"] <= 1 for one in answer["persona"]["answers"])
    assert answer["recipe"]["user_model"] == "negative"
    assert "'zz' was left out" in err


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--category-weight", "9"], "category_weight must be a number between 0 and 3, got 9"),
        (["--k", "0"], "k must be"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(flags: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["newcomer", "--persona", "l2571", *flags]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.usefixtures("embedded")
def test_somebody_unknown_gets_what_is_popular(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["newcomer", "--k", "1"]) == 0
    assert "The Shawshank Redemption" in capsys.readouterr().out
