"""The two-tower model: it learns, it can be reproduced, interrupted, explained and moved online."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import Cancelled, InputError, IntegrityError
from core.recipe import Recipe
from core.splits import Training, everybody, owners, positives
from core.strategies.two_tower import FittedTowers, TwoTower
from core.train.checkpoint import load_model, model_path, save_model
from core.train.loop import train
from core.train.online import online_step
from core.train.settings import LOSSES, Epoch, Trained, TrainSettings
from core.train.towers import pooling
from core.types import Interactions, readonly
from tests.worlds import BLOCKS, PER_BLOCK, block_world

FAST = TrainSettings(dim=8, epochs=30, lr=0.03, batch=4, half_life=0.0)


def world(per_block: int = 6) -> Training:
    """Users who like four of their block's six items, in turns, rated 4 or 5: the last two follow from the others."""
    dataset, vectors = block_world()
    users, items = [], []
    for user in range(BLOCKS * per_block):
        block, shift = divmod(user, per_block)
        for place in range(4):
            users.append(user)
            items.append(block * PER_BLOCK + (place + shift) % PER_BLOCK)
    log = Interactions(
        user_ids=readonly(np.arange(BLOCKS * per_block)),
        indptr=readonly(np.arange(0, len(users) + 1, 4)),
        items=readonly(np.array(items, dtype=np.int32)),
        weights=readonly(np.array([4.0 + item % 2 for item in items], dtype=np.float32)),
        times=readonly(np.arange(len(users))),
        positive_from=4.0,
    )
    return Training(dataset.catalog, log, vectors, vectors.values, readonly(np.ones(len(dataset.catalog), dtype=bool)))


def own_block_first(model: Trained, training: Training) -> float:
    """Share of users whose six best items are those of their block."""
    scores = FittedTowers(model).score(everybody(training.interactions))
    top = np.argsort(-scores, axis=1, kind="stable")[:, :PER_BLOCK] // PER_BLOCK
    return float((top == (np.arange(len(scores)) // (len(scores) // BLOCKS))[:, None]).all(axis=1).mean())


@pytest.mark.parametrize("loss", ["softmax", "sampled-softmax", "bce"])
def test_it_learns_three_tastes(loss: str) -> None:
    """Each ranking loss finds the blocks."""
    training = world()
    assert own_block_first(train(training, replace(FAST, loss=loss)), training) == 1.0


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_falls(loss: str, optimiser: str) -> None:
    """Finite throughout, and lower at the end."""
    epochs = train(world(), replace(FAST, loss=loss, optimiser=optimiser)).epochs
    losses = [epoch.loss for epoch in epochs]
    assert np.isfinite(losses).all()
    assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_the_same_seed_gives_the_same_numbers() -> None:
    """And another seed does not."""
    first, again = train(world(), FAST), train(world(), FAST)
    np.testing.assert_array_equal(first.items, again.items)
    assert not np.array_equal(first.items, train(world(), replace(FAST, seed=1)).items)


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_resuming_from_disk_equals_never_having_stopped(optimiser: str) -> None:
    """Parameters, optimiser state and records agree to the bit."""
    settings = replace(FAST, optimiser=optimiser, epochs=8)
    whole = train(world(), settings)
    save_model("half", train(world(), replace(settings, epochs=3)), Recipe(), "f" * 16, "v" * 16)
    half, recipe = load_model("half", "f" * 16, "v" * 16)
    rest = train(world(), settings, resume=half)
    assert recipe == Recipe()
    assert [epoch.loss for epoch in rest.epochs] == [epoch.loss for epoch in whole.epochs]
    for group in ("now", "best", "optimiser"):
        kept, wanted = getattr(rest, group), getattr(whole, group)
        assert kept.keys() == wanted.keys()
        for name in wanted:
            np.testing.assert_array_equal(kept[name], wanted[name])
    with pytest.raises(InputError, match="lr was 0.03"):
        train(world(), replace(settings, lr=0.01), resume=half)
    with pytest.raises(InputError, match="other data set"):
        load_model("half", "0" * 16)


def test_a_damaged_checkpoint_is_refused() -> None:
    """One flipped byte is enough; a name nobody gave is a clear sentence."""
    path = save_model("hurt", train(world(), replace(FAST, epochs=1)), Recipe(), "f", "v")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(IntegrityError, match="damaged"):
        load_model("hurt")
    with pytest.raises(InputError, match="no model called 'nobody'"):
        load_model("nobody")
    with pytest.raises(InputError, match="name"):
        model_path("../hurt")


def test_a_loss_that_is_not_finite_stops_with_an_explanation() -> None:
    """It says what to change."""
    with pytest.raises(InputError, match="no longer a finite number.*lower learning rate"):
        train(world(), replace(FAST, loss="mse", optimiser="sgd", lr=1e6))


def test_nothing_to_learn_from() -> None:
    """A log in which nobody liked two items has no pair of known and wanted."""
    training = world()
    log = replace(training.interactions, positive_from=9.0)
    with pytest.raises(InputError, match="nothing to train on"):
        train(replace(training, interactions=log), FAST)


def test_a_cold_item_stands_where_its_text_says() -> None:
    """Without a learned id its row is text times projection, so an item of the same text and no id is its twin."""
    training = world()
    log = training.interactions
    keep = log.items != 5
    counts = np.bincount(owners(log)[keep], minlength=log.n_users)
    cold = Interactions(
        log.user_ids,
        readonly(np.concatenate(([0], np.cumsum(counts)))),
        readonly(log.items[keep]),
        readonly(log.weights[keep]),
        None,
        positive_from=log.positive_from,
    )
    known = np.arange(len(training.catalog)) != 5
    model = train(replace(training, interactions=cold, known=known), FAST)
    users = FittedTowers(model).score(everybody(cold))[:6]
    assert (users[:, 5][:, None] > users[:, PER_BLOCK:]).all()


def test_a_user_is_the_weighted_sum_of_her_history() -> None:
    """Exactly, so a score splits into one part for each item and the bias."""
    training = world()
    fitted = FittedTowers(train(training, replace(FAST, epochs=2, half_life=2.0)))
    log = training.interactions
    weights = pooling(log, 2.0)
    found = fitted.user_vectors(everybody(log))
    rows = log.history(7)
    by_hand = weights[rows] @ fitted.history_vectors()[log.items[rows]]
    np.testing.assert_allclose(found.values[7, :-1], by_hand, rtol=1e-5, atol=1e-7)
    assert found.values[7, -1] == 1.0
    age = np.array([3, 2, 1, 0])
    np.testing.assert_allclose(weights[rows], 0.5 ** (age / 2) / np.sqrt((0.5 ** (age / 2)).sum()))
    scores = fitted.score(everybody(log))[7]
    parts = fitted.item_vectors()[:, :-1] @ by_hand + fitted.item_vectors()[:, -1]
    np.testing.assert_allclose(scores, parts, rtol=1e-4, atol=1e-6)


def test_people_without_a_liked_item_get_no_scores() -> None:
    """Their rows are NaN."""
    training = world()
    fitted = FittedTowers(train(training, replace(FAST, epochs=1)))
    people = everybody(replace(training.interactions, positive_from=9.0))
    assert np.isnan(fitted.score(people)).all()
    assert not fitted.user_vectors(people).known.any()


def test_the_online_step_learns_new_events_without_touching_the_old_model() -> None:
    """Somebody of the first block likes an item of the third: its score rises for her."""
    training = world()
    model = train(training, replace(FAST, epochs=10))
    before = np.array(model.items)
    moved = online_step(model, training.interactions, np.array([0]), np.array([17]))
    people = everybody(training.interactions)
    old, new = FittedTowers(model).score(people)[0], FittedTowers(moved).score(people)[0]
    assert new[17] > old[17]
    assert (np.argsort(-new) == 17).argmax() <= (np.argsort(-old) == 17).argmax()
    np.testing.assert_array_equal(model.items, before)
    with pytest.raises(InputError, match="nothing to learn"):
        online_step(model, replace(training.interactions, positive_from=9.0), np.array([0]), np.array([17]))


def test_it_stops_on_request_and_reports_each_epoch() -> None:
    """What was finished comes back; before the first epoch there is nothing."""

    class Flag:
        asked = False

        def is_set(self) -> bool:
            return self.asked

    flag, seen = Flag(), []

    def follow(epoch: Epoch, model: Trained) -> None:
        seen.append(epoch.epoch)
        flag.asked = epoch.epoch == 2

    assert len(train(world(), FAST, on_epoch=follow, cancel=flag).epochs) == 2
    assert seen == [1, 2]
    with pytest.raises(Cancelled):
        train(world(), FAST, cancel=flag)


def test_the_strategy_trains_without_a_validation_where_the_log_is_small() -> None:
    """Nobody has ten positives here: all epochs are run."""
    training = world()
    fitted = TwoTower(tower_dim=8, tower_epochs=3).fit(training)
    assert len(fitted.model.epochs) == 3
    told: list[tuple[int, int]] = []
    TwoTower(tower_dim=8, tower_epochs=3).fit_watched(training, lambda done, total, _: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert positives(training.interactions).all()
    assert fitted.score(everybody(training.interactions)).shape == (18, 18)


def test_torch_is_not_loaded_with_the_engine() -> None:
    """Only a training needs it."""
    code = "import sys, core.train.loop, core.train.checkpoint, core.train.online, core.strategies.two_tower;"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code + "sys.exit('torch' in sys.modules)"], cwd=root, check=False)
    assert done.returncode == 0
