"""Role -> the names its column has in the data sets people have, and how sure such a name makes us.

Sources: FIELD conventions (MovieLens, Recommenders, LensKit, RecBole, Gorse), Amazon Reviews, Last.fm, Retailrocket,
Yelp, Steam, Goodreads, Book-Crossing, H&M, Online Retail, Taobao, KuaiRec, the Movies Dataset, shop exports.
Names are compared without case, blanks, "-", "_" and other marks; the earlier of two names in a list wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..sheets import INTERACTIONS, ITEMS, NAMES, TAGS, VECTORS

CANONICAL, SURE, LIKELY, LOOSE = 1.0, 0.95, 0.8, 0.65
"""Confidence of the canonical name; of one that means nothing else; of a common word; of one with several meanings."""

_USER = (
    "user_id",
    "user user_key user_name userno userhash useruuid uid u_id userpk customer_id customer customerno customernumber "
    "reviewer_id visitor_id member_id member account_id client_id buyer_id shopper_id consumer_id viewer_id "
    "listener_id player_id reader_id person_id profile_id subscriber_id student_id msno 用户id 用户",
    "reviewer reviewername client account person visitor buyer session_id session cookie_id device_id anonymous_id "
    "playlist_id pid author_id household_key",
    "id_user owner_id learner contributor_id",
)
_ITEM = (
    "item_id",
    "item item_key iid i_id itemno product_id product productno movie_id movie film_id film parent_asin asin sku "
    "book_id isbn isbn13 track_id song_id album_id artist_id business_id game_id app_id article_id news_id video_id "
    "anime_id recipe_id job_id course_id hotel_id venue_id location_id poi_id restaurant_id place_id post_id "
    "document_id doc_id content_id goods_id stock_code offer_id listing_id show_id series_id podcast_id episode_id "
    "paper_id beer_id wine_id gtin ean upc barcode track_uri property_id photo_id clip_id question_id exercise_id "
    "media_id 商品id 物品id 商品 物品",
    "track song album artist book game app article business video recipe restaurant hotel course venue anime "
    "article_no product_code item_code musicbrainz_artist_id artist_mbid "
    "goodreads_book_id",
    "game_title app_name track_name product_name movie_title item_name book_title artist_name "
    "musicbrainz_id tmdb_id imdb_id work_id",
)
_WEIGHT = (
    "weight",
    "rating ratings user_rating book_rating review_rating rating_value overall stars star_rating review_score "
    "user_score play_count playcount plays listens listen_count listening_count scrobbles view_count watch_count "
    "click_count num_plays numplays hours_played playtime_forever watch_ratio interaction_count purchase_count "
    "评分 权重 次数",
    "score rate grade value counts count views clicks quantity qty hours playtime play_duration watch_time "
    "times_played frequency freq n_plays strength confidence dwell_time preference",
    "label feedback target num number minutes_watched",
)
_DATETIME = (
    "datetime",
    "timestamp unix_review_time unixreviewtime unix_time unixtime event_time review_time review_date created_at "
    "createdat updated_at date_time time_stamp event_date event_timestamp invoice_date order_date purchase_date "
    "transaction_date rated_at watched_at listened_at t_dat date_added rating_timestamp rating_date 时间戳 时间 日期",
    "time date ts created updated date_created timestamp_ms time_ms read_at visit_time start_time order_time "
    "rating_time local_time utc_time day_time",
    "when date_updated added modified epoch",
)
_EVENT = (
    "event",
    "event_type event_name action action_type behavior behaviour behavior_type behaviour_type feedback_type "
    "interaction_type interaction activity_type user_action 行为 行为类型",
    "activity",
    "type verb operation",
)
_POSITION = (
    "position",
    "sequence_number seq_no item_order order_in_session step_number",
    "seq sequence step rank place order_number",
    "order idx index turn",
)
_TITLE = (
    "title",
    "item_name product_name product_title prod_name movie_title movie_name book_title track_name song_name "
    "game_title app_name album_name article_title video_title headline display_name item_title recipe_name "
    "course_title hotel_name business_name restaurant_name job_title 标题 名称 商品名称",
    "name original_title product item movie book song track game label artist_name",
    "caption subject heading artist",
)
_TEXT = (
    "text",
    "description product_description item_description long_description short_description desc overview plot summary "
    "abstract synopsis detail_desc full_text body content about review_text plot_summary storyline blurb lyrics "
    "bullet_points about_this_item detailed_description about_the_game 描述 简介 正文",
    "features details keywords_text tagline comment biography bio ingredients review notes",
    "information story",
)
_CATEGORY = (
    "category",
    "categories genre genres tags category_name main_category sub_category subcategory category_code category_path "
    "product_category product_group_name product_type_name category_id item_category cate cat class_name genre_list "
    "item_class movie_genres amazon_category_and_sub_category 类别 类目 分类 标签",
    "tag labels department department_name section_name topic topics subjects style styles product_type cuisine "
    "keywords group_name garment_group_name index_group_name",
    "class type group section kind genre_ids",
)
_IMAGE = (
    "image",
    "image_url img imgurl img_url im_url imurl image_link picture_url picture poster poster_url poster_path "
    "cover_url cover_image thumbnail thumbnail_url image_path image_url_l image_url_m image_url_s photo_url "
    "header_image main_image_url primary_image image_src images 图片",
    "photo cover thumb small_image_url picture_link large_image",
    "icon logo",
)
_VECTOR = (
    "vector",
    "embedding embeddings item_vector item_embedding vectors text_embedding content_embedding emb features_vector",
    "latent representation vec",
    "",
)
_TAG = (
    "category",
    "tag tag_id tag_name tag_value genre genre_id genre_name category_id category_name cat_id label label_id keyword "
    "keyword_id topic topic_id style style_id concept concept_id mood",
    "categories genres tags name value",
    "description",
)
_TAG_WEIGHT = ("weight", "count counts relevance score tag_count votes", "frequency n num", "value")
_CODE = (
    "code",
    "tag_id category_id genre_id cat_id label_id topic_id style_id keyword_id concept_id department_id brand_id "
    "aisle_id cluster_id group_id class_id type_id",
    "id key",
    "",
)
_NAME = (
    "name",
    "tag_name tag_value category_name genre_name label_name topic_name style_name keyword_name department_name "
    "class_name brand_name",
    "tag value label title genre category department aisle keyword text",
    "description",
)

Levels = tuple[str, str, str, str]
_LEVELS: Mapping[str, Mapping[str, Levels]] = {
    INTERACTIONS: {
        "user_id": _USER,
        "item_id": _ITEM,
        "weight": _WEIGHT,
        "datetime": _DATETIME,
        "event": _EVENT,
        "position": _POSITION,
        "year": ("year", "年", "yyyy", ""),
        "month": ("month", "月", "mm mon", ""),
        "day": ("day", "day_of_month 日", "dd", ""),
    },
    ITEMS: {
        "item_id": (_ITEM[0], _ITEM[1], f"{_ITEM[2]} id", "code key"),
        "title": _TITLE,
        "text": _TEXT,
        "category": _CATEGORY,
        "image": _IMAGE,
        "vector": _VECTOR,
    },
    TAGS: {"item_id": _ITEM, "category": _TAG, "weight": _TAG_WEIGHT},
    NAMES: {"code": _CODE, "name": _NAME},
    VECTORS: {"item_id": (_ITEM[0], _ITEM[1], f"{_ITEM[2]} id", "code key name"), "vector": _VECTOR},
}


def plain_name(name: str) -> str:
    """A name as it is compared: lower case, letters and digits only, without RecBole's ``:token``.

    >>> plain_name("Book-Title"), plain_name("user_id:token")
    ('booktitle', 'userid')
    """
    return re.sub(r"[\W_]+", "", re.sub(r":(token|float)(_seq)?$", "", name.strip()).casefold())


def _plain_names(names: str) -> frozenset[str]:
    return frozenset(plain_name(name) for name in names.split())


def _index(levels: Levels) -> dict[str, float]:
    found: dict[str, float] = {}
    for names, confidence in zip(levels, (CANONICAL, SURE, LIKELY, LOOSE), strict=True):
        for name in names.split():
            found.setdefault(plain_name(name), confidence)
    return found


ALIASES: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    kind: {role: _index(levels) for role, levels in roles.items()} for kind, roles in _LEVELS.items()
}
"""Kind -> role -> plain name -> confidence, the preferred names first."""

RATING_NAMES = ("rating", "stars", "score", "overall", "rate", "grade", "评分")
COUNT_NAMES = (
    *("count", "plays", "views", "listens", "clicks", "quantity", "qty", "freq", "hours", "playtime", "scrobble"),
    *("times", "duration", "dwell", "visits", "minutes", "numplays", "次数"),
)
"""Words in the name of a weight that say whether it is a mark or a count."""

NOT_ITEMS = _plain_names(
    "order_id transaction_id invoice_no invoice review_id rating_id event_id log_id row_id friend_id parent_id "
    "store_id shop_id seller_id city_id country_id region_id impression_id request_id query_id session_id "
    "playlist_id index_id zip_id category_id tag_id genre_id department_id brand_id unnamed0"
)
"""Names that end in "id" and are neither user nor item of a log."""

FRIENDS = _plain_names(
    "friend_id friend friends trustee trustee_id followee followee_id follows followed_id target_user_id "
    "target_user user_id_2 user2 user_2 trusted_user_id contact_id neighbor_id follower follower_id"
)
"""Names of a second user beside the first: links between users."""

FILE_WORDS: Mapping[str, tuple[str, ...]] = {
    "links": ("friends", "friend", "trust", "social", "links", "network", "follows", "kg", "link"),
    INTERACTIONS: (
        *("ratings", "rating", "interactions", "interaction", "events", "event", "log", "logs", "clicks", "purchases"),
        *("transactions", "history", "orders", "reviews", "review", "plays", "views", "train", "test", "inter"),
        *("behavior", "behaviour", "behaviors", "sessions", "feedback", "checkins", "visits", "likes", "sales"),
    ),
    "users": ("users", "user", "customers", "customer", "members", "people", "visitors", "accounts", "persons"),
    TAGS: ("tags", "tagged", "taggings", "genome"),
    ITEMS: (
        *("items", "item", "movies", "products", "product", "books", "artists", "articles", "tracks", "songs"),
        *("games", "catalog", "catalogue", "meta", "metadata", "anime", "business", "businesses", "films", "albums"),
    ),
}
"""What the words in a file's name say about it."""

NOT_WEIGHTS = _plain_names(
    "price amount cost discount age gender sex lat latitude lon lng longitude zip zipcode year month day hour weekday "
    "week occupation country city state region channel device platform label_id height width salary"
)
"""Plain names of numbers in a log that say nothing about liking."""

_NOT_CATEGORIES = _plain_names(
    "brand author artist director actor cast publisher manufacturer seller store language lang country currency color "
    "colour size gender status format year date availability condition adult video"
)


def is_attribute(plain: str) -> bool:
    """Whether a plain name is that of an attribute that has few values and yet is no category: brand, author ..."""
    return plain in _NOT_CATEGORIES or any(word in plain for word in _NOT_CATEGORIES if len(word) > 4)
