"""Against pyversity 0.2, on inputs where its definitions are ours.

MMR: the same, but that it clips cosines below 0: equal where no cosine is negative. Its diversity is ours.
DPP: it takes the determinant of diag(w) G diag(w), w = exp((1 - d) z), z the standardised relevance. A pick then adds
2 (1 - d) z + log r, r as with us; ours adds (1 - d') relevance + d' log r. The order of values is the same where the
relevance is z itself and (1 - d') / d' = 2 (1 - d), so d' = 1 / (3 - 2 d). At d = 0 it drops the determinant, as we do.
Max-sum: it adds up distances where we take their mean: equal for lists of two.
"""

from __future__ import annotations

import numpy as np
import pytest
from pyversity.strategies import dpp, mmr, msd

from core.diversify.dpp import Dpp
from core.diversify.max_sum import MaxSum
from core.diversify.mmr import Mmr
from core.pools import Pools
from core.types import Array, unit_rows
from tests.small_pools import pools_of

each_strength = pytest.mark.parametrize("diversity", [0.0, 0.2, 0.5, 0.9, 1.0])


def given(seed: int, *, positive: bool, m: int = 120, d: int = 24) -> tuple[Array, Array, Pools]:
    """Unit rows, relevance from best to worst, standardised, and both as a pool."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(m, d))
    vectors = unit_rows((np.abs(rows) if positive else rows).astype(np.float32))
    relevance = np.sort(rng.normal(size=m))[::-1]
    relevance = ((relevance - relevance.mean()) / relevance.std()).astype(np.float32)
    return vectors, relevance, pools_of([list(range(m))], [relevance.tolist()], vectors=vectors)


@each_strength
def test_mmr_is_the_same_where_no_cosine_is_negative(diversity: float) -> None:
    vectors, relevance, pools = given(1, positive=True)
    theirs = mmr(vectors, relevance, 40, diversity)
    ours = Mmr()(pools, 40, diversity)
    assert ours.places[0].tolist() == theirs.indices.tolist()
    values = (1 - diversity) * ours.value[0, ours.places[0]] if diversity == 0 else ours.value[0, ours.places[0]]
    np.testing.assert_allclose(values, theirs.selection_scores, atol=1e-5)


@each_strength
def test_dpp_is_the_same_at_the_strength_that_means_the_same(diversity: float) -> None:
    vectors, relevance, pools = given(2, positive=False)
    ours = Dpp()(pools, 18, 1 / (3 - 2 * diversity) if diversity else 0.0)
    theirs = dpp(vectors, relevance, 18, diversity)
    if diversity == 1:
        assert theirs.indices[0] == 0, "all are alike at first"
    assert ours.places[0].tolist() == theirs.indices.tolist()


@each_strength
def test_max_sum_is_the_same_for_two(diversity: float) -> None:
    vectors, relevance, pools = given(3, positive=False)
    assert MaxSum()(pools, 2, diversity).places[0].tolist() == msd(vectors, relevance, 2, diversity).indices.tolist()
