"""What an imported set does to the pages: replaced, deleted or damaged meanwhile, vectors of its own, no times."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.build import build_dataset
from core.sources import delete_dataset
from core.store.paths import data_dir
from core.store.tables import write_dataset
from ui import nav, resources

ROOT = Path(__file__).resolve().parents[2]
PAGES = [str(path.relative_to(ROOT)) for path in nav.page_files()]
pytestmark = pytest.mark.usefixtures("embedded")


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(page).run()


@pytest.fixture
def small_set(own_folders: None) -> Iterator[str]:
    """An imported set of 20 items with vectors of its own, so that no model has to read it."""
    keep_small(20)
    yield "small"
    shutil.rmtree(data_dir() / "datasets" / "small", ignore_errors=True)
    resources.names.clear()


def keep_small(n_items: int, **changes: Any) -> None:
    """Write the small set, in place of one that is there."""
    ids = list(range(n_items))
    items = {"item_id": ids, "title": [f"Item {item} of {n_items}" for item in ids]}
    rows = {"user_id": ["u1"] * 3 + ["u2"] * 2, "item_id": [0, 1, 2, 3, 4], "weight": [5.0, 4.0, 1.0, 3.0, 2.0]}
    dataset = build_dataset("small", "Small set", items, rows)
    vectors = np.random.default_rng(0).normal(size=(n_items, 8)).astype(np.float32)
    write_dataset(data_dir() / "datasets" / "small", replace(dataset, own_vectors=vectors, **changes))
    resources.names.clear()


@pytest.mark.parametrize("file", ["pages/explore/recommend.py", "pages/explore/map.py"])
def test_a_set_that_is_replaced_or_deleted_meanwhile_is_shown_anew(small_set: str, file: str) -> None:
    at = opened(file, dataset=small_set, user="u1")
    assert not at.exception
    keep_small(9)
    at.run()
    assert not at.exception
    if file.endswith("recommend.py"):
        assert any("of 6 candidates" in text.value for text in at.markdown), [text.value for text in at.markdown]
    delete_dataset(small_set)
    resources.names.clear()
    at.run()
    assert not at.exception
    assert any("There is no data set small any more" in note.value.replace("\\", "") for note in at.warning)


@pytest.mark.parametrize("file", PAGES)
def test_a_damaged_set_is_one_sentence_with_a_way_on(small_set: str, file: str) -> None:
    (data_dir() / "datasets" / small_set / "items.parquet").write_bytes(b"nothing")
    at = opened(file, dataset=small_set)
    assert not at.exception
    assert "cannot be opened" in at.error[0].value
    at.button(key="instead").click().run()
    assert not at.exception
    assert not at.error


def test_vectors_that_came_along_are_used_without_being_asked_for(small_set: str) -> None:
    at = opened("pages/explore/recommend.py", dataset=small_set, user="u1")
    assert any("In use: own-vectors" in text.value.replace("\\", "") for text in at.caption)
    at = opened("pages/explore/recommend.py", dataset=small_set, user="u1", view="table")
    assert len(at.dataframe[0].value["title"]) == 10
    at = opened("pages/explore/map.py", dataset=small_set, user="u1")
    assert at.text_input(key="phrase").disabled


def test_what_is_not_liked_and_not_timed_is_said(small_set: str) -> None:
    at = opened("pages/explore/recommend.py", dataset=small_set, user="u1")
    assert any(
        "switched off, since the interactions of this data set have no times" in text.value for text in at.caption
    )
    assert any("the strongest first" in text.value for text in at.markdown)
