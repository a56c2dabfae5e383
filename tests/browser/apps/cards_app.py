"""A page of nothing but the small components, for their browser tests."""

from __future__ import annotations

import streamlit as st

from ui.cards import (
    Card,
    ChannelBar,
    Chip,
    HistoryItem,
    LeftItem,
    channel_bars,
    history_strip,
    left_list,
    rank_cards,
    stat_tiles,
)
from ui.pipeline_view import ICONS, Node, pipeline_diagram

HOSTILE = ("<img src=x onerror=alert(1)>", "![x](http://x.invalid/y.png)", "$x$", "**b** :material/home:")
TITLES = (*HOSTILE, *(f"Item {place}" for place in range(4, 30)))

st.set_page_config(page_title="cards", layout="wide")
st.title("Cards")
pipeline_diagram([Node(icon, "1,234", HOSTILE[0], icon, active=icon != "feedback") for icon in ICONS], key="pipeline")
stat_tiles([("Users", "671", "20 or more ratings each"), ("Items", "9,066", HOSTILE[1])], key="tiles")
history_strip(
    [HistoryItem(place, title, "5.0", "2006-01-02", place % 10) for place, title in enumerate(TITLES)], key="h"
)
CHIPS = (
    Chip("Sequence #1", "rank 1 by Sequence", own=True),
    Chip("EASE #13", "rank 13 by EASE", own=False),
    Chip(HOSTILE[0], HOSTILE[1], own=False),
)
channel_bars(
    [ChannelBar("Sequence", "6 of 10", 0.6), ChannelBar(HOSTILE[1], "0 of 10", 0.0), ChannelBar("EASE", "10 of 10", 1)],
    key="channels",
    lead="How many of these items",
    legend=[(CHIPS[0], "in its own first 10"), (CHIPS[1], "further down"), (None, "no chip")],
    note="In one channel only: 2.",
)


@st.fragment
def ranked() -> None:
    k = st.slider("K", 1, 20, 5)
    first = st.slider("First", 0, 9, 0)
    cards = [
        Card(
            rank,
            item,
            TITLES[item],
            "1995",
            (("Drama", 0), (HOSTILE[1], 1)),
            f"{0.9 - 0.01 * rank:.3f}",
            0.9 - 0.03 * rank,
            "cosine",
            (HOSTILE[0],),
            ("", "new", "up 3", "down 2")[rank % 4],
            CHIPS[: rank % 4],
            f"moved up from {rank + 3}: unlike {HOSTILE[0]}" if rank % 2 else "",
        )
        for rank, item in enumerate(range(first, first + k), start=1)
    ]
    st.text(f"mark {rank_cards(cards, key='cards')}")
    left_list([LeftItem(item, TITLES[item], item + 1) for item in range(first)], key="left")


ranked()
