"""The validation part: from training alone, by the same protocol, or one sentence on why not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError
from core.recipe import Recipe
from core.splits import owners, rows_of
from core.tuning.held import Known, training_part, validation_part
from core.tuning.types import Question
from core.types import Array, Dataset, Interactions


def asked(protocol: str, **options: float) -> Question:
    return Question(Recipe(dataset="tastes", strategy="ease"), protocol, "ndcg", tuple(options.items()))


def test_a_search_sees_no_test_rows(dataset: Dataset) -> None:
    """Training and validation together are 16 of the 20 rows of each user."""
    known = training_part(dataset, asked("warm"))
    (split,) = validation_part(known, asked("warm"))
    np.testing.assert_array_equal(np.diff(known.log.indptr), 16)
    np.testing.assert_array_equal(np.diff(split.train.indptr) + split.relevant.counts, 16)
    assert set(Known.__dataclass_fields__) == {"log", "items", "notices"}


def test_cold_items_are_tuned_inside_the_first_draw_and_it_is_said(dataset: Dataset) -> None:
    """Items of the first draw are in no training; the splits of the validation part draw among the others."""
    known = training_part(dataset, asked("cold-items"))
    assert (~known.items).sum() == 12
    splits = validation_part(known, asked("cold-items"))
    assert len(splits) == 5
    assert not any((split.rankable & ~known.items).any() for split in splits)
    assert "first one" in known.notices[0]
    newcomers = training_part(dataset, asked("cold-users"))
    assert newcomers.notices == ()
    assert [split.label for split in validation_part(newcomers, asked("cold-users"))] == ["n=10"]


def test_too_small_and_timeless_data_are_one_sentence(dataset: Dataset) -> None:
    """Twelve positives leave ten for training, which the validation part needs; ten leave eight."""
    log = dataset.interactions
    timeless = replace(dataset, interactions=replace(log, times=None))
    with pytest.raises(InputError, match="temporal protocol needs times"):
        training_part(timeless, asked("temporal"))
    place = np.arange(len(log)) - log.indptr[owners(log)]
    for fewest, works in ((13, True), (10, False)):
        short = replace(dataset, interactions=rows(dataset, place < fewest))
        known = training_part(short, asked("warm"))
        if works:
            assert len(validation_part(known, asked("warm"))) == 1
        else:
            with pytest.raises(InputError, match="tastes is too small to tune on"):
                validation_part(known, asked("warm"))
    with pytest.raises(InputError, match="no user of tastes can be tested"):
        training_part(replace(dataset, interactions=rows(dataset, place < 5)), asked("warm"))


def rows(dataset: Dataset, keep: Array) -> Interactions:
    return rows_of(dataset.interactions, keep)


def test_settings_of_the_protocol_hold_for_both_cuts(dataset: Dataset) -> None:
    """Half of 20 positives leave ten for training, and half of those are the validation part."""
    half = asked("warm", warm_share=0.5)
    known = training_part(dataset, half)
    (split,) = validation_part(known, half)
    np.testing.assert_array_equal(np.diff(known.log.indptr), 10)
    np.testing.assert_array_equal(split.relevant.counts, 5)
