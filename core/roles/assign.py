"""The columns that play the roles of a kind: by name, then by content for the roles still open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..sheets import INTERACTIONS, ITEMS, NAMES, NEEDED, ROLES, SEVERAL, TAGS, UNUSED, VECTORS, Guess
from .aliases import ALIASES, LIKELY, NOT_ITEMS, NOT_WEIGHTS, SURE, is_attribute
from .content import Column

NAME, CONTENT = "name", "content"
TEXT_WORDS, FEW_WORDS = ("text", "descr", "summary", "plot", "synopsis", "abstract", "detail"), 4
"""A column so called is a text where its values have a few words."""
APART = 2
"""A title has more than so many times the distinct values of a category."""
OWN = 0.25
"""Or a value of its own for at least this share of the items."""
REPEATED_ID = 0.7
"""What is left of an item id's confidence where the values of an items file come back."""

Test = Callable[[Column], bool]


@dataclass
class Cast:
    """Who plays what, while it is being worked out."""

    columns: Sequence[Column]
    headed: bool
    roles: dict[str, list[Column]] = field(default_factory=dict)
    sure: dict[str, tuple[float, str]] = field(default_factory=dict)

    def free(self) -> list[Column]:
        """The columns without a role, in order."""
        taken = {column.place for players in self.roles.values() for column in players}
        return [column for column in self.columns if column.place not in taken]

    def give(self, role: str, column: Column, confidence: float, why: str) -> None:
        """One more column for a role; its confidence is that of its first."""
        self.roles.setdefault(role, []).append(column)
        self.sure.setdefault(role, (confidence, why))

    def open(self, *roles: str) -> bool:
        """Whether nothing plays any of these roles."""
        return not any(role in self.roles for role in roles)

    def drop(self, *roles: str) -> None:
        """Take roles back."""
        for role in roles:
            self.roles.pop(role, None)
            self.sure.pop(role, None)

    def by_content(self, role: str, test: Test, confidence: float, among: Iterable[Column] | None = None) -> None:
        """Give an open role to the first free column that passes."""
        if self.open(role):
            found = next((column for column in (self.free() if among is None else among) if test(column)), None)
            if found is not None:
                self.give(role, found, _typed(found, confidence), CONTENT)


def _typed(column: Column, confidence: float) -> float:
    """A typed header is written by a program that knows what the columns are."""
    return max(confidence, SURE) if column.declared else confidence


def assign(kind: str, columns: Sequence[Column], headed: bool = True) -> tuple[Guess, ...]:
    """One guess per role of the kind. headed: whether the names of the columns come from the file."""
    if kind == UNUSED:
        return ()
    cast = Cast(columns, headed)
    _by_name(kind, cast)
    _BY_CONTENT[kind](cast)
    return tuple(_guess(role, cast) for role in ROLES[kind])


def name_confidence(kind: str, role: str, column: Column) -> float:
    """How sure the name alone makes us that a column plays a role, 0 where it says nothing."""
    return ALIASES[kind].get(role, {}).get(column.plain, 0.0)


def _guess(role: str, cast: Cast) -> Guess:
    players = cast.roles.get(role, [])
    if not players:
        return Guess(role, (), 0.0, "")
    confidence, why = cast.sure[role]
    return Guess(role, tuple(column.name for column in players), confidence, why, players[0].samples(role))


def _by_name(kind: str, cast: Cast) -> None:
    found = []
    for order, role in enumerate(ROLES[kind]):
        ranks = {name: rank for rank, name in enumerate(ALIASES[kind][role])}
        for column in cast.columns:
            confidence = name_confidence(kind, role, column)
            if confidence and _fits(kind, role, column):
                if kind == ITEMS and role == "item_id" and not column.is_unique:
                    confidence *= REPEATED_ID
                found.append((-confidence, order, ranks[column.plain], column.place, role, column))
    for confidence, *_, role, column in sorted(found, key=lambda entry: entry[:4]):
        several = kind == ITEMS and role in SEVERAL and -confidence >= LIKELY
        if (several or cast.open(role)) and column in cast.free():
            repeated = kind == ITEMS and role == "item_id" and not column.is_unique
            cast.give(role, column, -confidence if repeated else _typed(column, -confidence), NAME)
    for role in SEVERAL:
        cast.roles.get(role, []).sort(key=lambda column: column.place)
    if kind == ITEMS:
        _names_before_codes(cast)


def _names_before_codes(cast: Cast) -> None:
    """Of category_name and category_id the name is enough."""
    players = cast.roles.get("category", [])
    named = [column for column in players if not column.plain.endswith(("id", "code"))]
    if named:
        cast.roles["category"] = named


def _fits(kind: str, role: str, column: Column) -> bool:
    """Whether what stands in a column allows the role its name promises; a little rubbish is no obstacle."""
    if role == "vector":
        return column.is_vector
    if column.is_vector:
        return False
    if column.is_empty:
        return role in NEEDED[kind]
    if role in ("weight", "position"):
        return len(column.known) * 2 >= column.n_present
    if role in ("year", "month", "day"):
        low, high = {"year": (1900, 2100), "month": (1, 12), "day": (1, 31)}[role]
        return column.is_whole and bool(((column.known >= low) & (column.known <= high)).mean() > 0.9)
    if role == "datetime":
        return column.is_readable_time
    if role == "event":
        return column.n_distinct <= 100 and not (column.is_numeric and column.n_distinct > 10)
    if role in ("title", "text") and kind == ITEMS:
        return not column.is_numeric or column.plain == role
    return True


def _log_by_content(cast: Cast) -> None:
    cast.by_content("datetime", lambda column: column.is_time, 0.7)
    if not cast.open("datetime") or cast.open("year") or cast.open("month"):
        # A year alone is that of the film, and beside a time the parts say nothing new.
        cast.drop("year", "month", "day")
    cast.by_content("event", lambda column: column.is_event, 0.7)
    _user_and_item(cast)
    if cast.open("datetime", "year"):
        cast.by_content("position", lambda column: column.is_place and _may_weigh(column), 0.5)
    cast.by_content("weight", lambda column: column.declared == "float" and _may_weigh(column), 0.6)
    if cast.open("event"):
        cast.by_content("weight", lambda column: column.is_marks and not column.is_place and _may_weigh(column), 0.6)
    if not cast.headed:
        cast.by_content("weight", _may_count, 0.4)


def _user_and_item(cast: Cast) -> None:
    """In every layout in use the user stands before the item."""
    candidates = id_candidates(cast.free())
    headed = 0.6 if cast.headed else 0.5
    for role in ("user_id", "item_id"):
        if cast.open(role) and candidates:
            column = candidates.pop(0)
            cast.give(role, column, _typed(column, 0.65 if column.plain.endswith("id") else headed), CONTENT)


def id_candidates(columns: Iterable[Column]) -> list[Column]:
    """Columns that may be users or items of a log, in order: those called something with id first, if there are any."""
    columns = [column for column in columns if not column.is_vector and column.plain not in NOT_WEIGHTS]
    likely = [column for column in columns if column.repeats and not _is_something_else(column)]
    if len(likely) < 2:
        likely += [
            column
            for column in columns
            if column not in likely and column.is_unique and column.length <= 40 and not _is_something_else(column)
        ]
    likely = [column for column in likely if column.plain not in NOT_ITEMS]
    return sorted(likely, key=lambda column: (not column.plain.endswith("id"), column.place))


def _is_something_else(column: Column) -> bool:
    few = column.is_marks and column.n_distinct <= 21 and column.n_present > 50
    return column.is_time or column.is_event or column.is_place or few or (column.is_numeric and not column.is_whole)


def _may_weigh(column: Column) -> bool:
    return column.plain not in NOT_WEIGHTS and not column.plain.endswith("id")


def _may_count(column: Column) -> bool:
    return column.is_numeric and bool((column.known >= 0).all()) and len(set(column.known.tolist())) > 1


def _items_by_content(cast: Cast) -> None:
    cast.by_content("vector", lambda column: column.is_vector, 0.9)
    _unique_id(cast, "item_id")
    cast.by_content("image", lambda column: column.is_image, 0.8)
    named = [column for column in cast.free() if "title" in column.plain or "name" in column.plain]
    cast.by_content("title", _is_title, 0.75, named)
    cast.by_content("title", _is_title, 0.5)
    if cast.open("title"):
        _repeated_title(cast)
    if cast.open("category"):
        listed = [column for column in cast.free() if any(word in column.plain for word in ("categ", "genre", "tag"))]
        cast.by_content("category", lambda column: not column.is_numeric, 0.7, listed)
        named = [column for column in cast.free() if column.is_names and not is_attribute(column.plain)]
        named.sort(key=lambda column: column.words >= FEW_WORDS and not column.is_listed)
        cast.by_content("category", lambda column: True, 0.5, named)
    for column in cast.free():
        worded = column.is_text and column.words >= FEW_WORDS
        if column.is_long_text or (worded and (_sounds_like_text(column) or _is_told_of_each(column))):
            cast.give("text", column, 0.6, CONTENT)
    if cast.open("text") and not cast.open("title"):
        told = [column for column in cast.free() if _is_told(column, cast.roles["title"][0])]
        cast.by_content("text", lambda column: True, 0.4, told)
    cast.roles.get("text", []).sort(key=lambda column: column.place)


def _repeated_title(cast: Cast) -> None:
    """Where no text has a value of its own for each item: the first of those that tell most apart, in a few words."""
    texts = [column for column in cast.free() if column.is_text and not is_attribute(column.plain)]
    fewest = min((column.n_distinct for column in texts), default=0)
    texts = [column for column in texts if column.n_distinct > min(APART * fewest, OWN * column.n_present)]
    apart = [column for column in texts if not column.is_listed]
    apart.sort(key=lambda column: column.words >= FEW_WORDS)
    cast.by_content("title", lambda column: 2 <= column.length <= 200, 0.35, apart)


def _is_told(column: Column, title: Column) -> bool:
    """Whether a column has more words than the title, in sentences that come back."""
    worded = column.is_text and column.words >= FEW_WORDS and column.words > title.words
    return worded and not column.is_listed and not is_attribute(column.plain)


def _sounds_like_text(column: Column) -> bool:
    return any(word in column.plain for word in TEXT_WORDS)


def _is_told_of_each(column: Column) -> bool:
    """Whether nearly every item has words of its own there."""
    return not column.is_names and column.n_distinct > 0.8 * column.n_present


def _is_title(column: Column) -> bool:
    return column.is_text and column.n_distinct > 0.5 * column.n_present and 2 <= column.length <= 200


def _unique_id(cast: Cast, role: str) -> None:
    free = [column for column in cast.free() if not column.is_vector and column.plain not in NOT_WEIGHTS]
    named = [column for column in free if column.plain.endswith(("id", "code", "key"))]
    cast.by_content(role, _is_short_and_unique, 0.65, named)
    cast.by_content(role, _is_short_and_unique, 0.5, free)
    cast.by_content(role, lambda column: column.is_unique and column.length <= 80 and not column.is_time, 0.4, free)


def _is_short_and_unique(column: Column) -> bool:
    return column.is_unique and column.length <= 40 and column.words <= 1


def _tags_by_content(cast: Cast) -> None:
    candidates = id_candidates(cast.free())
    cast.by_content("item_id", lambda column: True, 0.5, candidates)
    cast.by_content("category", lambda column: column.repeats and not column.is_time, 0.5)


def _names_by_content(cast: Cast) -> None:
    _unique_id(cast, "code")
    cast.by_content("name", lambda column: column.is_text, 0.5)


def _vectors_by_content(cast: Cast) -> None:
    cast.by_content("vector", lambda column: column.is_vector, 0.9)
    _unique_id(cast, "item_id")


_BY_CONTENT: dict[str, Callable[[Cast], None]] = {
    INTERACTIONS: _log_by_content,
    ITEMS: _items_by_content,
    TAGS: _tags_by_content,
    NAMES: _names_by_content,
    VECTORS: _vectors_by_content,
}
