"""Which items of a user's own history stand nearest to what she was recommended."""

from __future__ import annotations

import numpy as np

from ..types import Array, Interactions, Vectors, unit_rows


def closest_in_history(
    vectors: Vectors, interactions: Interactions, user: int, items: Array, count: int = 2
) -> tuple[Array, Array]:
    """For each recommended item (m,), the ``count`` nearest liked items of the user's history, by cosine.

    Returns item indices (m, c) and cosines (m, c), nearest first, c = min(count, liked items); equal ones by id.
    """
    history = np.unique(interactions.liked(user))
    wanted = min(count, len(history))
    cosines = unit_rows(vectors.values[items]) @ unit_rows(vectors.values[history]).T
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :wanted]
    return history[order], np.take_along_axis(cosines, order, axis=1)
