"""The map of a catalogue: built, kept, verified, and made again where the stored one is damaged."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import maps
from core.errors import Cancelled, InputError, OutOfRangeError
from core.maps import Layout, build_layout, layout_key, load_layout, quick_layout
from core.recipe import Recipe
from core.store.sealed import read_sealed, write_sealed
from core.types import Affine, Array, Vectors, unit_rows

RECIPE = Recipe()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Stands in for UMAP, which has its own tests: a seeded picture; counts how often it is asked."""
    asked: list[int] = []

    def picture(values: Array, dims: int, seed: int, **_: object) -> Array:
        asked.append(seed)
        return np.random.default_rng(seed).uniform(-1, 1, (len(values), dims)).astype(np.float32)

    monkeypatch.setattr(maps, "umap_layout", picture)
    return asked


def vectors_of(values: Array, fingerprint: str = "a" * 16) -> Vectors:
    return Vectors(unit_rows(values), True, Affine(), "model", "fp32", fingerprint)


def some(n: int = 60) -> Vectors:
    return vectors_of(np.random.default_rng(0).standard_normal((n, 8)))


def the_file(folder: Path) -> Path:
    (path,) = (folder / "layouts").iterdir()
    return path


def test_what_is_built_is_what_is_loaded(computed: list[int]) -> None:
    vectors = some()
    assert load_layout(vectors, RECIPE, 2) is None
    built = build_layout(vectors, RECIPE, 2)
    loaded = load_layout(vectors, RECIPE, 2)
    assert loaded is not None
    assert np.array_equal(loaded.xy, built.xy)
    assert np.array_equal(loaded.preservation, built.preservation)
    assert (loaded.trustworthiness, loaded.method, loaded.notices) == (built.trustworthiness, "umap", ())
    assert loaded.fingerprint == built.fingerprint == layout_key(vectors, RECIPE, 2)
    for layout in (built, loaded):
        assert not layout.xy.flags.writeable
        assert not layout.preservation.flags.writeable
        assert 0 <= layout.preservation.min() <= layout.preservation.max() <= 1
    build_layout(vectors, RECIPE, 2)
    assert computed == [0]


def test_the_key_knows_everything_the_picture_depends_on() -> None:
    vectors = some()
    other = replace(vectors, fingerprint="b" * 16)
    keys = {
        layout_key(vectors, RECIPE, 2),
        layout_key(vectors, RECIPE, 3),
        layout_key(other, RECIPE, 2),
        layout_key(vectors, replace(RECIPE, seed=1), 2),
        quick_layout(vectors, 2).fingerprint,
    }
    assert len(keys) == 5
    assert all(len(key) == 16 for key in keys)
    assert layout_key(vectors, replace(RECIPE, k=3), 2) == layout_key(vectors, RECIPE, 2)
    for call in (layout_key, load_layout, build_layout):
        with pytest.raises(OutOfRangeError, match="dims must be 2 or 3, got 4"):
            call(vectors, RECIPE, 4)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(bytes(data))


def other_items(path: Path) -> None:
    arrays, meta = read_sealed(path)
    write_sealed(path, {name: array[:-1] for name, array in arrays.items()}, meta)


def no_arrays(path: Path) -> None:
    _, meta = read_sealed(path)
    write_sealed(path, {"other": np.zeros(3)}, meta)


def other_key(path: Path) -> None:
    arrays, meta = read_sealed(path)
    write_sealed(path, arrays, {**meta, "key": "0" * 16})


@pytest.mark.parametrize("damage", [truncate, flip, other_items, no_arrays, other_key])
def test_a_damaged_map_is_reported_and_built_again(
    damage: Callable[[Path], None], own_cache: Path, computed: list[int]
) -> None:
    vectors = some()
    first = build_layout(vectors, RECIPE, 2)
    damage(the_file(own_cache))
    said: list[str] = []
    assert load_layout(vectors, RECIPE, 2, said.append) is None
    assert len(said) == 1
    assert said[0].startswith("The stored map could not be used")
    again = build_layout(vectors, RECIPE, 2)
    assert np.array_equal(again.xy, first.xy)
    assert len(again.notices) == 1
    assert len(computed) == 2
    assert load_layout(vectors, RECIPE, 2, said.append) is not None
    assert len(said) == 1


def test_a_map_that_cannot_be_kept_is_still_returned(
    own_cache: Path, computed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(maps, "write_sealed", full)
    layout = build_layout(some(), RECIPE, 2)
    assert layout.xy.shape == (60, 2)
    assert "could not be kept" in layout.notices[0]
    assert load_layout(some(), RECIPE, 2) is None


@pytest.mark.parametrize("n", [0, 1, 2, 3, 14])
@pytest.mark.parametrize("dims", [2, 3])
def test_few_items_get_the_pca_picture_and_the_map_says_so(n: int, dims: int, computed: list[int]) -> None:
    layout = build_layout(some(n), RECIPE, dims)
    assert layout.method == "pca"
    assert "at least 15 different items" in layout.notices[0]
    assert layout.xy.shape == (n, dims)
    assert np.isfinite(layout.xy).all()
    assert np.isnan(layout.preservation).all() if n < 3 else np.isfinite(layout.preservation).all()
    assert math.isnan(layout.trustworthiness) == (n < 3)
    assert computed == []
    stored = load_layout(some(n), RECIPE, dims)
    assert stored is not None
    assert stored.notices == layout.notices


def test_equal_items_get_the_pca_picture() -> None:
    layout = build_layout(vectors_of(np.ones((50, 8))), RECIPE, 2)
    assert layout.method == "pca"
    assert not layout.xy.any()


def test_the_quick_picture_is_not_measured_and_not_kept(own_cache: Path) -> None:
    layout = quick_layout(some(), 2)
    assert layout.method == "pca"
    assert layout.xy.shape == (60, 2)
    assert np.isnan(layout.preservation).all()
    assert math.isnan(layout.trustworthiness)
    assert list(own_cache.iterdir()) == []


def test_cancelled_keeps_nothing(own_cache: Path) -> None:
    class Stop:
        def is_set(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        build_layout(some(), RECIPE, 2, cancel=Stop())
    assert load_layout(some(), RECIPE, 2) is None
    assert not (own_cache / "layouts").exists()


def test_vectors_with_nan_are_refused(computed: list[int]) -> None:
    values = some(12).values.copy()
    values[3, 2] = np.nan
    with pytest.raises(InputError, match="NaN"):
        build_layout(replace(some(12), values=values), RECIPE, 2)


def test_progress_covers_the_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, int]] = []
    build_layout(some(12), RECIPE, 2, progress=lambda done, total, left: calls.append((done, total)))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert calls[0][0] == 0
    assert calls[-1] == (1000, 1000)


def test_reading_a_map_needs_no_heavy_package(own_cache: Path, computed: list[int]) -> None:
    built = build_layout(some(), RECIPE, 2)
    assert isinstance(built, Layout)
    program = (
        "import sys, numpy as np\n"
        "from core.maps import load_layout, quick_layout\n"
        "from core.layout.place import place\n"
        "from core.recipe import Recipe\n"
        "from core.types import Affine, Vectors, unit_rows\n"
        "values = unit_rows(np.random.default_rng(0).standard_normal((60, 8)))\n"
        f"vectors = Vectors(values, True, Affine(), 'model', 'fp32', {'a' * 16!r})\n"
        "layout = load_layout(vectors, Recipe(), 2)\n"
        "quick_layout(vectors, 3)\n"
        "assert np.array_equal(place(values, layout.xy, values[:1], unit=True)[0], layout.xy[0])\n"
        "heavy = {'umap', 'numba', 'sklearn', 'scipy', 'torch', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    root = Path(maps.__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("n_outside", [1, 20, 60])
@pytest.mark.parametrize("make", ["quick", "built"])
def test_items_without_a_place_lie_in_a_strip_below_and_change_nothing_else(
    n_outside: int, make: str, computed: list[int]
) -> None:
    placed = np.random.default_rng(1).permutation(60) >= n_outside
    whole = some()
    inside = replace(whole, values=whole.values[placed], fingerprint="b" * 16)

    def picture(vectors: Vectors, places: Array | None) -> Layout:
        return quick_layout(vectors, 2, places) if make == "quick" else build_layout(vectors, RECIPE, 2, placed=places)

    layout, alone = picture(whole, placed), picture(inside, None)
    assert np.array_equal(layout.xy[placed], alone.xy)
    assert np.isfinite(layout.xy).all()
    assert layout.xy[~placed, 1].max() < min(-1.0, layout.xy[placed, 1].min(initial=-1.0))
    assert np.abs(layout.xy[~placed, 0]).max() < 1
    assert len(np.unique(layout.xy[~placed], axis=0)) == n_outside
    assert np.isnan(layout.preservation[~placed]).all()
    assert np.array_equal(layout.preservation[placed], alone.preservation, equal_nan=True)
