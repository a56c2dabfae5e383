"""Which languages the items are described in: an estimate over a sample."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..embed.template import fields_in
from ..recipe import Recipe
from ..types import Array, Dataset
from ..vectors import template_of
from .texts import count_words

SAMPLE = 2_000
SEED = 0
FEWEST_WORDS = 4
MOST_CHARACTERS = 1_000
SURE = 0.5
"""The likeliest language must be likelier than all others together. The model tells over a hundred languages apart, and
gives names and titles to any of them at a lower probability."""

_NAMES = """
ar:Arabic bg:Bulgarian bn:Bengali ca:Catalan cs:Czech da:Danish de:German el:Greek en:English es:Spanish
et:Estonian fa:Persian fi:Finnish fr:French he:Hebrew hi:Hindi hr:Croatian hu:Hungarian id:Indonesian
it:Italian ja:Japanese ko:Korean la:Latin lt:Lithuanian lv:Latvian ms:Malay nl:Dutch no:Norwegian
nb:Norwegian pl:Polish pt:Portuguese ro:Romanian ru:Russian sk:Slovak sl:Slovenian sr:Serbian sv:Swedish
th:Thai tr:Turkish uk:Ukrainian ur:Urdu vi:Vietnamese zh:Chinese af:Afrikaans
cy:Welsh eu:Basque ga:Irish gl:Galician is:Icelandic
lb:Luxembourgish mk:Macedonian pcm:Nigerian-Pidgin sq:Albanian sw:Swahili wuu:Wu-Chinese yue:Cantonese
"""
NAMES = dict(pair.replace("-", " ").split(":") for pair in _NAMES.split())
"""ISO 639 code -> name; others are shown by their code."""


@dataclass(frozen=True, slots=True)
class LanguageMix:
    """An estimate: the language of each item of a sample, from the words of its own fields.

    sampled: items looked at, all of them or 2,000 drawn with a fixed seed. too_short: of those, with fewer than 4
    words. unclear: with no language likely enough. found: (ISO 639 code, items), the most frequent first; their sum
    is ``told``.
    """

    sampled: int
    too_short: int
    unclear: int
    told: int
    found: tuple[tuple[str, int], ...]

    def share(self, code: str) -> float:
        """Share of one language among the items whose language could be told; NaN where none could."""
        return dict(self.found).get(code, 0) / self.told if self.told else float("nan")


def language_name(code: str) -> str:
    """The language's English name, or its code where it is not in the list."""
    return NAMES.get(code, code)


def language_mix(dataset: Dataset) -> LanguageMix:
    """Languages of the item texts: the fields that the model reads, without the template's own words and without the
    categories, whose language says nothing about the text. Takes about a second."""
    rows = _sample(len(dataset.catalog))
    texts = _texts(dataset, rows)
    enough = [text for text in texts if count_words(text) >= FEWEST_WORDS]
    answers = [_identifier().classify(text[:MOST_CHARACTERS]) for text in enough]
    counts = Counter(code for code, probability in answers if probability >= SURE)
    told = sum(counts.values())
    return LanguageMix(
        sampled=len(texts),
        too_short=len(texts) - len(enough),
        unclear=len(enough) - told,
        told=told,
        found=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _sample(n: int) -> Array:
    if n <= SAMPLE:
        return np.arange(n)
    return np.sort(np.random.default_rng(SEED).choice(n, SAMPLE, replace=False))


def _texts(dataset: Dataset, rows: Array) -> list[str]:
    fields = dataset.catalog.fields
    names = [name for name in fields_in(template_of(Recipe(), dataset)) if name in fields and name != "category"]
    columns = [fields[name][rows].tolist() for name in names]
    return [". ".join(value for value in values if value) for values in zip(*columns, strict=True)] or [""] * len(rows)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """The model of py3langid (Lui & Baldwin 2012, langid.py), with probabilities."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
