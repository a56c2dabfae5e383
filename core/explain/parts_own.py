"""Attribution where a strategy ranks by scores of its own: sums over the history, merged channels, and all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..errors import InputError
from ..registry import stage
from ..scoring import scores_of, spread_of
from ..splits import Fitted, HistorySide, People
from ..strategies.als import FittedAls
from ..strategies.fusion_rank import FittedFusionRank
from ..strategies.fusion_score import FittedFusionScore
from ..strategies.matrices import row_weights
from ..strategies.merging import Channels, ranks_of
from ..strategies.popularity import FittedPopularity
from ..strategies.user_knn import FittedUserKnn
from ..types import Array
from .attribution import MEAN, OFFSET, POPULARITY, ROUNDING, TOGETHER, Attribution
from .directions import solved_rows
from .histories import without_each
from .pairs import table_for
from .parts_space import plus_rules, sources_of
from .sources import Case, as_known, told
from .standing import BLOCK, bonus_of

NO_OPINION = "this strategy has no score to explain for this user: nothing in the history tells it anything"


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A strategy's own scores of n items, taken apart over m rows. weights: (m,). values: (m, n). left: (n,) each."""

    formula: str
    weights: Array
    values: Array
    left: Mapping[str, Array] = field(default_factory=dict)
    exact: bool = True
    note: str = ""

    def total(self) -> Array:
        """(n,) what values and what is left add up to."""
        return self.values.sum(axis=0) + sum(self.left.values(), np.zeros(self.values.shape[1]))


def own_parts(case: Case, targets: Array) -> Attribution:
    """The strategy's own scores of items (n,). Raises InputError where it has none for this user."""
    assert case.found is not None
    row = scores_of(case.found, case.asked, case.user)
    if np.isnan(row).all():
        raise InputError(NO_OPINION)
    fitted, full = case.found.fitted, row[targets].astype(np.float64)
    if isinstance(fitted, FittedFusionScore):
        said = _merged(case, targets, full, _scored_channels(case, fitted.parts, targets))
    elif isinstance(fitted, FittedFusionRank):
        parts = _left_out(case, fitted, targets, full)
        said = replace(
            _said(case, targets, full, parts), channels=_ranked_channels(case, fitted, targets), note="ranks"
        )
    else:
        said = _said(case, targets, full, parts_of(case, fitted, targets, full))
    bonus = bonus_of(case)
    return said if bonus is None else plus_rules(said, bonus[targets] * float(spread_of(row[None, :])[0]))


def _said(case: Case, targets: Array, full: Array, parts: Parts, name: str = "") -> Attribution:
    """Parts beside the scores that are shown: what float32 made of them is a part of its own."""
    silent = np.isnan(full)
    values = np.where(silent[None, :], np.nan, parts.values)
    left = {key: np.where(silent, np.nan, one) for key, one in parts.left.items()}
    off = full - parts.total()
    if parts.exact and (np.nan_to_num(off) != 0).any():
        left[ROUNDING] = off
    residual = sum(left.values(), np.where(silent, np.nan, 0.0))
    return Attribution(
        name or case.recipe.strategy, parts.formula, targets, full, sources_of(case, parts.weights), values, residual,
        left, exact=parts.exact, note=parts.note,
    )  # fmt: skip


def parts_of(case: Case, fitted: Fitted, targets: Array, full: Array) -> Parts:
    """The own scores of a fitted strategy, be it by itself or a channel. full: (n,) its scores of the targets."""
    m, log = len(case.history), case.history
    people, keep = told(case, as_known(case, log))
    rows = np.flatnonzero(keep)
    if isinstance(fitted, FittedPopularity):
        return Parts("same", np.zeros(m), np.zeros((m, len(targets))), {POPULARITY: full})
    table = table_for(fitted)
    if table is not None:
        h = row_weights(people.histories, table.half_life)
        total = h.sum() if table.mean and h.sum() > 0 else 1.0
        used = np.flatnonzero(h)
        found = table.between(people.histories.items[used])(targets) * (h[used] / total)[:, None]
        return _spread(m, "history", rows[used], h[used] / total, found)
    if isinstance(fitted, FittedUserKnn):
        return _by_users(m, rows, fitted, people, targets)
    sums = _sums(fitted, people)
    if sums is None:
        return _left_out(case, fitted, targets, full)
    (used, weights, h), side, note = sums
    items = fitted.item_vectors()[targets].astype(np.float64)  # type: ignore[attr-defined]
    out = _spread(m, "dot", rows[used], weights, (h @ items.T) * weights[:, None])
    offset = items @ side.offset
    return replace(out, left={OFFSET: offset} if side.offset.any() else {}, note=note)


def _spread(m: int, formula: str, rows: Array, weights: Array, found: Array) -> Parts:
    """Weights (r,) and values (r, n) of some rows, among all m."""
    every, values = np.zeros(m), np.zeros((m, found.shape[1]))
    every[rows], values[rows] = weights, found
    return Parts(formula, every, values)


def _sums(fitted: Fitted, people: People) -> tuple[tuple[Array, Array, Array], HistorySide, str] | None:
    """A strategy's own user side: (rows, weights, vectors) of the people's history, and the side for its offset."""
    if isinstance(fitted, FittedAls):
        rows, h, sure = solved_rows(fitted, people.histories)
        return (rows, sure, h), HistorySide.plain(fitted.items), "solved-system"
    if not hasattr(fitted, "history_side"):
        return None
    side: HistorySide = fitted.history_side(people)
    weights = side.weights
    if weights is None:  # left to a user model, which is the default one in a channel (core/strategies/content.py)
        taste = stage("users").get("weighted_mean")()(people.histories, np.array([0]), side.vectors)[0]
        weights = taste.weights[0] if len(taste.shares) else np.zeros(len(people.histories))
    used = np.flatnonzero(weights)
    h = side.vectors[people.histories.items[used]].astype(np.float64)
    if side.weights is None and getattr(fitted, "unit", False):
        whole = weights[used] @ h
        weights = weights / max(float(np.sqrt(whole @ whole)), 1e-30)
    return (used, weights[used], h), side, ""


def _by_users(m: int, rows: Array, fitted: FittedUserKnn, people: People, targets: Array) -> Parts:
    """User neighbours: sum_v s_v ** p x_vj, where s_v is a sum over the history, so each neighbour's say is divided
    among the items that make her one: s_v ** p = sum_i (part of i in s_v) s_v ** (p - 1). It adds up exactly; how near
    the neighbours are is held fixed."""
    knobs = fitted.knobs
    h = row_weights(people.histories, knobs.userknn_half_life)
    used = np.flatnonzero(h)
    sources = people.histories.items[used]
    shared = fitted.rows[:, sources].toarray().astype(np.float64)
    lengths = np.sqrt(np.diff(fitted.rows.indptr)) + knobs.userknn_shrink
    given = h[used] * fitted.rarity[sources]
    lengths = np.where(lengths > 0, lengths, 1)
    near = (shared @ given) / lengths
    who = int(people.users[0])
    if 0 <= who < len(near):
        near[who] = 0.0
    say = np.where(near > 0, np.maximum(near, 1e-300) ** (knobs.userknn_power - 1), 0) / np.where(
        lengths > 0, lengths, 1
    )
    liked = fitted.rows[:, targets].toarray().astype(np.float64)
    found = given[:, None] * ((shared * say[:, None]).T @ liked) * fitted.scale[targets]
    return replace(_spread(m, "history", rows[used], given, found), note="given-neighbours")


def _left_out(case: Case, fitted: Fitted, targets: Array, full: Array) -> Parts:
    """No sum: the score less the score without each row. All histories are asked about together, in blocks."""
    histories = without_each(case.history)
    parts = [np.zeros((0, len(targets)))]
    for start in range(0, len(histories), BLOCK):
        some = histories.part(start, min(start + BLOCK, len(histories)))
        people, _ = told(case, as_known(case, some.log()))
        parts.append(np.asarray(fitted.score(people))[:, targets].astype(np.float64))
    values = np.where(np.isnan(full), np.nan, full[None, :] - np.nan_to_num(np.concatenate(parts)))
    over = full - values.sum(axis=0)
    m = len(case.history)
    return Parts("without", np.ones(m), values, {TOGETHER: over}, exact=False, note="leave-one-out")


def _scored_channels(case: Case, channels: Channels, targets: Array) -> dict[str, Attribution]:
    """Each channel's part of a sum of standardised scores: its own attribution times weight / sd, less the mean."""
    people, _ = told(case, as_known(case, case.history))
    out = {}
    for name, fitted in channels.fitted.items():
        row = np.asarray(fitted.score(people), dtype=np.float64)[0]
        mean, spread = _spread_of(row, people, channels.among)
        silent = np.isnan(row[targets])
        full = np.where(silent, 0.0, row[targets])
        factor = np.where(silent, 0.0, channels.weights[name] / spread if spread > 0 else 0.0)
        parts = parts_of(case, fitted, targets, full)
        left = {**parts.left, MEAN: np.full(len(targets), -mean)}
        scaled = replace(
            parts,
            values=np.nan_to_num(parts.values) * factor,
            left={key: np.nan_to_num(one) * factor for key, one in left.items()},
            formula=parts.formula,
        )
        out[name] = _said(case, targets, (full - mean) * factor, scaled, name)
    return out


def _spread_of(row: Array, people: People, among: Array) -> tuple[float, float]:
    """Mean and standard deviation of one row, as core.strategies.merging.standardised takes them; 0 without spread."""
    there = ~np.isnan(row) & among
    there[people.histories.items] = False
    if not there.any():
        return 0.0, 0.0
    mean = float(row[there].mean())
    spread = float(np.sqrt(np.mean((row[there] - mean) ** 2)))
    return mean, spread if spread > 1e-12 else 0.0


def _merged(case: Case, targets: Array, full: Array, channels: Mapping[str, Attribution]) -> Attribution:
    """The sum over channels."""
    m = len(case.history)
    values = sum((one.values for one in channels.values()), np.zeros((m, len(targets))))
    left: dict[str, Array] = {}
    for one in channels.values():
        for name, part in one.residual_parts.items():
            left[name] = left.get(name, np.zeros(len(targets))) + part
    weights = sum((np.abs(one.values).sum(axis=1) for one in channels.values()), np.zeros(m))
    exact = all(one.exact for one in channels.values())
    rounding = left.pop(ROUNDING, np.zeros(len(targets)))
    parts = Parts("fusion", weights, values, left, exact=exact)
    off = full - parts.total() - rounding
    parts = replace(parts, left={**left, ROUNDING: rounding + np.nan_to_num(off)})
    return replace(_said(case, targets, full, replace(parts, exact=False)), exact=exact, channels=channels)


def _ranked_channels(case: Case, fitted: FittedFusionRank, targets: Array) -> dict[str, Attribution]:
    """Each channel's part of a sum of reciprocal ranks. A rank is no sum over the history: there is nothing inside."""
    people, _ = told(case, as_known(case, case.history))
    m, out = len(case.history), {}
    for name, scores in fitted.parts.scores(people).items():
        ranks = ranks_of(np.where(fitted.parts.among, scores, np.nan), people)[0, targets]
        given = np.where(ranks > 0, fitted.parts.weights[name] / (fitted.constant + ranks), 0.0)
        parts = Parts("rank", np.zeros(m), np.zeros((m, len(targets))), {TOGETHER: given}, note="ranks")
        out[name] = _said(case, targets, given, parts, name)
    return out
