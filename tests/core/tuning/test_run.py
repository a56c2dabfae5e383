"""A search as a whole, in the world of two tastes: what it sees, what it keeps, and what it says."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.errors import Cancelled, InputError
from core.evaluate.report import measure_of
from core.evaluate.run import evaluate
from core.evaluate.types import Measure, Plan
from core.protocols.warm import Warm
from core.recipe import Recipe
from core.registry import stage
from core.splits import ItemLists, owners
from core.strategies.ease import Ease
from core.tuning import run
from core.tuning.held import training_part
from core.tuning.run import best_of, tune
from core.tuning.types import Outcome, Question, Try
from core.tuning.words import as_json, command_of, sentences
from core.types import Array, Dataset, readonly
from tests.core.evaluate.test_run import N_ITEMS

EASE = Question(Recipe(dataset="tastes", strategy="ease"), "warm")
FIRST = {"ease_l2": 200.0, "ease_half_life": 25.0}
SPACE = [FIRST, FIRST | {"ease_l2": 5.0}, FIRST | {"ease_half_life": 1.0}]


def numbers(found: Outcome) -> list[tuple[Any, Any]]:
    """All but the seconds."""
    return [(one.measure, one.gain) for one in found.tries]


def test_a_try_is_what_an_evaluation_inside_training_says(dataset: Dataset) -> None:
    """The same figures as evaluating a data set that holds nothing but the training part."""
    found = tune(EASE, dataset, SPACE, 3)
    inside = replace(dataset, interactions=training_part(dataset, EASE).log, fingerprint="inside")
    for one in found.tries:
        recipe = EASE.recipe.replace(**one.values)
        expected = measure_of(evaluate(Plan((recipe,), "warm"), inside), "ndcg", "ease", 10)
        assert one.measure == expected
    assert found.tries[0].gain is not None
    assert found.tries[0].gain.mean == 0
    for one in found.tries[1:]:
        assert one.gain is not None
        assert one.measure is not None
        assert found.tries[0].measure is not None
        assert one.gain.mean == pytest.approx(one.measure.mean - found.tries[0].measure.mean)
        assert one.gain.low <= one.gain.mean <= one.gain.high


@pytest.mark.parametrize("protocol", ["warm", "temporal", "cold-items", "cold-users", "random"])
def test_what_is_tested_plays_no_part(dataset: Dataset, protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other relevant items for everybody in the test part, every number of the search is the same."""
    asked = replace(EASE, protocol=protocol)
    before = numbers(tune(asked, dataset, SPACE, 2))
    cls = stage("protocols").get(protocol)
    cut, calls = cls.__call__, []

    def spoiled(self: Any, log: Any, known: Array, seed: int) -> Any:
        found = cut(self, log, known, seed)
        calls.append(log)
        if log is not dataset.interactions:
            return found
        n = [len(split.people) for split in found.splits]
        other = [ItemLists.from_pairs(np.arange(size), np.full(size, 7), size, N_ITEMS) for size in n]
        pairs = zip(found.splits, other, strict=True)
        return replace(found, splits=tuple(replace(split, relevant=lists) for split, lists in pairs))

    monkeypatch.setattr(cls, "__call__", spoiled)
    monkeypatch.setattr(run, "read_record", lambda *args: [])
    after = numbers(tune(asked, dataset, SPACE, 2))
    assert len(calls) == 2
    assert calls[0] is dataset.interactions
    assert after == before


def test_other_test_rows_in_the_data_change_nothing(dataset: Dataset) -> None:
    """The rows that the warm protocol tests are the last four of each user: with other items there, same numbers."""
    log = dataset.interactions
    place = np.arange(len(log)) - log.indptr[owners(log)]
    items = np.where(place >= 16, (log.items + 1) % N_ITEMS, log.items).astype(np.int32)
    other = replace(dataset, interactions=replace(log, items=readonly(items)), fingerprint="f" * 16)
    tested = [Warm()(one.interactions, np.ones(N_ITEMS, bool), 0).splits[0].relevant for one in (dataset, other)]
    assert not np.array_equal(tested[0].items, tested[1].items)
    assert numbers(tune(EASE, dataset, SPACE, 3)) == numbers(tune(EASE, other, SPACE, 3))


def test_tries_on_record_are_not_run_again(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer search goes on where the shorter ended, with differences to the same first try."""
    assert tune(EASE, dataset, SPACE, 2).n_run == 2
    fits: list[Any] = []
    fit = Ease.fit

    def counted(self: Ease, training: Any) -> Any:
        fits.append(self)
        return fit(self, training)

    monkeypatch.setattr(Ease, "fit", counted)
    found = tune(EASE, dataset, SPACE, 3)
    assert (found.n_run, found.n_recorded, len(fits)) == (1, 3, 1)
    assert fits[0] == Ease(**SPACE[2])
    assert found.tries[2].gain is not None
    assert tune(EASE, dataset, SPACE[:1] + SPACE[2:], 2).n_run == 0
    data = json.loads(found.path.read_text())
    assert [one["values"] for one in data["tries"]] == SPACE
    assert found.path.name.startswith("tastes-warm-ease-")
    for other in (replace(EASE, metric="recall"), replace(EASE, protocol_options=(("warm_share", 0.3),))):
        assert tune(other, dataset, SPACE, 1).n_run == 1


def test_each_try_is_kept_at_once(dataset: Dataset) -> None:
    """A search that is stopped after two tries has two on record, and says that they are kept."""
    flag = threading.Event()

    def stop(done: int, total: int, eta_s: float | None) -> None:
        assert total == 3
        if done == 2:
            flag.set()

    with pytest.raises(Cancelled, match="finished are kept"):
        tune(EASE, dataset, SPACE, 3, progress=stop, cancel=flag)
    found = tune(EASE, dataset, SPACE, 3)
    assert (found.n_run, found.n_recorded) == (1, 3)


def test_a_damaged_record_is_begun_anew_and_it_is_said(dataset: Dataset) -> None:
    """So is one without the first try's values: they are made again."""
    first = tune(EASE, dataset, SPACE, 2)
    first.path.with_suffix(".safetensors").write_bytes(b"nonsense")
    again = tune(EASE, dataset, SPACE, 3)
    assert again.n_run == 1
    assert again.tries[2].gain is not None
    first.path.write_text("{")
    anew = tune(EASE, dataset, SPACE, 3)
    assert anew.n_run == 3
    assert any("begun anew" in notice for notice in anew.notices)
    assert numbers(anew) == numbers(again)


def test_two_searches_at_once_lose_no_try(dataset: Dataset) -> None:
    """While one is at its second try another puts the third on record: both stay."""

    def meanwhile(done: int, total: int, eta_s: float | None) -> None:
        if done == 1:
            tune(EASE, dataset, [SPACE[0], SPACE[2]], 2)

    assert tune(EASE, dataset, SPACE, 2, progress=meanwhile).n_recorded == 3
    assert tune(EASE, dataset, SPACE, 3).n_run == 0


def test_a_space_that_is_too_small_is_said(dataset: Dataset) -> None:
    """Three different tries where nine were asked for."""
    assert "There are only 3 different tries." in tune(EASE, dataset, SPACE, 9).notices


def test_a_full_disk_ends_no_search(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said once."""

    def refuse(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "write_record", refuse)
    monkeypatch.setattr(run, "write_first", refuse)
    found = tune(EASE, dataset, SPACE, 2)
    assert [notice for notice in found.notices if "No space left" in notice] == [
        "Tries could not be kept (No space left on device) and will be run again next time."
    ]


def test_a_try_that_fails_is_recorded_and_the_others_go_on(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its sentence; where all fail there is one error."""
    fit = Ease.fit

    def weak(self: Ease, training: Any) -> Any:
        if self.ease_l2 < 10:
            raise InputError("the loss is not finite")
        return fit(self, training)

    monkeypatch.setattr(Ease, "fit", weak)
    found = tune(EASE, dataset, SPACE, 3)
    assert [one.failure for one in found.tries] == ["", "the loss is not finite", ""]
    assert found.tries[1].measure is None
    assert "1 of 3 tries failed." in sentences(found)
    assert tune(EASE, dataset, SPACE, 3).n_run == 0
    only = {"ease_l2": 5.0, "ease_half_life": 25.0}
    with pytest.raises(InputError, match="none of 1 tries worked; the first said: the loss is not finite"):
        tune(EASE, dataset, [only], 1)


def test_an_error_of_ours_is_no_failed_try(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends the search loudly."""

    def broken(*args: Any) -> None:
        raise KeyError("nothing")

    monkeypatch.setattr(Ease, "fit", broken)
    with pytest.raises(KeyError):
        tune(EASE, dataset, SPACE, 1)


def tried(mean: float | None) -> Try:
    return Try({}, None if mean is None else Measure(mean, mean, mean, 9), None, 0.0, "" if mean is not None else "no")


def test_the_best_is_the_highest_or_the_lowest_as_the_metric_has_it() -> None:
    """The earlier of equals, so that the defaults stay where nothing beats them; failures never win."""
    tries = [tried(0.3), tried(None), tried(0.5), tried(0.5), tried(0.1)]
    assert best_of(EASE, tries) == 2
    assert best_of(replace(EASE, metric="calibration"), tries) == 4
    assert best_of(EASE, [tried(0.2), tried(0.2)]) == 0


def test_the_finding_is_said_with_its_difference_and_its_warning(dataset: Dataset) -> None:
    """The command holds the knobs that differ from the defaults of the product."""
    found = replace(tune(EASE, dataset, SPACE, 3), best=1)
    said = sentences(found)
    assert said[0].startswith("The defaults have ndcg@10 0.")
    assert said[1].startswith("The best of 3 tries (ease_l2=5.0) has ndcg@10 0.")
    assert said[2].startswith("Best - defaults, on the same users: ")
    assert said[3].startswith("The best of 3 tries is optimistic")
    answer = as_json(found)
    assert answer["command"] == (
        "python -m core evaluate --dataset tastes --protocol warm --strategies ease --k 10 --seed 0 --ease-l2 5.0"
    )
    json.dumps(answer, allow_nan=False)
    assert "keep the defaults" in sentences(replace(found, best=0))[-1]


def test_a_command_quotes_what_a_shell_would_split() -> None:
    """Channels with spaces."""
    recipe = Recipe(strategy="fusion-rank", options=(("fusion_channels", "ease=1, als=2"),))
    assert command_of(Question(recipe, "warm"), recipe).endswith("--fusion-channels 'ease=1, als=2'")
