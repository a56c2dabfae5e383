"""Merged lists say which channels brought each item and at what rank, in a run, in JSON and in files."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from pyarrow import csv, parquet

from core import serving
from core.__main__ import main
from core.answer import answer, channels_at, columns, export_rows
from core.output import table_bytes
from core.pipeline import recall
from core.recipe import Recipe
from core.types import Array, Run
from tests.worlds import block_world

DATASET, CONTENT = block_world()
N_ITEMS = len(DATASET.catalog)
CHANNELS = ("popularity", "content")
MERGED = {"fusion_channels": ",".join(CHANNELS)}


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No encoder: the given vectors stand for the texts."""
    values = CONTENT.values

    def given(*args: object) -> Array:
        return values

    monkeypatch.setattr(serving, "text_vectors", given)


def merged(strategy: str = "fusion-rank", **flat: Any) -> Run:
    return recall(Recipe.from_flat({"strategy": strategy, "k": 6, **MERGED, **flat}), DATASET, vectors=CONTENT)


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("strategy", ["fusion-rank", "fusion-score"])
def test_ranks_are_the_places_in_the_channels_own_lists(strategy: str) -> None:
    run = merged(strategy)
    assert tuple(run.channels) == CHANNELS
    for name, ranks in run.channels.items():
        assert ranks.dtype == np.int32
        assert ranks.shape == run.selected.items.shape
        own = recall(Recipe(strategy=name, k=N_ITEMS), DATASET, vectors=CONTENT).selected.items.tolist()
        for row, items in enumerate(run.selected.items.tolist()):
            places = [own[row].index(item) + 1 if item in own[row] else 0 for item in items]
            assert ranks[row].tolist() == places
    assert all(channels_at(run, 0, place) for place in range(6))


@pytest.mark.usefixtures("texts")
def test_ranks_are_shared_and_cannot_be_written() -> None:
    ranks = merged().channels["content"]
    with pytest.raises(ValueError, match="read-only"):
        ranks[0, 0] = 1


def test_nothing_merged_nothing_said() -> None:
    run = recall(Recipe(k=2), DATASET, vectors=CONTENT)
    assert dict(run.channels) == {}
    assert "channels" not in answer(run, DATASET, 0)["items"][0]
    assert not [name for name in columns(run, DATASET) if name.startswith("channel_")]
    assert len(next(export_rows(run, DATASET, 0))) == 7
    assert "channels" not in run.timings_ms


@pytest.mark.usefixtures("texts")
def test_own_scores_have_no_second_unit_in_the_sheet() -> None:
    header, first, *_ = export_rows(merged(), DATASET, 0)
    assert header[3:] == ["score", "rank", "strategy", "channel_popularity", "channel_content"]
    assert first[4:6] == [1, "fusion-rank"]


def hand_made() -> Run:
    """Two users, two places: the second user's second item was brought by nobody."""
    run = recall(Recipe(k=2), DATASET, np.array([0, 1]), vectors=CONTENT)
    ranks = {"ease": np.array([[3, 0], [1, 0]], np.int32), "sequence": np.array([[1, 2], [2, 0]], np.int32)}
    return Run(**{name: getattr(run, name) for name in Run.__dataclass_fields__ if name != "channels"}, channels=ranks)


def test_json_has_the_best_rank_first_and_leaves_out_who_did_not_bring_it() -> None:
    run = hand_made()
    given = [[list(item["channels"].items()) for item in answer(run, DATASET, row)["items"]] for row in (0, 1)]
    assert given == [[[("sequence", 1), ("ease", 3)], [("sequence", 2)]], [[("ease", 1), ("sequence", 2)], []]]


def test_files_have_a_column_for_each_channel_and_leave_cells_empty() -> None:
    table = columns(hand_made(), DATASET)
    for read in (
        csv.read_csv(io.BytesIO(table_bytes(".csv", table))),
        parquet.read_table(io.BytesIO(table_bytes(".parquet", table))),
    ):
        assert read.column_names[-3:] == ["strategy", "channel_ease", "channel_sequence"]
        assert read["channel_ease"].to_pylist() == [3, None, 1, None]
        assert read["channel_sequence"].to_pylist() == [1, 2, 2, None]


def test_the_page_s_sheet_has_them_too() -> None:
    header, *rows = export_rows(hand_made(), DATASET, 0)
    assert header[-2:] == ["channel_ease", "channel_sequence"]
    assert [row[-2:] for row in rows] == [[3, 1], ["", 2]]


@pytest.mark.usefixtures("embedded")
def test_the_printed_list_names_channels_and_ranks(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--user", "15", "--k", "1", "--strategy", "fusion-rank", "--fusion-channels", "popularity,content"]
    assert main(["recommend", *flags]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert "popularity " in line
    assert main(["recommend", *flags, "--json"]) == 0
    assert '"channels": {' in capsys.readouterr().out
