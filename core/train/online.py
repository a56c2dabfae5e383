"""The online step: a few gradient steps on new events, without starting over."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from ..errors import InputError
from ..splits import liked_counts
from ..types import Array, Interactions, readonly
from .settings import Trained
from .towers import pooling, user_matrix

BLOCK = 512
"""Events whose gradient is made at once, which bounds memory."""
TOO_LARGE = (
    "the online step stopped at step {step}: the loss is no longer a finite number, use a smaller step size than {lr:g}"
)


def online_step(
    model: Trained, known: Interactions, users: Array, wanted: Array, *, steps: int = 5, lr: float = 0.1
) -> Trained:
    """The model moved towards new events; the one given is not touched.

    known: what each user did before. users, wanted: (n,) user and item of each new event. Plain gradient steps on both
    tables by the softmax over all items; only users with a liked item before teach anything.
    Raises InputError where nobody does, or where steps are too large.
    """
    import torch

    matrix = user_matrix(known, pooling(known, model.settings.half_life), len(model.items))
    usable = (liked_counts(known) > 0)[users]
    if not usable.any():
        raise InputError("there is nothing to learn from these events: none of their users liked anything before")
    order = np.argsort(users[usable], kind="stable")
    who, target = users[usable][order], wanted[usable][order].astype(np.int64)
    items = torch.from_numpy(np.array(model.items)).requires_grad_()
    history = torch.from_numpy(np.array(model.history)).requires_grad_()
    optimiser = torch.optim.SGD([items, history], lr=lr)
    for step in range(steps):
        optimiser.zero_grad()
        total = 0.0
        for start in range(0, len(who), BLOCK):
            some, rows = np.unique(who[start : start + BLOCK], return_inverse=True)
            pooled = torch.from_numpy(matrix[some].toarray()) @ history
            scores = torch.cat((pooled, torch.ones(len(some), 1)), dim=1) @ items.T
            loss = torch.nn.functional.cross_entropy(
                scores[torch.from_numpy(rows)], torch.from_numpy(target[start : start + BLOCK]), reduction="sum"
            )
            (loss / len(who)).backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        if not math.isfinite(total):
            raise InputError(TOO_LARGE.format(step=step + 1, lr=lr))
        optimiser.step()
    moved = (readonly(items.detach().numpy()), readonly(history.detach().numpy()))
    return dataclasses.replace(model, items=moved[0], history=moved[1])
