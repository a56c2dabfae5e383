"""Every page through AppTest: it runs, its knobs reach the engine, bad values are said and lose nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import Recipe, load_dataset, recall, user_indices
from core.answer import listed
from ui import nav, resources

ROOT = Path(__file__).resolve().parents[2]
PAGES = [str(path.relative_to(ROOT)) for path in nav.page_files()]
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
    ],
)
@pytest.mark.parametrize("file", ["pages/explore/recommend.py", "pages/explore/map.py"])
def test_unusable_values_in_the_address_are_said_and_lose_nothing(file: str, query: dict[str, str], words: str) -> None:
    at = opened(file, **{"normalize": "false", **query})
    assert not at.exception
    assert any(words in warning.value.replace("\\", "") for warning in at.warning), [w.value for w in at.warning]
    assert at.toggle(key="normalize").value is False


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
for page in {PAGES!r}:
    at = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=60).switch_page(page).run()
    assert not at.exception, at.exception
print([name for name in ("torch", "sentence_transformers", "transformers", "umap", "numba") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
