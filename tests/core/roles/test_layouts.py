"""The layouts of the data sets people have: each is understood by itself, without correction."""

from __future__ import annotations

import pytest

from core.roles.guess import check, understand
from core.sheets import INTERACTIONS, ITEMS, NAMES, TAGS, UNUSED, VECTORS
from tests.core.roles.by_hand import filled, sheet, texts

USERS = [f"u{n % 7}" for n in range(60)]
ITEM = [f"b{n % 11}" for n in range(60)]
STARS = [str(1 + n % 5) for n in range(60)]
SECONDS = [str(1_300_000_000 + 86_400 * n) for n in range(60)]
DAYS = [f"2019-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(60)]
VIEWS = [("view", "addtocart", "transaction")[n % 3] for n in range(60)]
HOURS = [f"{(n * 7) % 40 + 0.5}" for n in range(60)]

LOGS = [
    (
        "ratings.csv",
        "userId,movieId,rating,timestamp",
        (USERS, ITEM, STARS, SECONDS),
        "user_id item_id weight datetime",
    ),
    ("a.csv", "userID,itemID,rating,timestamp", (USERS, ITEM, STARS, SECONDS), "user_id item_id weight datetime"),
    ("a.csv", "USER ID,Item-Id,Rating", (USERS, ITEM, STARS), "user_id item_id weight"),
    ("a.csv", "user,item,rating", (USERS, ITEM, STARS), "user_id item_id weight"),
    ("ml.inter", "user_id,item_id,rating,timestamp", (USERS, ITEM, STARS, SECONDS), "user_id item_id weight datetime"),
    ("f.csv", "UserId,ItemId,FeedbackType,Timestamp", (USERS, ITEM, VIEWS, DAYS), "user_id item_id event datetime"),
    (
        "f.csv",
        "FeedbackType,UserId,ItemId,Value,Timestamp",
        (VIEWS, USERS, ITEM, STARS, DAYS),
        "event user_id item_id weight datetime",
    ),
    (
        "reviews.json",
        "reviewerID,asin,overall,unixReviewTime",
        (USERS, ITEM, STARS, SECONDS),
        "user_id item_id weight datetime",
    ),
    ("user_artists.dat", "userID,artistID,weight", (USERS, ITEM, STARS), "user_id item_id weight"),
    (
        "events.csv",
        "timestamp,visitorid,event,itemid",
        ([s + "000" for s in SECONDS], USERS, VIEWS, ITEM),
        "datetime user_id event item_id",
    ),
    ("review.json", "user_id,business_id,stars,date", (USERS, ITEM, STARS, DAYS), "user_id item_id weight datetime"),
    ("steam.csv", "user_id,app_id,hours", (USERS, ITEM, HOURS), "user_id item_id weight"),
    ("g.csv", "user_id,book_id,rating", (USERS, ITEM, STARS), "user_id item_id weight"),
    ("BX-Book-Ratings.csv", "User-ID,ISBN,Book-Rating", (USERS, ITEM, STARS), "user_id item_id weight"),
    (
        "transactions_train.csv",
        "t_dat,customer_id,article_id,quantity",
        (DAYS, USERS, ITEM, STARS),
        "datetime user_id item_id weight",
    ),
    (
        "retail.csv",
        "StockCode,Quantity,InvoiceDate,CustomerID",
        (ITEM, STARS, ["12/13/2010 8:26"] * 60, USERS),
        "item_id weight datetime user_id",
    ),
    ("shop.csv", "customer,sku,qty", (USERS, ITEM, STARS), "user_id item_id weight"),
    ("kuai.csv", "user_id,video_id,watch_ratio", (USERS, ITEM, HOURS), "user_id item_id weight"),
    ("office.csv", "user,product,position", (USERS, ITEM, STARS), "user_id item_id position"),
    ("中文.csv", "用户ID,商品ID,评分,时间", (USERS, ITEM, STARS, DAYS), "user_id item_id weight datetime"),
    (
        "parts.csv",
        "user,item,day,month,year",
        (USERS, ITEM, ["4"] * 60, ["5"] * 60, ["2009"] * 60),
        "user_id item_id day month year",
    ),
]


@pytest.mark.parametrize(("name", "header", "columns", "roles"), LOGS, ids=[case[1] for case in LOGS])
def test_the_logs_people_have_are_found_by_name(
    name: str, header: str, columns: tuple[list[str], ...], roles: str
) -> None:
    names = header.split(",")
    log = sheet(name, dict(zip(names, columns, strict=True)))
    meaning = understand(log)
    assert meaning.kind == INTERACTIONS
    assert filled(meaning) == dict(zip(roles.split(), names, strict=True))
    assert all(guess.why == "name" and 0.6 <= guess.confidence <= 1 for guess in meaning.guesses if guess.columns)
    check(meaning, log.name)


def test_canonical_names_are_certain_and_come_with_three_samples() -> None:
    meaning = understand(sheet("a.csv", {"user_id": USERS, "item_id": ITEM, "weight": STARS}))
    assert [(g.role, g.confidence, g.samples) for g in meaning.guesses[:3]] == [
        ("user_id", 1.0, ("u0", "u6", "u5")),
        ("item_id", 1.0, ("b0", "b9", "b7")),
        ("weight", 1.0, ("1", "2", "3")),
    ]


NUMBERS = [str(n) for n in range(40)]
TITLES = [f"The {word} of {n}" for n, word in enumerate(("Book", "Song", "Road", "Lamp") * 10)]
STORIES = [
    f"Number {n} is a long story about a {word}, told in many words for those who like to read in the evening."
    for n, word in enumerate(("cat", "ship", "tree", "star") * 10)
]
GENRES = ["Action|Comedy", "Comedy", "Drama|Action", "Drama"] * 10
PICTURES = [f"http://pictures.example/{n}.jpg" for n in range(40)]
BRANDS = [f"Brand {n % 15}" for n in range(40)]

CATALOGUES = [
    ("movies.csv", "movieId,title,genres", (NUMBERS, TITLES, GENRES), "item_id title category"),
    (
        "items.csv",
        "item_id,title,description,brand",
        (NUMBERS, TITLES, STORIES, BRANDS),
        "item_id title text -",
    ),
    ("artists.dat", "id,name,url,pictureURL", (NUMBERS, TITLES, PICTURES, PICTURES), "item_id title - image"),
    (
        "meta.json",
        "asin,title,description,categories,imUrl,brand",
        (NUMBERS, TITLES, STORIES, GENRES, PICTURES, BRANDS),
        "item_id title text category image -",
    ),
    (
        "BX-Books.csv",
        "ISBN,Book-Title,Book-Author,Image-URL-M",
        (NUMBERS, TITLES, BRANDS, PICTURES),
        "item_id title - image",
    ),
    (
        "articles.csv",
        "article_id,product_code,prod_name,product_type_name,detail_desc",
        (NUMBERS, ["1", "2"] * 20, TITLES, ["Shirt", "Sock"] * 20, STORIES),
        "item_id - title category text",
    ),
    ("business.json", "business_id,name,categories", (NUMBERS, TITLES, GENRES), "item_id title category"),
    ("shop.csv", "SKU,Product Name,Brand,Department", (NUMBERS, TITLES, BRANDS, GENRES), "item_id title - category"),
    ("anime.csv", "anime_id,name,genre", (NUMBERS, TITLES, GENRES), "item_id title category"),
    ("items.csv", "ItemId,Categories,Labels", (NUMBERS, GENRES, GENRES), "item_id category category"),
    ("x.item", "item_id,movie_title,class", (NUMBERS, TITLES, GENRES), "item_id title category"),
]


@pytest.mark.parametrize(("name", "header", "columns", "roles"), CATALOGUES, ids=[case[1] for case in CATALOGUES])
def test_the_catalogues_people_have_are_found(
    name: str, header: str, columns: tuple[list[str], ...], roles: str
) -> None:
    names = header.split(",")
    meaning = understand(sheet(name, dict(zip(names, columns, strict=True))))
    expected: dict[str, str] = {}
    for role, column in zip(roles.split(), names, strict=True):
        if role != "-":
            expected[role] = f"{expected[role]}+{column}" if role in expected else column
    assert meaning.kind == ITEMS
    assert filled(meaning) == expected


def test_odd_names_are_understood_by_content() -> None:
    columns = {"Nr": NUMBERS, "Bezeichnung": TITLES, "Sorte": GENRES, "Bild": PICTURES, "Geschichte": STORIES}
    meaning = understand(sheet("katalog.csv", columns))
    assert meaning.kind == ITEMS
    assert filled(meaning) == {
        "item_id": "Nr",
        "title": "Bezeichnung",
        "text": "Geschichte",
        "category": "Sorte",
        "image": "Bild",
    }
    assert all(g.why == "content" and 0.4 <= g.confidence <= 0.8 for g in meaning.guesses if g.columns)


def test_a_log_without_a_header_is_understood_by_content() -> None:
    columns = {"column 1": USERS, "column 2": ITEM, "column 3": STARS, "column 4": SECONDS}
    meaning = understand(sheet("ratings.dat", columns, header="no"))
    assert (meaning.kind, filled(meaning)) == (
        INTERACTIONS,
        {"user_id": "column 1", "item_id": "column 2", "weight": "column 3", "datetime": "column 4"},
    )


def test_a_headless_log_of_games_and_hours() -> None:
    games = [f"Game {n % 9}" for n in range(60)]
    acts = ["purchase", "play"] * 30
    columns = {"column 1": USERS, "column 2": games, "column 3": acts, "column 4": HOURS, "column 5": ["0"] * 60}
    meaning = understand(sheet("steam-200k.csv", columns, header="no"))
    assert (meaning.kind, filled(meaning)) == (
        INTERACTIONS,
        {"user_id": "column 1", "item_id": "column 2", "event": "column 3", "weight": "column 4"},
    )


def test_a_place_in_the_history_is_seen_only_where_there_is_no_time() -> None:
    places = [str(n % 6) for n in range(60)]
    people = [f"p{n // 6}" for n in range(60)]
    columns = {"who": people, "what": ITEM, "n": places}
    assert filled(understand(sheet("x.csv", columns))) == {"user_id": "who", "item_id": "what", "position": "n"}
    with_time = understand(sheet("x.csv", {**columns, "at": SECONDS}))
    assert filled(with_time) == {"user_id": "who", "item_id": "what", "datetime": "at"}


def test_types_that_recbole_declares_help() -> None:
    amounts = [f"{n * 1.75}" for n in range(60)]
    log = {"user_id": USERS, "item_id": ITEM, "amount_seen": amounts}
    assert filled(understand(sheet("x.inter", log))) == {"user_id": "user_id", "item_id": "item_id"}
    meaning = understand(sheet("x.inter", log, amount_seen="float"))
    assert (meaning.guesses[2].columns, meaning.guesses[2].why) == (("amount_seen",), "content")
    items = {"item_id": NUMBERS, "movie_title": [title.split() for title in TITLES]}
    assert understand(sheet("x.item", items, movie_title="token_seq")).guesses[1].samples[0] == "The Book of 0"


def test_a_price_is_no_weight_and_a_film_year_no_time() -> None:
    columns = {"user": USERS, "item": ITEM, "price": STARS, "year": ["1999"] * 60}
    assert filled(understand(sheet("x.csv", columns))) == {"user_id": "user", "item_id": "item"}


@pytest.mark.parametrize(
    ("name", "header", "rows", "kind"),
    [
        ("user_friends.dat", "userID,friendID", ["1,2", "1,3", "2,1", "3,1"], UNUSED),
        ("users.csv", "user_id,age,gender", ["1,20,F", "2,30,M", "3,20,F"], UNUSED),
        ("BX-Users.csv", "User-ID,Location,Age", ["1,york,20", "2,leeds,30"], UNUSED),
        ("x.user", "user_id,age", ["1,20", "2,30"], UNUSED),
        ("tags.dat", "tagID,tagValue", ["1,metal", "2,goth", "3,pop"], NAMES),
        ("genome-tags.csv", "tagId,tag", ["1,007", "2,old", "3,pop"], NAMES),
        ("departments.csv", "department_id,department", ["1,frozen", "2,other"], NAMES),
        ("tags.csv", "userId,movieId,tag,timestamp", ["1,5,funny,1300000000", "1,6,sad,1300000001"], TAGS),
        ("genome-scores.csv", "movieId,tagId,relevance", ["1,1,0.1", "1,2,0.9", "2,1,0.3", "2,2,0.2"], TAGS),
        ("book_tags.csv", "goodreads_book_id,tag_id,count", ["1,5,10", "1,6,9", "2,5,7", "2,6,1"], TAGS),
        ("colours.csv", "red,green", ["0.5,0.25", "0.5,0.75"], UNUSED),
    ],
)
def test_other_kinds_of_files(name: str, header: str, rows: list[str], kind: str) -> None:
    meaning = understand(texts(name, header, rows))
    assert meaning.kind == kind
    assert meaning.reason.endswith(".")
    check(meaning, name)


@pytest.mark.parametrize("written", [False, True])
def test_vectors_are_found_by_content(written: bool) -> None:
    vectors = [[0.5, -1.25, 0.1 * n, 2.0] for n in range(8)]
    column = [str(v) for v in vectors] if written else vectors
    ids = [f"a{n}" for n in range(8)]
    alone = understand(sheet("x.parquet", {"key": ids, "numbers": column}))
    assert (alone.kind, filled(alone)) == (VECTORS, {"item_id": "key", "vector": "numbers"})
    items = understand(sheet("x.parquet", {"item_id": ids, "title": TITLES[:8], "numbers": column}))
    assert (items.kind, filled(items)) == (ITEMS, {"item_id": "item_id", "title": "title", "vector": "numbers"})


def test_a_given_kind_stays() -> None:
    meaning = understand(texts("tags.csv", "userId,movieId,tag", ["1,5,a", "1,6,b", "2,5,a"]), INTERACTIONS)
    assert (meaning.kind, filled(meaning)) == (INTERACTIONS, {"user_id": "userId", "item_id": "movieId"})
