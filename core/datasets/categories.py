"""Categories of a catalogue: how often each occurs, and the one that says most about an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..types import Catalog


def by_count(catalog: Catalog) -> tuple[tuple[str, int], ...]:
    """Every category with its number of items, the most frequent first, equal ones by name."""
    counts = Counter(name for names in catalog.categories for name in set(names))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def telling_first(names: Sequence[str], counts: dict[str, int], known: Sequence[str]) -> tuple[str, ...]:
    """An item's categories with the most telling one first: the rarest of those in ``known``.

    "Drama" says less about a film that is also "Sci-Fi". The others follow, the rarest first.
    """
    return tuple(sorted(names, key=lambda name: (name not in known, counts.get(name, 0), name)))
