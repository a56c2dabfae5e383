"""What follows from the figures, in plain words: a finding with its figure, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .languages import language_name
from .profile import Profile

LEVELS = ("warn", "info", "good")
"""In the order in which advice is given."""

MANY_COLD_ITEMS, SOME_COLD_ITEMS = 0.2, 0.01
MANY_NEAR_COLD, MANY_COLD_USERS = 0.3, 0.2
TOP_HEAVY, EVEN_TAIL = 0.5, 0.25
ONE_SIDED = 0.6
WIDE_COUNTS = 3.0
MANY_SHORT, MANY_EMPTY, MANY_LONG = 0.3, 0.05, 0.1
MANY_WITHOUT_CATEGORY = 0.2
OTHER_LANGUAGES = 0.1
TOLD_ENOUGH, TOLD_SHARE = 30, 0.5
MUCH_HISTORY = 10
FEW_USERS = 200
SPARSE = 0.0005
ONE_DAY = 0.5
MODEL_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Advice:
    """key: names the rule. level: "warn" = act on it, "info" = know it, "good" = nothing to do.

    text: the finding with its figure. consequence: what it means for recommending, and what to do.
    """

    key: str
    level: str
    text: str
    consequence: str


Rule = Callable[[Profile], Iterator[Advice]]


def advice(profile: Profile) -> tuple[Advice, ...]:
    """Everything that follows: warnings first, then what is good to know, then what is fine; in each, what decides
    most about recommending comes first. Only what a figure of the profile shows is said."""
    found = [one for rule in RULES for one in rule(profile)]
    return tuple(sorted(found, key=lambda one: LEVELS.index(one.level)))


def percent(share: float) -> str:
    """0.333 -> "33 %", 0.0164 -> "1.6 %"; near nothing and near all with what tells it from 0 and 100."""
    number = 100 * share
    if 0 < number < 0.001:
        return "less than 0.001 %"
    if 0 < number < 9.95:
        return f"{number:.2g} %"
    if 99 <= number < 100:
        return f"{int(number * 10) / 10:g} %"
    return f"{number:.0f} %"


def _empty_log(profile: Profile) -> Iterator[Advice]:
    if profile.summary.n_interactions == 0:
        yield Advice(
            "no_interactions",
            "warn",
            "There are no interactions.",
            "Only the content of the items can recommend here; nothing can be evaluated.",
        )


def _cold_items(profile: Profile) -> Iterator[Advice]:
    cold, n = profile.cold, profile.summary.n_items
    if not profile.summary.n_interactions:
        return
    if cold.items_share >= SOME_COLD_ITEMS:
        yield Advice(
            "cold_items",
            "warn" if cold.items_share >= MANY_COLD_ITEMS else "info",
            f"{percent(cold.items_share)} of the items have no interactions ({cold.items:,} of {n:,}).",
            "Rank them by content: behaviour alone can never recommend them.",
        )
    if cold.near_items_share >= MANY_NEAR_COLD:
        yield Advice(
            "near_cold_items",
            "warn",
            f"{percent(cold.near_items_share)} of the items have only 1 to {cold.few - 1} interactions.",
            "That is too little to learn from: let content speak for them as well.",
        )


def _cold_users(profile: Profile) -> Iterator[Advice]:
    cold, least = profile.cold, profile.activity.at(0)
    if cold.users_share >= MANY_COLD_USERS:
        yield Advice(
            "cold_users",
            "warn",
            f"{percent(cold.users_share)} of the users have fewer than {cold.few} interactions.",
            "Expect a cold start: begin with popular or similar items, and judge these users apart from the others.",
        )
    elif least >= MUCH_HISTORY:
        yield Advice(
            "warm_users",
            "good",
            f"Every user has at least {least:,.0f} interactions.",
            "That is enough history for a list of one's own, and for a test that holds some of it back.",
        )


def _long_tail(profile: Profile) -> Iterator[Advice]:
    tail = profile.long_tail
    figure = f"The top 10 % of the items get {percent(tail.top_10)} of all interactions (Gini {tail.gini:.2f})."
    if tail.top_10 >= TOP_HEAVY:
        yield Advice(
            "long_tail",
            "warn",
            figure,
            "Popularity will dominate what behaviour recommends: watch how much of the catalogue is ever shown.",
        )
    elif tail.top_10 <= EVEN_TAIL:
        yield Advice("even_tail", "good", figure, "Attention is spread evenly: popularity alone will not get far.")


def _ratings(profile: Profile) -> Iterator[Advice]:
    weights, scale = profile.weights, profile.weights.scale
    if weights.kind != "rating" or scale is None:
        return
    if len(scale.values) == 1:
        yield Advice(
            "one_rating",
            "info",
            f"Every rating is {weights.low:g}.",
            "Ratings tell nothing apart here: every interaction counts alike.",
        )
    elif scale.top_quarter >= ONE_SIDED:
        is_set = weights.positive_from > min(0.0, weights.low)
        now = f"now {weights.positive_from:g}" if is_set else "none is set now"
        yield Advice(
            "one_sided_ratings",
            "info" if is_set else "warn",
            f"{percent(scale.top_quarter)} of the ratings are {scale.top_from:g} or more, of {weights.low:g} to "
            f"{weights.high:g}.",
            f"A high rating says little by itself: use a threshold from which a rating counts as liked ({now}).",
        )


def _counts(profile: Profile) -> Iterator[Advice]:
    weights = profile.weights
    if weights.kind == "count" and weights.orders >= WIDE_COUNTS:
        yield Advice(
            "wide_counts",
            "info",
            f"Counts go from {weights.low:,.7g} to {weights.high:,.7g}: {weights.orders:.1f} powers of ten.",
            "They enter on a log scale, log2(1 + count), so that no single habit outweighs everything else.",
        )


def _time(profile: Profile) -> Iterator[Advice]:
    line = profile.timeline
    if line is None and profile.summary.n_interactions:
        if profile.ordered:
            text = "The log has an order but no times."
            means = "Leave-last-N works; half-life and evaluation by time do not."
        else:
            text = "The log has neither times nor an order."
            means = "Half-life, evaluation by time and leave-last-N are off."
        yield Advice("no_times", "info", text, means)
    elif line is not None and line.one_day_users >= ONE_DAY:
        yield Advice(
            "one_day_users",
            "info",
            f"{percent(line.one_day_users)} of the users did everything within 24 hours.",
            "For them the order says little: a half-life hardly changes their lists, and “last” means little.",
        )


def _texts(profile: Profile) -> Iterator[Advice]:
    texts, n = profile.texts, profile.summary.n_items
    if texts.empty_share >= MANY_EMPTY:
        yield Advice(
            "empty_texts",
            "warn",
            f"{percent(texts.empty_share)} of the items have no text at all ({texts.empty:,} of {n:,}).",
            "Content cannot place them: bring titles, descriptions or tags.",
        )
    elif texts.short_share >= MANY_SHORT:
        yield Advice(
            "short_texts",
            "warn",
            f"{percent(texts.short_share)} of the item texts have fewer than {texts.short} words.",
            "Content vectors carry little then: bring descriptions or tags.",
        )
    if texts.long_share >= MANY_LONG:
        yield Advice(
            "long_texts",
            "warn",
            f"{percent(texts.long_share)} of the item texts have {texts.long} words or more.",
            "A model that reads 256 tokens stops before their end: put what matters first.",
        )


def _languages(profile: Profile) -> Iterator[Advice]:
    mix = profile.languages
    if mix is None or mix.told < max(TOLD_ENOUGH, TOLD_SHARE * mix.sampled):
        return
    other = 1 - mix.share(MODEL_LANGUAGE)
    if other >= OTHER_LANGUAGES:
        names = [language_name(code) for code, _ in mix.found if code != MODEL_LANGUAGE][:3]
        yield Advice(
            "languages",
            "warn",
            f"About {percent(other)} of the item texts are not in English (mostly {', '.join(names)}); an estimate "
            f"from {mix.told:,} texts.",
            "The default model was made for English: consider a multilingual one.",
        )


def _categories(profile: Profile) -> Iterator[Advice]:
    mix = profile.categories
    if not profile.summary.n_items:
        return
    if mix.n_categories == 0:
        yield Advice(
            "no_categories",
            "info",
            "The items have no categories.",
            "The map's colours and measures by category have nothing to show: bring a category or tags.",
        )
    elif mix.without_share >= MANY_WITHOUT_CATEGORY:
        yield Advice(
            "missing_categories",
            "info",
            f"{percent(mix.without_share)} of the items have no category.",
            "Measures by category leave them out.",
        )


def _size(profile: Profile) -> Iterator[Advice]:
    facts = profile.summary
    if 0 < facts.n_users < FEW_USERS:
        margin = 98 / facts.n_users**0.5  # 1.96 sqrt(p (1 - p) / n) at p = 1/2, in points
        yield Advice(
            "few_users",
            "warn",
            f"There are only {facts.n_users:,} users.",
            f"Intervals will be wide: a share measured over them is uncertain by up to ±{margin:.0f} points.",
        )
    if 0 < facts.density < SPARSE:
        yield Advice(
            "sparse",
            "info",
            f"Only {percent(facts.density)} of the user × item table is filled.",
            "Two users rarely share items: methods that compare histories need content beside them.",
        )


RULES: tuple[Rule, ...] = (
    *(_empty_log, _cold_items, _cold_users, _texts, _long_tail, _ratings, _languages, _size, _time, _counts),
    _categories,
)
"""What decides most about recommending comes first."""
