"""Fitted strategies on disk: kept once, read back as they were, refused when damaged, and bounded in number."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import kept_fits, pipeline, serving
from core.__main__ import main
from core.recipe import Recipe
from core.registry import stage
from core.splits import Fitted, Training, everybody
from core.store.sealed import read_sealed, write_sealed
from core.strategies.als import Als
from core.strategies.two_tower import FittedTowers
from core.train.settings import Epoch, Trained, TrainSettings
from tests.worlds import block_world

DATASET, CONTENT = block_world()
ALS = Recipe(strategy="als", options=(("als_factors", 3),), k=3)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache, and nothing in memory."""
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path))
    monkeypatch.setattr(serving, "text_vectors", lambda recipe, dataset: CONTENT.values)
    for memory in (serving._served, serving._plain_vectors):
        memory.cache_clear()
    yield tmp_path / "fitted"
    for memory in (serving._served, serving._plain_vectors):
        memory.cache_clear()


def ranked(recipe: Recipe) -> list[list[int]]:
    items: list[list[int]] = pipeline.recall(recipe, DATASET, vectors=CONTENT).selected.items.tolist()
    return items


def forbid_fitting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(*args: object) -> None:
        raise AssertionError("fitted again")

    monkeypatch.setattr(serving, "training_of", fit)


def test_what_is_kept_is_read_back_and_ranks_alike(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not serving.is_fitted(ALS, DATASET, CONTENT)
    first = ranked(ALS)
    assert serving.is_fitted(ALS, DATASET, CONTENT)
    assert len(list(folder.iterdir())) == 1
    serving._served.cache_clear()
    forbid_fitting(monkeypatch)
    assert ranked(ALS) == first
    items = serving.serving(ALS, DATASET, CONTENT).fitted.item_vectors()  # type: ignore[attr-defined]
    assert not items.flags.writeable


def test_what_only_ranks_shares_a_fit_and_what_is_learned_does_not(folder: Path) -> None:
    ranked(ALS)
    assert serving.is_fitted(ALS.replace(k=5, metric="dot", exclude_seen=False), DATASET, CONTENT)
    assert not serving.is_fitted(ALS.replace(als_factors=4), DATASET, CONTENT)
    assert not serving.is_fitted(ALS.replace(seed=1), DATASET, CONTENT)


@pytest.mark.parametrize("changed", [{"normalize": False}, {"postprocess": "none"}, {"shrinkage": 0.5}])
def test_a_learned_space_is_not_learned_again_for_texts_placed_otherwise(
    folder: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    monkeypatch.setattr(serving, "embed_items", lambda recipe, dataset: CONTENT)
    ranked(ALS)
    other, placed = ALS.replace(**changed), replace(CONTENT, fingerprint="otherwise")
    forbid_fitting(monkeypatch)
    assert serving.is_fitted(other, DATASET, placed)
    found = serving.serving(other, DATASET, placed)
    assert found.vectors is not None
    unit = serving.serving(ALS, DATASET, CONTENT).vectors
    assert unit is not None
    assert (unit.fingerprint != found.vectors.fingerprint) == ("normalize" in changed)
    raw = found.fitted.item_vectors()  # type: ignore[attr-defined]
    placed_at = np.isfinite(raw).all(axis=1)
    lengths = np.linalg.norm(found.vectors.values[placed_at], axis=1)
    assert np.allclose(lengths, np.linalg.norm(raw[placed_at], axis=1) if "normalize" in changed else 1, atol=1e-5)


def test_what_reads_the_recipe_s_vectors_is_learned_for_them(folder: Path) -> None:
    recipe = Recipe(strategy="content-interests")
    ranked(recipe)
    assert serving.is_fitted(recipe, DATASET, CONTENT)
    assert not serving.is_fitted(recipe, DATASET, replace(CONTENT, fingerprint="otherwise"))
    assert not serving.is_fitted(recipe.replace(normalize=False), DATASET, CONTENT)


@pytest.mark.parametrize("name", stage("strategies").names())
def test_only_who_says_so_looks_at_the_recipe_s_vectors(name: str) -> None:
    class Watched:
        """Vectors that tell when they are looked at."""

        def __getattr__(self, attribute: str) -> object:
            raise AssertionError(f"{name} looked at the recipe's vectors ({attribute}) and has no reads_space")

    recipe = Recipe(strategy=name)
    if serving.reads_space(recipe):
        return
    known = np.ones(len(DATASET.catalog), dtype=bool)
    training = Training(DATASET.catalog, DATASET.interactions, Watched(), CONTENT.values, known)  # type: ignore[arg-type]
    build = recipe.build("strategies")
    quick = {"tower_epochs": 1} if name == "two-tower" else {}
    scores = replace(build, **quick).fit(training).score(everybody(DATASET.interactions))
    assert scores.shape == (DATASET.interactions.n_users, len(DATASET.catalog))


def test_a_damaged_file_is_said_and_fitted_again(folder: Path) -> None:
    first = ranked(ALS)
    file = next(folder.iterdir())
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))
    serving._served.cache_clear()
    run = pipeline.recall(ALS, DATASET, vectors=CONTENT)
    assert run.selected.items.tolist() == first
    assert any("could not be used and was fitted again" in notice for notice in run.notices)
    serving._served.cache_clear()
    assert not pipeline.recall(ALS, DATASET, vectors=CONTENT).notices


def test_a_whole_file_that_is_no_pickle_is_damaged_too(folder: Path) -> None:
    ranked(ALS)
    file = next(folder.iterdir())
    arrays, meta = read_sealed(file)
    write_sealed(file, {**arrays, kept_fits.STREAM: np.zeros(3, dtype=np.uint8)}, meta)
    serving._served.cache_clear()
    assert any("fitted again" in notice for notice in pipeline.recall(ALS, DATASET, vectors=CONTENT).notices)


def test_a_full_disk_is_said_and_the_list_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_fits, "write_sealed", refuse)
    run = pipeline.recall(ALS, DATASET, vectors=CONTENT)
    assert (run.selected.items >= 0).any()
    assert any("could not be kept in the cache: No space left" in notice for notice in run.notices)


def test_quick_strategies_need_no_file_where_the_data_is_small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ease = Recipe(strategy="ease", k=3)
    assert serving.is_fitted(ease, DATASET, CONTENT)
    ranked(ease)
    assert not folder.exists()
    monkeypatch.setattr(serving, "QUICK_ROWS", 1)
    assert not serving.is_fitted(ease, DATASET, CONTENT)


def test_the_ones_used_longest_ago_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_fits, "MOST_KEPT", 2)
    for factors in (2, 3, 4):
        ranked(ALS.replace(als_factors=factors))
    assert len(list(folder.iterdir())) == 2
    assert serving.is_fitted(ALS.replace(als_factors=4), DATASET, CONTENT)
    monkeypatch.setattr(kept_fits, "MOST_BYTES", 1)
    ranked(ALS.replace(als_factors=5))
    assert len(list(folder.iterdir())) == 1
    assert serving.is_fitted(ALS.replace(als_factors=5), DATASET, CONTENT)


@pytest.mark.usefixtures("embedded")
def test_the_verb_keeps_what_the_next_command_reads(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--strategy", "als", "--als-factors", "2", "--als-rounds", "1"]
    assert main(["fit", *words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["strategy"], said["dataset"]) == ("als", "movielens-small")
    assert main(["fit", *words, "--progress"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["stage"] == "fit"


def test_a_kept_two_tower_is_read_without_torch(folder: Path) -> None:
    table = np.eye(3, dtype=np.float32)
    epochs = (Epoch(1, 0.5, float("nan"), 0.1, 0.0),)
    model = Trained(TrainSettings(), table, table[:, :2], {"w": table}, {"w": table}, {}, epochs, 1)
    kept_fits.keep("0" * 16, FittedTowers(model))
    script = """
import sys
from core import kept_fits
print(kept_fits.load("0" * 16).item_vectors().tolist(), "torch" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{table.tolist()} False"


def test_a_strategy_that_tells_how_far_it_is_is_heard(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []

    def fit_watched(self: Als, training: Training, progress: Callable[[int, int, float], None]) -> Fitted:
        progress(1, 2, 0.5)
        return self.fit(training)

    monkeypatch.setattr(Als, "fit_watched", fit_watched, raising=False)
    serving.prepare(ALS, DATASET, CONTENT, lambda done, total, eta_s: told.append((done, total)))
    serving.prepare(ALS, DATASET, CONTENT, lambda done, total, eta_s: told.append((done, total)))
    assert told == [(1, 2)], "the second time it is kept"
