"""Several files explain each other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.roles.aliases import plain_name
from core.roles.guess import understand_all
from core.sheets import INTERACTIONS, ITEMS, KINDS, NAMES, ROLES, TAGS, UNUSED, Sheet
from tests.core.roles.by_hand import filled, sheet, texts

ITEMS_ROWS = [f"{n},Title {n},a;b" for n in range(100, 130)]
LOG_ROWS = [f"{n % 5},{100 + n % 30},{1 + n % 5}" for n in range(90)]


def kinds(*sheets: Sheet) -> list[str]:
    return [meaning.kind for meaning in understand_all(sheets)]


def lastfm() -> list[Sheet]:
    """A small Last.fm: five files in no particular order."""
    return [
        texts("user_friends.dat", "userID,friendID", ["2,3", "2,4", "3,2", "4,2"]),
        texts("tags.dat", "tagID,tagValue", [f"{n},tag {n}" for n in range(1, 9)]),
        texts(
            "user_taggedartists.dat",
            "userID,artistID,tagID,day,month,year",
            [f"{2 + n % 3},{1 + n % 10},{1 + n % 8},1,{1 + n % 12},2009" for n in range(60)],
        ),
        texts(
            "artists.dat",
            "id,name,url,pictureURL",
            [f"{n},Artist {n},http://x/{n},http://x/{n}.jpg" for n in range(1, 11)],
        ),
        texts(
            "user_artists.dat", "userID,artistID,weight", [f"{2 + n % 3},{1 + n % 10},{n * n + 1}" for n in range(60)]
        ),
    ]


def test_the_files_of_lastfm_each_find_their_part() -> None:
    meanings = understand_all(lastfm())
    assert [meaning.kind for meaning in meanings] == [UNUSED, NAMES, TAGS, ITEMS, INTERACTIONS]
    assert filled(meanings[1]) == {"code": "tagID", "name": "tagValue"}
    assert filled(meanings[2]) == {"item_id": "artistID", "category": "tagID"}
    assert filled(meanings[3]) == {"item_id": "id", "title": "name", "image": "pictureURL"}
    assert filled(meanings[4]) == {"user_id": "userID", "item_id": "artistID", "weight": "weight"}


def test_tags_given_by_users_are_the_log_where_there_is_no_other() -> None:
    meanings = understand_all(lastfm()[1:4])
    assert [meaning.kind for meaning in meanings] == [NAMES, INTERACTIONS, ITEMS]
    assert filled(meanings[1]) == {
        "user_id": "userID",
        "item_id": "artistID",
        "year": "year",
        "month": "month",
        "day": "day",
    }


def test_movielens_with_links_and_tags() -> None:
    found = kinds(
        texts("links.csv", "movieId,imdbId,tmdbId", [f"{n},{n + 7000},{n + 900}" for n in range(1, 31)]),
        texts("movies.csv", "movieId,title,genres", [f"{n},Film {n},Action|Drama" for n in range(1, 31)]),
        texts("ratings.csv", "userId,movieId,rating", [f"{n % 7},{1 + n % 30},4.0" for n in range(90)]),
        texts("tags.csv", "userId,movieId,tag", [f"{n % 7},{1 + n % 30},funny" for n in range(40)]),
    )
    assert found == [UNUSED, ITEMS, INTERACTIONS, TAGS]


def test_movielens_without_headers() -> None:
    films = texts(
        "movies.dat",
        "column 1,column 2,column 3",
        [f"{n},Toy Story {n} (1995),{('Action|Comedy', 'Drama', 'Comedy')[n % 3]}" for n in range(1, 41)],
        named=False,
    )
    people = texts(
        "users.dat",
        "column 1,column 2,column 3,column 4",
        [f"{n},{'FM'[n % 2]},{(1, 18, 25)[n % 3]},{48000 + n}" for n in range(1, 31)],
        named=False,
    )
    log = texts(
        "ratings.dat",
        "column 1,column 2,column 3,column 4",
        [f"{1 + n // 10},{1 + n * 7 % 40},{1 + n % 5},{978_300_000 + n}" for n in range(200)],
        named=False,
    )
    meanings = understand_all([films, people, log])
    assert [meaning.kind for meaning in meanings] == [ITEMS, UNUSED, INTERACTIONS]
    assert filled(meanings[0]) == {"item_id": "column 1", "title": "column 2", "category": "column 3"}
    assert filled(meanings[2])["user_id"] == "column 1"


def test_the_column_named_as_in_the_items_file_is_the_item() -> None:
    log = texts("log.csv", "user_id,asin,parent_asin", [f"u{n % 5},v{n},p{n % 9}" for n in range(60)])
    items = texts("meta.csv", "asin,title", [f"v{n},Title {n}" for n in range(60)])
    assert filled(understand_all([log, items])[0])["item_id"] == "asin"


def test_shared_ids_tell_the_item_from_the_user() -> None:
    log = texts("data.csv", "first,second", [f"i{n % 20},p{n % 7}" for n in range(80)])
    items = texts("other.csv", "key,label text", [f"i{n},Thing {n}" for n in range(20)])
    meanings = understand_all([log, items])
    assert filled(meanings[0]) == {"user_id": "second", "item_id": "first"}
    assert meanings[0].guesses[1].confidence == 0.9


def test_the_id_of_the_items_file_is_the_one_the_log_uses() -> None:
    log = texts("log.csv", "user_id,item_id", [f"u{n % 7},{500 + n % 20}" for n in range(80)])
    items = texts("movies.csv", "id,title,tmdb_key", [f"{n},Film {n},{500 + n}" for n in range(20)])
    assert filled(understand_all([log, items])[1])["item_id"] == "tmdb_key"


def test_a_second_log_and_second_items_are_left_aside_with_a_reason() -> None:
    log = texts("ratings.csv", "user_id,item_id,rating", LOG_ROWS)
    other = texts("clicks.csv", "user_id,item_id", [row.rsplit(",", 1)[0] for row in LOG_ROWS])
    items = texts("items.csv", "item_id,title,genres", ITEMS_ROWS)
    prices = texts("prices.csv", "item_id,price", [f"{n},9.5" for n in range(100, 130)])
    meanings = understand_all([other, prices, log, items])
    assert [meaning.kind for meaning in meanings] == [UNUSED, UNUSED, INTERACTIONS, ITEMS]
    assert "ratings.csv is taken as the log" in meanings[0].reason
    assert "items.csv is taken as the items" in meanings[1].reason


def test_parts_of_a_log_have_the_same_columns() -> None:
    parts = [texts(f"{name}.csv", "user_id,item_id,rating", LOG_ROWS) for name in ("train", "test")]
    other = texts("clicks.csv", "user_id,item_id", [row.rsplit(",", 1)[0] for row in LOG_ROWS])
    meanings = understand_all([*parts, other])
    assert [meaning.kind for meaning in meanings] == [INTERACTIONS, INTERACTIONS, UNUSED]
    assert meanings[1].reason == "It has the columns of train.csv: together they are the log."


def test_names_of_the_categories_of_the_items() -> None:
    items = texts(
        "products.csv", "product_id,product_name,category_id", [f"{n},Thing {n},{n % 4}" for n in range(100, 130)]
    )
    names = texts("categories.csv", "category_id,category_name", ["0,Pens", "1,Paper", "2,Desks", "3,Chairs"])
    nothing = texts("styles.csv", "style_id,style_name", ["70,Old", "71,New"])
    log = texts("log.csv", "user_id,product_id", [row.rsplit(",", 1)[0] for row in LOG_ROWS])
    assert kinds(items, names, log, nothing) == [ITEMS, NAMES, INTERACTIONS, UNUSED]


ITEMS_WITH_GENRES = [f"{n},Film {n},{1 + n % 3}" for n in range(1, 41)]
LOG_OF_FORTY = [f"{n % 5},{1 + n % 40}" for n in range(90)]
GENRES = ["1,Drama", "2,Comedy", "3,Crime"]


@pytest.mark.parametrize(
    ("name", "codes", "item", "category", "kind"),
    [
        ("genre.csv", "id,name", "item_id", "genre", NAMES),
        ("genres.csv", "id,name", "id", "genre_id", NAMES),
        ("lookup.csv", "id,name", "item_id", "genre", NAMES),
        ("genres.csv", "id,title", "film", "genre", NAMES),
        ("other.csv", "id,name", "item_id", "shelf", UNUSED),
    ],
)
def test_a_small_table_of_codes_never_takes_the_place_of_the_items(
    name: str, codes: str, item: str, category: str, kind: str
) -> None:
    log = texts("log.csv", "user_id,item_id", LOG_OF_FORTY)
    items = texts("films.csv", f"{item},title,{category}", ITEMS_WITH_GENRES)
    assert kinds(log, texts(name, codes, GENRES), items) == [INTERACTIONS, kind, ITEMS]


def test_of_two_files_of_items_the_one_that_covers_more_of_the_log_is_taken() -> None:
    log = texts("log.csv", "user_id,item_id", LOG_OF_FORTY)
    few = texts("best.csv", "film_id,title,genres", [f"{n},Film {n},a|b" for n in range(1, 6)])
    many = texts("all.csv", "movie_id,title", [f"{n},Film {n}" for n in range(1, 41)])
    assert kinds(log, few, many) == [INTERACTIONS, UNUSED, ITEMS]


def test_names_of_a_few_of_the_items_are_not_the_items() -> None:
    log = texts("log.csv", "user_id,item_id", LOG_OF_FORTY)
    assert kinds(log, texts("lookup.csv", "code,label", GENRES)) == [INTERACTIONS, UNUSED]


def test_files_alone_and_none_at_all() -> None:
    assert understand_all([]) == ()
    assert kinds(texts("items.csv", "item_id,title,genres", ITEMS_ROWS)) == [ITEMS]
    assert kinds(sheet("empty.csv", {"a": []})) == [UNUSED]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(["1", "2", "3.5", "2011-03-05", "view", "a|b", "", "nan", "1300000000"]),
)
HEADERS = st.lists(
    st.sampled_from(["user_id", "item", "id", "tag", "name", "rating", "time", "friend", "x", "y", "", "emb", "genres"])
    | st.text(max_size=5),
    min_size=1,
    max_size=5,
    unique=True,
)


@st.composite
def any_sheet(draw: st.DrawFn) -> Sheet:
    names = draw(HEADERS)
    n = draw(st.integers(0, 6))
    return sheet(
        draw(st.sampled_from(["a.csv", "users.dat", "ratings", "x.item", ""])),
        {name: draw(st.lists(CELLS, min_size=n, max_size=n)) for name in names},
        header=draw(st.sampled_from(["yes", "no"])),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(any_sheet(), max_size=4))
def test_anything_gets_a_meaning(sheets: list[Sheet]) -> None:
    meanings = understand_all(sheets)
    assert len(meanings) == len(sheets)
    for file, meaning in zip(sheets, meanings, strict=True):
        assert meaning.kind in KINDS
        assert tuple(guess.role for guess in meaning.guesses) == ROLES[meaning.kind]
        played = [column for guess in meaning.guesses for column in guess.columns]
        assert len(set(played)) == len(played)
        assert set(played) <= set(file.columns)
        assert all(0 <= guess.confidence <= 1 for guess in meaning.guesses)
    logs = [file for file, meaning in zip(sheets, meanings, strict=True) if meaning.kind == INTERACTIONS]
    assert len({frozenset(map(plain_name, file.columns)) for file in logs}) <= 1


@pytest.mark.parametrize("name", ["Art. Nr", "Ding"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_file_with_each_item_of_the_log_once_holds_the_items(name: str, turned: bool) -> None:
    codes = [f"A{n:03}" for n in range(60)]
    items = {name: codes, "Was": [f"Mug {n % 20}" for n in range(60)], "Zahl": [f"{n % 9}" for n in range(60)]}
    items["Tag"] = [f"2020-01-{1 + n % 28:02}" for n in range(60)]  # by itself, times beside ids say log
    log = {"Wer": [f"P{n % 7}" for n in range(240)], "Art. Nr": [codes[n * 7 % 60] for n in range(240)]}
    sheets = [sheet("log.csv", log), sheet("artikel.csv", items)]
    meanings = understand_all(sheets[::-1])[::-1] if turned else understand_all(sheets)
    assert [meaning.kind for meaning in meanings] == [INTERACTIONS, ITEMS]
    assert filled(meanings[0]) == {"user_id": "Wer", "item_id": "Art. Nr"}
    assert filled(meanings[1])["item_id"] == name
    assert filled(meanings[1])["title"] == "Was"


def test_row_numbers_are_not_the_items_of_a_log() -> None:
    log = {"Wer": [f"P{n % 7}" for n in range(90)], "Was": [str(1 + n * 7 % 15) for n in range(90)]}
    other = {
        "Nr": [str(n) for n in range(900)],
        "Wer": [f"P{n % 7}" for n in range(900)],
        "Ort": [f"B{n % 9}" for n in range(900)],
        "Tag": [f"2020-01-{1 + n % 28:02}" for n in range(900)],
    }
    assert ITEMS not in kinds(sheet("a.csv", log), sheet("b.csv", other))
