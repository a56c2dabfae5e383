"""Users of strategies with a space as sums over their histories: the weights and the vectors those sums are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..asking import Asking
from ..audience import Audience, Taste
from ..scoring import LONG_TERM, AsTrained, space_users
from ..splits import HistorySide, People, users_of
from ..strategies.als import FittedAls
from ..strategies.matrices import weighted_matrix
from ..types import Array, Interactions, UserVectors, Vectors, readonly
from ..users.placing import MIN_LENGTH
from .histories import Altered
from .sources import Case, as_known, told


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """q users as sums u = weights @ vectors + offset, from the rows of one history of m.

    weights: (q, m) float64. vectors: (m, d) float64. offset: (d,) float64. unit: whether u is scaled to length 1.
    shares: (q,) float64, of the interests of one user; None where each line is a user of her own. note: what is held
    fixed.
    """

    weights: Array
    vectors: Array
    offset: Array
    unit: bool
    shares: Array | None = None
    note: str = ""

    def raw(self) -> Array:
        """(q, d) float64 before any scaling; NaN rows where the history cancels out."""
        means = self.weights @ self.vectors
        lengths = np.sqrt(np.einsum("qd,qd->q", means, means))
        squares = np.einsum("md,md->m", self.vectors, self.vectors)
        used = self.weights != 0
        # As core.users.placing has it: weights that sum to the total, lengths beside what is typical of the rows used.
        totals = np.abs(self.weights.sum(axis=1))
        typical = np.sqrt((used @ squares) / np.maximum(used.sum(axis=1), 1))
        nowhere = (lengths <= MIN_LENGTH * typical * np.where(totals > 0, totals, 1)) | (lengths == 0)
        out: Array = means + self.offset
        out[nowhere] = np.nan
        return out

    def ready(self) -> Array:
        """(q, d) float32: the vectors lists are ranked by."""
        out = self.raw()
        if self.unit:
            lengths = np.sqrt(np.einsum("qd,qd->q", out, out))
            out /= np.where(lengths > 0, lengths, 1)[:, None]
        return out.astype(np.float32)


class AllAsOne(Asking):
    """Users of whom strategies know that they all are one and the same: its histories that might have been."""

    __slots__ = ("_who",)

    def __init__(self, case: Case, log: Altered) -> None:
        asked = case.asked
        held = Audience(log.log(), extra=asked.audience.extra, version="altered")
        super().__init__(
            held, asked.n_items, asked.strangers, asked.window, asked.now, asked.daypart, asked.weekday, asked.season,
            asked.affinity,
        )  # fmt: skip
        object.__setattr__(self, "_who", case.who)

    def whole(self, users: Array) -> People:
        """As ``Asking.whole``."""
        who: int = self._who  # type: ignore[attr-defined]
        return People(readonly(np.full(len(users), who)), users_of(self.audience.log, users))


def space_of(case: Case) -> Vectors:
    """The item vectors that rank."""
    return case.content if case.found is None or case.found.vectors is None else case.found.vectors


def as_asked(case: Case, histories: Altered) -> UserVectors:
    """The users of these histories, placed as a run places them, one by one."""
    return space_users(
        case.recipe, case.found, case.content.values, space_of(case).unit, AllAsOne(case, histories),
        np.arange(len(histories)),
    )  # fmt: skip


def sums(case: Case, histories: Altered) -> Sums | None:
    """The users of q histories as sums, a line for each; None where a line is not enough or users are no sums.

    Weights come from the user model itself, or from the strategy's own user side, so they are what a run would use.
    """
    if case.found is not None and case.recipe.user_model == LONG_TERM and not _linear(case):
        return None
    side, tastes, owners, places = _tastes(case, histories)
    if any(len(taste.shares) > 1 for taste in tastes):
        return None
    lines = [taste.weights[0] if len(taste.shares) else np.zeros(taste.weights.shape[1]) for taste in tastes]
    if side.totals is not None:
        lines = [line * total for line, total in zip(lines, side.totals, strict=True)]
    q, m = len(histories), len(histories.base)
    given = np.concatenate(lines) if lines else np.zeros(0)
    weights = np.bincount(owners * m + places, weights=given, minlength=q * m).reshape(q, m)
    return _sums(case, side, histories.base.items, weights)


def interests(case: Case, histories: Altered) -> Sums | None:
    """The one user of these histories as the interests that rank for her: a line for each, at least one.

    None where she is no sum over her history.
    """
    if case.found is not None and case.recipe.user_model == LONG_TERM and not _linear(case):
        return _solved(case, histories) if isinstance(case.found.fitted, FittedAls) else None
    side, tastes, _, places = _tastes(case, histories)
    taste, m = tastes[0], len(histories.base)
    weights = np.zeros((max(len(taste.shares), 1), m))
    for line, given in zip(weights, taste.weights, strict=False):
        np.add.at(line, places, given)
    if side.totals is not None:
        weights *= float(side.totals[0])
    found = _sums(case, side, histories.base.items, weights)
    return replace(found, shares=taste.shares, note="interest") if len(taste.shares) > 1 else found


def _sums(case: Case, side: HistorySide, items: Array, weights: Array) -> Sums:
    h = np.zeros((len(items), side.vectors.shape[1]))
    there = items < len(side.vectors)
    h[there] = side.vectors[items[there]]
    return Sums(weights, np.nan_to_num(h), side.offset.astype(np.float64), space_of(case).unit)


def history_vectors(case: Case) -> Array:
    """(n_items or more, d) float32: what an item stands for in a history."""
    return _side(case, as_known(case, case.history))[0].vectors


def _linear(case: Case) -> bool:
    return case.found is not None and hasattr(case.found.fitted, "history_side")


def _tastes(case: Case, histories: Altered) -> tuple[HistorySide, tuple[Taste, ...], Array, Array]:
    """-> the side, a taste for each history, and for each row they speak of its history and its place in the base."""
    side, people, keep = _side(case, as_known(case, histories.log()))
    trained = case.found is not None and case.recipe.user_model == LONG_TERM
    model = AsTrained(side) if trained else case.recipe.build("users")
    emphasis = case.asked.emphasis(people.histories)
    tastes = model(people.histories, np.arange(len(people)), side.vectors, emphasis)
    return side, tastes, histories.owners[keep], histories.places[keep]


def _side(case: Case, people: People) -> tuple[HistorySide, People, Array]:
    """How users are made of histories; the people as that knows them, and which rows are left (n_rows,) bool."""
    if case.found is None:
        extra = case.asked.audience.extra
        vectors = case.content.values if extra is None else np.vstack((case.content.values, extra))
        return HistorySide.plain(vectors), people, np.ones(len(people.histories), dtype=bool)
    known, keep = told(case, people)
    fitted = case.found.fitted
    if _linear(case):
        return fitted.history_side(known), known, keep  # type: ignore[attr-defined]
    return HistorySide.plain(space_of(case).values), known, keep


def _solved(case: Case, histories: Altered) -> Sums:
    """ALS as a sum, with the system it solves held fixed."""
    assert case.found is not None
    fitted: FittedAls = case.found.fitted  # type: ignore[assignment]
    people, keep = told(case, as_known(case, histories.log()))
    rows, vectors, sure = solved_rows(fitted, people.histories)
    m, rows = len(histories.base), histories.places[keep][rows]
    h, weights = np.zeros((m, vectors.shape[1])), np.zeros((1, m))
    h[rows], weights[0, rows] = vectors, sure
    return Sums(weights, h, np.zeros(vectors.shape[1]), space_of(case).unit, note="solved-system")


def solved_rows(fitted: FittedAls, log: Interactions) -> tuple[Array, Array, Array]:
    """ALS: with the system A = V'V + l I + sum_i (c_i - 1) v_i v_i' solved, u = sum_i c_i A^-1 v_i (Hu, Koren and
    Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008, section 5). log: of one user.

    -> (r,) rows of the log that count, (r, d) float64 A^-1 v_i, (r,) float64 c_i
    """
    heard = weighted_matrix(log, len(fitted.heard), fitted.knobs.als_half_life)
    last = {int(item): row for row, item in enumerate(log.items)}  # an item counts at its latest place
    rows = np.array([last[int(item)] for item in heard.indices], dtype=np.int64)
    vectors = np.where(fitted.heard[:, None], fitted.items, 0.0).astype(np.float64)
    mine = vectors[heard.indices]
    sure = 1.0 + (fitted.knobs.als_confidence - 1.0) * heard.data.astype(np.float64)
    system = vectors.T @ vectors + fitted.knobs.als_l2 * np.eye(vectors.shape[1]) + (mine.T * (sure - 1.0)) @ mine
    return rows, np.linalg.solve(system, mine.T).T, sure
