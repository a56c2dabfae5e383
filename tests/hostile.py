"""A data set whose every text tries something: HTML, markdown, formulas, templates, other writing directions."""

from __future__ import annotations

from core.datasets.build import build_dataset
from core.types import Dataset, Note

NAME = "hostile"
TITLES = (
    "<img src=x onerror=alert(1)>",
    "![remote](http://192.0.2.1/pixel.png)",
    "$x^2$ and :material/home: :red[red]",
    "[link](http://192.0.2.1/)",
    '=HYPERLINK("http://192.0.2.1")',
    "<script>window.hacked = 1</script>",
    "{title} {{category}} ${x}",
    "**bold** `code` # heading",
    "‮reversed‬ שלום 你好 🎬",
    "A very long title " + "that goes on and on " * 12,
    "-1+1",
    "@SUM(A1)",
)
CATEGORY = "<b>Bold</b>|![x](http://192.0.2.1/c.png)"


def hostile_dataset() -> Dataset:
    """Twelve items, three users: two with histories, and one item id that is itself an attack."""
    items = {
        "item_id": [f"<i>{place}</i>" if place == 3 else f"item-{place:02}" for place in range(len(TITLES))],
        "title": list(TITLES),
        "category": [[CATEGORY] if place % 2 else ["Plain"] for place in range(len(TITLES))],
        "year": ["1995" if place % 3 else "" for place in range(len(TITLES))],
    }
    ids = items["item_id"]
    log = {
        "user_id": ["<b>u1</b>"] * 5 + ["![u2](http://192.0.2.1/u.png)"] * 3,
        "item_id": [ids[place] for place in (0, 1, 2, 8, 9)] + [ids[place] for place in (3, 4, 5)],
        "weight": [5.0, 4.0, 3.0, 2.0, 1.0, 1.0, 2.0, 3.0],
        "datetime": [1_000_000_000 + place for place in range(8)],
    }
    return build_dataset(
        NAME,
        "![label](http://192.0.2.1/label.png)",
        items,
        log,
        notes=(Note("attack", 12, "Texts with <img src=x onerror=alert(2)> in them.", (TITLES[0], TITLES[1])),),
        licence="[licence](http://192.0.2.1/)",
        citation="$y$",
    )
