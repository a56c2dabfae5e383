"""Exact attribution: a score taken apart into what each row of the history adds, and what is no history's doing.

    values.sum(0) + residual == scores

``formula`` says how, in the terms below; u = sum_i a_i h_i + o is the user's vector with a_i the weight of row i, h_i
what its item stands for (in content the item vector itself) and o an offset that is alike for everybody.

    cosine      cos(u, v)  = sum_i a_i h_i.v / (|u||v|)  +  o.v / (|u||v|)
    dot         u.v        = sum_i a_i h_i.v  +  o.v                       (u of length 1 where vectors are scaled so)
    euclidean   -|u - v|   = sum_i 2 a_i h_i.v / d  +  2 o.v / d  -  (|u|^2 + |v|^2) / d           with d = |u - v|
    history     sum_i h_i B_ij: EASE, neighbours, sequence, nearest items
    fusion      sum over channels of weight * (s - mean) / sd, and each s as its channel has it
    same        the score is the same for everybody
    without     score - score without the row: not a sum, so what rows say only together stays over
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..audience import Audience
from ..recipe import Recipe
from ..types import Array, Dataset, Vectors
from .sources import Case, Sources, case_of, check_items

OFFSET, LENGTHS, POPULARITY, RULES, MEAN, TOGETHER, ROUNDING, OUTSIDE = (
    "offset", "lengths", "popularity", "rules", "mean", "together", "rounding", "outside",
)  # fmt: skip
"""Names of residual parts: what is alike for everybody; the squared lengths of a distance; how many liked the item;
what rules add; the channel's mean; what rows say only together; float32; a channel's part that is no row's."""


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """The scores of n items for one user, taken apart over the m rows of her history.

    strategy: its key. formula: how it was done, a key for the words (see the module). targets: (n,) item indices.
    scores: (n,) float64, higher is better, as the list shows them up to float32. values: (m, n) float64. residual: (n,)
    float64, the sum of residual_parts, each (n,). channels: for a merged list, each channel's part of the scores.
    exact: True where the score is that sum; False where values are differences that need not add up.
    note: "" or a key for the words: what is held fixed ("solved-system", "given-neighbours", "interest"), or that it is
    no sum ("leave-one-out", "ranks").
    """

    strategy: str
    formula: str
    targets: Array
    scores: Array
    sources: Sources
    values: Array
    residual: Array
    residual_parts: Mapping[str, Array] = field(default_factory=dict)
    channels: Mapping[str, Attribution] = field(default_factory=dict)
    exact: bool = True
    note: str = ""

    def of(self, item: int) -> int:
        """The place of an item among the targets; raises KeyError."""
        found = np.flatnonzero(self.targets == item)
        if not len(found):
            raise KeyError(item)
        return int(found[0])


def attribute(
    recipe: Recipe,
    dataset: Dataset,
    content: Vectors,
    user: int,
    targets: Array,
    audience: Audience | None = None,
) -> Attribution:
    """Why items (n,) have their scores for a user. content: the item-text vectors.

    A score that is not there (no opinion, no place) is NaN, and so are its values. Raises InputError for a user without
    a direction, and for items and users that are not there.
    """
    return attribute_case(case_of(recipe, dataset, content, user, audience), targets)


def attribute_case(case: Case, targets: Array) -> Attribution:
    """The same for a case that is already at hand."""
    from .parts_own import own_parts
    from .parts_space import space_parts

    items = check_items(case, targets)
    return space_parts(case, items) if case.found is None or case.found.vectors is not None else own_parts(case, items)
