"""What the values of a column look like: the evidence where the header does not say what it is."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np

from ..sheets import VECTORS, Sheet
from ..types import Array
from ..values import NO_TIME, Ids, Numbers, as_ids, as_lists, as_numbers, as_texts, as_times
from .aliases import ALIASES, plain_name
from .feedback import looks_like_events

LOOKED_AT, COMPARED = 5_000, 200_000
"""Rows looked at, from the top (logs are often sorted by user, and only neighbours show the repeats), and rows whose
ids are compared with those of another file."""
EARLIEST, LATEST = 631_152_000, 2_208_988_800
"""1990 and 2040: a column of times lies between them."""
MOST = 0.95
IMAGE_ENDING = r"(?i)\.(jpe?g|png|gif|webp|svg|bmp|avif)(\?.*)?$"
VECTOR_CELL = r"^\[?\s*[-+]?\d*\.\d+(e[-+]?\d+)?\s*([,; ]\s*[-+]?\d+\.?\d*(e[-+]?\d+)?\s*){3,}\]?$"
LONG_TEXT, LONG_WORDS = 60, 8
LEAST_WIDTH = 4
"""A list of so many floats is a vector, whatever its name."""
FEW_NAMES = 60
SAMPLED = 50
"""Rows of each third that samples are taken from."""


class Column:
    """One column of a sheet: its name, and what its first LOOKED_AT values look like (worked out when asked for)."""

    def __init__(self, sheet: Sheet, name: str, place: int) -> None:
        self.name, self.place = name, place
        self.plain = plain_name(name)
        self.declared = sheet.declared.get(name, "")
        self.whole = sheet.table.column(place)
        self.data = self.whole.slice(0, LOOKED_AT)

    @cached_property
    def ids(self) -> Ids:
        return as_ids(self.data)

    @cached_property
    def all_ids(self) -> frozenset[str]:
        """The distinct ids of the first COMPARED rows, none for vectors."""
        return frozenset() if self.is_vector else frozenset(as_ids(self.whole.slice(0, COMPARED)).names.tolist())

    @cached_property
    def numbers(self) -> Numbers:
        return as_numbers(self.data)

    @cached_property
    def known(self) -> Array:
        """The finite numbers."""
        return self.numbers.values[np.isfinite(self.numbers.values)]

    @property
    def n_present(self) -> int:
        return int((self.ids.codes >= 0).sum())

    @property
    def n_distinct(self) -> int:
        return len(self.ids.names)

    @property
    def is_empty(self) -> bool:
        return self.n_distinct == 0

    @property
    def is_unique(self) -> bool:
        """Each value once; a few repeats are allowed, for the cleaning rules to find."""
        return not self.is_empty and self.n_distinct >= MOST * self.n_present

    @property
    def is_numeric(self) -> bool:
        return bool(len(self.known)) and len(self.known) >= MOST * self.n_present

    @property
    def is_whole(self) -> bool:
        return self.is_numeric and bool((self.known == np.floor(self.known)).all())

    @cached_property
    def lengths(self) -> Array:
        """(n_distinct,) characters per distinct value."""
        return np.array([len(name) for name in self.ids.names], dtype=np.int64)

    @property
    def length(self) -> float:
        return float(np.median(self.lengths)) if len(self.lengths) else 0.0

    @cached_property
    def words(self) -> float:
        """The median number of words per distinct value."""
        names = self.ids.names[:2000]
        return float(np.median([name.count(" ") + 1 for name in names])) if len(names) else 0.0

    @cached_property
    def is_vector(self) -> bool:
        """Lists of floats, real or written; short ones only where the column is called so."""
        import pyarrow.compute as pc
        import pyarrow.types as types

        kind = self.data.type
        if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
            lengths = pc.list_value_length(self.data)
            least = 2 if self.plain in ALIASES[VECTORS]["vector"] else LEAST_WIDTH
            return bool(types.is_floating(kind.value_type)) and (pc.mean(lengths).as_py() or 0) >= least
        return self._share_matching(VECTOR_CELL) >= MOST

    @cached_property
    def is_image(self) -> bool:
        return not self.is_vector and self._share_matching(IMAGE_ENDING) >= 0.5 and self.length > 4

    @cached_property
    def is_web_address(self) -> bool:
        return self._share_matching(r"(?i)^(https?://|www\.)") >= 0.5

    @cached_property
    def is_text(self) -> bool:
        """Words rather than numbers, times, addresses or vectors."""
        return not (
            self.is_vector or self.is_empty or self.is_numeric or self.is_image or self.is_web_address or self.is_time
        )

    @cached_property
    def is_long_text(self) -> bool:
        return self.is_text and self.length >= LONG_TEXT and self.words >= LONG_WORDS and not self.is_names

    @cached_property
    def is_time(self) -> bool:
        """Dates, or numbers since 1970 that fall between 1990 and 2040."""
        if self.is_vector or self.is_empty:
            return False
        times = as_times(self.data)
        good = times.seconds[times.seconds != NO_TIME]
        if not times.form or times.form == "year" or len(good) < MOST * self.n_present:
            return False
        return bool(np.mean((good >= EARLIEST) & (good < LATEST)) >= MOST)

    @cached_property
    def is_readable_time(self) -> bool:
        """Half of the values or more can be read as times, whenever that is."""
        times = as_times(self.data)
        return bool(times.form) and 2 * int((times.seconds != NO_TIME).sum()) >= self.n_present

    @cached_property
    def is_names(self) -> bool:
        """Few distinct names that come back row after row, one or several in a cell."""
        if self.is_vector or self.is_empty or self.is_numeric:
            return False
        lists = as_lists(self.data)
        parts = {name for names in lists for name in names}
        total = sum(map(len, lists))
        several = sum(len(names) > 1 for names in lists)
        few = len(parts) <= min(max(FEW_NAMES, total * 0.02), total * 0.5)
        return (several >= 0.1 * len(lists) and len(parts) <= 0.5 * total and self.length < 200) or (
            few and self.length < LONG_TEXT
        )

    @cached_property
    def is_listed(self) -> bool:
        """Whether many cells hold several names."""
        lists = as_lists(self.data)
        return sum(len(names) > 1 for names in lists) >= 0.1 * len(lists)

    @cached_property
    def is_event(self) -> bool:
        return (
            not self.is_vector
            and 1 <= self.n_distinct <= 30
            and not self.is_numeric
            and looks_like_events(self.ids.names)
        )

    @cached_property
    def is_place(self) -> bool:
        """Goes up by one from row to row and starts again at 0 or 1: a place in a history."""
        if self.declared == "token" or not self.is_whole or self.is_unique or len(self.known) < 4:
            return False
        steps = (np.diff(self.known) == 1) | np.isin(self.known[1:], (0, 1))
        return bool(self.known[0] in (0, 1) and steps.mean() >= MOST and (np.diff(self.known) == 1).mean() > 0.2)

    @cached_property
    def is_marks(self) -> bool:
        """Like ratings: 2 to 21 distinct numbers in steps of 1 or 1/2 within -10 .. 10, or tens up to 100."""
        distinct = np.unique(self.known)
        if not self.is_numeric or not 2 <= len(distinct) <= 41:
            return False
        halves = bool((distinct * 2 == np.floor(distinct * 2)).all())
        return bool(halves and distinct[0] >= -10 and distinct[-1] <= 10)

    @cached_property
    def repeats(self) -> bool:
        """Could be an id of a log: short values without blanks around words, most of them more than once."""
        return bool(
            not self.is_vector
            and not self.is_empty
            and not self.is_unique
            and self.n_distinct >= 2
            and self.length <= 80
            and (self.is_whole or not self.is_numeric)
        )

    def samples(self, role: str = "") -> tuple[str, ...]:
        """Up to three different values, as text on one line, cut where they are long: one of each third of the rows.

        A log sorted by user starts with many rows of the same one.
        """
        # RecBole's token_seq cuts a title at its blanks.
        joined_by = " " if self.declared == "token_seq" and role != "category" else ", "
        n = len(self.whole)
        ends = [n * part // 3 for part in range(4)]
        found: list[str] = []
        others: list[str] = []
        for start, end in pairwise(ends):
            texts = as_texts(self.whole.slice(start, min(end - start, SAMPLED)), joined_by).to_pylist()
            shown = [text for text in (" ".join(text.split())[:80] for text in texts) if text and text not in found]
            found += shown[:1]
            others += shown[1:]
        return tuple(dict.fromkeys([*found, *others]))[:3]

    def _share_matching(self, pattern: str) -> float:
        import pyarrow as pa
        import pyarrow.compute as pc

        if not len(self.ids.names):
            return 0.0
        found = pc.match_substring_regex(pa.array(self.ids.names[:2000].tolist(), pa.string()), pattern)
        return float(np.mean(found.to_numpy(zero_copy_only=False)))


def columns_of(sheet: Sheet) -> list[Column]:
    """The columns of a sheet, in order."""
    return [Column(sheet, name, place) for place, name in enumerate(sheet.columns)]


def overlap(one: Column, other: Column) -> float:
    """The share of the smaller set of distinct ids that stands in the other one as well, in [0, 1]."""
    smaller = min(len(one.all_ids), len(other.all_ids))
    return len(one.all_ids & other.all_ids) / smaller if smaller else 0.0


def covered(wanted: Column, given: Column) -> float:
    """The share of the distinct ids of the wanted column that stand in the given one, in [0, 1]."""
    return len(wanted.all_ids & given.all_ids) / len(wanted.all_ids) if wanted.all_ids else 0.0
