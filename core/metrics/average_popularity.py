"""Average recommendation popularity (ARP)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..types import Array
from .judged import Judged
from .running import mean_of_items


@dataclass(frozen=True, slots=True)
class AveragePopularity:
    """How many training users liked the items of a list, on average.

    >>> from core.metrics.worked import worked
    >>> worked(AveragePopularity())
    [[4.0, 3.0, 2.0], [1.0, 2.5, 2.5]]
    """

    key: ClassVar[str] = "arp"
    label: ClassVar[str] = "Popularity (ARP)"
    order: ClassVar[int] = 13
    per_user: ClassVar[bool] = True
    better: ClassVar[str] = ""
    formula: ClassVar[str] = "mean of the users who liked the item in training over the first K"
    denominator: ClassVar[str] = "K, or the filled places where the list is shorter"
    source: ClassVar[str] = "Yin et al. (2012); Abdollahpouri et al. (2019)"

    def __call__(self, judged: Judged, ks: Array) -> Array:
        """(n, n_k) float32, users; NaN for an empty list."""
        return mean_of_items(judged, judged.world.popularity, ks)
