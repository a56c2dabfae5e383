"""Small worlds with obvious answers, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.datasets.build import build_dataset
from core.types import Affine, Array, Dataset, Vectors, readonly, unit_rows

BLOCKS = 3
PER_BLOCK = 6


def block_world() -> tuple[Dataset, Vectors]:
    """Three tastes that share nothing: items of a block point the same way, up to a small lean of their own.

    User 100*b + j likes items of block b only and has seen the first two of them, so the right list is known by
    construction: the four others of her block, before every item of another block.
    """
    item_ids = [10 * block + place for block in range(BLOCKS) for place in range(PER_BLOCK)]
    rows: dict[str, list[float]] = {"user_id": [], "item_id": [], "weight": [], "datetime": []}
    for block in range(BLOCKS):
        for place in range(2):
            rows["user_id"].append(100 * block + 1)
            rows["item_id"].append(10 * block + place)
            rows["weight"].append(4.0)
            rows["datetime"].append(1_000_000 + place)
    items: dict[str, Sequence[Any] | Array] = {
        "item_id": item_ids,
        "title": [f"Item {item}" for item in item_ids],
        "category": [[f"Block {item // 10}"] for item in item_ids],
    }
    dataset = build_dataset("blocks", "Blocks", items, rows)
    values = np.zeros((len(item_ids), BLOCKS + PER_BLOCK), dtype=np.float32)
    for row, item in enumerate(item_ids):
        values[row, item // 10] = 1.0
        values[row, BLOCKS + item % 10] = 0.05 * (item % 10)
    return dataset, vectors_of(values)


def vectors_of(values: Array, *, unit: bool = True) -> Vectors:
    """Given numbers as item vectors."""
    rows = unit_rows(values) if unit else np.asarray(values, dtype=np.float32)
    return Vectors(readonly(rows), unit, Affine(), "given", "fp32", "0" * 16)
