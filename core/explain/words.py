"""Which words of an item's text carry its similarity to a user, and how far that may be believed.

The question is asked in the space of the item texts: there a word that is left out changes the item's vector. For a
strategy that ranks in another way the answer says how near the text is to what the user liked, and its note says so.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar, cast

import numpy as np

from ..audience import Audience
from ..embed.attribution import Deletion, Piece, Scoring, deletion_test, leave_one_out, pieces_of
from ..errors import OutOfRangeError
from ..pipeline import placed_users
from ..recipe import Recipe
from ..score import Scorer
from ..serving import needs_fitting
from ..types import Array, Dataset, UserVectors, Vectors, readonly
from ..vectors import OWN_VECTORS, embed_texts, item_texts

Answer = TypeVar("Answer")
KEPT = 64
NO_MODEL = "Nobody knows the model of the vectors that came with this data set, so words cannot be tried one by one."
NO_PLACE = "Nothing in the history speaks for this user, so no word can be near to her."
NO_WORDS = "This item has no text to take apart."
TEXT_ONLY = "This strategy does not rank by words: shown is what carries the likeness of the text to what she liked."
IN_RUNS = "This is a long text: neighbouring words are taken out together."


@dataclass(frozen=True, slots=True, eq=False)
class TokenShares:
    """What each piece of an item's text gives to its likeness to a user.

    text: the item text, as encoded. tokens: its words (or runs of words), in order. shares: (t,) float64, the score of
    the whole text minus the score without that piece; they need not sum to the score. score: of the whole text, by the
    recipe's metric, higher is better; NaN where there is no answer. note: "" or a sentence that has to be said.
    """

    text: str
    tokens: tuple[Piece, ...]
    shares: Array
    score: float
    note: str = ""

    def word(self, place: int) -> str:
        """The words of one piece."""
        return self.text[self.tokens[place].start : self.tokens[place].end]


def token_shares(
    recipe: Recipe, dataset: Dataset, content: Vectors, user: int, item: int, audience: Audience | None = None
) -> TokenShares:
    """The shares of the words of one item for one user, in one pass of the encoder; remembered.

    content: the item-text vectors. user: index in the audience. Without a model or a user vector there are no shares,
    and the note says why. Raises OutOfRangeError for an item that is none.
    """
    text = _text_of(recipe, dataset, item)
    vector, note = _asked(recipe, dataset, content, user, item, audience)
    pieces = pieces_of(text)
    if vector is None or not pieces:
        return TokenShares(text, (), readonly(np.zeros(0)), float("nan"), note or NO_WORDS)
    score, shares = _remembered(
        ("shares", *_key(recipe, content, text, vector)),
        lambda: leave_one_out(text, pieces, _scoring(recipe, content, vector)),
    )
    if len(pieces) and any(" " in text[one.start : one.end] for one in pieces):
        note = f"{note} {IN_RUNS}".strip()
    return TokenShares(text, pieces, shares, score, note)


def deletion_check(
    recipe: Recipe, dataset: Dataset, content: Vectors, user: int, item: int, audience: Audience | None = None
) -> Deletion | None:
    """The deletion test of those shares, remembered; None where there are none."""
    found = token_shares(recipe, dataset, content, user, item, audience)
    vector, _ = _asked(recipe, dataset, content, user, item, audience)
    if vector is None or not found.tokens:
        return None
    done: Deletion = _remembered(
        ("deletion", *_key(recipe, content, found.text, vector)),
        lambda: deletion_test(found.text, found.tokens, found.shares, _scoring(recipe, content, vector)),
    )
    return done


def _text_of(recipe: Recipe, dataset: Dataset, item: int) -> str:
    n_items = len(dataset.catalog)
    if not 0 <= item < n_items:
        raise OutOfRangeError("item", item, f"between 0 and {n_items - 1}")
    return item_texts(recipe, dataset)[item]


def _asked(
    recipe: Recipe, dataset: Dataset, content: Vectors, user: int, item: int, audience: Audience | None
) -> tuple[Array | None, str]:
    """The user vector (d,) among the item texts that ranks the item, or None, and what has to be said."""
    if content.model == OWN_VECTORS:
        return None, NO_MODEL
    learned = needs_fitting(recipe)
    plain = recipe.replace(strategy="content", threshold=None, select="top-k") if learned else recipe
    users, _ = placed_users(plain, dataset, content, np.array([user]), audience)
    if not users.known[0]:
        return None, NO_PLACE
    return _nearest(users, plain, content, item), TEXT_ONLY if learned else ""


def _nearest(users: UserVectors, recipe: Recipe, content: Vectors, item: int) -> Array:
    """Of several interests the one that is nearest to the item, which is the one that ranks it."""
    if users.interests is None or not len(users.interests.owners):
        return users.values[0]
    scorer: Scorer = recipe.build("score")
    nearest = int(np.argmax(scorer(users.interests.values, content.values[[item]])[:, 0]))
    return users.interests.values[nearest]


def _scoring(recipe: Recipe, content: Vectors, vector: Array) -> Scoring:
    scorer: Scorer = recipe.build("score")
    few = replace(content, values=content.values[:0])  # the affine map is all that is needed of it

    def scored(texts: Sequence[str]) -> Array:
        return scorer(vector[None, :], embed_texts(recipe, texts, few))[0]

    return scored


def _key(recipe: Recipe, content: Vectors, text: str, vector: Array) -> tuple[str, ...]:
    return text, content.fingerprint, recipe.metric, hashlib.sha256(np.ascontiguousarray(vector).data).hexdigest()


def forget() -> None:
    """Drop what is remembered, for measuring."""
    with _LOCK:
        _ANSWERS.clear()


_ANSWERS: OrderedDict[tuple[str, ...], object] = OrderedDict()
_LOCK = Lock()


def _remembered(key: tuple[str, ...], compute: Callable[[], Answer]) -> Answer:
    with _LOCK:
        if key in _ANSWERS:
            _ANSWERS.move_to_end(key)
            return cast("Answer", _ANSWERS[key])
    found = compute()
    with _LOCK:
        _ANSWERS[key] = found
        while len(_ANSWERS) > KEPT:
            _ANSWERS.popitem(last=False)
    return found
