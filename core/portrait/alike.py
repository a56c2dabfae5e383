"""Who likes the same: users near to one in a space, under names that say nothing about who they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from ..types import Array, Interactions, unit_rows
from .likes import likes


@dataclass(frozen=True, slots=True)
class Alike:
    """user: index, never to be shown. name: see ``pseudonym``. cosine: of the two user vectors. shared: items both
    like; of: that the other likes."""

    user: int
    name: str
    cosine: float
    shared: int
    of: int


@dataclass(frozen=True, slots=True)
class Company:
    """nearest: most alike first, equal ones by user id. typical: median cosine with all others. n: how many others."""

    nearest: tuple[Alike, ...]
    typical: float
    n: int


def pseudonym(fingerprint: str, user_id: object) -> str:
    """The same person of the same data set always has the same one: "Reader 7F3A-21BC". Not a secret from who has the
    ids and tries them all; it keeps ids out of pictures and conversations."""
    digest = hashlib.sha256(f"{fingerprint}/{user_id}".encode("utf-8", "replace")).hexdigest().upper()
    return f"Reader {digest[:4]}-{digest[4:8]}"


def company(
    log: Interactions,
    n_items: int,
    fingerprint: str,
    user: int,
    vector: Array,
    who: Array,
    vectors: Array,
    most: int = 10,
) -> Company | None:
    """vector: (d,) of the user. who: (m,) indices of users to compare with, vectors: (m, d) theirs; NaN = no place.

    None where this user has no place, or nobody else has.
    """
    known = np.isfinite(vectors).all(axis=1) & (who != user)
    if not np.isfinite(vector).all() or not known.any():
        return None
    cosines = unit_rows(vectors[known]) @ unit_rows(vector[None, :])[0]
    liked, others = likes(log, n_items), who[known]
    hers = liked.of(user)
    nearest = []
    for at in np.argsort(-cosines, kind="stable")[:most]:
        theirs = liked.of(int(others[at]))
        shared = len(np.intersect1d(hers, theirs, assume_unique=True))
        name = pseudonym(fingerprint, log.user_ids[others[at]])
        nearest.append(Alike(int(others[at]), name, float(cosines[at]), shared, len(theirs)))
    return Company(tuple(nearest), float(np.median(cosines)), len(others))
