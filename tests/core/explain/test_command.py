"""``python -m core explain``: numbers that add up, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import core.sources
from core.__main__ import main
from core.explain.words import NO_MODEL
from core.store.events import Event, event_store
from core.types import Dataset
from tests.core.explain.lives import N_ITEMS, content_of, life, recipe_of, whole_list

LIFE = life()
FLAGS = ["--user", "2", "--postprocess", "none"]


@pytest.fixture(autouse=True)
def small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, **kwargs: Any) -> Dataset:
        return LIFE

    monkeypatch.setattr(core.sources, "load_dataset", load)


def asked(capsys: pytest.CaptureFixture[str], *flags: str) -> Any:
    assert main(["explain", *FLAGS, *flags, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("strategy", ["content", "ease"])
def test_the_answer_adds_up_and_names_all_that_was_asked_for(strategy: str, capsys: pytest.CaptureFixture[str]) -> None:
    items, scores = whole_list(recipe_of(strategy=strategy), LIFE, content_of(LIFE), 2)
    found = asked(capsys, "--item", str(items[1]), "--strategy", strategy, "--k", "3")
    assert found["score"] == pytest.approx(scores[1], abs=1e-6)
    total = sum(one["value"] for one in found["contributions"]) + found["residual"]
    assert total == pytest.approx(found["score"], abs=1e-9)
    assert (found["rank"], found["item_id"], found["user_id"]) == (2, items[1], 2)
    assert all(set(one) == {"item_id", "title", "value"} for one in found["contributions"])
    assert len(found["counterfactuals"]) == 8
    assert set(found["counterfactuals"][0]) == {"item_id", "title", "score", "rank"}
    assert (found["tokens"], found["tokens_note"]) == (None, NO_MODEL)
    assert found["rank_interval"]["low"] <= found["rank_interval"]["median"] <= found["rank_interval"]["high"]
    assert found["smallest_set"]["k"] == 3


def test_words_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "--item", "1", "--no-tokens")["tokens"] is None


def test_people_read_a_sum(capsys: pytest.CaptureFixture[str]) -> None:
    items, _ = whole_list(recipe_of(), LIFE, content_of(LIFE), 2)
    assert main(["explain", *FLAGS, "--item", str(items[0]), "--k", "2"]) == 0
    out, err = capsys.readouterr()
    assert f"Item {items[0]}: score" in out.splitlines()[0]
    assert "without it: rank" in out
    assert "  sum" in out
    assert "out of the first 2 without" in out
    assert "no words" in err


@pytest.mark.parametrize("item", ["x", str(N_ITEMS), "9" * 30])
def test_an_item_that_is_not_there_is_said_in_one_line(item: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *FLAGS, "--item", item]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "unknown item" in err


def test_a_like_on_a_page_counts_until_events_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECALLSCOPE_DB_URL", f"sqlite:///{tmp_path / 'events.sqlite'}")
    items, _ = whole_list(recipe_of(), LIFE, content_of(LIFE), 2)
    event_store().record([Event("a" * 32, LIFE.name, "2", str(items[0]), "like", 2e9)])
    live = asked(capsys, "--item", str(items[1]))
    assert len(live["counterfactuals"]) == 9
    assert items[0] in [one["item_id"] for one in live["contributions"]]
    plain = asked(capsys, "--item", str(items[1]), "--events", "off")
    assert len(plain["counterfactuals"]) == 8
    assert items[0] not in [one["item_id"] for one in plain["contributions"]]
