"""The verb ``train``: progress lines, a kept model, going on with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import core.serving
import core.sources
import core.vectors
from core.__main__ import main
from core.commands import online
from core.commands.online import Events
from core.commands.train import popularity_recall
from core.splits import ItemLists, People, Split, users_of
from core.train.checkpoint import delete_model, kept_model, kept_models, load_model, model_path
from core.train.settings import Trained, TrainSettings
from core.types import readonly
from tests.core.strategies.likes import likes, training
from tests.core.train.test_towers import world
from tests.worlds import block_world


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data set and its vectors are the three tastes."""
    dataset, vectors = block_world()
    dataset = replace(dataset, interactions=world().interactions)
    monkeypatch.setattr(core.sources, "load_dataset", lambda name, **_: dataset)
    for module in (core.vectors, core.serving):
        monkeypatch.setattr(module, "embed_items", lambda *_, **__: vectors)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("small")
def test_training_reports_is_kept_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """One line an epoch, the answer last; a resumed training says again what was done, and goes on from there."""
    flags = ["--progress", "--json", "--tower-epochs"]
    assert main(["train", "--name", "mine", "--tower-dim", "4", *flags, "2"]) == 0
    first = lines(capsys.readouterr().out)
    assert [line["done"] for line in first[:-1]] == [1, 2]
    assert first[0].keys() == {"stage", "done", "total", "eta_s", "loss", "recall", "baseline"}
    assert first[-1]["result"].keys() == {"name", "epochs", "best_epoch", "recall", "baseline", "seconds"}
    assert main(["train", "--resume", "mine", *flags, "3"]) == 0
    again = lines(capsys.readouterr().out)
    assert [line["done"] for line in again[:-1]] == [1, 2, 3]
    assert [line["loss"] for line in again[:2]] == [line["loss"] for line in first[:2]]
    model, recipe = load_model("mine")
    assert (len(model.epochs), recipe.strategy, dict(recipe.options)["tower_dim"]) == (3, "two-tower", 4)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--strategy", "ease"], "train makes a two-tower model: use fit for --strategy ease"),
        (["--steps", "3"], "--steps and --step-size belong to --online"),
        (["--step-size", "0.5"], "--steps and --step-size belong to --online"),
    ],
)
def test_flags_that_would_play_no_part_are_refused(
    capsys: pytest.CaptureFixture[str], flags: list[str], said: str
) -> None:
    assert main(["train", *flags]) == 2
    assert said in capsys.readouterr().err


def test_a_model_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one sentence."""
    assert main(["train", "--resume", "nobody-has-it"]) == 2
    assert "there is no model called 'nobody-has-it'" in capsys.readouterr().err


@pytest.mark.usefixtures("small")
def test_a_kept_model_is_described_without_reading_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Its curve, its recipe, and whether its training came to an end; a damaged one says so; a deleted one is gone."""
    assert main(["train", "--name", "told", "--tower-epochs", "2", "--tower-dim", "4", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    model = kept_model("told")
    assert model is not None
    assert [epoch.epoch for epoch in model.epochs] == [1, 2]
    assert (model.best_epoch, model.whole, model.problem) == (result["best_epoch"], True, "")
    assert (model.recipe.strategy, model.settings.dim) == ("two-tower", 4)
    again = kept_model("told")
    assert repr(again) == repr(model)
    model_path("told").write_bytes(b"\x08")
    assert [one.problem for one in kept_models() if one.name == "told"] == ["its file is damaged"]
    delete_model("told")
    assert kept_model("told") is None


def test_popularity_is_measured_on_the_validation_users() -> None:
    """By hand: of the items that users 0 and 1 have not seen, the one that both wait for is the most liked."""
    log = likes([[0, 1], [0, 1], [10, 11], [10]])
    split = Split(
        label="",
        train=log,
        people=People(np.array([0, 1]), users_of(log, np.array([0, 1]))),
        relevant=ItemLists.from_pairs(np.array([0, 0, 1]), np.array([10, 2, 3]), 2, 12),
        hidden=ItemLists.from_pairs(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2, 12),
        rankable=np.ones(12, dtype=bool),
        known=np.ones(12, dtype=bool),
        n_left_out=0,
    )
    assert popularity_recall(training(log, 12), split) == pytest.approx((1 / 2 + 0) / 2)


@pytest.fixture
def trained(small: None, capsys: pytest.CaptureFixture[str]) -> str:
    """A model of the three tastes, kept."""
    assert main(["train", "--name", "base", "--tower-epochs", "8", "--tower-dim", "8", "--tower-lr", "0.03"]) == 0
    capsys.readouterr()
    return "base"


def test_new_events_move_a_model_and_the_old_one_stays(
    trained: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """User 0 likes an item of another taste: it rises. What is unknown or not liked is left out, and counted."""
    events = tmp_path / "events.csv"
    events.write_text("user_id,item_id,weight\n0,20,5\n0,21,1\nnobody,20,5\n")
    before = model_path(trained).read_bytes()
    assert main(["train", "--resume", trained, "--online", str(events), "--steps", "20", "--json"]) == 0
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert (result["name"], result["events"], result["left_out"]) == ("base-online", 1, 2)
    assert result["rank_after"] < result["rank_before"]
    assert [entry["user_id"] for entry in result["lists"]] == [0]
    assert len(result["lists"][0]["before"]) == len(result["lists"][0]["after"]) == 10
    assert "Item 20" not in result["lists"][0]["after"], "she has it now"
    assert "2 rows were left out" in said.err
    assert model_path(trained).read_bytes() == before
    moved = kept_model("base-online")
    assert moved is not None
    assert moved.online == 1
    assert main(["train", "--resume", "base-online"]) == 2
    assert "moved towards new events" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "flags", "said"),
    [
        ("user,item\n0,20\n", [], "needs the columns user_id and item_id; missing: user_id, item_id"),
        ("user_id,item_id\nnobody,20\n", [], "has no liked event"),
        ("user_id,item_id,weight\n0,20,much\n", [], "a weight must be a number, got 'much'"),
        ("user_id,item_id,weight\n0,20,nan\n", [], "a weight must be a number, got 'nan'"),
        ("user_id,item_id\n0,20\n", ["--steps", "0"], "--steps must be a whole number between 1 and 1000"),
        ("user_id,item_id\n0,20\n", ["--step-size", "nan"], "--step-size a number above 0"),
        ("user_id,item_id\n0,20\n", ["--tower-dim", "4"], "keeps the choices the model was trained with"),
        ("user_id,item_id\n0,20\n", ["--step-size", "1e9"], "use a smaller step size than 1e+09"),
        (None, [], "events.csv cannot be read"),
    ],
)
def test_events_that_cannot_be_used_are_one_sentence(
    trained: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, flags: list[str], said: str
) -> None:
    events = tmp_path / "events.csv"
    if text is not None:
        events.write_text(text)
    assert main(["train", "--resume", trained, "--online", str(events), *flags]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_places_are_among_what_a_user_had_not_and_nobody_without_a_vector_counts() -> None:
    """By hand, in blocks of one: user 0 had items 0 and 1; user 2 liked nothing, so her event has no place."""
    log = replace(likes([[0, 1], [2], []]), user_ids=readonly(np.array(["ann", "bob", "cem"], dtype=object)))
    dataset = replace(block_world()[0], interactions=log)
    n_items = len(dataset.catalog)
    items = np.zeros((n_items, 2), dtype=np.float32)
    items[:, 1] = -np.arange(n_items)  # the bias alone: item 0 is the best, then 1, 2 ...
    model = Trained(TrainSettings(dim=1), items, np.ones((n_items, 1), dtype=np.float32), {}, {}, {}, (), 0)
    events = Events(np.array([2, 1, 0, 0]), np.array([5, 4, 5, 1]), 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(online, "BLOCK", 1)
        np.testing.assert_array_equal(online.places_of(model, events, dataset), [np.nan, 4, 4, 1])
    told = online.changed(model, model, events, dataset)
    assert told["rank_before"] == told["rank_after"] == 4
    assert [entry["user_id"] for entry in told["lists"]] == ["ann", "bob", "cem"]
    assert [len(entry["before"]) for entry in told["lists"]] == [10, 10, 0], "no vector, no list"
    assert told["lists"][0]["before"][0] == dataset.catalog.titles[2], "neither what she had nor what is new"
