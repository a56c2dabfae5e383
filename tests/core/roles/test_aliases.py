"""Names of columns, however they are written."""

from __future__ import annotations

import pytest

from core.roles.aliases import ALIASES, plain_name
from core.sheets import ROLES


@pytest.mark.parametrize(
    "written", ["user_id", "userId", "User ID", "USER-ID", " user id ", "user_id:token", "\ufeffuser.id", "UserID"]
)
def test_case_blanks_and_marks_do_not_matter(written: str) -> None:
    assert plain_name(written) == "userid"


def test_every_role_has_aliases_and_its_own_name_is_certain() -> None:
    for kind, roles in ALIASES.items():
        assert set(roles) == set(ROLES[kind])
        for role, names in roles.items():
            assert names[plain_name(role)] == 1.0
            assert all(0 < confidence <= 1 for confidence in names.values())


@pytest.mark.parametrize(
    ("kind", "role", "names"),
    [
        ("interactions", "user_id", "userID customer_id reviewerID visitorid User-ID member_id uid"),
        ("interactions", "item_id", "movieId itemID asin artistID itemid business_id app_id book_id ISBN sku product"),
        ("interactions", "weight", "rating overall stars Book-Rating plays Value score quantity"),
        ("interactions", "datetime", "timestamp unixReviewTime Timestamp date created_at t_dat InvoiceDate"),
        ("interactions", "event", "FeedbackType event event_type behavior_type action"),
        ("items", "title", "name product_name Book-Title title prod_name"),
        ("items", "text", "description overview summary detail_desc"),
        ("items", "category", "genres categories tags Department"),
        ("items", "image", "imUrl pictureURL image_url Image-URL-M poster_path"),
        ("tags", "category", "tag tagID genre"),
        ("names", "code", "tagID category_id id"),
        ("names", "name", "tagValue name category_name"),
    ],
)
def test_known_names(kind: str, role: str, names: str) -> None:
    assert all(plain_name(name) in ALIASES[kind][role] for name in names.split())
