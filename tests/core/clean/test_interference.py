"""Bot-like users and bursts: planted ones are found, honest worlds are left in peace."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from core.clean.robust import upper_limit
from core.clean.timeline import timeline
from core.types import Array
from tests.core.clean.logs import DAY, START, crowd, found, log, rule


def with_rows(
    world: tuple[Array, Array, Array], users: Array, items: Array, times: Array
) -> tuple[Array, Array, Array]:
    old, more = world, (users, items, times)
    a, b, c = (np.concatenate([mine, other]) for mine, other in zip(old, more, strict=True))
    return a, b, c


def looked(key: str, world: tuple[Array, Array, Array], **knobs: float) -> tuple[list[int], str, tuple[str, ...]]:
    users, items, times = world
    finding = rule(key, **knobs)(log(users.tolist(), items.tolist(), times=times.tolist()))
    return found(finding), finding.text, finding.evidence


def test_the_limit_by_hand() -> None:
    # logarithms 0 (x 10) and 1 (x 10): median 0.5, MAD 0.5, 90th percentile 1
    limit = upper_limit(np.array([1.0] * 10 + [np.e] * 10), 0.02)
    deviations = NormalDist().inv_cdf(1 - 0.02 / 20)
    assert limit.median == pytest.approx(np.exp(0.5))
    assert limit.value == pytest.approx(np.exp(0.5 + deviations * 1.4826 * 0.5))


def test_a_bot_s_volume_is_found_and_an_honest_heavy_user_s_is_not() -> None:
    world = crowd()
    n = len(world[0])
    heavy = with_rows(world, np.full(300, 60), np.arange(300) % 200, np.linspace(0, 300 * DAY, 300).astype(int))
    assert looked("bot_volume", heavy)[0] == []
    bot = with_rows(heavy, np.full(9000, 61), np.arange(9000) % 200, np.linspace(0, 300 * DAY, 9000).astype(int))
    rows, text, evidence = looked("bot_volume", bot)
    assert rows == list(range(n + 300, n + 9300))
    assert text.startswith("1 user made more than ")
    assert "robust deviations" in text
    assert len(evidence) == 1
    assert evidence[0].startswith("user u61: 9,000 interactions, the median user ")


def test_a_small_log_accuses_nobody_of_volume() -> None:
    users = [*range(30), *[30] * 150]
    finding = rule("bot_volume")(log(users, [0] * len(users)))
    assert found(finding) == []
    assert finding.text == "No user made 200 or more interactions, the fewest this rule looks at."
    assert "it takes 20 users" in rule("bot_volume")(log([0] * 500, [0] * 500)).text


def test_a_machine_s_pace_is_found_and_a_quick_reader_s_is_not() -> None:
    world = crowd()
    n = len(world[0])
    quick = with_rows(world, np.full(400, 60), np.arange(400) % 200, START // 1000 + np.arange(400) * 4)
    assert looked("bot_speed", quick)[0] == []
    listed = with_rows(quick, np.full(150, 61), np.arange(150), np.full(150, 77))
    assert looked("bot_speed", listed)[0] == []
    bot = with_rows(listed, np.full(300, 62), np.arange(300) % 200, 5000 + np.arange(300) // 2)
    rows, text, evidence = looked("bot_speed", bot)
    assert rows == list(range(n + 550, n + 850))
    assert text == "1 user made 200 interactions on end within 200 seconds."
    assert evidence == ("user u62: 300 interactions, 200 of them within 100 seconds",)


def test_two_users_one_after_the_other_are_not_one_fast_user() -> None:
    # each of them 150 in 75 seconds, the second right where the first ends
    users = np.repeat([0, 1], 150)
    assert looked("bot_speed", (users, np.arange(300), 1 + np.arange(300) // 2))[0] == []


def test_where_everybody_is_that_fast_the_log_writes_in_batches() -> None:
    users = np.repeat(np.arange(30), 220)
    rows, text, _ = looked("bot_speed", (users, np.arange(len(users)) % 300, users * DAY + 1))
    assert rows == []
    assert text.startswith("30 users of 30 made 200 interactions on end")
    assert "usual in this log" in text


def test_speed_needs_times_of_seconds() -> None:
    users, items, times = crowd(each=300)
    assert "the log has no times" in rule("bot_speed")(log(users.tolist(), items.tolist())).text
    days = START % DAY
    _, text, _ = looked("bot_speed", (users, items, times // DAY * DAY - days))
    assert text == "Not looked at: the times are no finer than a minute."


def uniform(values: list[float], bots: list[float]) -> list[int]:
    users = [*(row % 50 for row in range(len(values))), *[50] * len(bots)]
    given = log(users, [0] * len(users), values=[*values, *bots], feedback="rating", scale=(1.0, 5.0))
    return [row - len(values) for row in found(rule("bot_uniform")(given))]


def test_the_same_rating_always_is_found_where_ratings_vary() -> None:
    varied = [float(1 + (row * 7) % 5) for row in range(1001)]
    assert uniform(varied, [5.0] * 30) == list(range(30))
    assert uniform(varied, [5.0] * 29) == []
    assert uniform(varied, [5.0] * 29 + [4.0]) == []


def test_where_nearly_all_ratings_are_fives_it_takes_more_of_them() -> None:
    happy = [5.0 if row % 10 else 3.0 for row in range(1010)]
    assert uniform(happy, [5.0] * 40) == []
    assert uniform(happy, [5.0] * 200) == list(range(200))
    assert uniform([5.0] * 1000, [5.0] * 200) == []


def test_uniform_ratings_need_ratings() -> None:
    given = log([0] * 40, [0] * 40, values=[1.0] * 40, feedback="count")
    assert rule("bot_uniform")(given).text == "Not looked at: the log has no ratings."


def test_a_burst_is_found_with_its_crowd_and_its_hour() -> None:
    world = crowd(n_users=200)
    n = len(world[0])
    at = 100 * DAY + 7
    burst = with_rows(world, np.arange(80), np.full(80, 3), at + np.arange(80) * 60)
    own = int((world[1] == 3).sum())
    rows, text, evidence = looked("item_burst", burst)
    assert own < 60
    assert [row for row in rows if row >= n] == list(range(n, n + 80))
    assert text.startswith("1 item got 50 % or more of their interactions within 24 hours, from 30 users or more")
    assert evidence[0].startswith(f"item i3: {len(rows)} of {own + 80} interactions, by ")
    assert "within 24 hours from 2017-10-2" in evidence[0]


def test_an_honest_new_item_everybody_likes_is_no_burst() -> None:
    world = crowd(n_users=200)
    fresh = np.random.default_rng(1).exponential(6 * DAY, 150).astype(int) + 200 * DAY
    assert looked("item_burst", with_rows(world, np.arange(150), np.full(150, 200), fresh))[0] == []


def test_one_user_again_and_again_is_no_crowd() -> None:
    world = crowd(n_users=200)
    alone = with_rows(world, np.full(200, 7), np.full(200, 3), 100 * DAY + np.arange(200) * 60)
    assert looked("item_burst", alone)[0] == []


def test_where_every_item_lives_for_a_day_none_stands_out() -> None:
    items = np.repeat(np.arange(100), 60)
    users = np.tile(np.arange(60), 100)
    times = items * DAY + np.random.default_rng(2).integers(0, DAY // 2, len(items))
    rows, text, _ = looked("item_burst", (users, items, times))
    assert rows == []
    assert text == "No item stands out: bursts are usual in this log."


def test_a_log_of_one_busy_day_has_no_bursts() -> None:
    rng = np.random.default_rng(3)
    items = rng.integers(0, 30, 3000)
    calm = (rng.integers(0, 300, 3000), items, np.where(items == 4, 100, rng.integers(0, DAY, 3000)))
    assert looked("item_burst", calm)[0] == []


def test_bursts_need_times_and_company() -> None:
    assert rule("item_burst")(log([0], [0])).text == "Not looked at: the log has no times."
    assert "it takes 20 items" in rule("item_burst")(log([0], [0], times=[1])).text


def test_a_range_above_a_key_stays_with_its_code_even_at_the_end_of_time() -> None:
    codes, times = np.array([0, 0, 1, 1]), np.array([0, 2**60, -(2**60), 5])
    keys, span, start = timeline(codes, times, np.ones(4, dtype=bool), 100)
    assert start == -(2**33)
    assert (keys // span).tolist() == [0, 0, 1, 1]
    assert keys[2] - keys[1] > 100
