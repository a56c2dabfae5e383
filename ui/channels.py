"""Where the items of a merged list come from: chips on its cards, columns of its table, and a count above it."""

from __future__ import annotations

from functools import cache

from core.answer import channels_at
from core.explain.channels import shares
from core.registry import stage
from core.splits import MERGED_DEPTH
from core.types import Run

from .cards import ChannelBar, Chip, channel_bars
from .figures.evaluate_look import name_of
from .text import t

MOST_CHIPS = 4
"""Chips on one card; what does not fit is said by the last one."""
SHORT = 10
"""Letters that the part of a label after its colon may have to stand for a strategy."""


@cache
def channel_name(key: str) -> str:
    """What a channel is called on a chip: as on the pictures, in words where those only have its key."""
    name = name_of(key)
    if name != key:
        return name
    special = str(stage("strategies").get(key).label).partition(": ")[2]
    return special if 0 < len(special) <= SHORT else key.replace("-", " ").capitalize()


def chips(run: Run, place: int) -> tuple[Chip, ...]:
    """What brought the item at one place (from 0) of the first user's list, the best rank first; () if not merged."""
    length = int(run.selected.counts[0])
    made = [_chip(channel_name(key), rank, length) for key, rank in channels_at(run, 0, place).items()]
    if len(made) <= MOST_CHIPS:
        return tuple(made)
    shown, rest = made[: MOST_CHIPS - 1], made[MOST_CHIPS - 1 :]
    words = "; ".join(chip.words for chip in rest)
    return (*shown, Chip(t("channels.rest", n=len(rest)), words, any(chip.own for chip in rest)))


def _chip(name: str, rank: int, length: int) -> Chip:
    said = {"name": name, "rank": f"{rank:,}"}
    return Chip(t("channels.chip", **said), t("channels.words", **said), rank <= length)


def summary(run: Run, chips_shown: bool) -> None:
    """How many of the first user's items each channel has in its own list of that length; nothing if not merged.

    chips_shown: say what chips mean as well.
    """
    length = int(run.selected.counts[0])
    if not run.channels or length == 0:
        return
    found = shares(run.channels, 0, length)
    bars = [
        ChannelBar(channel_name(key), t("channels.count", n=f"{n:,}", of=f"{length:,}"), n / length)
        for key, n in found.own.items()
    ]
    said = {"n": f"{length:,}", "depth": f"{found.depth:,}"}
    together = {"alone": f"{found.alone:,}", "together": f"{found.together:,}"}
    channel_bars(
        bars,
        key="channels",
        lead=t("channels.lead_one" if length == 1 else "channels.lead", **said),
        legend=_legend(found.depth) if chips_shown else (),
        note="" if length == 1 else t("channels.alone", **said, **together),
    )


def _legend(depth: int) -> list[tuple[Chip | None, str]]:
    """What chips mean where a channel's own first ``depth`` items count."""
    own = t("channels.own_one") if depth == 1 else t("channels.own", depth=f"{depth:,}")
    first = "channels.own_chip_one" if depth == 1 else "channels.own_chip"
    legend: list[tuple[Chip | None, str]] = [(Chip(t(first, depth=f"{depth:,}"), own, True), own)]
    if depth < MERGED_DEPTH:
        below = t("channels.below")
        legend.append((Chip(t("channels.below_chip", next=f"{depth + 1:,}"), below, False), below))
    return [*legend, (None, t("channels.none", depth=f"{MERGED_DEPTH:,}"))]


def table_columns(run: Run, n: int) -> dict[str, list[int | None]]:
    """For the first ``n`` items of the first user's list, a column of ranks for each channel, None where it did not
    bring the item; {} if not merged."""
    return {
        t("channels.column", name=channel_name(key)): [int(rank) or None for rank in ranks[0, :n]]
        for key, ranks in run.channels.items()
    }
