"""A recipe is every choice behind one run: frozen, flat, and the same on the page, in the URL and on the command line.

The fields below belong to every run. A stage's implementation brings knobs of its own (a half-life, say); their
values stand in ``options`` and appear beside the fields in flat form, so a new implementation needs no edit here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InputError, OutOfRangeError, UnknownNameError
from .pools import MIN_MAX, RELEVANCE_SCALES
from .registry import Knob, knob, knobs_of, stage

DEFAULT_MODEL = "all-MiniLM-L6-v2"
LARGEST_THRESHOLD = 1e9
NO_LIMIT = 2**62
COMMON_TEMPLATE = "{title} ({year}). Genres: {category}"
"""The item text of a data set that has none of its own; what it lacks drops out."""

STAGE_FIELDS = {
    "strategy": "strategies",
    "user_model": "users",
    "metric": "score",
    "postprocess": "postprocess",
    "select": "select",
    "diversify": "diversify",
    "spacing": "spacing",
    "exploration": "exploration",
}
"""Recipe field -> stage folder whose implementation it names."""
EMBEDDING_FIELDS = (
    "dataset",
    "model",
    "prompt",
    "max_tokens",
    "template",
    "precision",
    "postprocess",
    "normalize",
    "seed",
)
"""The fields that shape item vectors and the map; the rest only ranks."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice behind one run. ``options``: sorted (knob, value) pairs of the chosen implementations."""

    dataset: str = knob("movielens-small", "name of the data set")
    model: str = knob(
        "",
        "sentence-transformers model: a name or a local folder; own-vectors = those that came with the data; empty = "
        f"own-vectors where there are any, else {DEFAULT_MODEL}",
    )
    prompt: str = knob("", "name of one of the model's prompts, put before each item text; empty = the model's default")
    max_tokens: int = knob(
        0, "tokens of a text the model reads; 0 = the model's own limit", low=0, high=32768, unit="tokens"
    )
    template: str = knob(
        "", "item text; {field} is filled in, a missing field drops out with its words; empty = the data set's own"
    )
    precision: str = knob(
        "auto",
        "number format of the encoder: bf16 is faster where the processor has it, fp32 is exact, auto picks",
        choices=("auto", "fp32", "bf16"),
    )
    postprocess: str = knob("whiten", "what is done to the item vectors before ranking", stage="postprocess")
    normalize: bool = knob(
        True, "scale vectors to length 1; off keeps raw lengths, where cosine and Euclidean rank differently"
    )
    strategy: str = knob("content", "how candidates are found", stage="strategies")
    user_model: str = knob("weighted_mean", "how a history becomes a user vector", stage="users")
    metric: str = knob("cosine", "how near a user and an item are", stage="score")
    select: str = knob("top-k", "what makes the list: the K best, all that pass the threshold, or both", stage="select")
    k: int = knob(10, "length of the list", low=1, step=1, unit="items")
    threshold: float | None = knob(
        None, "keep items at least this similar (cosine, dot) or at most this far (euclidean); empty = off", kind=float
    )
    pool: int = knob(
        0,
        "candidates kept before the list is cut; 0 = 5 x K, or all where the threshold alone decides",
        low=0,
        unit="items",
    )
    diversify: str = knob("mmr", "how the list is made diverse", stage="diversify")
    diversity: float = knob(
        0.0, "how much unlike items count: 0 = relevance only, 1 = diversity only", low=0, high=1, step=0.05
    )
    diversity_space: str = knob(
        "text",
        "where likeness is measured: between the item texts, or in the space that ranks, the texts where it is none",
        choices=("text", "ranked"),
    )
    relevance_scale: str = knob(
        MIN_MAX,
        "how scores are made comparable with similarities: min-max = 1 the best of the pool to 0 its last; rank = even "
        "steps; score = as they are",
        choices=RELEVANCE_SCALES,
    )
    spacing: str = knob("none", "how close items of one category may stand", stage="spacing")
    exploration: str = knob("none", "places that are left to chance", stage="exploration")
    exclude_seen: bool = knob(True, "leave out what the user already has")
    events: str = knob(
        "lists",
        "what live feedback counts in: the lists of who gave it, learning and evaluation as well, or nothing",
        choices=("lists", "everywhere", "off"),
    )
    as_of: str = knob(
        "",
        "the day, or the moment, at which lists are asked for, as 2015-06-30 or 2015-06-30T18:00 (UTC): nothing later "
        "is known; empty = all that is known",
        needs="times",
    )
    window: int = knob(
        0,
        "days of history that count for taste, back from the moment asked for; 0 = all",
        low=0,
        high=36500,
        step=30,
        unit="days",
        needs="times",
    )
    daypart: str = knob(
        "any",
        "part of the day (UTC) whose interactions count",
        choices=("any", "morning", "afternoon", "evening", "night"),
        needs="times",
    )
    weekday: str = knob(
        "any", "days of the week whose interactions count", choices=("any", "weekday", "weekend"), needs="times"
    )
    season: str = knob(
        "any",
        "season (of the northern half) whose interactions count",
        choices=("any", "spring", "summer", "autumn", "winter"),
        needs="times",
    )
    affinity: float = knob(
        1.0,
        "how much less interactions of other hours, days and seasons count: 0 = as much, 1 = not at all",
        low=0,
        high=1,
        step=0.1,
        needs="times",
    )
    rules: str = knob(
        "",
        "rules of the house, with semicolons between them: boost category=Comedy 0.5; bury year<1980 1; require "
        "year=1990..2005; hide category=Horror",
    )
    seed: int = knob(0, "seed of everything random (the map layout)", low=0, high=2**31 - 1)
    options: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        for spec in knobs_of(Recipe):
            object.__setattr__(self, spec.name, spec.parse(getattr(self, spec.name)))
        specs = {spec.name: spec for spec in self.option_knobs()}
        given = dict(self.options)
        for name in given:
            if name not in specs:
                raise UnknownNameError("option of this recipe", name, specs)
        values = {name: spec.parse(given.get(name, spec.default)) for name, spec in specs.items()}
        object.__setattr__(self, "options", tuple(sorted(values.items())))
        self._check_threshold()
        if self.threshold is None and self.select == "threshold":
            raise InputError("select=threshold needs a threshold, none was given: set threshold, or use select=top-k")
        if self.pool and self.pool < self.k and self.select != "threshold":
            raise InputError(f"pool must be at least k ({self.k}), got {self.pool}: raise pool, or use 0 for 5 x K")

    def _check_threshold(self) -> None:
        if self.threshold is None:
            return
        if abs(self.threshold) > LARGEST_THRESHOLD:
            expected = f"a number between -{LARGEST_THRESHOLD:g} and {LARGEST_THRESHOLD:g}"
            raise OutOfRangeError("threshold", f"{self.threshold:g}", expected)
        if self.threshold < 0 and stage("score").get(self.metric).keeps == "below":
            raise OutOfRangeError("threshold", f"{self.threshold:g}", f"at least 0, being a {self.metric} distance")

    def option_knobs(self) -> tuple[Knob, ...]:
        """The knobs of the implementations this recipe names."""
        return tuple(spec for field, name in STAGE_FIELDS.items() for spec in stage(name).knobs(getattr(self, field)))

    def build(self, stage_name: str) -> Any:
        """The chosen implementation of a stage, with its knobs set: ``recipe.build("score")``."""
        field = next(field for field, name in STAGE_FIELDS.items() if name == stage_name)
        cls = stage(stage_name).get(getattr(self, field))
        values = dict(self.options)
        return cls(**{spec.name: values[spec.name] for spec in knobs_of(cls)})

    @property
    def rearranges(self) -> bool:
        """Whether anything happens between the pool and the list but the cut."""
        return self.diversity > 0 or self.spacing != "none" or self.exploration != "none"

    @property
    def pool_size(self) -> int:
        """Candidates kept before the cut: ``pool``; or 5 x K; or no limit where the threshold alone decides."""
        return self.pool or (5 * self.k if "k" in stage("select").get(self.select).uses else NO_LIMIT)

    def embedding(self) -> Recipe:
        """The same choices where they shape item vectors and the map, defaults elsewhere: equal ones share vectors."""
        names = {*EMBEDDING_FIELDS, *(spec.name for spec in stage("postprocess").knobs(self.postprocess))}
        return Recipe.from_flat({name: value for name, value in self.to_flat().items() if name in names})

    def replace(self, **changes: Any) -> Recipe:
        """A copy with some choices changed; knobs of implementations may be named like fields."""
        return Recipe.from_flat({**self.to_flat(), **changes})

    def to_flat(self, *, changed_only: bool = False) -> dict[str, Any]:
        """Name -> value of every choice; with ``changed_only`` just those that differ from the defaults."""
        flat = {spec.name: getattr(self, spec.name) for spec in knobs_of(Recipe)} | dict(self.options)
        if not changed_only:
            return flat
        defaults = {spec.name: spec.default for spec in (*knobs_of(Recipe), *self.option_knobs())}
        return {name: value for name, value in flat.items() if value != defaults[name]}

    @classmethod
    def from_flat(cls, flat: Mapping[str, Any], *, n_items: int | None = None) -> Recipe:
        """A recipe from flat values (URL, flags, JSON); missing names keep their default.

        With ``n_items``, k and pool are checked against the catalogue as well, and the message says so.

        A threshold given without ``select`` means both, so that it is never silently ignored. Knobs of
        implementations that the recipe does not use are left out. Raises InputError.
        """
        values = dict(flat)
        if values.get("threshold") not in (None, "") and "select" not in values:
            values["select"] = "both"
        if n_items is not None:
            _check_against_catalogue(values, n_items)
        fields = {f.name for f in dataclasses.fields(cls)} - {"options"}
        own = {name: value for name, value in values.items() if name in fields}
        rest = {name: value for name, value in values.items() if name not in fields}
        known = {spec.name: spec for spec in all_option_knobs()}
        for name in rest:
            if name not in known:
                raise UnknownNameError("parameter", name, sorted(fields | set(known)))
        picked = {spec.name: spec.parse(own.get(spec.name, spec.default)) for spec in knobs_of(cls) if spec.stage}
        chosen = {spec.name for field, key in picked.items() for spec in stage(STAGE_FIELDS[field]).knobs(key)}
        return cls(**own, options=tuple(sorted((name, value) for name, value in rest.items() if name in chosen)))

    @classmethod
    def default_of(cls, field: str) -> Any:
        """The default of one field."""
        return next(spec.default for spec in knobs_of(cls) if spec.name == field)


def _check_against_catalogue(values: Mapping[str, Any], n_items: int) -> None:
    if n_items < 1:
        raise InputError("the data set has no items to rank: import one that has")
    for spec in knobs_of(Recipe):
        if spec.name in ("k", "pool") and spec.name in values:
            try:
                dataclasses.replace(spec, high=n_items).parse(values[spec.name])
            except OutOfRangeError as error:
                raise OutOfRangeError(spec.name, error.given, f"{error.expected} (the catalogue)") from None


def all_option_knobs() -> tuple[Knob, ...]:
    """The knobs of every implementation of every stage, each name once (shared names share their meaning)."""
    found: dict[str, Knob] = {}
    for stage_name in STAGE_FIELDS.values():
        registry = stage(stage_name)
        for key in registry.names():
            for spec in registry.knobs(key):
                found.setdefault(spec.name, spec)
    return tuple(found.values())


def all_knobs() -> tuple[Knob, ...]:
    """Every name that may stand in a URL or on the command line."""
    return (*knobs_of(Recipe), *all_option_knobs())
