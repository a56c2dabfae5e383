"""Pictures of what is known about the items: categories, length of the texts, languages."""

from __future__ import annotations

import math

from core.describe import Profile, language_name
from core.describe.advice import MANY_LONG, MANY_SHORT, TOLD_SHARE, percent

from ..text import t
from .profile_frame import Picture, bins_table, histogram, ranked_bars
from .profile_popularity import bin_of

LANGUAGES = 8
RARE = 0.02
"""Languages below this share of what could be told, or told only once, go among the others: mostly mistakes."""


def pictures(profile: Profile, dark: bool) -> tuple[Picture, ...]:
    """The categories, then text length and languages."""
    return categories(profile, dark), text_length(profile, dark), languages(profile, dark)


def categories(profile: Profile, dark: bool) -> Picture:
    """The most frequent categories, then what is left."""
    mix, n = profile.categories, profile.summary.n_items
    if not mix.top:
        return Picture("categories", t("profile.no_categories"), t("profile.say_no_categories"), None, {})
    bars = list(mix.top)
    if mix.rest:
        bars.append((t("profile.rest", n=f"{mix.n_categories - len(mix.top):,}"), mix.rest))
    if mix.without:
        bars.append((t("profile.without"), mix.without))
    names, counts = [name for name, _ in bars], [count for _, count in bars]
    name, most = mix.top[0]
    return Picture(
        "categories",
        t("profile.find_categories", name=name, n=f"{mix.n_categories:,}", share=percent(most / n)),
        t("profile.say_categories", per_item=f"{mix.per_item:.1f}", evenness=_figure(mix.evenness)),
        ranked_bars(names, counts, n, dark, told={0}, what="profile.hover_items_named"),
        _table(t("profile.category"), names, counts, n),
        tall=True,
    )


def text_length(profile: Profile, dark: bool) -> Picture:
    """Words per item text; the title speaks of the texts that are too short or too long where there are many."""
    texts = profile.texts
    bins = texts.words
    if not bins.counts:
        return Picture("texts", t("profile.no_items"), "", None, {})
    if texts.short_share >= MANY_SHORT:
        title = t("profile.find_short", share=percent(texts.short_share), n=texts.short)
        told = {place for place, high in enumerate(bins.high) if high < texts.short}
    elif texts.long_share >= MANY_LONG:
        title = t("profile.find_long", share=percent(texts.long_share), n=texts.long)
        told = {place for place, low in enumerate(bins.low) if low >= texts.long}
    else:
        title, told = t("profile.find_texts", n=f"{texts.median_words:.0f}"), bin_of(bins, texts.median_words)
    figure = histogram(bins, dark, told=told, axis=t("profile.words_axis"), what="profile.hover_texts")
    caption = t("profile.say_texts", long=percent(texts.long_share), n=texts.long, empty=f"{texts.empty:,}")
    return Picture("texts", title, caption, figure, bins_table(bins, t("profile.words_axis"), t("profile.items")))


def languages(profile: Profile, dark: bool) -> Picture:
    """The languages found in the sample, and how many items could not be told."""
    mix = profile.languages
    if mix is None or not mix.sampled:
        return Picture("languages", t("profile.no_languages"), "", None, {})
    bars = [(language_name(code), count) for code, count in mix.found[:LANGUAGES] if count >= max(2, RARE * mix.told)]
    bars.append((t("profile.other_languages"), mix.told - sum(count for _, count in bars)))
    known = len([count for _, count in bars if count])
    bars += [(t("profile.unclear"), mix.unclear), (t("profile.too_short"), mix.too_short)]
    bars = [(name, count) for name, count in bars if count]
    names, counts = [name for name, _ in bars], [count for _, count in bars]
    if mix.told >= TOLD_SHARE * mix.sampled:
        code = mix.found[0][0]
        title, told = t("profile.find_language", share=percent(mix.share(code)), name=language_name(code)), {0}
        said = "profile.say_languages_of"
    else:
        title = t("profile.find_untold", share=percent(mix.told / mix.sampled))
        told, said = set(range(known)), "profile.say_languages"
    return Picture(
        "languages",
        title,
        t(said, sampled=f"{mix.sampled:,}", of=f"{profile.summary.n_items:,}", told=f"{mix.told:,}"),
        ranked_bars(names, counts, mix.sampled, dark, told=told, what="profile.hover_items_named"),
        _table(t("profile.language"), names, counts, mix.sampled),
    )


def _table(head: str, names: list[str], counts: list[int], total: int) -> dict[str, list[str] | list[int]]:
    return {
        head: names,
        t("profile.items"): counts,
        t("profile.share"): [percent(count / max(total, 1)) for count in counts],
    }


def _figure(number: float) -> str:
    return "–" if math.isnan(number) else f"{number:.2f}"
