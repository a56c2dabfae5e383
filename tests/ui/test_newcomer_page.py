"""The Newcomer page from its address to its questions, its list and what each answer did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset
from core.newcomer.lists import listed, suited, unasked
from core.newcomer.persona import LIKE, SKIP, from_text
from core.vectors import embed_items
from ui import newcomer_answers, newcomer_cards, state
from ui.cards import Card
from ui.figures.newcomer_converge import Told, kept_line, moved_bars
from ui.newcomer_cards import Chip, Click, Question
from ui.text import t

PAGE = "pages/explore/newcomer.py"
MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
MATRIX, TOY_STORY = "2571", "1"


class Drawn:
    """What the page last handed to its drawings, and a way to click on them."""

    def __init__(self) -> None:
        self.questions: Sequence[Question] = ()
        self.now = ""
        self.answers: Sequence[Chip] = ()
        self.cards: Sequence[Card] = ()

    def keep_questions(self, entries: Sequence[Question], now: str, **_: Any) -> str:
        self.questions, self.now = entries, now
        return ""

    def keep_answers(self, entries: Sequence[Chip], **_: Any) -> str:
        self.answers = entries
        return ""

    def keep_cards(self, shown: Sequence[Card], *_: Any, **__: Any) -> None:
        self.cards = shown


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, embedded: None) -> Drawn:
    found = Drawn()
    monkeypatch.setattr("ui.newcomer_cards.questions", found.keep_questions)
    monkeypatch.setattr("ui.newcomer_cards.answers", found.keep_answers)
    monkeypatch.setattr("ui.newcomer_cards.categories", lambda *_, **__: "")
    monkeypatch.setattr("ui.blocks.rank_cards", found.keep_cards)
    return found


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(PAGE).run()


def said(at: AppTest) -> str:
    return " ".join(
        str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success)
    )


def titles(text: str, **flat: Any) -> list[str]:
    """The list that the engine gives."""
    recipe = Recipe.from_flat(flat)
    dataset = load_dataset(recipe.dataset)
    content = embed_items(recipe, dataset)
    persona = from_text(text, dataset.catalog)[0]
    asked = suited(recipe, persona)
    run = listed(asked, dataset, content, [persona]) if text else unasked(recipe, dataset, content)
    return [str(title) for title in dataset.catalog.titles[run.selected.items[0]]]


def test_a_stranger_is_asked_for_three_things_and_sees_what_is_popular(drawn: Drawn) -> None:
    at = opened()
    assert not at.exception
    assert at.title[0].value == t("newcomer.title")
    assert len(drawn.questions) == 5
    assert drawn.now == t("newcomer.now", titles=", ".join(titles("")[:3]))
    assert t("newcomer.list_none") in said(at)
    assert [card.title for card in drawn.cards] == titles("")
    assert not drawn.answers
    assert not at.get("plotly_chart")


def test_the_address_gives_the_list_of_the_engine_and_what_each_answer_did(drawn: Drawn) -> None:
    text = f"l{MATRIX}.d{TOY_STORY}.cSci-2DFi.s50"
    at = opened(persona=text, k="7")
    assert not at.exception
    assert [card.title for card in drawn.cards] == titles(text, k="7")
    assert [(chip.label, chip.sign) for chip in drawn.answers] == [
        ("The Matrix", "like"),
        ("Toy Story", "dislike"),
        ("Sci-Fi", "like"),
    ]
    assert sum(chip.told for chip in drawn.answers) == 1
    assert all(question.item_id not in (MATRIX, TOY_STORY, "50") for question in drawn.questions)
    assert len(at.get("plotly_chart")) == 2
    strength = dict(Recipe(user_model="negative").options)["dislike_strength"]
    assert t("newcomer.pushed", strength=f"{strength:g}") in said(at)


def test_what_cannot_be_used_is_said_and_the_rest_kept(drawn: Drawn) -> None:
    at = opened(persona=f"l99999999.l{MATRIX}.cNothing.%3Cb%3E")
    assert not at.exception
    assert [chip.label for chip in drawn.answers] == ["The Matrix"]
    assert "item '99999999' was left out" in at.warning[0].value.replace("\\", "")
    assert "category 'Nothing' was left out" in at.warning[0].value.replace("\\", "")


def test_where_only_items_count_that_is_said(drawn: Drawn) -> None:
    text = f"l{MATRIX}.cSci-2DFi"
    at = opened(persona=text, strategy="popularity")
    assert not at.exception
    assert [card.title for card in drawn.cards] == titles(text, strategy="popularity")
    assert "knows items only: 1 of the answers" in said(at)


def test_dislikes_alone_give_no_list_but_a_sentence(drawn: Drawn) -> None:
    at = opened(persona=f"d{TOY_STORY}")
    assert not at.exception
    assert t("newcomer.no_direction") in said(at)


def test_pasted_titles_are_liked_asked_back_or_said_to_be_missing(drawn: Drawn) -> None:
    at = opened()
    at.text_area(key="newcomer-titles").set_value("the matrix\nstar wars\nxyzzy plugh")
    at.button(key="newcomer-find").click().run()
    assert not at.exception
    assert [chip.label for chip in drawn.answers] == ["The Matrix"]
    assert t("newcomer.found", n=1, of=3) in said(at).replace("\\", "")
    assert "xyzzy plugh" in said(at)
    choice = next(one for one in at.button if str(one.key).startswith("newcomer-choice-0-"))
    choice.click().run()
    assert len(drawn.answers) == 2
    assert drawn.answers[1].label.startswith("Star Wars")
    assert not [one for one in at.button if str(one.key).startswith("newcomer-choice-")]


def test_a_newcomer_is_saved_loaded_deleted_and_started_again(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.named.data_dir", lambda: tmp_path)
    at = opened(persona=f"l{MATRIX}")
    at.text_input(key="newcomer-name").set_value("Ann")
    at.button(key="newcomer-save").click().run()
    assert t("newcomer.saved", name="Ann") in said(at).replace("\\", "")
    at.button(key="newcomer-reset").click().run()
    assert not at.text_input(key="persona").value
    at.button(key="newcomer-load").click().run()
    assert at.text_input(key="persona").value == f"l{MATRIX}"
    assert [chip.label for chip in drawn.answers] == ["The Matrix"]
    at.button(key="newcomer-delete").click().run()
    assert not at.exception
    assert t("newcomer.none_saved") in said(at)


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session, as callbacks see it."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(state, "chosen", lambda name, default=None: kept.get(name, default))
    monkeypatch.setattr(state, "choose", kept.__setitem__)
    return kept


def test_a_click_is_an_answer_and_a_second_one_on_it_changes_nothing(remembered: dict[str, Any]) -> None:
    dataset = load_dataset(Recipe().dataset)
    newcomer_answers.add(dataset, LIKE, MATRIX)
    newcomer_answers.add(dataset, SKIP, TOY_STORY)
    newcomer_answers.add(dataset, LIKE, MATRIX)
    assert remembered["persona"] == f"l{MATRIX}.s{TOY_STORY}"
    newcomer_answers.take_back(dataset, newcomer_answers.current(dataset).answers[:1])
    assert remembered["persona"] == f"s{TOY_STORY}"


@pytest.mark.parametrize(
    ("said_by_browser", "click"),
    [
        ({"did": "like", "value": "2571"}, Click("like", "2571")),
        ({"did": "love", "value": "2571"}, None),
        ({"did": "like", "value": 2571}, None),
        ({"did": "like", "value": "x" * 10_000}, None),
        ({"did": ["like"], "value": "1"}, None),
        ("like", None),
        (None, None),
    ],
)
def test_only_clicks_that_make_sense_are_heard(
    said_by_browser: object, click: Click | None, remembered: dict[str, Any]
) -> None:
    remembered["drawing"] = SimpleNamespace(said=said_by_browser)
    assert newcomer_cards.clicked("drawing") == click


@pytest.mark.parametrize("picture", [kept_line, moved_bars])
def test_titles_stay_text_in_the_pictures(picture: Callable[..., Any]) -> None:
    rows = [Told("<b>A</b>", 0.5, 0.25, True), Told("B", float("nan"), float("nan"), False)]
    drawn_figure = picture(rows, False).to_json()
    assert "<b>" not in drawn_figure
    assert "b\\u003e" not in drawn_figure
    assert "&lt;b&gt;A" in drawn_figure or "&lt;b&gt;" in drawn_figure.replace("\\u0026", "&")
