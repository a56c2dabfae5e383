"""Every page through AppTest: it runs, its knobs reach the engine, bad values are said and lose nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset, recall, user_indices
from core.answer import listed
from core.pools import STEPS
from core.recipe import STAGE_FIELDS
from core.registry import stage
from ui import nav, resources

ROOT = Path(__file__).resolve().parents[2]
PAGES = [str(path.relative_to(ROOT)) for path in nav.page_files()]
WIDGETS = ("slider", "number_input", "segmented_control", "button_group", "toggle", "text_input", "selectbox")
WITH_KNOBS = ("pages/explore/recommend.py", "pages/explore/map.py", "pages/explore/diversity.py")
COMPILED = ("overview.py", "diversity.py", "compare.py")
"""The pages that show lists with diversity, made by compiled code, which a server loads when it starts."""
pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(autouse=True)
def fresh_names() -> None:
    """The list of data sets is kept for some seconds; a set made by a fixture must be seen at once."""
    resources.names.clear()


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(page).run()


def shown_titles(at: AppTest) -> list[str]:
    """The titles in the table view, in order."""
    return [str(title) for title in at.dataframe[0].value["title"]]


def expected_titles(user: str, **flat: object) -> list[str]:
    recipe = Recipe.from_flat(flat)
    dataset = load_dataset(recipe.dataset)
    run = recall(recipe, dataset, user_indices(dataset.interactions, [user]))
    return [entry["title"] for entry in listed(run, dataset, 0)]


@pytest.mark.parametrize("file", PAGES)
def test_page_runs(file: str) -> None:
    at = opened(file)
    assert not at.exception
    assert at.title[0].value


@pytest.mark.parametrize(
    "flat",
    [
        {},
        {"k": "25"},
        {"metric": "euclidean", "normalize": "false", "k": "7"},
        {"metric": "dot", "normalize": "false"},
        {"select": "both", "threshold": "0.18", "k": "40"},
        {"postprocess": "none", "half_life": "90", "weight_power": "2"},
        {"exclude_seen": "false"},
        {"diversity": "0.7"},
        {"diversity": "1", "pool": "30", "diversity_space": "ranked", "relevance_scale": "rank", "k": "7"},
        {"diversity": "0.8", "strategy": "popularity"},
        {"diversity": "0.6", "select": "both", "threshold": "0.18"},
    ],
)
def test_the_address_decides_the_list(flat: dict[str, str]) -> None:
    at = opened("pages/explore/recommend.py", user="15", view="table", **flat)
    assert not at.exception
    assert not at.warning
    assert shown_titles(at) == expected_titles("15", **flat)


def test_moving_k_moves_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.state.BURST_S", 0.0)
    at = opened("pages/explore/recommend.py", user="2", view="table")
    at.slider(key="k").set_value(3).run()
    assert not at.exception
    assert shown_titles(at) == expected_titles("2", k=3)
    at.slider(key="k").set_value(5).run()
    assert any("2 entered, 0 left, 0 moved" in caption.value for caption in at.caption)


def test_steps_of_a_slider_on_its_way_are_one_change() -> None:
    at = opened("pages/explore/recommend.py", user="2", view="table")
    for k in (11, 12, 13):
        at.slider(key="k").set_value(k).run()
    assert any("3 entered, 0 left, 0 moved" in caption.value for caption in at.caption)
    assert list(at.dataframe[0].value["change"])[-3:] == ["new"] * 3


def test_changing_the_metric_keeps_what_the_threshold_means() -> None:
    at = opened("pages/explore/recommend.py", user="2", view="table", select="both", k="40")
    at.slider(key="threshold").set_value(0.2).run()
    before = shown_titles(at)
    at.segmented_control(key="metric").set_value("euclidean").run()
    assert not at.exception
    assert at.slider(key="threshold").value == pytest.approx(1.26, abs=0.011)
    assert shown_titles(at)[:3] == before[:3]
    at.toggle(key="normalize").set_value(False).run()
    assert not at.exception
    assert len(shown_titles(at)) == 40


def test_other_data_narrow_the_range_and_nothing_breaks(hostile: str) -> None:
    at = opened("pages/explore/recommend.py", k="50", view="table")
    at.selectbox(key="dataset").set_value(hostile).run()
    assert not at.exception
    assert at.slider(key="k").value == 12


def test_a_threshold_alone_in_the_address_means_both_as_on_the_command_line() -> None:
    at = opened("pages/explore/recommend.py", user="15", view="table", threshold="0.31")
    assert at.segmented_control(key="select").value == "both"
    assert shown_titles(at) == expected_titles("15", threshold="0.31")


def test_the_threshold_alone_lists_all_that_pass() -> None:
    at = opened("pages/explore/recommend.py", user="15", view="table", select="threshold", threshold="0.1", k="5")
    assert not at.warning
    assert shown_titles(at) == expected_titles("15", select="threshold", threshold="0.1", k="5")
    assert len(shown_titles(at)) > 100


@pytest.mark.parametrize("file", ["pages/explore/recommend.py", "pages/explore/map.py"])
@pytest.mark.parametrize("template", ["no field", "{foo}", "{oops} }{"])
def test_an_unusable_item_text_is_one_sentence_with_a_way_back(file: str, template: str) -> None:
    at = opened(file, user="15")
    at.text_input(key="template").set_value(template).run()
    assert not at.exception
    assert len(at.error) == 1
    at.button(key="reset-ready").click().run()
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("file", ["pages/explore/recommend.py", "pages/explore/map.py"])
def test_an_unusable_item_text_takes_no_other_choice_out_of_the_address(file: str) -> None:
    at = opened(file, user="15", normalize="false", k="12", diversity="0.5")
    at.text_input(key="template").set_value("{foo}").run()
    assert not at.exception
    assert (at.slider(key="k").value, at.slider(key="diversity").value) == (12, 0.5)
    assert len(at.error) == 1


def test_page_choices_in_the_address_are_checked_too() -> None:
    at = opened("pages/explore/map.py", user="15", colour="q")
    assert not at.exception
    assert any("colour is one of" in warning.value.replace("\\", "") for warning in at.warning)


def test_changing_the_metric_on_unit_vectors_changes_nothing_and_says_so() -> None:
    at = opened("pages/explore/recommend.py", user="2", view="table")
    before = shown_titles(at)
    at.segmented_control(key="metric").set_value("euclidean").run()
    assert shown_titles(at) == before
    assert any("rank alike" in caption.value for caption in at.caption)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"k": "0"}, "k must be a whole number between 1 and 100 (on a page), got 0"),
        ({"k": "150"}, "k must be a whole number between 1 and 100 (on a page), got 150"),
        ({"k": "ten"}, "got ten"),
        ({"metric": "manhattan"}, "unknown metric 'manhattan'"),
        ({"user": "99999"}, "unknown user '99999'"),
        ({"select": "both", "threshold": "abc"}, "threshold must be a number, got 'abc'"),
        ({"half_life": "-4"}, "half_life must be a number between 0 and 3650"),
        ({"diversity": "abc"}, "diversity must be a number between 0 and 1, got 'abc'"),
        ({"diversity": "2"}, "diversity must be a number between 0 and 1, got 2"),
        ({"diversify": "mrr"}, "unknown diversify 'mrr'; known: mmr"),
        ({"relevance_scale": "z"}, "unknown relevance_scale 'z'; known: min-max, rank, score"),
        ({"spacing": "wide"}, "unknown spacing 'wide'; known: none"),
        ({"exploration": "coin"}, "unknown exploration 'coin'; known: none"),
        ({"pool": "-1"}, "pool must be a whole number of at least 0, got -1"),
    ],
)
@pytest.mark.parametrize("file", WITH_KNOBS)
def test_unusable_values_in_the_address_are_said_and_lose_nothing(file: str, query: dict[str, str], words: str) -> None:
    at = opened(file, **{"normalize": "false", **query})
    assert not at.exception
    assert any(words in warning.value.replace("\\", "") for warning in at.warning), [w.value for w in at.warning]
    assert at.toggle(key="normalize").value is False


def said(at: AppTest) -> str:
    """All captions of a page, without the marks of markdown."""
    return " ".join(caption.value for caption in at.caption).replace("\\", "")


@pytest.mark.parametrize("strategy", ["content", "popularity"])
def test_diversity_says_what_it_did_above_the_list_and_beside_each_item(strategy: str) -> None:
    at = opened("pages/explore/recommend.py", user="15", view="table", strategy=strategy)
    assert "by MMR" not in said(at)
    assert "moved by diversity" not in at.dataframe[0].value
    at.slider(key="diversity").set_value(1.0).run()
    assert not at.exception
    assert shown_titles(at) == expected_titles("15", strategy=strategy, diversity=1.0)
    entered = len(
        set(expected_titles("15", strategy=strategy, diversity=1.0)) - set(expected_titles("15", strategy=strategy))
    )
    assert f"Diversity 1.00 by MMR: {entered} of 10 entered" in said(at)
    assert "Why is the best match not always first?" in said(at)
    reasons = list(at.dataframe[0].value["moved by diversity"])
    assert sum("moved up from" in reason for reason in reasons) >= entered > 0
    at.slider(key="diversity").set_value(0.0).run()
    assert "by MMR" not in said(at)


def test_a_map_with_diversity_says_what_it_did() -> None:
    at = opened("pages/explore/map.py", user="15", diversity="1")
    assert not at.exception
    assert "Diversity 1.00 by MMR" in said(at)


@pytest.mark.parametrize("file", ["pages/explore/recommend.py", "pages/explore/map.py"])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"select": "threshold", "threshold": "0.3"}, "Diversity plays no part with select=threshold"),
        ({"pool": "10"}, "The pool holds 10 for a list of 10: diversity can only change their order"),
    ],
)
def test_where_diversity_plays_no_part_the_page_says_so(file: str, query: dict[str, str], words: str) -> None:
    at = opened(file, user="15", diversity="0.5", **query)
    assert not at.exception
    assert words in said(at)


@pytest.mark.parametrize("file", WITH_KNOBS)
def test_a_pool_shorter_than_the_list_is_one_sentence(file: str) -> None:
    at = opened(file, user="15", pool="5")
    assert not at.exception
    assert [error.value.replace("\\", "") for error in at.error] == [
        "pool must be at least k (10), got 5: raise pool, or use 0 for 5 x K"
    ]
    at.slider(key="k").set_value(5).run()
    assert not at.error


@pytest.mark.parametrize("strategy", ["content", "popularity"])
@pytest.mark.parametrize(
    ("field", "key"), [(field, key) for field in STEPS for key in stage(STAGE_FIELDS[field]).names()]
)
def test_every_knob_of_a_step_is_on_the_page(field: str, key: str, strategy: str) -> None:
    at = opened("pages/explore/recommend.py", user="15", strategy=strategy, diversity="0.3", **{field: key})
    assert not at.exception
    assert not at.warning
    drawn = {widget.key for kind in WIDGETS for widget in at.get(kind)}
    names = {spec.name for spec in stage(STAGE_FIELDS[field]).knobs(key)}
    assert (
        names | {"diversity", "diversify", "diversity_space", "relevance_scale", "spacing", "exploration", "pool"}
        <= drawn
    )


def test_a_threshold_nothing_passes_says_how_near_the_best_came() -> None:
    at = opened("pages/explore/recommend.py", user="1", select="both", threshold="0.99")
    assert not at.exception
    assert any("short of it" in info.value for info in at.info)


def test_a_random_user_is_a_user() -> None:
    at = opened("pages/explore/recommend.py")
    known = {str(user) for user in load_dataset("movielens-small").interactions.user_ids}
    next(button for button in at.button if button.label == "Random").click().run()
    assert not at.exception
    assert at.selectbox(key="user").value in known


@pytest.mark.parametrize("colour", ["category", "score", "popularity", "year", "trust"])
def test_every_colouring_of_the_map_runs(colour: str) -> None:
    at = opened("pages/explore/map.py", user="15", colour=colour)
    assert not at.exception


def test_the_map_in_three_dimensions() -> None:
    at = opened("pages/explore/map.py", user="15", shape="3-D")
    assert not at.exception
    assert len(at.get("plotly_chart")) == 1


@pytest.mark.parametrize("file", PAGES)
def test_hostile_texts_break_no_page(file: str, hostile: str) -> None:
    at = opened(file, dataset=hostile, k="5")
    assert not at.exception
    assert at.selectbox(key="dataset").value == hostile


def test_choices_go_along_to_the_next_page() -> None:
    at = opened("pages/explore/recommend.py", user="15", k="17", metric="dot")
    at.switch_page("pages/explore/map.py").run()
    assert not at.exception
    assert (at.selectbox(key="user").value, at.slider(key="k").value) == ("15", 17)
    assert at.segmented_control(key="metric").value == "dot"


def test_warm_pages_never_import_the_heavy_libraries() -> None:
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
heavy = ("torch", "sentence_transformers", "transformers", "umap", "numba")
for page in sorted({PAGES!r}, key=lambda page: page.split("/")[-1] in {COMPILED!r}):
    at = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=60).switch_page(page).run()
    assert not at.exception, at.exception
    found = [name for name in heavy if name in sys.modules]
    assert found == [] or page.split("/")[-1] in {COMPILED!r}, (page, found)
print(found)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1] == "['numba']"
