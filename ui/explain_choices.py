"""What is explained: the item, and what was taken out of a history or added to it. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote

import numpy as np
import streamlit as st

from core.answer import plain
from core.types import Array, Dataset

from . import blocks, controls, explain_bars, state
from .text import plain_markdown, t

ITEM, WITHOUT, PLUS, AGAINST, WHY = "item", "without", "plus", "against", "why"
OWN = (ITEM, WITHOUT, PLUS, AGAINST, WHY)
"""Parameters of this page alone."""
PICK = "explain-pick"
MOST_MATCHES = 8
MOST_LETTERS = 4_000


@lru_cache(maxsize=4)
def places(dataset: Dataset) -> dict[str, int]:
    """Item id, as the address knows it -> index."""
    return {str(plain(item_id)): item for item, item_id in enumerate(dataset.catalog.item_ids)}


def id_of(dataset: Dataset, item: int) -> str:
    """An item's id as the address knows it."""
    return str(plain(dataset.catalog.item_ids[item]))


def item_asked(dataset: Dataset) -> int | None:
    """The item in the address, None where there is none, or (which is said) an unknown one."""
    raw = _raw(ITEM).strip()
    found = places(dataset).get(raw)
    if raw and found is None:
        blocks.error_card(t("explain.unknown_item", id=raw, name=dataset.label))
    return found


def several(dataset: Dataset, name: str) -> tuple[int, ...]:
    """The items of ``without`` or ``plus``, in the order they were named; unknown ones are said and left out."""
    raw = [unquote(part.strip()) for part in _raw(name).split(",") if part.strip()]
    known = places(dataset)
    unknown = [part for part in raw if part not in known]
    if unknown:
        st.warning(plain_markdown(t("explain.unknown_items", name=name, ids=", ".join(unknown))))
    return tuple(dict.fromkeys(known[part] for part in raw if part in known))


def put(dataset: Dataset, name: str, items: Sequence[int]) -> None:
    """Write items into the address."""
    state.choose(name, ",".join(quote(id_of(dataset, item), safe="") for item in items))


def choose_item(dataset: Dataset, item: int) -> None:
    """Explain another item: to be used as an ``on_click``."""
    state.choose(ITEM, id_of(dataset, item))


def take_out(dataset: Dataset, items: Sequence[int]) -> None:
    """Leave items out of the history as well: to be used as an ``on_click``."""
    put(dataset, PLUS, [item for item in _now(dataset, PLUS) if item not in items])
    put(dataset, WITHOUT, tuple(dict.fromkeys((*_now(dataset, WITHOUT), *items))))


def add(dataset: Dataset, items: Sequence[int]) -> None:
    """Have the user like items as well: to be used as an ``on_click``."""
    put(dataset, PLUS, tuple(dict.fromkeys((*_now(dataset, PLUS), *items))))


def undo(dataset: Dataset, item: int) -> None:
    """Forget what was changed about an item: to be used as an ``on_click``."""
    for name in (WITHOUT, PLUS):
        put(dataset, name, [one for one in _now(dataset, name) if one != item])


def undo_all() -> None:
    """The history as it is: to be used as an ``on_click``."""
    for name in (WITHOUT, PLUS):
        state.choose(name, "")


def on_click(dataset: Dataset, key: str) -> None:
    """What a click on a drawing does: to be used as its ``on_click``."""
    click = explain_bars.clicked(key)
    item = None if click is None else places(dataset).get(click.value)
    if click is None or item is None:
        return
    if click.did == explain_bars.OUT:
        take_out(dataset, [item])
    else:
        undo(dataset, item)


def fields() -> None:
    """What the address holds, for those who want to see or to type it; nothing is remembered elsewhere."""
    with st.popover(t("explain.link"), icon=":material/link:"):
        st.caption(t("explain.link_about"))
        for name in (ITEM, WITHOUT, PLUS, AGAINST):
            st.text_input(
                controls.label(name),
                key=name,
                help=t(f"help.{name}"),
                max_chars=MOST_LETTERS,
                bind="query-params",
                persist_state="session",
            )


def pick_item(dataset: Dataset, listed: Sequence[int], current: int) -> None:
    """The item picker: her list first; any title can be typed."""
    titles = dataset.catalog.titles
    names = {id_of(dataset, item): f"{rank}. {titles[item]}" for rank, item in enumerate(listed, start=1)}
    chosen = id_of(dataset, current)
    names.setdefault(chosen, str(titles[current]))
    state.show_value(PICK, chosen)
    st.selectbox(
        t("explain.pick"),
        list(names),
        key=PICK,
        format_func=lambda one: names.get(one, one),
        accept_new_options=True,
        help=t("explain.pick_help"),
        on_change=_picked,
        args=(dataset,),
    )
    _matches(dataset)


def _picked(dataset: Dataset) -> None:
    typed = str(state.chosen(PICK) or "").strip()
    state.drop(_SOUGHT)
    if not typed:
        return
    found = [places(dataset)[typed]] if typed in places(dataset) else matching(dataset, typed)
    if len(found) == 1:
        choose_item(dataset, int(found[0]))
    else:
        state.choose(_SOUGHT, typed)


_SOUGHT = "_explain_sought"


def _matches(dataset: Dataset) -> None:
    """What a typed title may have meant."""
    typed = str(state.chosen(_SOUGHT, ""))
    if not typed:
        return
    found = matching(dataset, typed)
    if not found:
        st.caption(t("explain.no_match", typed=plain_markdown(typed)))
        return
    with st.container(horizontal=True, gap="small"):
        for item in found:
            st.button(
                plain_markdown(str(dataset.catalog.titles[item])),
                key=f"explain-match-{item}",
                on_click=_take_match,
                args=(dataset, item),
            )


def _take_match(dataset: Dataset, item: int) -> None:
    state.drop(_SOUGHT)
    choose_item(dataset, item)


def matching(dataset: Dataset, typed: str) -> list[int]:
    """Items whose title holds all typed words, an equal title alone, the most used first; MOST_MATCHES at most."""
    lower = _lower(dataset)
    wanted = typed.casefold().split()
    equal = [item for item, title in enumerate(lower) if title == typed.casefold()]
    found = equal or [item for item, title in enumerate(lower) if all(word in title for word in wanted)]
    used = _used(dataset)
    return sorted(found, key=lambda item: (-int(used[item]), item))[:MOST_MATCHES]


@lru_cache(maxsize=4)
def _lower(dataset: Dataset) -> tuple[str, ...]:
    return tuple(str(title).casefold() for title in dataset.catalog.titles)


@lru_cache(maxsize=4)
def _used(dataset: Dataset) -> Array:
    return np.bincount(dataset.interactions.items, minlength=len(dataset.catalog))


def _raw(name: str) -> str:
    known = state.chosen(name)
    return str((state.url_value(name) if known is None else known) or "")


def _now(dataset: Dataset, name: str) -> tuple[int, ...]:
    known = places(dataset)
    return tuple(known[part] for raw in _raw(name).split(",") if (part := unquote(raw.strip())) in known)
