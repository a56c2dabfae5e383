"""Chips, bars and columns of a merged list, by hand-made ranks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.pipeline import recall, user_indices
from core.recipe import Recipe
from core.sources import load_dataset
from core.types import Candidates, Run
from tests.worlds import block_world
from ui import blocks
from ui.channels import MOST_CHIPS, channel_name, chips, table_columns

ROOT = Path(__file__).resolve().parents[2]
DATASET, CONTENT = block_world()
RANKS = {"ease": [3, 0, 1], "sequence": [1, 9, 501]}


def run_with(ranks: dict[str, list[int]]) -> Run:
    run = recall(Recipe(k=3), DATASET, np.array([0]), vectors=CONTENT)
    return replace(run, channels={name: np.array([row], dtype=np.int32) for name, row in ranks.items()})


def test_chips_say_the_best_rank_first_in_short_and_in_words() -> None:
    first, second = chips(run_with(RANKS), 0)
    assert (first.text, first.own) == ("Sequence #1", True)
    assert (second.text, second.own) == ("EASE #3", True)
    assert second.words == "rank 3 among the items that EASE would show this user"
    (only,) = chips(run_with(RANKS), 1)
    assert (only.text, only.own) == ("Sequence #9", False)


def test_many_channels_share_the_last_chip() -> None:
    names = ("ease", "sequence", "popularity", "item-knn", "als", "bpr")
    made = chips(run_with({name: [place + 1, 0, 0] for place, name in enumerate(names)}), 0)
    assert len(made) == MOST_CHIPS
    assert made[-1].text == "+3 more"
    assert made[-1].words.count("would show this user") == 3
    assert not made[-1].own
    all_shown = chips(run_with({name: [place + 1, 0, 0] for place, name in enumerate(names[:MOST_CHIPS])}), 0)
    assert [chip.text.split()[-1] for chip in all_shown] == ["#1", "#2", "#3", "#4"]


@pytest.mark.parametrize(
    ("key", "name"),
    [("ease", "EASE"), ("sequence", "Sequence"), ("als", "ALS"), ("content-nearest", "Content nearest")],
)
def test_channels_have_names_short_enough_for_a_chip(key: str, name: str) -> None:
    assert channel_name(key) == name


def test_cards_carry_their_chips() -> None:
    run = run_with(RANKS)
    cards = blocks.cards(run, DATASET, CONTENT, (-1.0, 1.0))
    assert [card.channels for card in cards] == [chips(run, place) for place in range(3)]
    plain = recall(Recipe(k=3), DATASET, np.array([0]), vectors=CONTENT)
    assert [card.channels for card in blocks.cards(plain, DATASET, CONTENT, (-1.0, 1.0))] == [()] * 3


def test_the_table_has_a_column_of_ranks_for_each_channel() -> None:
    assert table_columns(run_with(RANKS), 2) == {"# EASE": [3, None], "# Sequence": [1, 9]}
    assert table_columns(run_with({}), 2) == {}


def page(run, chips_shown):  # type: ignore[no-untyped-def]  # the app runs this text by itself
    from ui import channels

    channels.summary(run, chips_shown)


def drawn(run: Run, *, chips_shown: bool = True) -> list[dict[str, Any]]:
    app = AppTest.from_function(page, kwargs={"run": run, "chips_shown": chips_shown}).run()
    assert not app.exception
    return [json.loads(block.proto.json) for block in app.get("bidi_component")]


def test_the_summary_counts_what_each_channel_has_by_itself() -> None:
    """Of 3 items ease has the first and third in its own first 3, sequence the first only."""
    (data,) = drawn(run_with(RANKS))
    assert data["kind"] == "channels"
    assert data["entries"] == [["EASE", "2 of 3", 2 / 3], ["Sequence", "1 of 3", 1 / 3]]
    assert data["note"] == "In the first 3 of one channel only: 1. Of none, brought up by merging: 1."
    assert [(sample, own) for sample, own, _ in data["legend"]] == [("#1 to 3", True), ("#4 …", False), ("", False)]
    (in_table,) = drawn(run_with(RANKS), chips_shown=False)
    assert in_table["legend"] == []


def test_a_list_of_one_is_spoken_of_as_one() -> None:
    run = replace(run_with({"ease": [1], "sequence": [2]}), selected=Candidates(np.array([[4]]), np.array([[0.5]])))
    (data,) = drawn(run)
    assert data["lead"] == "Which channels have this item first as well:"
    assert data["note"] == ""
    assert [sample for sample, _, _ in data["legend"]] == ["#1", "#2 …", ""]


def test_a_list_that_was_not_merged_has_no_summary() -> None:
    assert drawn(run_with({})) == []


@pytest.mark.usefixtures("warm")
def test_the_page_shows_the_ranks_that_the_engine_gives() -> None:
    recipe = Recipe.from_flat({"strategy": "fusion-rank", "k": 8})
    dataset = load_dataset(recipe.dataset)
    run = recall(recipe, dataset, user_indices(dataset.interactions, ["15"]))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params.update({"strategy": "fusion-rank", "k": "8", "user": "15", "view": "table"})
    at.switch_page("pages/explore/recommend.py").run()
    assert not at.exception
    shown = at.dataframe[0].value
    for name, ranks in table_columns(run, 8).items():
        assert [None if value != value else value for value in shown[name]] == ranks
