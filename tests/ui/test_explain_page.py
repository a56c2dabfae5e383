"""The Explain page from its address to its sum, its sentence and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset, recall, user_indices
from core.explain.counterfactual import removals
from core.explain.sources import case_of
from core.vectors import embed_items
from ui import explain_choices, explain_sum, explain_text
from ui.explain_bars import BACK, FIXED, OUT, REST, SOURCE, TOTAL, Bar, Stand, clicked
from ui.text import t

PAGE = "pages/explore/explain.py"
MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
warm = pytest.mark.usefixtures("warm")
USER, FIRST = "2", "Strange Days"


class Drawn:
    """What the page last handed to its drawings."""

    def __init__(self) -> None:
        self.where: Stand | None = None
        self.rows: dict[str, Sequence[Bar]] = {}
        self.said = ""
        self.chips: dict[str, list[str]] = {}
        self.text = ""

    def stand(self, entry: Stand, **_: Any) -> str:
        self.where = entry
        return ""

    def bars(self, rows: Sequence[Bar], *, key: str, **_: Any) -> str:
        self.rows[key] = rows
        return ""

    def take_chips(self, label: str, entries: Sequence[Any], *, key: str, **_: Any) -> str:
        self.chips[key] = [one.title for one in entries]
        return ""

    def sentence(self, text: str, **_: Any) -> str:
        self.said = text
        return ""

    def marked(self, parts: Sequence[Any], **_: Any) -> str:
        self.text = "".join(part.text for part in parts)
        return ""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    found = Drawn()
    monkeypatch.setattr("ui.explain_bars.stand", found.stand)
    monkeypatch.setattr("ui.explain_bars.bars", found.bars)
    monkeypatch.setattr("ui.explain_bars.chips", found.take_chips)
    monkeypatch.setattr("ui.explain_bars.sentence", found.sentence)
    monkeypatch.setattr("ui.explain_bars.marked", found.marked)
    return found


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(PAGE).run()


def said(at: AppTest) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error))


def figure(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


@warm
@pytest.mark.parametrize(
    "flat",
    [{}, {"metric": "dot"}, {"metric": "euclidean"}, {"strategy": "content-nearest"}],
    ids=lambda flat: "-".join(flat.values()),
)
def test_the_bars_add_up_to_the_score_of_the_list(flat: dict[str, str], drawn: Drawn) -> None:
    at = opened(user=USER, **flat)
    assert not at.exception
    rows = drawn.rows[explain_sum.SUM_KEY]
    sources, rest = [row for row in rows if row.kind == SOURCE], [row for row in rows if row.kind == REST]
    fixed, total = [row for row in rows if row.kind == FIXED], rows[-1]
    assert total.kind == TOTAL
    step = 0.5 * 10.0 ** -len(total.value.partition(".")[2])
    assert sum(figure(row.value) for row in (*sources, *fixed)) == pytest.approx(
        figure(total.value), abs=(len(rows) + 1) * step
    )
    folded = sources[explain_sum.SHOWN :]
    assert figure(rest[0].value) == pytest.approx(
        sum(figure(row.value) for row in folded), abs=(len(folded) + 1) * step
    )
    for before, after in pairwise(sources):
        assert after.start == pytest.approx(before.end)
    recipe = Recipe.from_flat(flat)
    dataset = load_dataset(recipe.dataset)
    run = recall(recipe, dataset, user_indices(dataset.interactions, [USER]))
    assert figure(total.value) == pytest.approx(float(run.selected.scores[0, 0]), abs=2 * step)
    assert explain_sum.long(float(run.selected.scores[0, 0])) in said(at)


@warm
def test_what_is_taken_out_stands_in_the_address_and_the_item_falls_as_the_closed_form_says(drawn: Drawn) -> None:
    opened(user=USER)
    assert drawn.where is not None
    assert (drawn.where.title, drawn.where.rank, drawn.where.was) == (FIRST, t("explain.rank", rank="1"), "")
    first = drawn.rows[explain_sum.SUM_KEY][0]
    at = opened(user=USER, without=first.id)
    recipe = Recipe()
    dataset = load_dataset(recipe.dataset)
    item, gone = (explain_choices.places(dataset)[one] for one in (_id(FIRST), first.id))
    closed = removals(
        recipe, dataset, embed_items(recipe, dataset), int(user_indices(dataset.interactions, [USER])[0]), item
    )
    rank = int(closed.rank[closed.sources.items.tolist().index(gone)])
    assert rank > 1
    assert first.note == t("explain.without", now="1", then=rank)
    assert drawn.where.was == t("explain.rank", rank="1")
    assert drawn.where.rank == t("explain.rank", rank=rank)
    assert drawn.where.said == t("explain.moved_down", n=rank - 1)
    assert drawn.chips["explain-gone-sum"] == [first.title]
    assert first.id not in {row.id for row in drawn.rows[explain_sum.SUM_KEY]}
    assert t("explain.says_instead", rank="1") in drawn.said
    at.button(key="explain-undo-sum").click().run()
    assert drawn.where.was == ""


def _id(title: str) -> str:
    dataset = load_dataset(Recipe().dataset)
    return explain_choices.id_of(dataset, dataset.catalog.titles.tolist().index(title))


@warm
def test_another_user_starts_with_her_own_history(drawn: Drawn) -> None:
    at = opened(user=USER, without="50")
    assert drawn.where is not None
    assert drawn.where.was
    at.selectbox(key="user").set_value("3").run()
    assert not at.exception
    assert drawn.where.was == ""
    assert at.text_input(key="without").value == ""


@warm
def test_an_item_outside_the_list_can_be_lifted_into_it(drawn: Drawn) -> None:
    at = opened(user=USER, item=_id("Toy Story"), why="change")
    assert not at.exception
    assert drawn.where is not None
    assert drawn.where.title == "Toy Story"
    button = next(one for one in at.button if one.label in (t("explain.like_one"), t("explain.like_all")))
    button.click().run()
    assert drawn.where.tone == "up"
    assert drawn.where.said
    assert drawn.chips["explain-more-change"]


@warm
def test_the_smallest_set_takes_the_item_out_of_the_list(drawn: Drawn) -> None:
    at = opened(user=USER, why="change")
    at.button(key="explain-take-out").click().run()
    assert drawn.where is not None
    assert int(drawn.where.rank.split()[-1]) > 10
    assert drawn.where.tone == "down"


@warm
@pytest.mark.parametrize("why", ["contrast", "evidence", "certainty"])
def test_every_question_has_its_answer(why: str, drawn: Drawn) -> None:
    at = opened(user=USER, why=why)
    assert not at.exception
    assert any(rows for rows in drawn.rows.values())
    assert explain_sum.SUM_KEY not in drawn.rows  # only what is open is drawn


@warm
def test_what_cannot_be_used_is_said(drawn: Drawn) -> None:
    at = opened(user=USER, item="nothing", without="99999999,1", why="sum")
    assert not at.exception
    words = said(at)
    assert "There is no item nothing" in words
    assert "99999999" in words
    assert "not in this history" in words  # she has not got item 1
    assert drawn.where is not None
    assert drawn.where.title == FIRST
    assert drawn.where.was == ""


@warm
def test_an_item_she_has_is_explained_and_that_is_said(drawn: Drawn) -> None:
    dataset = load_dataset(Recipe().dataset)
    mine = case_of(Recipe(), dataset, embed_items(Recipe(), dataset), 1).history.items
    at = opened(user=USER, item=explain_choices.id_of(dataset, int(mine[0])))
    assert not at.exception
    assert t("explain.has_it") in said(at)


@warm
def test_where_everything_is_taken_out_there_is_a_sentence_and_a_way_back(drawn: Drawn) -> None:
    dataset = load_dataset(Recipe().dataset)
    log = dataset.interactions
    everything = ",".join(explain_choices.id_of(dataset, int(item)) for item in log.items[log.history(0)])
    at = opened(user="1", without=everything)
    assert not at.exception
    assert at.error or at.info
    at.button(key="explain-undo-error").click().run()
    assert not at.error
    assert drawn.where is not None


@warm
def test_words_are_highlighted_and_tested(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for the model; the real one is tested where words are."""

    def fake(recipe: Recipe, texts: Sequence[str], vectors: Any) -> Any:
        rows = np.ones((len(texts), 384), dtype=np.float32)
        rows[:, 0] += ["Sci" in text for text in texts]
        return vectors.place(rows)

    monkeypatch.setattr("core.explain.words.embed_texts", fake)
    at = opened(user=USER, why="words")
    assert not at.exception
    assert drawn.text.startswith(f"{FIRST} (1995)")
    assert t("explain.deletion") in said(at)


def test_titles_are_found_by_their_words() -> None:
    dataset = load_dataset(Recipe().dataset)
    found = [str(dataset.catalog.titles[item]) for item in explain_choices.matching(dataset, "STORY toy")]
    assert found[0] == "Toy Story"
    assert "Toy Story 2" in found
    assert [str(dataset.catalog.titles[item]) for item in explain_choices.matching(dataset, "toy story")] == [
        "Toy Story"
    ]
    assert explain_choices.matching(dataset, "no such title at all") == []
    assert len(explain_choices.matching(dataset, "the")) == explain_choices.MOST_MATCHES


def test_bars_follow_each_other_whatever_their_signs() -> None:
    rows, zero = explain_sum.waterfall({"a": 1.0, "b": -3.0}, {"c": 0.5}, "sum")
    assert [row.title for row in rows] == ["b", "a", "c", "sum"]
    assert [row.value for row in rows] == ["−3.000", "+1.000", "+0.500", "−1.500"]
    assert zero == 1.0
    assert [(round(row.start, 3), round(row.end, 3)) for row in rows] == [
        (1.0, 0.0), (0.0, 0.333), (0.333, 0.5), (1.0, 0.5),
    ]  # fmt: skip
    assert [row.against for row in rows] == [True, False, False, False]


@pytest.mark.parametrize(
    ("size", "text"), [(0.4, "0.400000"), (12.0, "12.0000"), (274.0, "274.000"), (-2.5, "−2.50000")]
)
def test_sums_are_written_so_that_they_can_be_checked(size: float, text: str) -> None:
    assert explain_sum.long(size) == text


def test_marked_words_and_what_stands_between_make_the_text() -> None:
    from core.embed.attribution import pieces_of
    from core.explain.words import TokenShares

    text = "Big, small (1995)"
    found = TokenShares(text, pieces_of(text), np.array([0.2, -0.1, 0.0]), 0.5)
    made = explain_text.parts(found)
    assert "".join(part.text for part in made) == text
    assert [(part.text, part.strength) for part in made if part.said] == [("Big", 1.0), ("small", -0.5), ("1995", 0.0)]


@pytest.mark.parametrize(
    ("sent", "did"),
    [({"did": "out", "value": "5"}, OUT), ({"did": "back", "value": "x"}, BACK), ({"did": "burn", "value": "5"}, None),
     ({"did": "out", "value": 5}, None), ({"did": "out", "value": ""}, None), (None, None), ("out", None)],
)  # fmt: skip
def test_only_sound_clicks_count(sent: Any, did: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.state.chosen", lambda key, default=None: SimpleNamespace(said=sent))
    click = clicked("any")
    assert (click.did if click else None) == did
