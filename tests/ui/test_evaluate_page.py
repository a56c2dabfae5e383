"""The Evaluate page from its address to its numbers, on the real set with strategies that take no time."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.evaluate.run import evaluate
from core.evaluate.types import Plan
from core.recipe import Recipe
from core.sources import load_dataset
from ui.evaluate_job import flags
from ui.text import t

MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
pytestmark = pytest.mark.usefixtures("warm")


def page(**given: str | list[str]) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=120)
    for name, value in given.items():
        at.query_params[name] = value
    return at.switch_page("pages/measure/evaluate.py").run()


def said(at: AppTest) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning))


def test_from_nothing_to_a_verdict() -> None:
    """Without results there is a button; with them the verdict stands on the page."""
    names = ["popularity", "ease"]
    empty = page(strategies=names, seed="12345")
    assert not empty.exception
    assert t("evaluate.run") in [button.label for button in empty.button]
    dataset = load_dataset("movielens-small")
    evaluate(Plan(tuple(Recipe(dataset=dataset.name, strategy=name) for name in names), "warm"), dataset)
    at = page(strategies=names)
    assert not at.exception
    assert "EASE wins" in said(at)
    assert "625 users are tested on 10,014" in said(at)
    assert len(at.get("plotly_chart")) == 3
    assert "corrected for all 1 pairs" in said(at)
    for closer in ("threshold", "cold-start", "users"):
        assert not page(strategies=names, closer=closer).exception


def test_settings_are_fields_with_an_address_and_reach_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the protocol and of the chosen strategies, no others; what they say is what is asked for."""
    asked: list[Plan] = []
    monkeypatch.setattr("ui.resources.evaluation", lambda plan, fingerprint: asked.append(plan))
    at = page(strategies=["popularity", "ease"], warm_share="0.3", ease_l2="50")
    assert not at.exception
    fields = {one.key: one.value for one in at.number_input}
    assert fields == {"seed": 0, "warm_share": 0.3, "warm_fewest": 10, "ease_l2": 50.0, "ease_half_life": 25.0}
    (plan,) = asked
    assert plan.protocol_options == (("warm_share", 0.3),)
    assert [dict(recipe.options).get("ease_l2") for recipe in plan.recipes] == [None, 50.0]
    at = page(strategies=["ease"], warm_share="7")
    assert "warm_share must be a number between 0.01 and 0.9" in said(at).replace("\\", "")
    assert asked[-1].protocol_options == ()


def test_a_merged_list_says_which_channels_brought_it() -> None:
    names = ["popularity", "fusion-rank"]
    dataset = load_dataset("movielens-small")
    evaluate(Plan(tuple(Recipe(dataset=dataset.name, strategy=name) for name in names), "warm"), dataset)
    at = page(strategies=names, closer="users", k="5")
    assert not at.exception
    tables = [frame.value for frame in at.dataframe if t("evaluate.column_hit") in frame.value]
    assert [t("cards.channels") in table for table in tables] == [True, False]
    assert tables[0][t("cards.channels")].str.contains("#").all()
    assert (tables[0][t("evaluate.column_hit")] != "").any()  # the user for whom it wins most


def test_the_user_model_and_live_feedback_reach_the_plan_and_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the address says of them is evaluated, and the command says the same; kept apart has one name."""
    asked: list[Plan] = []
    monkeypatch.setattr("ui.resources.evaluation", lambda plan, fingerprint: asked.append(plan))
    at = page(strategies=["content", "ease"], user_model="recent", recent_items="3", events="everywhere")
    assert not at.exception
    assert [one.user_model for one in asked[-1].recipes] == ["recent", "recent"]
    told = flags(asked[-1])
    assert told["user_model"] == "recent"
    assert told["recent_items"] == 3
    assert told["events"] == "everywhere"
    page(strategies=["ease"], user_model="recent", events="off")
    assert [one.events for one in asked[-1].recipes] == ["lists"]
    assert set(flags(asked[-1])) == {"dataset", "protocol", "strategies", "seed"}
