"""The only file that touches ``st.session_state``: what one browser session remembers.

Choices live in widgets bound to the URL. What is kept here is the rest: which page runs, the list before the last
change, and notices about URL values that could not be used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

_DATASET = "_dataset"
_LOST = "_lost"
_VIEW = "_view"
_PAGE = "_page"
_LISTS = "_lists"
_NOTICES = "_notices"
_WHOLE = "_whole"
BURST_S = 1.5


def enter_page(page: str, names: Iterable[str]) -> bool:
    """Tell which page runs; True when it was just entered. To be called before the widgets called ``names`` are drawn.

    The browser may forget a widget's value between two pages while the server still counts on it (measured: 5 of 18
    page changes). Setting the values anew, once, on entering makes the server send them along.
    """
    entered = bool(st.session_state.get(_PAGE) != page)
    st.session_state[_PAGE] = page
    if entered:
        for name in names:
            if name in st.session_state:
                st.session_state[name] = st.session_state[name]
    return entered


def remember_dataset(name: str) -> None:
    """The data set picked for this run."""
    st.session_state[_DATASET] = name


def lose_dataset(name: str) -> None:
    """A data set was asked for that is not there: to be said by the page."""
    st.session_state[_LOST] = name


def take_lost() -> str:
    """The data set that was asked for and is not there, once; "" where there is none."""
    return str(st.session_state.pop(_LOST, ""))


def picked_dataset() -> str:
    """The data set picked for this run."""
    return str(st.session_state[_DATASET])


def want_whole_page() -> None:
    """Have the whole page drawn anew, sidebar and all: for a callback within a fragment that changes more than it."""
    st.session_state[_WHOLE] = True


def whole_page_wanted() -> bool:
    """Whether the whole page is to be drawn anew; once."""
    return bool(st.session_state.pop(_WHOLE, False))


def show(view: Callable[[], None]) -> None:
    """Hand the moving part of a page to the main script, which runs it last.

    Widgets drawn by the main script belong to no page: their values, and their parameters in the address, stay when
    the reader goes from page to page. Those of a page would be cleared, and the address with them.
    """
    st.session_state[_VIEW] = view


def take_view() -> Callable[[], None] | None:
    """What the page handed over, once."""
    view: Callable[[], None] | None = st.session_state.pop(_VIEW, None)
    return view


def choose(name: str, value: Any) -> None:
    """Set a widget from a button: to be used as its ``on_click``."""
    st.session_state[name] = value


def drop(name: str) -> None:
    """Forget a widget's value, so that it starts from its default."""
    st.session_state.pop(name, None)


def chosen(name: str, default: Any = None) -> Any:
    """A widget's value before it is drawn."""
    return st.session_state.get(name, default)


def keep_within(name: str, low: float, high: float) -> None:
    """Bring a widget's value into its range before it is drawn: other data or another metric may have narrowed it."""
    value = st.session_state.get(name)
    if value is not None and not low <= value <= high:
        st.session_state[name] = type(value)(min(high, max(low, value)))


def sent(key: str, name: str) -> Any:
    """What a component sent along with this run, None where it sent nothing of that name: for its callback."""
    found = st.session_state.get(key)
    return None if found is None else found.get(name)


def swap(name: str, value: Any) -> Any:
    """Remember a value of this session; returns the one before, None at first."""
    before = st.session_state.get(f"_{name}")
    st.session_state[f"_{name}"] = value
    return before


def url_value(name: str) -> str | None:
    """What the URL says about a parameter, None where it says nothing."""
    return st.query_params.get(name)


def show_value(name: str, value: Any) -> None:
    """Let a widget show this value: to be called before it is drawn, by who keeps the truth elsewhere."""
    if name not in st.session_state or st.session_state[name] != value:
        st.session_state[name] = value


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as it was shown: for whom, under which setting, and which items."""

    who: str
    setting: str
    items: tuple[int, ...]


def compare_with_last(who: str, setting: str, items: tuple[int, ...]) -> Shown | None:
    """Keep this list as the one shown; return the one before it, if it was for the same user and another setting.

    A rerun under the same setting compares with the same earlier list again. Settings that follow each other within
    BURST_S are one change, such as a slider on its way: the list before the first of them is the one before.
    """
    now = Shown(who, setting, items)
    last, before, at = st.session_state.get(_LISTS, (None, None, 0.0))
    if last is None or last.who != who:
        before, at = None, 0.0
    elif last.setting != setting:
        moving = time.monotonic() - at < BURST_S
        before, at = (before if moving and before else last), time.monotonic()
    st.session_state[_LISTS] = (now, before, at)
    return before


def add_notice(text: str) -> None:
    """Keep a notice to be shown on this page until it is left."""
    notices = st.session_state.setdefault(_NOTICES, [])
    if text not in notices:
        notices.append(text)


def clear_notices() -> None:
    """Forget the notices of the page before."""
    st.session_state[_NOTICES] = []


def notices() -> tuple[str, ...]:
    """The notices to show."""
    return tuple(st.session_state.get(_NOTICES, ()))


def is_dark() -> bool:
    """Whether this browser shows the dark theme."""
    return st.context.theme.type == "dark"
