"""The world of two tastes for every test of a search, without an encoder, with records in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.evaluate import run as evaluating
from core.tuning import record, run
from core.types import Dataset
from tests.core.evaluate.test_run import N_ITEMS, two_tastes
from tests.worlds import vectors_of


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """Even users like even items, odd ones odd items."""
    return two_tastes()


@pytest.fixture(autouse=True)
def _given_vectors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(N_ITEMS, 8))
    for module in (run, evaluating):
        monkeypatch.setattr(module, "embed_items", lambda *args: vectors_of(values))
        monkeypatch.setattr(module, "text_vectors", lambda *args: vectors_of(values).values)
    monkeypatch.setattr(evaluating, "cache_dir", lambda: tmp_path)
    monkeypatch.setattr(record, "cache_dir", lambda: tmp_path)
