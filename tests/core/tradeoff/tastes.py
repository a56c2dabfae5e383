"""Users of two tastes who like enough films to be tested, and vectors that tell the tastes apart badly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.evaluate.types import Measure
from core.tradeoff.points import Point
from core.types import Dataset, Vectors
from tests.worlds import vectors_of

N_USERS, N_ITEMS = 44, 60


def tastes() -> tuple[Dataset, Vectors]:
    """Even users like even items, odd ones odd items; each likes 20 of 30, in an order of her own, and dislikes one."""
    rng = np.random.default_rng(4)
    rows: dict[str, list[float]] = {"user_id": [], "item_id": [], "weight": [], "datetime": []}
    for user in range(N_USERS):
        drawn = [2 * int(item) + user % 2 for item in rng.permutation(N_ITEMS // 2)[:20]]
        for place, item in enumerate([(drawn[0] + 1) % N_ITEMS, *drawn]):
            rows["user_id"].append(user)
            rows["item_id"].append(item)
            rows["weight"].append(5.0 if place else 1.0)
            rows["datetime"].append(10**9 + 86_400 * place + user)
    items: dict[str, list[Any]] = {
        "item_id": list(range(N_ITEMS)),
        "title": [f"Film {item}" for item in range(N_ITEMS)],
        "category": [[("Even", "Odd")[item % 2], f"Kind {item % 7}"] for item in range(N_ITEMS)],
    }
    dataset = build_dataset("tastes", "Tastes", items, rows, positive_from=4.0)
    return dataset, vectors_of(rng.normal(size=(N_ITEMS, 8)))


def given(monkeypatch: pytest.MonkeyPatch, folder: Path, content: Vectors) -> None:
    """No encoder, and files in a folder of their own."""
    monkeypatch.setenv("RECALLSCOPE_CACHE", str(folder))
    for module in ("core.serving", "core.evaluate.run", "core.vectors"):
        monkeypatch.setattr(f"{module}.embed_items", lambda *args, **kwargs: content)


def point(diversity: float, ndcg: float, ild: float, p: float = 1.0, method: str = "mmr", k: int = 10) -> Point:
    """A point of a curve whose strength 0 has NDCG 1."""
    one, other, rest = (Measure(mean, mean, mean, 5) for mean in (ndcg, ild, 0.0))
    return Point(method, k, diversity, one, rest, other, rest, ndcg - 1, ndcg - 1, ndcg - 1, 0.0, 0.0, 0.0, p)
