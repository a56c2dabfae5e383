"""Item vectors for a recipe, end to end on a tiny real model."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import inv, sqrtm

from core import vectors as module
from core.datasets.build import build_dataset
from core.embed.encoder import Encoder
from core.embed.models import ModelSource
from core.errors import InputError, UnknownNameError
from core.recipe import Recipe
from core.store.paths import cache_dir
from core.store.tables import write_dataset
from core.store.vectors import VectorCache
from core.types import Dataset, unit_rows
from core.vectors import OWN_VECTORS, embed_items, embed_phrases, is_warm, item_texts

ROOT = Path(__file__).resolve().parents[2]
WARM_START = """
import sys
from pathlib import Path
from core import Recipe, embed_items
from core.store.tables import read_dataset
from core.vectors import is_warm
dataset, recipe = read_dataset(Path(sys.argv[1])), Recipe(model=sys.argv[2], precision="fp32")
assert is_warm(recipe, dataset)
print(embed_items(recipe, dataset).fingerprint)
print([m for m in ("torch", "sentence_transformers", "transformers", "pandas", "scipy", "sklearn") if m in sys.modules])
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    from tests.core.embed.tiny_model import make_tiny_model

    return str(make_tiny_model(tmp_path_factory.mktemp("models") / "tiny"))


@pytest.fixture
def recipe(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))
    return Recipe(model=model, precision="fp32")


def films(*titles: str) -> Dataset:
    items: dict[str, Any] = {
        "item_id": range(len(titles)),
        "title": titles,
        "year": ["1995"] * len(titles),
        "category": [("drama",)] * len(titles),
    }
    return build_dataset("films", "Films", items, {"user_id": [1], "item_id": [0]})


FILMS = films("the big dog", "a red house", "the sea", "love of war", "a small blue cat")


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that reaches the model."""
    seen: list[str] = []
    original = Encoder.batches

    def batches(self: Encoder, texts: list[str], **words: Any) -> Any:
        seen.extend(texts)
        return original(self, texts, **words)

    monkeypatch.setattr(Encoder, "batches", batches)
    return seen


def test_texts_come_from_the_template_and_never_empty() -> None:
    items = {"item_id": [1, 2], "title": ["Foo", ""], "year": ["1995", ""], "category": [(), ()]}
    dataset = build_dataset("x", "X", items, {"user_id": [1], "item_id": [1]})
    assert item_texts(Recipe(), dataset) == ["Foo (1995)", "Untitled item 2"]
    with pytest.raises(UnknownNameError, match=r"known: .*title"):
        item_texts(Recipe(template="{name}"), dataset)


def test_values_are_what_the_formula_says(recipe: Recipe, model: str) -> None:
    recipe = recipe.replace(postprocess="centre")
    raw = Encoder(module.resolve(model), "fp32").encode_raw(item_texts(recipe, FILMS))
    unit = unit_rows(raw)
    centred = embed_items(recipe, FILMS)
    assert centred.unit
    assert centred.precision == "fp32"
    assert not centred.values.flags.writeable
    np.testing.assert_allclose(centred.values, unit_rows(unit - unit.mean(axis=0)), atol=1e-5)
    np.testing.assert_allclose(centred.place(raw), centred.values, atol=1e-5)
    plain = embed_items(recipe.replace(postprocess="none", normalize=False), FILMS)
    np.testing.assert_allclose(plain.values, raw, atol=1e-5)
    long = embed_items(recipe.replace(normalize=False), FILMS)
    np.testing.assert_allclose(long.values, raw - raw.mean(axis=0), atol=1e-4)
    white = embed_items(recipe.replace(postprocess="whiten", shrinkage=0.8), FILMS)
    centre = (unit - unit.mean(axis=0)).astype(np.float64)
    covariance = centre.T @ centre / len(centre)
    shrunk = 0.2 * covariance + 0.8 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    np.testing.assert_allclose(white.values, unit_rows(centre @ inv(sqrtm(shrunk).real)), atol=1e-5)
    assert len({v.fingerprint for v in (centred, plain, long, white)}) == 4


def test_fields_of_the_default_template_that_a_data_set_lacks_drop_out() -> None:
    songs = {"item_id": [1, 2, 3], "title": ["One", "", "E.T."], "category": [("rock", "pop"), ("jazz",), ()]}
    dataset = build_dataset("songs", "Songs", songs, {"user_id": [1], "item_id": [1]})
    assert "year" not in dataset.catalog.fields
    assert item_texts(Recipe(), dataset) == ["One. Genres: rock, pop", "Genres: jazz", "E.T."]
    bare = Dataset("bare", "Bare", replace(dataset.catalog, fields={}), dataset.interactions, "0" * 16)
    assert item_texts(Recipe(), bare) == ["One", "Untitled item 2", "E.T."]
    with pytest.raises(UnknownNameError, match=r"'year'; known: "):
        item_texts(Recipe(template="{title} ({year})"), dataset)


def test_a_hub_model_is_downloaded_before_its_vectors_get_a_key(
    recipe: Recipe, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.embed import encoder as encoding

    floating = ModelSource("org/tiny", "org/tiny", "f" * 16, local=False, floating=True)
    settled = ModelSource("org/tiny", "org/tiny", "5" * 16, local=False, revision="c" * 40)
    here = {"downloaded": False}

    def load(source: ModelSource) -> Any:
        here["downloaded"] = True
        return original(local)

    original, local = encoding.load_model, module.resolve(model)
    monkeypatch.setattr(encoding, "load_model", load)
    monkeypatch.setattr(module, "resolve", lambda *_: settled if here["downloaded"] else floating)
    hub = recipe.replace(model="org/tiny")
    assert not is_warm(hub, FILMS)
    first = embed_items(hub, FILMS)
    assert is_warm(hub, FILMS)
    assert [path.name for path in (cache_dir() / "vectors" / "texts").iterdir()] == [module.space_key(hub, settled)]
    np.testing.assert_allclose(first.values, embed_items(recipe, FILMS).values, atol=1e-5)


def test_one_more_film_is_the_only_one_encoded(recipe: Recipe, encoded: list[str]) -> None:
    assert not is_warm(recipe, FILMS)
    first = embed_items(recipe, FILMS)
    assert len(encoded) == 5
    assert is_warm(recipe, FILMS)
    encoded.clear()
    more = films(*FILMS.catalog.titles, "the war")
    assert not is_warm(recipe, more)
    second = embed_items(recipe, more)
    assert encoded == ["the war (1995). Genres: drama"]
    assert second.values.shape == (6, 16)
    assert second.fingerprint != first.fingerprint


def test_a_knob_of_the_ranking_encodes_nothing(recipe: Recipe, encoded: list[str]) -> None:
    embed_items(recipe, FILMS)
    encoded.clear()
    for change in ({"postprocess": "whiten"}, {"postprocess": "whiten", "shrinkage": 0.1}, {"normalize": False}):
        assert is_warm(recipe.replace(**change), FILMS)
        embed_items(recipe.replace(**change), FILMS)
    assert encoded == []
    for change in ({"template": "{title}"}, {"max_tokens": 5}, {"precision": "bf16"}):
        assert not is_warm(recipe.replace(**change), FILMS)
    keys = {"k": 3, "metric": "dot", "seed": 7, "half_life": 30}
    assert embed_items(recipe.replace(**keys), FILMS).fingerprint == embed_items(recipe, FILMS).fingerprint


def test_the_cached_answer_is_the_same_to_the_last_bit(recipe: Recipe) -> None:
    for change in ({}, {"postprocess": "none"}, {"postprocess": "whiten"}, {"normalize": False}):
        first = embed_items(recipe.replace(**change), FILMS)
        again = embed_items(recipe.replace(**change), FILMS)
        assert first.values.tobytes() == again.values.tobytes()
        probe = first.values[:2] * 2
        assert first.place(probe).tobytes() == again.place(probe).tobytes()
        assert (first.fingerprint, first.model, first.unit) == (again.fingerprint, again.model, again.unit)


def test_damage_is_noticed_once_and_repaired(recipe: Recipe, encoded: list[str]) -> None:
    good = embed_items(recipe, FILMS)
    encoded.clear()
    matrix = next(cache_dir().glob("vectors/items/*.safetensors"))
    data = bytearray(matrix.read_bytes())
    data[-20] ^= 1
    matrix.write_bytes(bytes(data))
    repaired = embed_items(recipe, FILMS)
    assert repaired.values.tobytes() == good.values.tobytes()
    assert encoded == []
    assert len(repaired.notices) == 1
    assert matrix.name in repaired.notices[0]
    assert embed_items(recipe, FILMS).notices == ()
    for path in cache_dir().glob("vectors/*/**/*.safetensors"):
        path.write_bytes(path.read_bytes()[:100])
    again = embed_items(recipe, FILMS)
    np.testing.assert_allclose(again.values, good.values, atol=1e-6)
    assert len(encoded) == 5
    assert len(again.notices) == 2


def test_phrases_land_on_the_item_that_says_the_same(recipe: Recipe) -> None:
    for change in ({}, {"postprocess": "whiten"}, {"normalize": False}):
        vectors = embed_items(recipe.replace(**change), FILMS)
        phrase = embed_phrases(recipe.replace(**change), ["the sea (1995). Genres: drama"], vectors)
        np.testing.assert_allclose(phrase[0], vectors.values[2], atol=1e-4)
    assert embed_phrases(recipe, [], embed_items(recipe, FILMS)).shape == (0, 16)


def test_item_order_changes_nothing(recipe: Recipe) -> None:
    one = embed_items(recipe, FILMS)
    turned = embed_items(recipe, films(*FILMS.catalog.titles[::-1]))
    np.testing.assert_allclose(one.values, turned.values[::-1], atol=1e-5)


def test_vectors_that_are_not_numbers_are_refused(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    def batches(self: Encoder, texts: list[str], **words: Any) -> Any:
        yield np.arange(len(texts)), np.full((len(texts), 4), np.nan, dtype=np.float32)

    monkeypatch.setattr(Encoder, "batches", batches)
    with pytest.raises(InputError, match="gave vectors that are not numbers"):
        embed_items(recipe, FILMS)


def test_a_cache_of_ones_own(recipe: Recipe, tmp_path: Path) -> None:
    mine = VectorCache(tmp_path / "mine")
    embed_items(recipe, FILMS, cache=mine)
    assert is_warm(recipe, FILMS, cache=mine)
    assert not is_warm(recipe, FILMS)


def test_a_warm_start_imports_neither_torch_nor_pandas(recipe: Recipe, model: str, tmp_path: Path) -> None:
    expected = embed_items(recipe, FILMS).fingerprint
    write_dataset(tmp_path / "films", FILMS)
    command = [sys.executable, "-c", WARM_START, str(tmp_path / "films"), model]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [expected, "[]"], done.stderr


@pytest.mark.parametrize("place", ["vectors", "vectors/texts", "vectors/items"])
def test_a_file_in_place_of_a_cache_folder_costs_the_memory_not_the_answer(recipe: Recipe, place: str) -> None:
    good = embed_items(recipe, FILMS, cache=VectorCache(cache_dir() / "elsewhere"))
    blocked = cache_dir() / place
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("in the way")
    assert not is_warm(recipe, FILMS)
    found = embed_items(recipe, FILMS)
    np.testing.assert_allclose(found.values, good.values, atol=1e-5)
    assert len(found.notices) == 1
    assert "could not be kept in the cache" in found.notices[0]
    assert str(cache_dir()) in found.notices[0]


def test_folders_in_place_of_cached_files_are_said_and_replaced(recipe: Recipe, encoded: list[str]) -> None:
    good = embed_items(recipe, FILMS)
    files = list(cache_dir().glob("vectors/*/**/*.safetensors"))
    assert len(files) == 2
    for path in files:
        path.unlink()
        (path / "inside").mkdir(parents=True)
    again = embed_items(recipe, FILMS)
    np.testing.assert_allclose(again.values, good.values, atol=1e-6)
    assert len(again.notices) == 2
    encoded.clear()
    assert embed_items(recipe, FILMS).notices == ()
    assert encoded == []


def test_a_data_set_may_bring_its_own_item_text_and_its_own_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))
    own = np.arange(10, dtype=np.float32).reshape(5, 2) + 1
    dataset = replace(FILMS, template="{title}!", own_vectors=own)
    assert item_texts(Recipe(), dataset) == [f"{title}!" for title in FILMS.catalog.fields["title"]]
    recipe = Recipe(model=OWN_VECTORS, postprocess="none")
    assert is_warm(recipe, dataset)
    found = embed_items(recipe, dataset)
    np.testing.assert_allclose(found.values, unit_rows(own))
    assert embed_items(recipe, dataset).fingerprint == found.fingerprint
    other = embed_items(recipe, replace(dataset, own_vectors=own[::-1].copy()))
    assert other.fingerprint != found.fingerprint
    with pytest.raises(InputError, match="choose a model to search by phrase"):
        embed_phrases(recipe, ["love"], found)
    with pytest.raises(InputError, match="brought no vectors of its own"):
        embed_items(recipe, FILMS)
