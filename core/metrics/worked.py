"""Two short lists that every metric's example is worked on."""

from __future__ import annotations

import numpy as np

from ..splits import ItemLists
from ..types import Interactions, readonly
from .judged import Judged, Metric, World
from .judging import judge


def worked_lists() -> Judged:
    """The first user is shown items 0, 1, 2 and looked for 0 and 2; the second is shown 3, 0 and looked for 0.

    Of five items, the first four can be recommended. 4, 2, 0, 1 and 4 of four training users liked them. Both users
    already have the last one, whose category is the first, and the second user did not like it.
    """
    histories = Interactions(
        user_ids=readonly(np.arange(2)),
        indptr=readonly(np.array([0, 1, 2])),
        items=readonly(np.array([4, 4], dtype=np.int32)),
        weights=readonly(np.array([5, 1], dtype=np.float32)),
        times=None,
        ordered=False,
        positive_from=4.0,
    )
    world = World(
        popularity=readonly(np.array([4, 2, 0, 1, 4])),
        vectors=readonly(np.array([[1, 0], [0, 1], [1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)),
        categories=readonly(np.array([[1, 0], [0, 1], [1, 1], [0, 0], [1, 0]], dtype=bool)),
        histories=histories,
        rankable=readonly(np.array([True, True, True, True, False])),
        n_train_users=4,
    )
    relevant = ItemLists.from_pairs(np.array([0, 0, 1]), np.array([0, 2, 0]), 2, 5)
    return judge(np.array([[0, 1, 2], [3, 0, -1]], dtype=np.int32), relevant, np.array([4, 4]), world)


def worked(metric: Metric) -> object:
    """The metric's values for those lists at K = 1, 2, 3, to three digits: a list per user, or one."""
    return np.round(metric(worked_lists(), np.array([1, 2, 3])).astype(np.float64), 3).tolist()
