"""Live feedback: stored before anything is drawn, counted on every page, taken back without a trace."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset, recall, user_indices
from core.errors import RecallscopeError
from core.live import audience_for
from core.online_learning import model_key
from core.store.events import Event, event_store
from core.types import Dataset
from tests.worlds import block_world
from ui import blocks, feedback, feedback_learning, feedback_panel, live, resources, state
from ui.cards import DEFAULT_WORDS, HistoryItem
from ui.cards.acting import DEEDS, Acting, Deed, read_deeds
from ui.short_reason import shares_of
from ui.text import t

MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
WORLD, CONTENT = block_world()
ID = "0123456789abcdef" * 2
warm = pytest.mark.usefixtures("warm")


@pytest.fixture(autouse=True)
def own_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else's feedback, and none that stays."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    monkeypatch.delenv("RECALLSCOPE_DB_URL", raising=False)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What one browser session remembers; "sent" is what its cards send."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(state, "chosen", kept.get)
    monkeypatch.setattr(state, "choose", kept.__setitem__)
    monkeypatch.setattr(state, "sent", lambda key, name: kept.get("sent"))
    monkeypatch.setattr(resources, "dataset", lambda name: (WORLD, ()))
    return kept


def sent(deed: str = "like", item: str = "2", event_id: str = ID, of: str = '["blocks", "1"]') -> dict[str, str]:
    return {"id": event_id, "item": item, "deed": deed, "of": of}


def event(kind: str, item: str, *, event_id: str = ID, user: str = "1", dataset: str = "blocks") -> Event:
    return Event(id=event_id, dataset=dataset, user_id=user, item_id=item, kind=kind, at=1_700_000_000.0)


def stored() -> list[tuple[str, str, str]]:
    return [(one.user_id, one.item_id, one.kind) for one in event_store().events("blocks")]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "like",
        [None],
        [{**sent(), "deed": "buy"}],
        [{**sent(), "id": "1"}],
        [{**sent(), "id": 7}],
        [{**sent(), "of": "x" * 2000}],
        [{"id": ID}],
    ],
)
def test_what_is_no_deed_is_left_out(raw: Any) -> None:
    assert read_deeds(raw) == ()
    assert read_deeds([*(raw if isinstance(raw, list) else []), sent()]) == (Deed(ID, "2", "like", '["blocks", "1"]'),)


def test_a_message_is_bounded() -> None:
    assert len(read_deeds([sent()] * 5000)) < 1000


def test_a_deed_is_stored_once_however_often_it_is_sent(session: dict[str, Any]) -> None:
    session["sent"] = [sent()]
    feedback.take("list")
    feedback.take("list")
    session.pop(feedback.SETTLED)  # another session of the same browser, after a reconnect
    feedback.take("list")
    assert stored() == [("1", "2", "like")]
    assert session[feedback.SETTLED] == (ID,)


def test_two_deeds_in_one_message_are_both_stored(session: dict[str, Any]) -> None:
    session["sent"] = [sent(), sent("not-now", "3", ID[::-1])]
    feedback.take("list")
    assert stored() == [("1", "2", "like"), ("1", "3", "not-now")]
    assert set(session[feedback.SETTLED]) == {ID, ID[::-1]}


@pytest.mark.parametrize("of", ["", "[]", '["blocks", "nobody"]', '["blocks"]', "7"])
def test_a_deed_for_nobody_is_settled_and_not_stored(session: dict[str, Any], of: str) -> None:
    session["sent"] = [sent(of=of), sent(item="no such item")]
    feedback.take("list")
    assert stored() == []
    assert session[feedback.SETTLED] == (ID, ID)
    assert feedback.LAST not in session


def test_kept_is_said_only_of_what_was_stored(session: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def record(self, events: Sequence[Event]) -> int:
            assert feedback.LAST not in session
            raise RecallscopeError("the disk is full")

    monkeypatch.setattr(feedback, "event_store", Broken)
    session["sent"] = [sent()]
    feedback.take("list")
    assert session[feedback.LAST] == (feedback.NOT_KEPT, "the disk is full")
    said = feedback._said(WORLD, 0, (), counts=True)
    assert said == t("feedback.not_kept", reason="the disk is full\\.")
    assert session[feedback.SETTLED] == (ID,)


def test_what_was_done_is_said_until_it_is_taken_back(session: dict[str, Any]) -> None:
    assert feedback._said(WORLD, 0, (), counts=True) == t("feedback.none")
    session["sent"] = [sent()]
    feedback.take("list")
    mine = live.events_of(WORLD, "1")
    assert feedback._said(WORLD, 0, mine, counts=True) == t("feedback.kept", did="liked **Item 2**")
    assert feedback._said(WORLD, 1, (), counts=True) == t("feedback.none")
    assert feedback._said(WORLD, 0, mine, counts=False) == t("feedback.off")
    assert feedback._said(WORLD, 1, (), counts=False) == t("feedback.off")
    feedback.undo(mine[-1])
    assert live.events_of(WORLD, "1") == ()
    assert feedback._said(WORLD, 0, (), counts=True) == t("feedback.undone", did="liked **Item 2**")


def test_feedback_of_another_session_counts_at_once() -> None:
    recipe = Recipe()
    assert live.log(WORLD, recipe) is WORLD.interactions
    event_store().record([event("like", "2"), event("dislike", "11", event_id=ID[::-1], user="101")])
    log = live.log(WORLD, recipe)
    assert 2 in log.items[log.history(0)]
    assert live.audience(WORLD, recipe) is live.audience(WORLD, recipe)
    assert live.log(WORLD, recipe.replace(events="off")) is WORLD.interactions
    event_store().reset("blocks", "1")
    log = live.log(WORLD, recipe)
    assert log.items[log.history(0)].tolist() == [0, 1]
    assert 7 in log.items[log.history(1)]


def test_a_damaged_store_costs_the_feedback_and_not_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "events.sqlite").write_bytes(b"no database at all" * 100)
    assert live.problem()
    assert live.log(WORLD, Recipe()) is WORLD.interactions
    assert live.learned(WORLD, Recipe(events="everywhere")) is WORLD
    assert live.events_of(WORLD, "1") == ()
    said: list[str] = []
    monkeypatch.setattr("streamlit.warning", lambda text, **_: said.append(text))
    feedback.line(WORLD, 0, counts=True)
    assert said[0].startswith("Feedback can neither be read nor kept")


def test_the_history_marks_what_was_done_here() -> None:
    event_store().record([event("like", "2")])
    shown, total = blocks.history(WORLD, 0, live.log(WORLD, Recipe()), feedback.done(WORLD, 0))
    assert total == 3
    assert [(item.title, item.live) for item in shown] == [("Item 2", "liked"), ("Item 1", ""), ("Item 0", "")]
    assert isinstance(shown[0], HistoryItem)


def test_the_download_holds_all_and_runs_nothing() -> None:
    rows = list(csv.reader(io.StringIO(feedback_panel.sheet(WORLD, (event("like", "2"), event("click", "=1+1"))))))
    assert rows[0] == list(feedback_panel.COLUMNS)
    assert rows[1] == ["2023-11-14T22:13:20Z", "1", "2", "Item 2", "like", ID]
    assert rows[2][2] == "'=1+1"


def test_cards_say_what_can_be_done_and_what_was() -> None:
    acting = Acting("who", lambda: None, lambda: None, ("settled",), {"7": "like"})
    said = acting.message(DEFAULT_WORDS)
    assert said["settled"] == ["settled"]
    assert set(DEEDS) < set(said["words"])


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-1e3, 1e3)), max_size=12))
def test_shares_add_up_to_one_in_size(rows: list[tuple[int, float]]) -> None:
    items, values = np.array([item for item, _ in rows], dtype=int), np.array([[value] for _, value in rows])
    (found,) = shares_of(values.reshape(len(rows), 1), items, most=6)
    assert len({item for item, _ in found}) == len(found)
    sizes = [abs(share) for _, share in found]
    assert sizes == sorted(sizes, reverse=True)
    if rows and np.abs(np.bincount(items, values[:, 0])).sum() > 1e-6:
        assert sum(sizes) == pytest.approx(1)


def test_shares_keep_their_sign_and_ties_go_to_the_smaller_item() -> None:
    values = np.array([[3.0, 1.0, np.nan], [-2.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
    first, second, unknown = shares_of(values, np.array([4, 9, 4]))
    assert [item for item, _ in first] == [4, 9]
    assert [share for _, share in first] == pytest.approx([4 / 6, -2 / 6])
    assert second == [(4, 0.5), (9, 0.5)]
    assert unknown == []


def result(**changes: Any) -> dict[str, Any]:
    """What the command prints when it has learned."""
    plain = {
        "events": 3,
        "rank_before": 812.0,
        "rank_after": 64.5,
        "recall_before": {"mean": 0.0712},
        "recall_after": {"mean": 0.0709},
        "difference": {"delta": -0.0003, "low": -0.0010, "high": 0.0004, "people": 250, "certain": False},
    }
    return {**plain, **changes}


def test_what_learning_changed_is_said_with_its_interval() -> None:
    assert feedback_learning.said(result()) == (
        "Learned from 3 likes and clicks: their median place went from 812 to 64. recall@10 on what is held out "
        "from 250 others: 0.0712 before, 0.0709 after, −0.0003 (−0.0010 to +0.0004, 95 %): "
        "not distinguishable from zero."
    )
    assert feedback_learning.said(result(events=1, difference=None)).endswith(t("learning.too_small"))
    sure = {"delta": 0.001, "low": None, "high": None, "people": 250, "certain": True}
    assert feedback_learning.said(result(difference=sure)).endswith("0.0709 after, +0.0010.")


def test_new_likes_are_told_from_those_that_were_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(dataset="blocks", strategy="two-tower")
    learned: list[str] = []
    monkeypatch.setattr(resources, "vectors", lambda _: CONTENT)
    monkeypatch.setattr(feedback_learning, "moved_stamp", lambda *_: str(len(learned)) if learned else "")
    monkeypatch.setattr(feedback_learning, "learned_events", lambda _: tuple(learned))
    assert feedback_learning.waiting(WORLD, recipe) == (0, 0)
    event_store().record([event("like", "2"), event("dislike", "3", event_id=ID[::-1])])
    assert feedback_learning.waiting(WORLD, recipe) == (1, 0)
    assert feedback_learning.said_of_waiting(1, 0) == t("learning.one")
    learned.append(ID)
    assert feedback_learning.waiting(WORLD, recipe) == (0, 1)
    assert feedback_learning.said_of_waiting(0, 1) == t("learning.nothing_new", n="1")


def test_what_was_learned_can_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[str] = []
    monkeypatch.setattr(resources, "vectors", lambda _: CONTENT)
    monkeypatch.setattr(feedback_learning, "drop_moved", dropped.append)
    recipe = Recipe(dataset="blocks", strategy="two-tower")
    feedback_learning.drop(WORLD, recipe)
    assert dropped == [model_key(recipe, WORLD, CONTENT)]


def test_every_stage_of_learning_has_words() -> None:
    for stage in ("start", "embed", "fit", "held-out"):
        assert feedback_learning.stage_words(stage)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page("pages/explore/recommend.py").run()


def cards(at: AppTest) -> list[dict[str, Any]]:
    assert not at.exception
    messages = [json.loads(one.proto.json) for one in at.get("bidi_component")]
    found: list[dict[str, Any]] = next(one["entries"] for one in messages if one["kind"] == "cards")
    return found


def listed(dataset: Dataset, recipe: Recipe) -> list[str]:
    """The list that the engine gives user 15 with all that is stored."""
    audience = audience_for(dataset, event_store().events(dataset.name), "now")
    run = recall(recipe, dataset, user_indices(dataset.interactions, ["15"]), audience=audience)
    return [str(title) for title in dataset.catalog.titles[run.selected.items[0]]]


@warm
def test_the_page_lists_with_what_was_done_and_takes_it_back() -> None:
    dataset = load_dataset(Recipe().dataset)
    at = opened(user="15", k="5")
    before = cards(at)
    assert {entry["given"] for entry in before} == {""}
    liked = event("like", before[0]["id"], user="15", dataset=dataset.name)
    event_store().record([liked])
    at.run()
    assert [entry["title"] for entry in cards(at)] == listed(dataset, Recipe(k=5))
    assert before[0]["title"] not in [entry["title"] for entry in cards(at)]
    said = [one.value for one in at.caption]
    assert t("feedback.one") in said
    (undo,) = [one for one in at.button if one.key == "feedback-undo"]
    undo.click().run()
    assert [entry["id"] for entry in cards(at)] == [entry["id"] for entry in before]
    assert any(value.startswith("Undone: liked **") for value in [one.value for one in at.caption])
    assert event_store().events(dataset.name) == ()


@warm
def test_feedback_that_counts_everywhere_is_learned_from() -> None:
    dataset = load_dataset(Recipe().dataset)
    recipe = Recipe(k=5, strategy="popularity", events="everywhere")
    assert live.learned(dataset, recipe) is dataset
    event_store().record([event("like", str(dataset.catalog.item_ids[0]), user="15", dataset=dataset.name)])
    known = live.learned(dataset, recipe)
    assert known.fingerprint != dataset.fingerprint
    assert live.learned(dataset, recipe.replace(events="lists")) is dataset
    at = opened(user="15", k="5", strategy="popularity", events="everywhere")
    run = recall(recipe, known, user_indices(dataset.interactions, ["15"]), audience=live.audience(dataset, recipe))
    assert [entry["title"] for entry in cards(at)] == dataset.catalog.titles[run.selected.items[0]].tolist()


@warm
def test_feedback_that_is_off_changes_no_list() -> None:
    dataset = load_dataset(Recipe().dataset)
    before = cards(opened(user="15", k="5", events="off"))
    event_store().record([event("like", before[0]["id"], user="15", dataset=dataset.name)])
    at = opened(user="15", k="5", events="off")
    assert [entry["id"] for entry in cards(at)] == [entry["id"] for entry in before]
    assert cards(at)[0]["given"] == "like"
    assert t("feedback.off") in [one.value for one in at.caption]
