"""The online step: a few gradient steps on new events, without starting over."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..errors import InputError
from ..splits import positives
from ..types import Array, Interactions, readonly
from .settings import Trained
from .towers import pooling, user_matrix

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

    weights = pooling(known, model.settings.half_life)
    matrix = user_matrix(known, weights, len(model.items))
    liked = np.add.reduceat(np.append(positives(known), False), known.indptr[:-1]) > 0
    liked &= np.diff(known.indptr) > 0
    usable = liked[users]
    if not usable.any():
        raise InputError("there is nothing to learn from these events: none of their users liked anything before")
    who, rows = np.unique(users[usable], return_inverse=True)
    pooled = torch.from_numpy(matrix[who].toarray())
    target = torch.from_numpy(wanted[usable].astype(np.int64))
    items = torch.from_numpy(np.array(model.items)).requires_grad_()
    history = torch.from_numpy(np.array(model.history)).requires_grad_()
    optimiser = torch.optim.SGD([items, history], lr=lr)
    for step in range(steps):
        vectors = torch.cat((pooled @ history, torch.ones(len(who), 1)), dim=1)
        loss = torch.nn.functional.cross_entropy((vectors @ items.T)[torch.from_numpy(rows)], target)
        if not torch.isfinite(loss):
            raise InputError(TOO_LARGE.format(step=step + 1, lr=lr))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    moved = (readonly(items.detach().numpy()), readonly(history.detach().numpy()))
    return dataclasses.replace(model, items=moved[0], history=moved[1])
