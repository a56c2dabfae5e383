"""The item's place in figures, and a sentence for who has to decide: from numbers alone, by fixed templates."""

from __future__ import annotations

import math

import numpy as np

from core.answer import plain
from core.serving import has_space, scale_of

from . import blocks, explain_bars
from .channels import channel_name
from .explain_bars import Stand
from .explain_picture import Picture, without_each
from .explain_sum import by_item, said_title
from .text import t

NAMED = 3
LEAST = 0.01


def card(shown: Picture) -> None:
    """Where the item stands now, and where it stood."""
    then, now = int(shown.stood.ranks[0]), shown.rank
    tone = "same" if not shown.changed or then == now else "down" if now == 0 or (then and now > then) else "up"
    k = shown.recipe.k
    explain_bars.stand(
        Stand(
            title=shown.title,
            subtitle=blocks.subtitle_of(shown.dataset, shown.item),
            rank=_place(now) if now else t("explain.no_rank"),
            score=_score(shown),
            was=_place(then) if shown.changed and then else "",
            said=_moved(then, now) if shown.changed else _inside(now, k),
            at=_on_scale(now, shown.ranked) if now else None,
            before=_on_scale(then, shown.ranked) if shown.changed and then and then != now else None,
            limit=_on_scale(min(k, shown.ranked), shown.ranked),
            limit_said=t("explain.top", k=f"{k:,}"),
            last_said=f"{shown.ranked:,}",
            tone=tone,
            slot=blocks.slot_of(shown.dataset, shown.item),
        ),
        key="explain-stand",
    )


def _place(rank: int) -> str:
    return t("explain.rank", rank=f"{rank:,}")


def _score(shown: Picture) -> str:
    if math.isnan(shown.score):
        return ""
    unit, now = scale_of(shown.recipe).unit, blocks.score_text(shown.run, shown.score)
    then = float(shown.stood.scores[0])
    if not shown.changed or math.isnan(then):
        return t("explain.score", unit=unit, score=now)
    return t("explain.score_was", unit=unit, then=blocks.score_text(shown.run, then), now=now)


def _moved(then: int, now: int) -> str:
    if then == now:
        return t("explain.moved_same")
    if not now:
        return t("explain.moved_nowhere")
    if not then:
        return t("explain.moved_here")
    return t("explain.moved_down" if now > then else "explain.moved_up", n=f"{abs(now - then):,}")


def _inside(rank: int, k: int) -> str:
    if not rank:
        return ""
    return t("explain.inside_top" if rank <= k else "explain.outside_top", k=f"{k:,}")


def _on_scale(rank: int, of: int) -> float:
    """A rank's place in [0, 1] on a logarithmic scale: the first places are what matters."""
    return math.log(max(rank, 1)) / math.log(of) if of > 1 else 0.0


def sentence(shown: Picture) -> str:
    """What can be said of the score without knowing more than its numbers, in plain text."""
    who = str(plain(shown.dataset.interactions.user_ids[shown.user]))
    said = {"title": shown.title, "user": who, "of": f"{shown.ranked:,}", "how": _how(shown)}
    if not shown.rank:
        return t("explain.says_nothing", **said)
    parts = [t("explain.says_rank", rank=f"{shown.rank:,}", score=_plain_score(shown), **said)]
    if shown.changed:
        parts.append(_what_if(shown))
    shares = [one for one in _shares(shown) if one[1] >= LEAST][:NAMED]
    if shares:
        named = [
            t("explain.says_share", title=said_title(shown, item), share=f"{100 * share:.0f}") for item, share in shares
        ]
        parts.append(t("explain.says_most" if shown.parts.exact else "explain.says_most_left_out", items=listed(named)))
        parts.append(_without_first(shown, shares[0][0]))
    elif shown.parts.formula == "same":
        parts.append(t("explain.says_same"))
    return " ".join(part for part in parts if part)


def _shares(shown: Picture) -> list[tuple[int, float]]:
    """(item, signed share) of what the history adds and takes away, sizes summed; the largest first."""
    given = by_item(shown.parts)
    size = sum(abs(value) for value in given.values())
    if not size > 0 or not math.isfinite(size):
        return []
    order = sorted(given, key=lambda item: (-abs(given[item]), item))
    return [(item, given[item] / size) for item in order]


def _without_first(shown: Picture, item: int) -> str:
    gone = without_each(shown)
    if gone is None:
        return ""
    rank = int(gone.rank[int(np.flatnonzero(gone.sources.items == item)[0])])
    title = said_title(shown, item)
    if rank == 0:
        return t("explain.says_without_nothing", title=title)
    if rank == shown.rank:
        return t("explain.says_without_same", title=title, rank=f"{rank:,}")
    return t("explain.says_without", title=title, rank=f"{rank:,}")


def _what_if(shown: Picture) -> str:
    before, now = set(shown.before.history.items.tolist()), set(shown.now.history.items.tolist())
    parts = [
        t(f"explain.says_{name}", items=listed([said_title(shown, item) for item in sorted(items)]))
        for name, items in (("gone", before - now), ("more", now - before))
        if items
    ]
    then = int(shown.stood.ranks[0])
    end = t("explain.says_instead", rank=f"{then:,}") if then else t("explain.says_instead_none")
    return f"{' '.join(parts)} {end}"


def _how(shown: Picture) -> str:
    name = channel_name(shown.recipe.strategy)
    return f"{name}, {scale_of(shown.recipe).label.lower()}" if has_space(shown.recipe) else name


def _plain_score(shown: Picture) -> str:
    return blocks.score_text(shown.run, shown.score)


def listed(names: list[str]) -> str:
    """ "A, B and C", in plain text."""
    return names[0] if len(names) == 1 else t("explain.list_and", first=", ".join(names[:-1]), last=names[-1])
