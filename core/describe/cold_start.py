"""Users and items that behaviour says little or nothing about."""

from __future__ import annotations

from dataclasses import dataclass

from ..types import Array

FEW = 5
"""Fewer interactions than this are too few to learn from."""


@dataclass(frozen=True, slots=True)
class ColdStart:
    """few: the limit. users: with fewer than ``few`` interactions. items: with none; near_items: with 1 to few - 1.

    The shares are of all users and of all items, NaN where there are none.
    """

    few: int
    users: int
    users_share: float
    items: int
    items_share: float
    near_items: int
    near_items_share: float


def cold_start(per_user: Array, per_item: Array) -> ColdStart:
    """(n_users,) and (n_items,) interactions of each -> who is cold."""
    users, items = int((per_user < FEW).sum()), int((per_item == 0).sum())
    near = int((per_item < FEW).sum()) - items
    return ColdStart(
        few=FEW,
        users=users,
        users_share=_share(users, len(per_user)),
        items=items,
        items_share=_share(items, len(per_item)),
        near_items=near,
        near_items_share=_share(near, len(per_item)),
    )


def _share(part: int, of: int) -> float:
    return part / of if of else float("nan")
