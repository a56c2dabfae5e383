"""What the card components send to the browser: every field, in order, and nothing invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.cards import DEFAULT_WORDS, Card, ChannelBar, Chip, HistoryItem, LeftItem, rank_cards
from ui.cards.acting import Acting
from ui.component import mark_of
from ui.pipeline_view import ICONS, Node

HOSTILE = ("<img src=x onerror=alert(1)>", "![x](http://x/y.png)", "$x$", "**b** :material/home:")


def sent(app: AppTest, place: int = 0) -> dict[str, Any]:
    """The data of one component on the page."""
    assert not app.exception
    data: dict[str, Any] = json.loads(app.get("bidi_component")[place].proto.json)
    return data


def page(module, name, content, options):  # type: ignore[no-untyped-def]  # the app runs this text by itself
    import importlib

    import streamlit as st

    st.text(getattr(importlib.import_module(module), name)(content, key="it", **options))


def run(name: str, content: list[Any], *, module: str = "ui.cards", **options: Any) -> AppTest:
    """A page that shows one component, and under it the mark that the call returned."""
    kwargs = {"module": module, "name": name, "content": content, "options": options}
    return AppTest.from_function(page, kwargs=kwargs).run()


def card(rank: int = 1, **changes: Any) -> Card:
    values: dict[str, Any] = {
        "rank": rank,
        "item_id": 100 + rank,
        "title": f"Item {rank}",
        "subtitle": "1995",
        "categories": (("Drama", 0), ("War", 9)),
        "score_text": "0.734",
        "score_share": 0.8,
        "unit": "cosine",
        "closest": ("A", "B"),
        "change": "",
    }
    return Card(**{**values, **changes})


def test_a_card_arrives_whole() -> None:
    data = sent(run("rank_cards", [card(1), card(2, change="up 3")]))
    assert data["kind"] == "cards"
    assert data["entries"][0] == {
        "id": "101",
        "rank": 1,
        "title": "Item 1",
        "subtitle": "1995",
        "kinds": [["Drama", 0], ["War", 9]],
        "score": "0.734",
        "share": 0.8,
        "unit": "cosine",
        "closest": ["A", "B"],
        "change": ["", ""],
        "channels": [],
        "why": "",
        "because": "",
    }
    assert [entry["rank"] for entry in data["entries"]] == [1, 2]
    assert data["words"] == {name: DEFAULT_WORDS[name] for name in ("list", "closest", "channels", "because")}
    assert "acting" not in data


def test_cards_that_can_be_acted_on_say_whose_they_are_and_what_was_done() -> None:
    acting = Acting("7", str, str, ("a",), {"101": "like"})
    data = sent(run("rank_cards", [card(1, link="explain?item=101"), card(2)], acting=acting))
    assert [(entry["given"], entry["link"]) for entry in data["entries"]] == [("like", "explain?item=101"), ("", "")]
    assert (data["acting"]["of"], data["acting"]["settled"]) == ("7", ["a"])
    assert data["acting"]["words"]["not-now"] == DEFAULT_WORDS["not_now"]


def test_chips_and_bars_arrive_whole() -> None:
    chip = Chip("EASE #3", "rank 3", own=True)
    assert sent(run("rank_cards", [card(channels=(chip,))]))["entries"][0]["channels"] == [["EASE #3", "rank 3", True]]
    bars = [ChannelBar("EASE", "7 of 10", 0.7), ChannelBar("x", "", 1.5)]
    data = sent(run("channel_bars", bars, lead="Who", legend=[(chip, "own"), (None, "none")], note=""))
    assert data["entries"] == [["EASE", "7 of 10", 0.7], ["x", "", 1.0]]
    assert data["legend"] == [["EASE #3", True, "own"], ["", False, "none"]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [("", ["", ""]), ("new", ["new", "new"]), ("up 3", ["up", "up 3"]), ("down 12", ["down", "down 12"])],
)
def test_changes_are_said_in_words(change: str, expected: list[str]) -> None:
    assert sent(run("rank_cards", [card(change=change)]))["entries"][0]["change"] == expected


def test_a_change_of_no_known_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="sideways"):
        rank_cards([card(change="sideways 2")], key="it")


@pytest.mark.parametrize(("share", "drawn"), [(-0.5, 0.0), (0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (7.0, 1.0)])
def test_a_bar_never_leaves_its_track(share: float, drawn: float) -> None:
    assert sent(run("rank_cards", [card(score_share=share)]))["entries"][0]["share"] == drawn


def test_the_mark_follows_what_is_drawn() -> None:
    one = run("rank_cards", [card()])
    again = run("rank_cards", [card()])
    other = run("rank_cards", [card(score_text="0.735")])
    assert one.text[0].value == sent(one)["seq"] == sent(again)["seq"]
    assert sent(other)["seq"] != sent(one)["seq"]
    assert sent(run("rank_cards", [card()], layout="compact"))["seq"] != sent(one)["seq"]
    assert len(mark_of("x")) == 8


def test_an_empty_list_is_an_empty_list() -> None:
    assert sent(run("rank_cards", []))["entries"] == []


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_travel_untouched(title: str) -> None:
    assert sent(run("rank_cards", [card(why=f"like {title}")]))["entries"][0]["why"] == f"like {title}"
    assert sent(run("rank_cards", [card(title=title)]))["entries"][0]["title"] == title
    assert sent(run("left_list", [LeftItem(1, title, 4)]))["entries"][0]["title"] == title
    assert sent(run("history_strip", [HistoryItem(1, title)], total=None, owner=""))["entries"][0]["title"] == title


def test_a_history_says_how_much_is_not_shown() -> None:
    items = [HistoryItem(7, "A", "5.0", "2006-01-02", 3), HistoryItem(7, "A", "4.0", "2005-01-02", 3)]
    data = sent(run("history_strip", items, total=1702, owner="15"))
    assert data["more"] == "and 1,700 more"
    assert data["of"] == "15"
    assert len({entry["id"] for entry in data["entries"]}) == 2
    assert data["entries"][0] | {"id": ""} == {
        "id": "",
        "title": "A",
        "rating": "5.0",
        "date": "2006-01-02",
        "slot": 3,
        "live": "",
    }
    assert sent(run("history_strip", items, total=2, owner=""))["more"] == ""
    assert sent(run("history_strip", items, total=None, owner=""))["more"] == ""


def test_what_left_says_where_it_was() -> None:
    data = sent(run("left_list", [LeftItem("a", "Gone", 4)]))
    assert data["entries"] == [{"id": "a", "title": "Gone", "was": "was 4"}]


def test_tiles_keep_their_order() -> None:
    tiles = [("Users", "671", "all"), ("Items", "9,066", "")]
    assert sent(run("stat_tiles", tiles))["entries"] == [list(tile) for tile in tiles]


def test_the_pipeline_arrives_in_order() -> None:
    nodes = [Node(icon.title(), str(place), "caption", icon, active=place < 6) for place, icon in enumerate(ICONS)]
    data = sent(run("pipeline_diagram", nodes, module="ui.pipeline_view"))
    assert [node["title"] for node in data["nodes"]] == [icon.title() for icon in ICONS]
    assert [node["active"] for node in data["nodes"]] == [True] * 6 + [False]
    assert data["nodes"][0] == {
        "title": "Behaviour",
        "figure": "0",
        "caption": "caption",
        "icon": "behaviour",
        "active": True,
    }


def test_every_icon_has_a_drawing() -> None:
    script = Path(__file__).resolve().parents[2] / "ui" / "pipeline_view" / "pipeline.js"
    for icon in ICONS:
        assert f'  {icon}: "M' in script.read_text(encoding="utf-8")
