"""The Compare page: an address is a comparison, widgets write into it, and what cannot be used is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.recipe import Recipe
from core.store.recipes import load_recipe, save_recipe, saved_names
from ui import fitting, resources
from ui.compare_everybody import headlines, short
from ui.compare_lists import Agreement
from ui.compare_sides import DEFAULTS
from ui.jobs import JobTable
from ui.text import t

MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
HERE = "movielens-small"
pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))


def page(**given: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=120)
    for name, value in given.items():
        at.query_params[name] = value
    return at.switch_page("pages/explore/compare.py").run()


def said(at: AppTest) -> str:
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.success))


def lines(at: AppTest) -> dict[str, str]:
    return {side: str(at.text_input(key=side).value) for side in "abc"}


def test_without_an_address_there_is_something_to_see() -> None:
    at = page()
    assert not at.exception
    assert not at.error
    assert lines(at) == DEFAULTS
    assert "A and B share 8 of 10 items (RBO .86). NDCG not distinguishable; B beats A on diversity" in said(at)
    assert "Over all 625 test users, A and B share **8.9 of 10** items" in said(at)


def test_the_address_decides_all_sides_and_the_table_holds_every_place() -> None:
    at = page(user="15", a="strategy=popularity;k=6", b="k=4", c="strategy=popularity;k=5;diversity=0.9", view="table")
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    for side, k in (("A", 6), ("B", 4), ("C", 5)):
        places = table[t("compare.place_in", side=side)].dropna()
        assert sorted(int(place) for place in places) == list(range(1, k + 1))
    assert "A and C share" in said(at)
    assert "over their first 4 places" in said(at).replace("\\", "")


def test_widgets_write_into_the_line() -> None:
    at = page(a="k=9;relevance_scale=rank")
    at.slider(key="compare-a-diversity").set_value(0.25).run()
    assert lines(at)["a"] == "strategy=content;k=9;diversity=0.25;relevance_scale=rank"
    at.selectbox(key="compare-a-strategy").set_value("popularity").run()
    at.number_input(key="compare-a-k").set_value(5).run()
    assert lines(at)["a"] == "strategy=popularity;k=5;diversity=0.25;relevance_scale=rank"
    assert not at.exception
    assert not at.error
    assert "relevance_scale=rank" in said(at).replace("\\", "")


def test_sides_are_swapped_copied_added_and_removed() -> None:
    at = page(a="k=3", b="k=4")
    at.button(key="swap-sides").click().run()
    assert (lines(at)["a"], lines(at)["b"]) == ("k=4", "k=3")
    at.button(key="add-side").click().run()
    assert lines(at)["c"] == "k=3"
    at.button(key="copy-side").click().run()
    assert lines(at) == {"a": "k=4", "b": "k=4", "c": "k=3"}
    at.button(key="remove-side").click().run()
    assert lines(at)["c"] == ""
    assert not at.exception


@pytest.mark.parametrize(
    ("line", "problem"),
    [("strategy=nobody", "unknown strategy"), ("k=200", "on a page"), ("k", "name=value"), ("user=1", "same for all")],
)
def test_a_line_that_is_none_is_one_sentence_and_stays(line: str, problem: str) -> None:
    at = page(a="k=7", b=line)
    assert not at.exception
    (error,) = at.error
    assert problem in str(error.value).replace("\\", "")
    assert lines(at)["b"] == line
    assert at.number_input(key="compare-a-k").value == 7
    at.button(key="over-b").click().run()
    assert not at.error
    assert lines(at)["b"] == DEFAULTS["b"]


def test_a_change_that_does_not_fit_is_said_and_not_made() -> None:
    at = page(a="k=5;pool=8")
    at.number_input(key="compare-a-k").set_value(9).run()
    assert "pool must be at least k" in str(at.error[0].value).replace("\\", "")
    assert lines(at)["a"] == "k=5;pool=8"
    assert at.number_input(key="compare-a-k").value == 5


def test_seeds_that_differ_leave_the_lists_and_explain_the_rest() -> None:
    at = page(a="seed=1", b="k=10")
    assert not at.exception
    assert "same seed" in str(at.error[0].value)
    assert "share 10 of 10" in said(at)


@pytest.mark.usefixtures("own_data")
def test_recipes_are_saved_used_and_deleted() -> None:
    at = page(a="strategy=popularity;k=4")
    at.text_input(key="save-name").set_value("Top four").run()
    at.button(key="save-a").click().run()
    assert load_recipe("Top four").recipe == Recipe(strategy="popularity", k=4)
    assert "Top four" in said(at)
    at.text_input(key="save-name").set_value("../x").run()
    at.button(key="save-a").click().run()
    assert "cannot be the name" in str(at.error[0].value)
    at.button(key="use-saved-b").click().run()
    assert lines(at)["b"] == "strategy=popularity;k=4"
    at.button(key="delete-saved").click().run()
    assert saved_names() == ()
    assert not at.exception


@pytest.mark.usefixtures("own_data")
def test_a_damaged_recipe_is_said_and_changes_nothing(tmp_path: Path) -> None:
    save_recipe("Torn", Recipe())
    (tmp_path / "recipes" / "Torn.json").write_text("{", encoding="utf-8")
    at = page(a="k=6")
    at.button(key="use-saved-a").click().run()
    assert "damaged" in str(at.error[0].value)
    assert lines(at)["a"] == "k=6"


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (0.0213, 3, ".021"),
        (-0.5, 2, "−.50"),
        (0.0002, 3, ".0002"),
        (1.0, 2, "1.00"),
        (0.0, 2, ".00"),
        (9.31, 2, "9.31"),
    ],
)
def test_numbers_are_short(value: float, decimals: int, words: str) -> None:
    assert short(value, decimals) == words


def test_lists_of_one_item_are_spoken_of_as_such() -> None:
    (line,) = headlines([Agreement("A", "B", 1, 1, 1.0, 1.0)], None)
    assert line == "A and B share 1 of 1 item (RBO 1.00)."


def test_slow_sides_learn_in_jobs_of_their_own_and_the_others_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sides that learn the same share a job; one that is there is not kept waiting."""
    resources.jobs.clear()
    monkeypatch.setattr("core.kept_fits.FORMAT", 998)
    slow = {"a": "strategy=bpr;bpr_rounds=1900", "c": "strategy=bpr;bpr_rounds=1900;k=5"}
    try:
        at = page(b="strategy=popularity;k=4", view="table", **slow)
        assert not at.exception
        (job,) = resources.jobs().under("fit|")
        assert job.key == fitting.fit_key(Recipe.from_flat({"strategy": "bpr", "bpr_rounds": 1900}))
        assert len(at.dataframe[0].value) == 4
        at.text_input(key="a").set_value("strategy=popularity;k=3").run()
        assert t("compare.share", a="A", b="B", n=3, of=3) in said(at)
    finally:
        for job in resources.jobs().running():
            job.cancel()


def test_people_that_have_to_be_prepared_are_measured_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.compare_everybody.ready", lambda recipe, *rest: recipe.k != 4)
    started: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(JobTable, "start", lambda self, key, verb, flat: started.append((verb, flat)))
    at = page(a="k=3", b="k=4")
    assert "share 3 of 3" in said(at)
    at.button(key="run-compare").click().run()
    assert not at.exception
    assert started == [("compare", {"a": "strategy=content;k=3", "b": "strategy=content;k=4", "dataset": HERE})]


def test_a_small_catalogue_is_no_obstacle(hostile: str) -> None:
    resources.names.clear()
    at = page(dataset=hostile, b="k=99")
    assert not at.exception
    assert "between 1 and 12" in str(at.error[0].value)
    at.button(key="over-b").click().run()
    assert not at.exception
    assert "share" in said(at)


def test_an_item_text_that_cannot_be_made_is_one_sentence_with_a_way_back() -> None:
    at = page(a="template={nope}", b="k=4", rbo_p="7")
    assert not at.exception
    assert "nope" in str(at.error[0].value)
    assert "between 0.5 and 0.99" in said(at).replace("\\", "")
    at.button(key="over-a").click().run()
    assert not at.error
    assert "share 4 of 4" in said(at)
