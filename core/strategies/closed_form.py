"""The closed form of a linear item-item model with a zero diagonal, solved in the smaller of its two systems.

With rows A (r, n_items), P = (A'A + l I)^-1 and B_ij = -P_ij / P_jj, B_jj = 0 (Steck, "Embarrassingly Shallow
Autoencoders for Sparse Data", WWW 2019). By the Woodbury identity l P = I - A'M A with M = (l I + AA')^-1 of size
(r, r), so a history h scores  h B = (h A'M A - h) / d + h  with  d_j = l P_jj = 1 - a_j'M a_j: the item x item matrix
is never formed where there are fewer rows than items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, IntegrityError
from ..types import Array, readonly
from .matrices import Sparse, column_counts

LARGEST_SYSTEM = 20_000
"""Rows of the largest system solved: its inverse takes 3.2 GB."""
LARGEST_ERROR = 1e-3
"""Of a solution put back into its system, where the right side is 1 or -1."""
BLOCK = 1024
"""Columns that are worked on at once where the whole would be large."""


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """rows: (r, n_items) CSR. extra: (e, n_items) float32 dense rows, below them. inner: (r + e, r + e) float32, M.
    diagonal: (n_items,) float64, d."""

    rows: Sparse
    extra: Array
    inner: Array
    diagonal: Array

    def score(self, histories: Sparse) -> Array:
        """(n, n_items) CSR -> (n, n_items) float32."""
        folded = product(np.hstack([(histories @ self.rows.T).toarray(), histories @ self.extra.T]), self.inner)
        return finished(times_rows(folded, self.rows, self.extra), histories, self.diagonal)

    def weights(self, sources: Array, target: int) -> Array:
        """(len(sources),) float64: B from each source item to the target, what a history item adds to its score."""
        left = columns_of(self.rows, self.extra, sources)
        right = self.inner @ columns_of(self.rows, self.extra, np.array([target]))[:, 0]
        return np.where(sources == target, 0.0, left.T @ right / self.diagonal[target])


@dataclass(frozen=True, slots=True, eq=False)
class Primal:
    """weights_to: (n_items, n_items) float32, B itself: for catalogues smaller than their log has users."""

    weights_to: Array

    def score(self, histories: Sparse) -> Array:
        """(n, n_items) CSR -> (n, n_items) float32."""
        return np.asarray(histories @ self.weights_to, dtype=np.float32)

    def weights(self, sources: Array, target: int) -> Array:
        """(len(sources),) float64: B from each source item to the target."""
        return self.weights_to[sources, target].astype(np.float64)


def solve(rows: Sparse, l2: float, extra: Array | None = None, *, dual: bool | None = None) -> Dual | Primal:
    """Fit on sparse rows and, if given, dense ones. dual: which system; None = the smaller one.

    Raises InputError where even the smaller one is out of reach.
    """
    dense = np.zeros((0, rows.shape[1]), dtype=np.float32) if extra is None else np.asarray(extra, dtype=np.float32)
    filled = rows[np.flatnonzero(np.diff(rows.indptr))]
    size = filled.shape[0] + len(dense)
    use_dual = size <= rows.shape[1] if dual is None else dual
    if (size if use_dual else rows.shape[1]) > LARGEST_SYSTEM:
        raise InputError(
            f"the closed form needs at most {LARGEST_SYSTEM:,} users or items, here are {size:,} and "
            f"{rows.shape[1]:,}: use item-knn or als, or a smaller part of the data"
        )
    return _dual(filled, dense, l2) if use_dual else _primal(filled, dense, l2)


def _dual(rows: Sparse, extra: Array, l2: float) -> Dual:
    def gram() -> Array:
        across = rows @ extra.T
        return np.block([[(rows @ rows.T).toarray(), across], [across.T, extra @ extra.T]]).astype(np.float64)

    inner = inverse(gram, l2)
    inner32 = inner.astype(np.float32)
    taken = np.zeros(rows.shape[1])
    columns = rows.T.tocsr()
    for start in range(0, rows.shape[1], BLOCK):
        part = slice(start, start + BLOCK)
        sparse, dense = columns[part], extra[:, part].T
        spread = times_columns(inner32, sparse, dense)
        taken[part] = np.asarray(sparse.multiply(spread[:, : rows.shape[0]]).sum(axis=1)).ravel()
        taken[part] += np.einsum("ij,ij->i", dense, spread[:, rows.shape[0] :])
    return Dual(rows, readonly(extra), readonly(inner32), readonly(1.0 - taken))


def _primal(rows: Sparse, extra: Array, l2: float) -> Primal:
    def gram() -> Array:
        return (rows.T @ rows).toarray().astype(np.float64) + extra.T.astype(np.float64) @ extra

    found = inverse(gram, l2)
    weights = -found / np.diagonal(found)
    np.fill_diagonal(weights, 0.0)
    return Primal(readonly(weights.astype(np.float32)))


def inverse(gram: Callable[[], Array], l2: float) -> Array:
    """(gram + l2 I)^-1 of a positive semi-definite (n, n) float64, which ``gram`` makes anew at each call.

    What LAPACK gives is put back into the system, since EASE was twice seen without an opinion on a busy machine, with
    no error said. A wrong solution is solved again by numpy's own library. Raises InputError where there is none,
    IntegrityError where neither finds it.
    """
    for solved in (_by_cholesky, np.linalg.inv):
        found = solved(_raised(gram(), l2))
        if is_inverse(found, _raised(gram(), l2)):
            return found
    raise IntegrityError("the closed form was solved wrongly by this machine's linear algebra: try again")


def is_inverse(found: Array, matrix: Array) -> bool:
    """Whether found is matrix^-1, both (n, n), by what they do to one vector: a few products, no third power."""
    probe = np.where(np.arange(len(matrix)) % 2, -1.0, 1.0)
    return bool(np.abs(matrix @ (found @ probe) - probe).max(initial=0.0) <= LARGEST_ERROR)


def product(left: Array, right: Array) -> Array:
    """left @ right, checked like the inverse, and made again without the machine's linear algebra where it is wrong."""
    found = left @ right
    probe = np.where(np.arange(right.shape[1]) % 2, -1, 1).astype(right.dtype)
    expected = left @ (right @ probe)
    error = np.abs(found @ probe - expected).max(initial=0.0)
    alike = error <= LARGEST_ERROR * np.abs(expected).max(initial=0.0)
    return found if alike else np.einsum("ij,jk->ik", left, right)


def _raised(gram: Array, l2: float) -> Array:
    gram[np.diag_indices_from(gram)] += l2
    return gram


def _by_cholesky(matrix: Array) -> Array:
    """The inverse of a positive definite matrix, which is overwritten."""
    from scipy.linalg import lapack

    factor, problem = lapack.dpotrf(matrix, lower=1, overwrite_a=1)
    if problem:
        raise InputError("the closed form has no solution with so small a regularisation: raise it")
    out, _ = lapack.dpotri(factor, lower=1, overwrite_c=1)
    return np.tril(out) + np.tril(out, -1).T


def times_rows(left: Array, rows: Sparse, extra: Array) -> Array:
    """(n, r + e) @ [rows; extra] -> (n, n_items) float32."""
    split = rows.shape[0]
    out: Array = np.asarray(left[:, :split] @ rows, dtype=np.float32)
    return out + left[:, split:] @ extra if len(extra) else out


def times_columns(inner: Array, columns: Sparse, dense: Array) -> Array:
    """Columns of the rows, (m, r) CSR beside (m, e) dense, times the symmetric inner -> (m, r + e)."""
    split = columns.shape[1]
    out: Array = np.asarray(columns @ inner[:split])
    return out + dense @ inner[split:] if dense.shape[1] else out


def columns_of(rows: Sparse, extra: Array, items: Array) -> Array:
    """(r + e, len(items)) dense columns."""
    return np.vstack([rows[:, items].toarray(), extra[:, items]])


def finished(folded: Array, histories: Sparse, diagonal: Array) -> Array:
    """(folded - h) / d + h in place: the zero diagonal, so that an item never speaks for itself."""
    folded /= diagonal.astype(np.float32)
    own = np.repeat(np.arange(histories.shape[0]), np.diff(histories.indptr)), histories.indices
    folded[own] += histories.data * (1.0 - 1.0 / diagonal[histories.indices])
    return folded


def heard_items(rows: Sparse, known: Array) -> Array:
    """(n_items,) bool: known and liked by somebody."""
    return readonly((column_counts(rows) > 0) & known)
