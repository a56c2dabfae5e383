"""The panel of context and rules, and the lines above a list that say what they did."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import load_dataset
from core.context.rules_text import parse
from core.counting import Counted
from core.recipe import Recipe
from core.types import Dataset, RuleEffect
from tests.worlds import block_world
from ui import context_knobs, context_said, controls, rule_builder

PAGE = "pages/explore/recommend.py"
MAIN = str(Path(__file__).resolve().parents[2] / "app.py")


@pytest.fixture(scope="module")
def blocks() -> Dataset:
    return block_world()[0]


def test_the_sentence_counts_and_says_why() -> None:
    evenings = Recipe.from_flat({"daypart": "evening", "as_of": "2012-01-01"})
    assert context_said.counting(evenings, Counted(1232, 84, 0, 3)) == (
        "Counting 84 of 1,232 interactions: as of 2012-01-01, evenings only."
    )
    less = context_said.counting(evenings.replace(affinity=0.4), Counted(9, 2, 7, 0))
    assert "2 of 9 interactions in full and 7 less" in less
    assert less.endswith("evenings (others weigh 0.6 for each choice they miss).")


@pytest.mark.parametrize("name", ["daypart", "weekday", "season"])
def test_every_choice_has_a_word(name: str) -> None:
    for value in controls.knob_named(name).allowed()[1:]:
        assert "only." in context_said.counting(Recipe.from_flat({name: value, "window": 30}), Counted(3, 1, 0, 0))


def test_one_rule_names_what_came_and_went(blocks: Dataset) -> None:
    effect = RuleEffect("hide title=A", 1, (0, 1, 2, 3), (5,), 2)
    assert context_said.rule_lines(blocks, (effect,), None) == [
        "“hide title=A”: 4 in (Item 0, Item 1, Item 2 …), 1 out (Item 5), 2 moved."
    ]


def test_several_rules_are_told_together_first_and_not_without_end(blocks: Dataset) -> None:
    rules = tuple(RuleEffect(f"hide year={year}", year, (), (), 0) for year in range(5))
    lines = context_said.rule_lines(blocks, rules, RuleEffect("", 0, (1,), (), 0))
    assert lines[0].startswith("The 5 rules together: 1 in (Item 1).")
    assert lines[1:] == [
        "“hide year=0” speaks of no item.",
        "“hide year=1”: no change to this list.",
        "“hide year=2”: no change to this list.",
        "And 2 more.",
    ]


def test_the_builder_knows_the_fields_and_writes_rules(blocks: Dataset) -> None:
    assert rule_builder.fields(blocks) == ("category", "title")
    assert rule_builder.values(blocks, "category") == ("Block 0", "Block 1", "Block 2")
    assert rule_builder.joined("", "hide title=A") == "hide title=A"
    both = rule_builder.joined("hide title=A; ", "hide title=B")
    assert [rule.text for rule in parse(both)] == ["hide title=A", "hide title=B"]
    films = load_dataset("movielens-small")
    ends = rule_builder.years(films, "year")
    assert ends is not None
    assert ends[0] < 1950 < 2010 < ends[1]
    assert rule_builder.years(films, "title") is None


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("as_of", "", ""),
        ("as_of", "1970-01-12", ""),
        ("as_of", "soon", "must be a date"),
        ("as_of", "1969-01-01", "nothing is known before 1970-01-12"),
        ("rules", " ;", ""),
        ("rules", 'hide category="Block 1"', ""),
        ("rules", "hide colour=red", "unknown field"),
        ("rules", "require title=Nobody", "leaves nothing"),
    ],
)
def test_what_cannot_be_used_is_told(blocks: Dataset, name: str, text: str, told: str) -> None:
    found = context_knobs.problem(blocks, name, text)
    assert told in found
    assert bool(found) == bool(told)


@pytest.mark.usefixtures("warm")
def test_an_address_with_context_and_rules_gives_that_list_and_says_so() -> None:
    app = AppTest.from_file(MAIN, default_timeout=60).run()
    app.query_params.update({"user": "15", "as_of": "2012-01-01", "rules": "hide category=Horror; bury nonsense"})
    app.switch_page(PAGE).run()
    assert not app.exception
    assert any("Left out: the rule" in part.value.replace("\\", "") for part in app.markdown)
    assert any("as of 2012" in part.value.replace("\\", "") for part in app.caption)
    app.text_area(key="rules").set_value("hide category=Horror").run()
    assert not app.exception
    assert any("“hide category=Horror”" in part.value.replace("\\", "") for part in app.caption)
    app.button(key="rule-out-0").click().run()
    assert app.text_area(key="rules").value == ""
