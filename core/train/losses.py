"""The losses, over a batch of users and what they go on to like.

``users``: (B, dim + 1) and ``items``: (n_items, dim + 1) tensors; ``rows``, ``wanted``: (P,) user row and item of each
target. Negatives come from a numpy generator, so that a seed fixes them.

Source of the correction: Yi et al. 2019, Sampling-bias-corrected neural modeling for large corpus item recommendations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..types import Array
from .settings import TrainSettings


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """rows, wanted: (P,) int64. ratings: (P,) float32, centred (squared error only)."""

    rows: Array
    wanted: Array
    ratings: Array


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What may be drawn or compared. allowed: (m,) int64 item indices. chance: (m,) their popularity, a sum of 1."""

    allowed: Array
    chance: Array


def pool_of(counts: Array, known: Array) -> Pool:
    """counts: (n_items,) how often liked; known: (n_items,) bool. One is added to each count: nothing is impossible."""
    allowed = np.flatnonzero(known)
    smooth = counts[allowed] + 1.0
    return Pool(allowed, smooth / smooth.sum())


def loss_of(users: Any, items: Any, batch: Batch, pool: Pool, settings: TrainSettings, rng: np.random.Generator) -> Any:
    """The batch's mean loss, a scalar tensor."""
    if settings.loss == "softmax":
        return _softmax(users, items, batch, pool, settings)
    if settings.loss == "sampled-softmax":
        return _sampled_softmax(users, items, batch, pool, settings, rng)
    if settings.loss == "bce":
        return _bce(users, items, batch, pool, settings, rng)
    return _mse(users, items, batch)


def _pairs(users: Any, items: Any, rows: Any, wanted: Any) -> Any:
    return (users[rows] * items[wanted]).sum(dim=1)


def _softmax(users: Any, items: Any, batch: Batch, pool: Pool, settings: TrainSettings) -> Any:
    """-log softmax over all allowed items; with a correction c, c log(popularity) is added while training, so that the
    vectors need not carry it."""
    import torch

    logits = users @ items[torch.from_numpy(pool.allowed)].T
    if settings.popularity:
        logits = logits + torch.from_numpy((settings.popularity * np.log(pool.chance)).astype(np.float32))
    place = torch.from_numpy(np.searchsorted(pool.allowed, batch.wanted))
    rows = torch.from_numpy(batch.rows)
    return (torch.logsumexp(logits, dim=1)[rows] - logits[rows, place]).mean()


def _sampled_softmax(
    users: Any, items: Any, batch: Batch, pool: Pool, settings: TrainSettings, rng: np.random.Generator
) -> Any:
    """The same over the target and negatives drawn by popularity, shared by the batch; log of the expected number of
    draws is taken off each drawn logit, which makes the sum an unbiased estimate of the full one."""
    import torch

    n_drawn = max(1, settings.negatives * len(users))
    drawn = rng.choice(len(pool.allowed), n_drawn, p=pool.chance)
    rows, wanted = torch.from_numpy(batch.rows), torch.from_numpy(batch.wanted)
    offset = (settings.popularity - 1.0) * np.log(pool.chance[drawn]) - np.log(n_drawn)
    negative = users @ items[torch.from_numpy(pool.allowed[drawn])].T + torch.from_numpy(offset.astype(np.float32))
    target_offset = settings.popularity * np.log(pool.chance[np.searchsorted(pool.allowed, batch.wanted)])
    target = _pairs(users, items, rows, wanted) + torch.from_numpy(target_offset.astype(np.float32))
    return (torch.logaddexp(torch.logsumexp(negative, dim=1)[rows], target) - target).mean()


def _bce(users: Any, items: Any, batch: Batch, pool: Pool, settings: TrainSettings, rng: np.random.Generator) -> Any:
    """Binary cross-entropy: each target against ``negatives`` items drawn evenly; targets weigh ``positive_weight``."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    rows, wanted = torch.from_numpy(batch.rows), torch.from_numpy(batch.wanted)
    drawn = torch.from_numpy(rng.choice(pool.allowed, len(batch.rows) * settings.negatives))
    right = _pairs(users, items, rows, wanted)
    wrong = _pairs(users, items, rows.repeat(settings.negatives), drawn)
    weights = torch.cat((torch.full_like(right, settings.positive_weight), torch.ones_like(wrong)))
    truth = torch.cat((torch.ones_like(right), torch.zeros_like(wrong)))
    return binary_cross_entropy_with_logits(torch.cat((right, wrong)), truth, weight=weights)


def _mse(users: Any, items: Any, batch: Batch) -> Any:
    """Mean squared error on the ratings, less their mean (which ranks nothing)."""
    import torch

    found = _pairs(users, items, torch.from_numpy(batch.rows), torch.from_numpy(batch.wanted))
    return ((found - torch.from_numpy(batch.ratings)) ** 2).mean()
