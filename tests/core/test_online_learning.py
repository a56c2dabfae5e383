"""Online learning from live feedback: what it moves, what it keeps apart, and that taking back leaves no trace."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import serving as served
from core.__main__ import main
from core.commands import events as command
from core.commands import events_learning
from core.datasets.build import Columns, build_dataset
from core.errors import InputError
from core.moved import drop_moved, load_moved, moved_path, moved_stamp
from core.online_learning import FULL_STEP, STEPS, OnlineResult, base_recipe, keep, learn_from_events, model_key
from core.recipe import Recipe
from core.serving import serving
from core.splits import everybody
from core.store.events import Event, event_store
from core.strategies.two_tower import FittedTowers
from core.train.online import online_step
from core.types import Dataset, Vectors
from tests.worlds import vectors_of

RECIPE = Recipe.from_flat(
    {"strategy": "two-tower", "tower_dim": 4, "tower_epochs": 3, "tower_batch": 8, "model": "own-vectors"}
)
N_USERS, N_ITEMS, EACH = 24, 30, 12


def crowd() -> tuple[Dataset, Vectors]:
    """Two crowds that share nothing: even users like even items, odd users odd ones, twelve each."""
    rng = np.random.default_rng(3)
    rows: dict[str, list[float]] = {"user_id": [], "item_id": [], "datetime": []}
    for user in range(N_USERS):
        for place, item in enumerate(rng.permutation(N_ITEMS // 2)[:EACH]):
            rows["user_id"].append(user)
            rows["item_id"].append(2 * item + user % 2)
            rows["datetime"].append(1_000_000 + place)
    items: Columns = {"item_id": list(range(N_ITEMS)), "title": [f"Item {item}" for item in range(N_ITEMS)]}
    values = rng.standard_normal((N_ITEMS, 6)).astype(np.float32)
    return replace(build_dataset("crowd", "Crowd", items, rows), own_vectors=values), vectors_of(values)


DATA, CONTENT = crowd()
CROSSED = [Event(f"e{user}", "crowd", str(user), str(user * 2 + 1), "like", 2e9 + user) for user in (0, 2, 4)]
"""Even users who like an odd item each."""


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setattr("core.serving.text_vectors", lambda recipe, dataset: CONTENT.values)
    monkeypatch.setattr("core.serving._learned_from", lambda recipe, dataset, content: content)
    monkeypatch.delenv("RECALLSCOPE_DB_URL", raising=False)
    yield
    drop_moved(model_key(RECIPE, DATA, CONTENT))
    served._served.cache_clear()
    event_store().close()


def learned(events: Sequence[Event] = CROSSED, size: float = 1.0) -> OnlineResult:
    return learn_from_events(RECIPE, DATA, CONTENT, events, step_size=size)


def test_new_likes_rise_and_what_is_held_out_is_asked_of_the_others() -> None:
    found = learned()
    assert found.event_ids == ("e0", "e2", "e4")
    assert found.n_left_out == 0
    assert found.loss_after < found.loss_before
    assert found.ranks_after.mean() < found.ranks_before.mean()
    assert found.recall_before is not None
    assert found.recall_after is not None
    assert found.difference is not None
    assert found.difference.n == found.recall_before.n == N_USERS - 3  # twelve likes each: all can be tested
    assert found.difference.delta == pytest.approx(found.recall_after.mean - found.recall_before.mean)
    assert found.recall_before.low <= found.recall_before.mean <= found.recall_before.high


def test_ranks_and_loss_are_those_of_the_scores() -> None:
    found = learned()
    model = serving(RECIPE, DATA, CONTENT).fitted
    assert isinstance(model, FittedTowers)
    scores = model.score(everybody(DATA.interactions)).astype(np.float64)
    losses = []
    for event, rank in zip(CROSSED, found.ranks_before, strict=True):
        user, item = int(event.user_id), int(event.item_id)
        own = scores[user]
        losses.append(np.log(np.exp(own).sum()) - own[item])
        had = DATA.interactions.items[DATA.interactions.history(user)]
        order = [place for place in np.argsort(-own, kind="stable") if place not in had]
        assert order.index(item) + 1 == rank
    assert found.loss_before == pytest.approx(np.mean(losses), abs=1e-5)


def test_few_likes_take_small_steps_and_dislikes_teach_nothing() -> None:
    base, log = serving(RECIPE, DATA, CONTENT).fitted, DATA.interactions
    assert isinstance(base, FittedTowers)
    by_hand = online_step(base.model, log, np.array([0]), np.array([1]), steps=STEPS, lr=0.7 / FULL_STEP)
    assert np.array_equal(learned(CROSSED[:1], 0.7).model.items, by_hand.items)
    ignored = [replace(event, id=f"d{event.id}", kind=kind) for event in CROSSED for kind in ("dislike", "not-now")]
    with pytest.raises(InputError, match="nothing to learn from"):
        learned(ignored)
    with pytest.raises(InputError, match="nothing to learn from"):
        learned([])
    with pytest.raises(InputError, match="smaller step size"):
        learned(size=1e30)


def test_lists_use_the_moved_model_until_something_it_learned_is_taken_back() -> None:
    event_store().record(CROSSED)
    before = serving(RECIPE, DATA, CONTENT)
    assert before.vectors is not None
    found = learned()
    keep(RECIPE, DATA, CONTENT, found)
    after = serving(RECIPE, DATA, CONTENT)
    assert isinstance(after.fitted, FittedTowers)
    assert np.array_equal(after.fitted.model.items, found.model.items)
    assert after.vectors is not None
    assert after.vectors.fingerprint != before.vectors.fingerprint
    assert serving(RECIPE, DATA, CONTENT) is after
    assert serving(RECIPE.replace(events="off"), DATA, CONTENT) is before
    assert np.array_equal(learned().model.items, found.model.items)  # anew from the fitted one, not from the moved one
    event_store().record([Event("later", "crowd", "6", "1", "like", 3e9)])
    assert serving(RECIPE, DATA, CONTENT) is after
    event_store().undo("e2")
    assert serving(RECIPE, DATA, CONTENT) is before
    keep(RECIPE, DATA, CONTENT, learned(event_store().events("crowd")))
    assert serving(RECIPE, DATA, CONTENT) not in (before, after)


def test_a_damaged_moved_model_is_as_if_there_were_none() -> None:
    event_store().record(CROSSED)
    keep(RECIPE, DATA, CONTENT, learned())
    key = model_key(RECIPE, DATA, CONTENT)
    assert load_moved(key) is not None
    assert moved_stamp(key, "crowd")
    moved_path(key).write_bytes(b"damaged")
    assert moved_stamp(key, "crowd") == ""
    drop_moved(key)
    drop_moved(key)
    assert load_moved(key) is None


def test_the_base_is_the_two_tower_of_the_recipe() -> None:
    assert base_recipe(RECIPE.replace(events="everywhere", k=3, as_of="")) == RECIPE
    assert base_recipe(Recipe(strategy="ease")) == Recipe(strategy="two-tower")
    assert STEPS == 5


def run(*words: str) -> int:
    return main(["events", "--dataset", "crowd", *words])


@pytest.fixture
def crowd_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.sources.load_dataset", lambda name, on_notice=None: DATA)
    monkeypatch.setattr("core.vectors.embed_items", lambda recipe, dataset, progress=None: CONTENT)


@pytest.mark.usefixtures("crowd_by_name")
def test_the_command_stores_lists_takes_back_and_forgets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--record", "like", "--user", "0", "--item", "1", "--id", "=x") == 2
    assert run("--record", "like", "--user", "0", "--item", "1", "--id", "-x") == 2  # a flag, for all one can tell
    assert run("--record", "like", "--user", "0", "--item", "1", "--id", "x", "--json") == 0
    assert run("--record", "like", "--user", "0", "--item", "1", "--id", "x") == 0
    assert "stored before; nothing was changed" in capsys.readouterr().out
    assert run("--undo", "x") == 0
    assert run("--undo", "x") == 2
    capsys.readouterr()
    assert run("--json", "--out", str(tmp_path / "events.csv")) == 0
    (row,) = json.loads(capsys.readouterr().out)["events"]
    assert (row["id"], row["item_id"], row["title"], row["undone"]) == ("x", "1", "Item 1", True)
    with (tmp_path / "events.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{name: str(value) for name, value in row.items()}]
    assert run("--out", str(tmp_path / "events.json")) == 0
    assert json.loads((tmp_path / "events.json").read_text(encoding="utf-8")) == [row]
    assert run("--reset", "--user", "0", "--json") == 0
    assert run() == 0
    assert capsys.readouterr().out.endswith("no events\n")


@pytest.mark.usefixtures("crowd_by_name")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--record", "buy", "--user", "0", "--item", "1"), "unknown kind of event 'buy'"),
        (("--record", "like", "--user", "77", "--item", "1"), "unknown user '77'"),
        (("--record", "like", "--user", "0", "--item", "77"), "unknown item '77'"),
        (("--record", "like", "--item", "1"), "--record needs --user and --item"),
        (("--item", "1"), "--item and --id belong to --record"),
        (("--reset",), "name them with --user"),
        (("--progress",), "--progress belongs to --learn"),
        (("--out", "events.txt"), "--out must end in .csv or .json, got events.txt"),
        (("--learn", "--user", "0"), "leave out --user"),
        (("--learn", "--strategy", "ease"), "leave out --strategy ease"),
        (("--learn",), "there is nothing to learn from"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert event_store().events("crowd") == ()


@pytest.mark.usefixtures("crowd_by_name")
def test_the_command_learns_and_says_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    event_store().record(CROSSED)
    flags = [f"--{name}={value}" for name, value in RECIPE.to_flat(changed_only=True).items()]
    assert main(["events", "--learn", "--progress", *flags]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    result = said[-1]["result"]
    assert result["events"] == 3
    assert result["loss_after"] < result["loss_before"]
    assert result["difference"]["people"] == result["recall_before"]["people"] == N_USERS - 3
    assert {line.get("stage") for line in said[:-1]} <= {"embed", "fit", "held-out"}
    assert moved_stamp(model_key(RECIPE, DATA, CONTENT), "crowd")
    words = events_learning.sentence(result)
    assert words.startswith("the two-tower learned from 3 new likes: median place ")
    assert "held out from 21 others" in words
    assert events_learning.sentence(result | {"difference": None}).endswith("too small to hold anything out")


def test_a_title_cannot_become_a_formula() -> None:
    rows = [dict.fromkeys(command.COLUMNS, "=1+1")]
    assert command.as_csv(rows).splitlines()[1] == b",".join([b"'=1+1"] * len(command.COLUMNS))
