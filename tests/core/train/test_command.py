"""The verb ``train``: progress lines, a kept model, going on with it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

import core.sources
import core.vectors
from core.__main__ import main
from core.train.checkpoint import load_model
from tests.core.train.test_towers import world
from tests.worlds import block_world


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data set and its vectors are the three tastes."""
    dataset, vectors = block_world()
    dataset = replace(dataset, interactions=world().interactions)
    monkeypatch.setattr(core.sources, "load_dataset", lambda name, **_: dataset)
    monkeypatch.setattr(core.vectors, "embed_items", lambda *_, **__: vectors)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("small")
def test_training_reports_is_kept_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """One line an epoch, the answer last; a resumed training starts where the other ended, with its recipe."""
    flags = ["--progress", "--json", "--tower-epochs"]
    assert main(["train", "--name", "mine", "--tower-dim", "4", *flags, "2"]) == 0
    first = lines(capsys.readouterr().out)
    assert [line["done"] for line in first[:-1]] == [1, 2]
    assert first[0].keys() == {"stage", "done", "total", "eta_s", "loss", "recall"}
    assert first[-1].keys() == {"name", "epochs", "best_epoch", "recall", "seconds"}
    assert main(["train", "--resume", "mine", *flags, "3"]) == 0
    again = lines(capsys.readouterr().out)
    assert [line["done"] for line in again[:-1]] == [3]
    model, recipe = load_model("mine")
    assert (len(model.epochs), recipe.strategy, dict(recipe.options)["tower_dim"]) == (3, "two-tower", 4)


def test_a_model_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one sentence."""
    assert main(["train", "--resume", "nobody-has-it"]) == 2
    assert "there is no model called 'nobody-has-it'" in capsys.readouterr().err
