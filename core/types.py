"""The frozen values that flow through the pipeline, and the glossary of their shapes.

    n_users, n_items   sizes of the data set; ``d`` is the width of a vector; ``m`` a list length
    item index         position in ``Catalog`` (0 .. n_items-1). The catalogue is sorted by item id, so a smaller
                       index IS a smaller id: ties broken by index are broken by item id.
    user index         position in ``Interactions.user_ids``
    score              higher is better, whatever the metric; the metric's own unit is the scorer's ``native``

Arrays in these types are shared and therefore read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .pools import Diversified
    from .recipe import Recipe
    from .sheets import Ledger

Array = npt.NDArray[Any]


def readonly(array: Array) -> Array:
    """The same array, contiguous and not writable (copied only where needed)."""
    out = np.ascontiguousarray(array)
    if out is array and array.base is not None and array.flags.writeable:
        out = array.copy()
    out.setflags(write=False)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """The items, in ascending order of their id.

    item_ids: (n_items,) int64, or object holding str; ascending, unique.
    titles: (n_items,) object holding str, never empty.
    categories: one tuple of names per item, () where none is known.
    fields: further text columns by name, each (n_items,) object holding str, "" where missing; "title" and
        "category" are always there, as the item-text template sees them (a missing title is "").
    """

    item_ids: Array
    titles: Array
    categories: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.item_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """Who did what, sorted by (user, time or place in the history, item).

    user_ids: (n_users,) int64, or object holding str; ascending, unique.
    indptr: (n_users + 1,) int64; user u's rows are ``indptr[u]:indptr[u + 1]``, oldest first.
    items: (n,) int32 item indices. weights: (n,) float32, >= 0 (a rating, a scaled count, or 1).
    times: (n,) int64 unix seconds, or None where the log has no time.
    ordered: True where each history stands oldest first; False where neither time nor order is known.
    positive_from: interactions with a smaller weight were made but not liked: the user has the item, yet it does not
        speak for her taste. 0 = all count.
    """

    user_ids: Array
    indptr: Array
    items: Array
    weights: Array
    times: Array | None
    ordered: bool = True
    positive_from: float = 0.0

    def __len__(self) -> int:
        return len(self.items)

    @property
    def n_users(self) -> int:
        return len(self.user_ids)

    def history(self, user: int) -> slice:
        """The rows of one user."""
        return slice(int(self.indptr[user]), int(self.indptr[user + 1]))

    def liked(self, user: int) -> Array:
        """The items of one user's history that count as liked, oldest first, as often as they stand there."""
        rows = self.history(user)
        return self.items[rows][self.weights[rows] >= self.positive_from]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing done to the data on purpose: which rule, how many rows or items, and why, in one sentence."""

    rule: str
    count: int
    text: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A catalogue, its log, and where they come from.

    fingerprint: 16 hex digits over the whole content; two data sets with the same one are the same.
    feedback: what a weight is: "rating" | "count" (log2(1 + count)) | "amount" (a count as it is) | "event" | "none"
        (log2(1 + repeats), so 1 for what was done once).
    template: the item text that suits this catalogue; used where a recipe names none.
    own_vectors: (n_items, d) float32 item vectors that came with the data, None where none did.
    ledgers: what cleaning did on import. origin: how the data set was made, as plain values (JSON): source files,
        roles, rules; {} for the built-in ones.
    """

    name: str
    label: str
    catalog: Catalog
    interactions: Interactions
    fingerprint: str
    notes: tuple[Note, ...] = ()
    licence: str = ""
    citation: str = ""
    source: str = ""
    feedback: str = "rating"
    template: str = ""
    own_vectors: Array | None = None
    ledgers: tuple[Ledger, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """What post-processing does to a vector: ``(x - mean) @ matrix``; each part may be None.

    mean: (d,) float64. matrix: (d, d_out) float64. Fitted on the items, applied to items, phrases and new texts.
    """

    mean: Array | None = None
    matrix: Array | None = None

    def apply(self, vectors: Array) -> Array:
        """(n, d) -> (n, d_out), float32."""
        out = np.asarray(vectors, dtype=np.float64)
        if self.mean is not None:
            out = out - self.mean
        if self.matrix is not None:
            out = out @ self.matrix
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The item vectors exactly as they are ranked.

    values: (n_items, d) float32, one row per catalogue item; unit rows where ``unit`` is true.
    affine: how a raw model output becomes a row of ``values`` (before the final unit scaling).
    fingerprint: 16 hex digits over model, texts, post-processing and precision: the cache key.
    notices: sentences about what was repaired or rebuilt on the way (damaged cache files ...).
    """

    values: Array
    unit: bool
    affine: Affine
    model: str
    precision: str
    fingerprint: str
    notices: tuple[str, ...] = ()

    def place(self, raw: Array) -> Array:
        """Put raw model outputs (n, d_raw) into this space -> (n, d) float32."""
        vectors = unit_rows(raw) if self.unit else np.asarray(raw, dtype=np.float32)
        out = self.affine.apply(vectors)
        return unit_rows(out) if self.unit else out


def unit_rows(vectors: Array) -> Array:
    """(n, d) -> float32 rows of length 1; a zero row stays zero."""
    out = np.asarray(vectors, dtype=np.float64)
    lengths = np.sqrt(np.einsum("nd,nd->n", out, out))[:, None]
    return np.divide(out, lengths, out=np.zeros_like(out), where=lengths > 0).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class UserVectors:
    """users: (n_users_asked,) int64 user indices. values: (n_users_asked, d) float32.

    known: (n_users_asked,) bool; False where nothing in the history counts as liked or its items cancel out, and then
    the row is NaN: such a user has no place in the space, which is a state to show, not a vector to rank with.
    has_history: (n_users_asked,) bool, something liked is there; tells the two reasons apart.
    interests: the directions that rank in place of ``values`` for users who have several, None where nobody has.
    """

    users: Array
    values: Array
    known: Array
    has_history: Array
    interests: InterestVectors | None = None


@dataclass(frozen=True, slots=True, eq=False)
class InterestVectors:
    """The interests of users who have several.

    owners: (q,) int64 rows of the UserVectors they belong to, ascending. values: (q, d) float32, in the same space.
    shares: (q,) float64, how much of the user each is; those of one owner sum to 1, the largest first.
    """

    owners: Array
    values: Array
    shares: Array


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Lists, best first, padded at the end.

    items: (n, m) int32 item indices, -1 where padded. scores: (n, m) float64, NaN where padded.
    """

    items: Array
    scores: Array

    @property
    def counts(self) -> Array:
        """(n,) how many items each list holds."""
        return (self.items >= 0).sum(axis=1)


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What one rule did to one list, beside the list that all other rules would give.

    text: the rule. touched: items of the catalogue it speaks of. entered, left: items that are in only one of the two
    lists, in their order. moved: how many of the others stand in another place.
    """

    text: str
    touched: int
    entered: tuple[int, ...]
    left: tuple[int, ...]
    moved: int


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The answer to a recipe: lists, and how they were made.

    pool: the candidates before the final cut. selected: the lists shown.
    n_above_threshold: (n,) how many candidates of the whole catalogue pass the threshold (all, without one).
    best_score: (n,) the best candidate's score, NaN where there is none: how near an empty list came.
    channels: for a merged list, channel -> (n, m) int32 like ``selected.items``: the rank, from 1, that the channel
        itself gives the item; 0 where it did not bring it. Empty where nothing was merged.
    diversified: what diversifying, spacing and exploration did between pool and list, None where none took part.
    rules: what each rule of the recipe did to the list, for a run of one user; else ().
    """

    recipe: Recipe
    dataset: str
    fingerprint: str
    model: str
    users: UserVectors
    pool: Candidates
    selected: Candidates
    n_above_threshold: Array
    best_score: Array
    timings_ms: Mapping[str, float]
    notices: tuple[str, ...] = field(default=())
    channels: Mapping[str, Array] = field(default_factory=dict)
    diversified: Diversified | None = None
    rules: tuple[RuleEffect, ...] = ()
