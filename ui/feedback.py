"""Live feedback: what is done on a card is stored before the page answers, and can be taken back."""

from __future__ import annotations

import json
import time
from functools import lru_cache, partial

import streamlit as st

from core.answer import plain
from core.errors import RecallscopeError
from core.pipeline import user_indices
from core.recipe import Recipe
from core.store.events import Event, event_store
from core.types import Dataset

from . import live, resources, short_reason, state
from .cards.acting import Acting, Deed, read_deeds
from .nav import page_path
from .text import plain_markdown, t

SETTLED = "_feedback_settled"
"""Ids of this session's deeds that the browser need not send again."""
LAST = "_feedback_last"
"""What was done last in this session: a word of SAID and the events it was done with."""
KEPT, UNDONE, NOT_KEPT = "kept", "undone", "not_kept"
MOST_SETTLED = 50


def acting(dataset: Dataset, user: int, key: str) -> Acting:
    """A user's cards, to be acted on. key: of the component that draws them."""
    user_id = id_of(dataset, user)
    return Acting(
        of=json.dumps([dataset.name, user_id]),
        on_act=partial(take, key),
        on_why=partial(explain, key),
        settled=tuple(state.chosen(SETTLED, ())),
        given={event.item_id: event.kind for event in live.events_of(dataset, user_id)},
    )


def id_of(dataset: Dataset, user: int) -> str:
    """A user's id as events know it."""
    return str(plain(dataset.interactions.user_ids[user]))


def take(key: str) -> None:
    """Store what the cards of that key have sent. Runs before the page is drawn anew, so that no page ever shows as
    kept what is not on disk; a deed whose storing failed is said and not tried again."""
    deeds = read_deeds(state.sent(key, "act"))
    known = set(state.chosen(SETTLED, ()))
    fresh = [deed for deed in deeds if deed.id not in known]
    events = [event for deed in fresh if (event := _event(deed)) is not None]
    try:
        if events:
            event_store().record(events)
            state.choose(LAST, (KEPT, events[-1]))
    except RecallscopeError as error:
        state.choose(LAST, (NOT_KEPT, str(error)))
    settle(*(deed.id for deed in fresh))


def explain(key: str) -> None:
    """Open the explanation of the card that was asked about. All other choices go along by themselves: they belong to
    widgets, whose parameters nobody else may set."""
    item = str(state.sent(key, "why"))
    state.choose("item", item)
    st.switch_page(page_path(short_reason.PAGE), query_params={"item": item})


def settle(*ids: str) -> None:
    """Remember deeds that the browser need not send again."""
    state.choose(SETTLED, (*state.chosen(SETTLED, ()), *ids)[-MOST_SETTLED:])


def _event(deed: Deed) -> Event | None:
    """The deed as an event of now; None where its user or item is not there (any more)."""
    try:
        name, user_id = (str(part) for part in json.loads(deed.of))
        dataset = resources.dataset(name)[0]
        user_indices(dataset.interactions, [user_id])
        if deed.item_id in places(dataset):
            return Event(deed.id, name, user_id, deed.item_id, deed.kind, at=time.time())
    except (ValueError, TypeError, RecallscopeError):
        pass
    return None


@lru_cache(maxsize=4)
def places(dataset: Dataset) -> dict[str, int]:
    """Item id, as events know it -> index."""
    return {str(plain(item_id)): item for item, item_id in enumerate(dataset.catalog.item_ids)}


def undo(event: Event) -> None:
    """Take an event back; to be used as an ``on_click``."""
    try:
        event_store().undo(event.id)
    except RecallscopeError as error:
        state.choose(LAST, (NOT_KEPT, str(error)))
        return
    state.choose(LAST, (UNDONE, event))


def done(dataset: Dataset, user: int) -> dict[str, str]:
    """Item id -> what the user did with it last on these pages, in a word."""
    return {event.item_id: verb(event.kind) for event in live.events_of(dataset, id_of(dataset, user))}


def version(dataset: Dataset, recipe: Recipe, user: int) -> str:
    """What of live feedback a user's list depends on: two lists of one version differ by their settings alone."""
    if not live.counts(recipe):
        return ""
    return " ".join(event.id for event in live.events_of(dataset, id_of(dataset, user)))


def verb(kind: str) -> str:
    """A kind of feedback as what was done: "liked"."""
    return t(f"feedback.verb_{_word(kind)}")


def title_of(dataset: Dataset, item_id: str) -> str:
    """An item's title by its id; said in words where the catalogue has no such item any more."""
    item = places(dataset).get(item_id)
    return t("feedback.unknown_item", id=item_id) if item is None else str(dataset.catalog.titles[item])


def line(dataset: Dataset, user: int, counts: bool) -> None:
    """What was done last and the way back, above the list; always one line, so that the list stays where it is."""
    if problem := live.problem():
        st.warning(t("feedback.no_store", reason=plain_markdown(problem)), icon=":material/cloud_off:")
        return
    mine = live.events_of(dataset, id_of(dataset, user))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_said(dataset, user, mine, counts), width="content")
        st.button(
            t("feedback.undo"),
            key="feedback-undo",
            type="tertiary",
            icon=":material/undo:",
            disabled=not mine,
            help=_what(dataset, mine[-1], "feedback.undo_one") if mine else None,
            on_click=undo,
            args=mine[-1:] or (None,),
        )


def _said(dataset: Dataset, user: int, mine: tuple[Event, ...], counts: bool) -> str:
    how, what = state.chosen(LAST, ("", None))
    if how == NOT_KEPT:
        return t("feedback.not_kept", reason=plain_markdown(what.rstrip(".") + "."))
    if not counts:
        return t("feedback.off")
    if isinstance(what, Event) and (what.dataset, what.user_id) == (dataset.name, id_of(dataset, user)):
        here = {event.id for event in mine}
        if (how == KEPT) == (what.id in here):
            return _what(dataset, what, f"feedback.{how}")
    if not mine:
        return t("feedback.none")
    return t("feedback.one") if len(mine) == 1 else t("feedback.some", n=f"{len(mine):,}")


def _what(dataset: Dataset, event: Event, key: str) -> str:
    return t(key, did=did(dataset, event))


def did(dataset: Dataset, event: Event) -> str:
    """An event in markdown: "liked **Heat (1995)**"."""
    title = plain_markdown(title_of(dataset, event.item_id))
    return t(f"feedback.did_{_word(event.kind)}", title=f"**{title}**")


def _word(kind: str) -> str:
    return kind.replace("-", "_")
