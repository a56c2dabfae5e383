"""The Evaluate page from its address to its numbers, on the real set with strategies that take no time."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.evaluate.run import evaluate
from core.evaluate.types import Plan
from core.recipe import Recipe
from core.sources import load_dataset
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
    for closer in ("threshold", "cold-start", "users"):
        assert not page(strategies=names, closer=closer).exception
