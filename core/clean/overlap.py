"""Sets that overlap a lot, found without comparing every pair.

Jaccard(x, y) = |x and y| / |x or y|. With one order for all elements, two sets whose Jaccard is at least t share an
element among the first |x| - ceil(t |x|) + 1 of each (prefix filter: Chaudhuri et al. 2006; Xiao et al. 2008, PPJoin).
With the rarest elements first few pairs remain, and those are counted out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Array
from .words import scattered

ELEMENT_BITS, COUNT_BITS = 32, 8
SHIFT = ELEMENT_BITS + COUNT_BITS
NEAR = 8
"""With how many before it a set is compared, and with the first, where many share an element: keeps it linear."""
CHUNK = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """n sets. keys: sorted int64, set << 40 | commonness << 32 | element, each once. starts: (n + 1,)."""

    keys: Array
    starts: Array

    @property
    def sizes(self) -> Array:
        """(n,)"""
        return np.diff(self.starts)

    def prefixes(self, least: float) -> tuple[Array, Array]:
        """The rarest elements of each set, as many as the filter asks for: sets and elements, in order of sets."""
        sizes = self.sizes
        lengths = np.where(sizes > 0, sizes - np.ceil(least * sizes - 1e-9).astype(np.int64) + 1, 0)
        rows = np.repeat(np.arange(len(sizes)), lengths)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return rows, self.keys[self.starts[rows] + places] & (2**ELEMENT_BITS - 1)

    def jaccard(self, one: Array, other: Array) -> Array:
        """(m,) for pairs of sets; two empty sets are the same: 1."""
        shared = self.shared(one, other)
        union = self.sizes[one] + self.sizes[other] - shared
        return np.divide(shared, union, out=np.ones(len(one)), where=union > 0)

    def shared(self, one: Array, other: Array) -> Array:
        """(m,) how many elements pairs of sets have in common."""
        out = np.zeros(len(one), dtype=np.int64)
        for begin in range(0, len(one), CHUNK):
            part = slice(begin, begin + CHUNK)
            out[part] = self._shared(one[part], other[part])
        return out

    def _shared(self, one: Array, other: Array) -> Array:
        lengths = self.sizes[one]
        pairs = np.repeat(np.arange(len(one)), lengths)
        places = np.arange(len(pairs)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        elements = self.keys[self.starts[one][pairs] + places] & (2**SHIFT - 1)
        wanted = (other[pairs] << SHIFT) | elements
        at = np.minimum(np.searchsorted(self.keys, wanted), max(len(self.keys) - 1, 0))
        return np.bincount(pairs[self.keys[at] == wanted], minlength=len(one))


def sets(rows: Array, elements: Array, n: int) -> Sets:
    """Elements (uint64, known by their upper 32 bits) of the sets that rows name, each counted once."""
    short = (elements >> np.uint64(32)).astype(np.int64)
    common = np.bincount(short >> 12, minlength=2**20)[short >> 12]
    keys = np.sort((rows << SHIFT) | (np.minimum(common, 2**COUNT_BITS - 1) << ELEMENT_BITS) | short)
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return Sets(keys, np.searchsorted(keys, np.arange(n + 1) << SHIFT))


def candidates(given: Sets, blocks: Array, least: float) -> tuple[Array, Array]:
    """Pairs (earlier, later) of one block (n,) uint64 that may overlap by ``least`` or more, each once."""
    rows, elements = given.prefixes(least)
    buckets = scattered(elements.astype(np.uint64) ^ blocks[rows])
    order = np.argsort(buckets, kind="stable")
    rows, buckets = rows[order], buckets[order]
    new = np.append(True, buckets[1:] != buckets[:-1])[: len(buckets)]
    first = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
    found = [rows[first] * len(blocks) + rows]
    for back in range(1, NEAR + 1):
        same = buckets[back:] == buckets[:-back]
        if not same.any():
            break
        found.append(rows[:-back][same] * len(blocks) + rows[back:][same])
    pairs = np.unique(np.concatenate(found))
    one, other = pairs // max(len(blocks), 1), pairs % max(len(blocks), 1)
    sizes = given.sizes
    smaller, larger = np.minimum(sizes[one], sizes[other]), np.maximum(sizes[one], sizes[other])
    kept = (one != other) & (blocks[one] == blocks[other]) & (smaller >= least * larger - 1e-9)
    return one[kept], other[kept]
